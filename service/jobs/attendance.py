"""Who is at work on the database of an installation: servers and workers beside each other, or one command alone.

On PostgreSQL that is a lock in the database, which processes on every machine share; on SQLite a file beside the
database, since one process is all there may be.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from service.jobs.process_lock import process_lock, process_name
from service.jobs.scheduler import looking_again
from service.store.connections.database import sqlite_file
from service.store.connections.presence import SETTLED, Occupancy, occupy_database
from service.store.connections.sqlite import DatabaseFile
from service.store.errors import Displaced, InUse

log = logging.getLogger(__name__)

_LOOK_AGAIN = 10.0
"""Seconds from one look at the own session to the next; shorter than `SETTLED` of the store."""


class Attendance:
    """The place of this process among those at work, taken again where its session was lost; raises as `at_work`."""

    def __init__(self, occupancy: Occupancy) -> None:
        self._occupancy, self._displaced = occupancy, False
        occupancy.join()

    def look(self) -> None:
        """Join anew where the session was lost, as when PostgreSQL was started anew; raises Unreachable.

        Where a command came meanwhile, this process stands aside until a later look finds it gone.
        """
        try:
            self._occupancy.rejoin()
        except InUse as error:
            if not self._displaced:
                log.error("nothing is served or done beside a command: %s", error.message.zh)
            self._displaced = True
            return
        if self._displaced:
            log.warning("the command has ended: at work again")
        self._displaced = False

    def demand(self) -> None:
        """Raise Displaced while this process stands aside."""
        if self._displaced:
            raise Displaced

    def leave(self) -> None:
        """Give the place up."""
        self._occupancy.leave()


@contextmanager
def at_work(url: str) -> Iterator[Callable[[], None]]:
    """Be counted among the processes at work on ``url`` until the end of the block, also when the connection is lost.

    Yields what raises Displaced while a command has the database for itself that came meanwhile: it belongs to the
    store, so that nothing is done beside the command. On SQLite whoever does the due work holds the lock file, and what is
    yielded raises FileGone while the file of the database is not where it was.

    Raises:
        InUse: while a command has the database for itself.
        Unreachable: when the database cannot be reached.
    """
    if not url.startswith("postgresql"):
        file = sqlite_file(url)
        yield DatabaseFile(file).demand if file is not None else lambda: None
        return
    place = Attendance(Occupancy(url, process_name()))
    try:
        with looking_again(place.look, _LOOK_AGAIN):
            yield place.demand
    finally:
        place.leave()


def nobody_else(url: str, lock: Path, settled: float = SETTLED) -> AbstractContextManager[None]:
    """Have the database of ``url`` to oneself until the end of the block; ``lock`` is the file of SQLite.

    A PostgreSQL started less than ``settled`` seconds ago is given that time, for its servers and workers to come back.

    Raises:
        InUse: while a server, a worker or another such command is at work on it; names them.
    """
    return occupy_database(url, process_name(), settled) if url.startswith("postgresql") else process_lock(lock)
