"""What a process seldom needs it does not load: a season no archives or erasures, a server no writer of workbooks."""

import re
import subprocess
import sys
from pathlib import Path

BACKUPS = Path(__file__).parents[2] / "service" / "backups"
HEAVY = (
    "service.casework.archives.gather",
    "service.casework.retention.erase",
    "service.casework.interventions.batch",
    "service.catalog.layout.draw",
)


def test_playing_loads_nothing_of_what_no_season_does() -> None:
    asked = (
        f"import sys, handlers, service.cli.simulate; handlers.load(); print([m for m in {HEAVY} if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_serving_loads_no_library_that_few_requests_need() -> None:
    """Workbooks and results of the studio took twelve megabytes of every process that serves."""
    asked = (
        "import sys, service.app, service.web, service.web.serving; print({'openpyxl', 'pydantic'} & {*sys.modules})"
    )
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"


def test_a_backup_loads_no_page() -> None:
    """Two thirds of the time of every backup went into loading pages, for the clock of the demonstration."""
    found = [re.findall(r"(?:from|import) service\.web\b.*", one.read_text("utf-8")) for one in BACKUPS.glob("*.py")]
    assert found
    assert [one for one in found if one] == []
