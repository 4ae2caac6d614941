"""A season is played without the code of what no season does: archives, erasures, batches, the layout of diagrams."""

import subprocess
import sys

HEAVY = (
    "service.casework.archives.gather",
    "service.casework.retention.erase",
    "service.casework.interventions.batch",
    "service.catalog.layout.draw",
)


def test_playing_loads_nothing_of_what_no_season_does() -> None:
    asked = (
        f"import sys, handlers, service.cli.play_file; handlers.load(); print([m for m in {HEAVY} if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
