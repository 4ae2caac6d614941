"""What is taken out of an archive is what was sealed: its manifest stands in the round's chain, and names every file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ARCHIVED = "archived"
"""Action of the event that says which archive was sealed, with the SHA-256 of its manifest."""


def manifest_sums(manifest: Mapping[str, Any], sha256: str) -> bytes:
    """Return the file of sums over a manifest with this digest and every file that it names."""
    every = [{"path": "manifest.json", "sha256": sha256}, *manifest["files"]]
    return "".join(f"{file['sha256']}  {file['path']}\n" for file in every).encode()
