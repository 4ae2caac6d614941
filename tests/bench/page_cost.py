"""How much script a page without diagram loads."""

from __future__ import annotations

import json
from pathlib import Path

from tests.bench.measures import Measure
from tests.bench.season import ROOT


def measure(folder: Path) -> list[Measure]:
    """Return the compressed size of the shell with everything it imports."""
    manifest = json.loads((ROOT / "service/web/static/dist/manifest.json").read_text())
    script = manifest["shell.js"]["gzip"] / 1024
    return [Measure("script of a page without diagram, compressed", script, None, None, 40, unit="KiB")]
