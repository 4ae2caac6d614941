"""What tells one version of the program from another."""

from __future__ import annotations

import hashlib
import os
import sysconfig
import threading
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_ENGINE = "SpiffWorkflow"
_OWN = ("service", "handlers", "processes", "forms", "deploy")
_MADE = frozenset({"__pycache__", "node_modules"})
"""Folders of what is made anew from the rest."""

EVERY = 3600.0
"""Seconds for which the mark of what is installed is taken as it was."""


def program_mark() -> str:
    """Return the SHA-256 (hex) over the program and the version of the engine: the same at every restart.

    The English words of the packages belong to it: a case is found by them.
    """
    digest = hashlib.sha256(f"{_ENGINE}=={version(_ENGINE)}\n".encode())
    for folder, kind in (("service", "*.py"), ("handlers", "*.py"), ("processes/english", "*.json")):
        for path in sorted((_ROOT / folder).rglob(kind)):
            named = path.relative_to(_ROOT).as_posix()
            digest.update(f"{named}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def installed_mark(roots: tuple[Path, ...] = ()) -> str:
    """Return the SHA-256 (hex) over every file that runs: the program's own, packages of cities, and the libraries."""
    digest = hashlib.sha256()
    for root in roots or (*(_ROOT / name for name in _OWN), Path(sysconfig.get_paths()["purelib"])):
        for path in sorted(_files(root)):
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
            digest.update(f"{root.name}/{path.relative_to(root).as_posix()}\0{found}\n".encode())
    return digest.hexdigest()


def _files(root: Path) -> Iterator[Path]:
    for folder, names, files in os.walk(root):
        names[:] = [name for name in names if name not in _MADE]
        yield from (Path(folder, name) for name in files)


class InstalledProgram:
    """What is installed beside what was when it was recorded (``expected``); looked at again after an hour."""

    def __init__(
        self, expected: str, look: Callable[[], str] = installed_mark, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.expected = expected
        self._look, self._clock = look, clock
        self._found, self._until = "", 0.0
        self._lock = threading.Lock()

    def mark(self) -> str:
        """Return the mark of what is installed now, at most an hour old."""
        with self._lock:
            if not self._found or self._clock() >= self._until:
                self._found, self._until = self._look(), self._clock() + EVERY
            return self._found
