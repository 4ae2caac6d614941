"""A tree of packages: what all cities share, and one city that only the tests have."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from types import MappingProxyType

from service.catalog.tree import Files, read_tree

PROJECT = Path(__file__).parents[2]
SHARED = ("processes/shared", "processes/scoring", "forms/shared")
"""What all cities share; calendars are facts of the world and no part of it."""


@cache
def project_tree() -> Files:
    """Return every file of the cities' packages, patterns filled: read once in a process."""
    return MappingProxyType(dict(read_tree(PROJECT)))


def lay_out(root: Path, city: Path) -> Path:
    """Lay ``city``, a folder with ``processes`` and perhaps ``forms``, out below ``root``; returns ``root``."""
    for shared in SHARED:
        shutil.copytree(PROJECT / shared, root / shared, dirs_exist_ok=True)
    for own in ("processes", "forms"):
        if (city / own).is_dir():
            shutil.copytree(city / own, root / own, dirs_exist_ok=True)
    return root
