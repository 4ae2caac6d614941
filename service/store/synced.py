"""What is on disk for good, also where the power goes."""

from __future__ import annotations

import os
from pathlib import Path


def sync(place: Path) -> None:
    """Return once the disk has what a file holds, or which names a folder holds."""
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
