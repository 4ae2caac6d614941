"""The cities that ship, read once in a process for all tests that look at them: nobody changes what was read."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from service.catalog import Catalog, load_catalog


@cache
def bundled() -> Catalog:
    """Return every package of every city."""
    return load_catalog(Path(__file__).parents[2])
