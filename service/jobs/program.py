"""What tells one version of the program from another."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_ENGINE = "SpiffWorkflow"


def program_mark() -> str:
    """Return the SHA-256 (hex) over the program's own files and the version of the engine: the same at every restart."""
    digest = hashlib.sha256(f"{_ENGINE}=={version(_ENGINE)}\n".encode())
    for folder in ("service", "handlers"):
        for path in sorted((_ROOT / folder).rglob("*.py")):
            named = path.relative_to(_ROOT).as_posix()
            digest.update(f"{named}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()
