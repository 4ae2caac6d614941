"""Who is at work on a PostgreSQL database, on whatever machine: each holds one advisory lock in common with the others.

A command that needs everybody gone asks for the same lock alone. The lock belongs to a session (PostgreSQL, "Advisory
Locks"), so that it is gone with its process, however that ends. SQLite has the file of `service.jobs.process_lock`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import sqlalchemy as sa

from service.store.connections.database import create_database_engine, translate_database_errors
from service.store.errors import InUse, Occupant

_LOCK = 0x4C_41_55_50
_TOGETHER = sa.select(sa.func.pg_try_advisory_lock_shared(_LOCK))
_BY_ITSELF = sa.select(sa.func.pg_try_advisory_lock(_LOCK))
_LEAVE = sa.select(sa.func.pg_advisory_unlock_all())
_NAMED = sa.select(sa.func.set_config("application_name", sa.bindparam("name"), sa.false()))
_LONGEST_NAME = 63
"""Bytes of an application's name that PostgreSQL keeps (NAMEDATALEN - 1)."""

_STARTED_AGO = sa.text("SELECT extract(epoch FROM clock_timestamp() - pg_postmaster_start_time())::float")

SETTLED = 15.0
"""Seconds after the start of PostgreSQL within which servers and workers have taken their places again."""

_HOLDERS = sa.text(
    "SELECT a.application_name AS name, a.backend_start AS since"
    " FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
    " WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = :lock AND l.objsubid = 1"
    " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND a.pid <> pg_backend_pid() ORDER BY a.backend_start, a.pid"
)


class Occupancy:
    """One process's place among those at work on the database of ``url``, under ``name``; on PostgreSQL only."""

    def __init__(self, url: str, name: str) -> None:
        self._engine = create_database_engine(url)
        self._name = name.encode()[:_LONGEST_NAME].decode(errors="ignore")
        self._session: sa.Connection | None = None

    def join(self) -> None:
        """Be at work beside the others from now on; raises InUse while a command has the database for itself."""
        self._acquire_lock(_TOGETHER)

    def rejoin(self) -> None:
        """Ask whether the session is still there, and join anew where it was lost; raises as `join` and Unreachable."""
        try:
            if self._session is not None:
                self._session.execute(sa.select(1))
                return
        except sa.exc.DBAPIError:
            self.leave()
        self.join()

    def be_alone(self, settled: float = SETTLED, pause: Callable[[float], object] = time.sleep) -> None:
        """Have the database to oneself from now on; raises InUse, naming who is at work.

        Where nobody is and PostgreSQL was started less than ``settled`` seconds ago, this pauses for the rest of them
        and asks again: whoever was at work before lost its session, and comes back until then.
        """
        self._acquire_lock(_BY_ITSELF)
        with translate_database_errors(), self._engine.connect() as connection:
            ago = float(connection.scalar(_STARTED_AGO) or 0.0)
        if ago < settled:
            self.leave()
            pause(settled - ago)
            self._acquire_lock(_BY_ITSELF)

    def leave(self) -> None:
        """Give the place up."""
        session, self._session = self._session, None
        if session is None:
            return
        try:
            with suppress(sa.exc.DBAPIError):  # the session is gone, and the lock with it
                if not session.invalidated:
                    session.execute(_LEAVE)  # else it stays until the server has noticed the closed connection
        finally:
            session.invalidate()
            session.close()
            self._engine.dispose()

    def _acquire_lock(self, lock: sa.Select[tuple[bool]]) -> None:
        with translate_database_errors():
            session = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            self._session = session
            try:
                session.execute(_NAMED, {"name": self._name})
                if session.scalar(lock):
                    return
                holders = session.execute(_HOLDERS, {"lock": _LOCK}).all()
            except BaseException:
                self.leave()
                raise
        self.leave()
        raise InUse([Occupant(row.name, row.since) for row in holders])


@contextmanager
def occupy_database(url: str, name: str, settled: float = SETTLED) -> Iterator[None]:
    """Have the PostgreSQL database of ``url`` to oneself until the end of the block; see `be_alone`."""
    place = Occupancy(url, name)
    place.be_alone(settled)
    try:
        yield
    finally:
        place.leave()
