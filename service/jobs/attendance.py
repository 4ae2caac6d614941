"""Who is at work on the database of an installation: servers and workers beside each other, or one command alone.

On PostgreSQL that is a lock in the database, which processes on every machine share; on SQLite a file beside the
database, since one process is all there may be.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from service.jobs.owner import process_name
from service.jobs.process_lock import process_lock
from service.jobs.scheduler import looking_again
from service.store.errors import InUse
from service.store.presence import Occupancy, alone

log = logging.getLogger(__name__)

_LOOK_AGAIN = 10.0
"""Seconds from one look at the own session to the next."""


@contextmanager
def at_work(url: str) -> Iterator[None]:
    """Be counted among the processes at work on ``url`` until the end of the block, also when the connection is lost.

    On SQLite nothing is done: whoever does the due work holds the lock file.

    Raises:
        InUse: while a command has the database for itself.
        Unreachable: when the database cannot be reached.
    """
    if not url.startswith("postgresql"):
        yield
        return
    place = Occupancy(url, process_name())
    place.join()
    try:
        with looking_again(lambda: _rejoin(place), _LOOK_AGAIN):
            yield
    finally:
        place.leave()


def nobody_else(url: str, lock: Path) -> AbstractContextManager[None]:
    """Have the database of ``url`` to oneself until the end of the block; ``lock`` is the file of SQLite.

    Raises:
        InUse: while a server, a worker or another such command is at work on it; names them.
    """
    return alone(url, process_name()) if url.startswith("postgresql") else process_lock(lock)


def _rejoin(place: Occupancy) -> None:
    """Join anew where the session was lost, as when PostgreSQL was started anew; a command that came meanwhile is told."""
    try:
        place.rejoin()
    except InUse as error:
        log.error("at work beside a command: %s", error.message.zh)
