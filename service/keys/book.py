"""The key service's own book: every act on keys, each entry chained to the one before; no cast, no receipt, no paper."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

TORN = "torn line removed"


class KeyBook:
    """A file of JSON lines that is only appended to, by one writer at a time (`KeptBallots.locked`)."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def enter(self, at: datetime, act: str, box: str, data: Mapping[str, Any]) -> None:
        """Append an entry durably; a last line that was torn, as by a power cut, is cut off first, which is entered, too."""
        torn = self._cut_torn()
        if torn:
            self._append(at, TORN, "", {"bytes": torn})
        self._append(at, act, box, data)

    def _append(self, at: datetime, act: str, box: str, data: Mapping[str, Any]) -> None:
        before = self._last()
        content = {
            "seq": before["seq"] + 1,
            "at": at.astimezone(UTC).isoformat(timespec="seconds"),
            "act": act,
            "box": box,
            "data": dict(data),
            "previous": before["hash"],
        }
        line = json.dumps({**content, "hash": _hash(content)}, ensure_ascii=False, sort_keys=True)
        handle = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(f"{line}\n".encode())
            file.flush()
            os.fsync(file.fileno())

    def head(self) -> tuple[int, str]:
        """Return number and hash of the last entry, to be kept elsewhere; (0, "") of an empty book."""
        last = self._last()
        return last["seq"], last["hash"]

    def entries(self) -> list[dict[str, Any]]:
        """Return every entry, oldest first; a line that is none has number 0."""
        if not self._file.exists():
            return []
        return [_read(line) for line in self._file.read_text("utf-8", "replace").splitlines()]

    def first_broken(self) -> int | None:
        """Return the number of the first entry that was changed, is missing or out of place; None when all hold."""
        previous = ""
        for expected, entry in enumerate(self.entries(), start=1):
            content = {key: value for key, value in entry.items() if key != "hash"}
            if (entry.get("seq"), entry.get("previous")) != (expected, previous) or entry.get("hash") != _hash(content):
                return expected
            previous = entry["hash"]
        return None

    def _cut_torn(self) -> int:
        """Cut off what stands behind the last line end, and return how many bytes that was."""
        if not self._file.exists():
            return 0
        with self._file.open("r+b") as file:
            content = file.read()
            torn = len(content) - content.rfind(b"\n") - 1
            if torn:
                file.truncate(len(content) - torn)
                os.fsync(file.fileno())
        return torn

    def _last(self) -> dict[str, Any]:
        if not self._file.exists():
            return {"seq": 0, "hash": ""}
        with self._file.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - 65536))
            lines = file.read().splitlines()
        return _read(lines[-1].decode("utf-8", "replace")) if lines else {"seq": 0, "hash": ""}


def _read(line: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError:
        entry = None
    return entry if isinstance(entry, dict) and {"seq", "hash"} <= entry.keys() else {"seq": 0, "hash": ""}


def _hash(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
