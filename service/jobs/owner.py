"""The names of a process: under which it claims work, and by which people find it."""

from __future__ import annotations

import os
import secrets
import socket
import sys

_HOST = 50
"""Letters of a machine's name that fit beside the rest."""


def owner_name() -> str:
    """Return a name that no other process has, on this machine or another, nor had before."""
    return f"{socket.gethostname()[:_HOST]}:{os.getpid()}:{secrets.token_hex(4)}"


def process_name() -> str:
    """Return what people find this process by: its command, machine and number, such as ``laurel serve web1:4711``."""
    command = next((word for word in sys.argv[1:2] if word.isalpha()), "")
    return " ".join(word for word in ("laurel", command, f"{socket.gethostname()[:_HOST]}:{os.getpid()}") if word)
