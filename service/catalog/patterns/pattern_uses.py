"""Which files of a place are made of patterns, and how one becomes a file of its own."""

from __future__ import annotations

from collections.abc import Mapping

from service.catalog.patterns.patterns import USES, pattern_of
from service.catalog.source.format_yaml import dump_yaml, load_yaml


def uses_of(path: str) -> str:
    """Return the file that says which diagrams and tables beside ``path`` are made of patterns."""
    return f"{path.rpartition('/')[0]}/{USES}"


def without_pattern(files: Mapping[str, bytes], path: str) -> bytes | None:
    """Return what `uses_of` holds once ``path`` is a file of its own, None where it is one already."""
    if not pattern_of(files, path):
        return None
    uses = load_yaml(files[uses_of(path)].decode())
    del uses[path.rpartition("/")[2]]
    return str(dump_yaml(uses)).encode()
