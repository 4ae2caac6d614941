"""The name under which a process claims work."""

from __future__ import annotations

import os
import secrets
import socket

_HOST = 50
"""Letters of a machine's name that fit beside the rest."""


def owner_name() -> str:
    """Return a name that no other process has, on this machine or another, nor had before."""
    return f"{socket.gethostname()[:_HOST]}:{os.getpid()}:{secrets.token_hex(4)}"
