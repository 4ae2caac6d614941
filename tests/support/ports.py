"""Ports for servers of tests."""

from __future__ import annotations

import socket

_RESERVED: list[socket.socket] = []


def free_port() -> int:
    """Return a port of this machine that is reserved until this process ends: whoever calls before its server listens is refused.

    Bound and never listened on, with the option that every server sets too: a server that is given the port may bind it
    beside, now or again after it was killed, and nobody who takes any free port gets it.
    """
    reserved = socket.socket()
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reserved.bind(("127.0.0.1", 0))
    _RESERVED.append(reserved)
    return int(reserved.getsockname()[1])
