"""Tables of examples that are data: ``tests/data/tables``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[1] / "data" / "tables"


@cache
def _tables(name: str) -> dict[str, list[Any]]:
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))


def rows(name: str, table: str) -> list[Any]:
    """Return the examples of one table of a file."""
    return list(_tables(name)[table])
