"""The wire protocol between the server and the sandboxed child: messages of bytes, each after its length."""

from __future__ import annotations

import struct
from enum import StrEnum
from typing import IO

_LENGTH = struct.Struct("!I")
LONGEST = 64 * 1024 * 1024
"""Bytes of the longest message; a longer answer is no answer."""


class Task(StrEnum):
    """What is asked of the child."""

    ROWS = "rows"
    CONTAINER = "container"
    FILL = "fill"
    PROSE = "prose"
    TYPESET = "typeset"
    PAGES = "pages"
    ACTIVE = "active"


def write_message(pipe: IO[bytes], content: bytes) -> None:
    """Send a message; raises OSError where the other side is gone."""
    pipe.write(_LENGTH.pack(len(content)))
    pipe.write(content)
    pipe.flush()


def read_message(pipe: IO[bytes]) -> bytes | None:
    """Return the next message, None where the other side ended before its end, or says more than it may."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > LONGEST:
        return None
    content = pipe.read(length)
    return content if len(content) == length else None
