"""Bells of the lanes on PostgreSQL: jobs of Procrastinate that say no more than "there is work in this lane".

Work items stay the truth: a bell that is lost is rung again, one too many finds nothing. No bell has a lock, none is for
the future, and of each lane only as many wait as processes could answer at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from service.domain.running.lanes import TURNS
from service.store.connections.database import translated
from service.store.errors import Unreachable
from service.store.queries.work import WorkRepository

CHANNEL = "laurel_due"
"""On this channel a commit tells that it left work that is due, or will be in a moment."""

TASK = "drain"
"""The task of Procrastinate that does the due work of a lane."""

_AT_ONCE = 4
"""How many bells of a lane wait at most."""

_A_BATCH = 20
"""So much due work of a lane that is claimed in batches is worth one bell."""

_WAITING = sa.text("select queue_name, count(*) from procrastinate_jobs where status = 'todo' group by queue_name")
_FORGET_JOBS = sa.text(
    "delete from procrastinate_jobs j where j.status <> 'todo' and not exists"
    " (select 1 from procrastinate_events e where e.job_id = j.id and e.at > now() - cast(:kept as interval))"
)
_FORGET_WORKERS = sa.text("delete from procrastinate_workers where last_heartbeat < now() - cast(:kept as interval)")


class Bells:
    """Rings for due work, and listens for commits that left some."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._app: Any = None

    def ring(self, now: datetime) -> Mapping[str, int]:
        """Ring once for each lane in which something is due at ``now``, more often for much; returns how often.

        Any number of processes may do so at once: bells that wait already are counted.
        """
        with translated(), self._engine.begin() as connection:
            due = WorkRepository(connection).due_by_lane(now)
            if not due:
                return {}
            waiting = {row[0]: row[1] for row in connection.execute(_WAITING)}
            rung = {lane: _worth(lane, count) - waiting.get(lane, 0) for lane, count in due.items()}
            rung = {lane: count for lane, count in rung.items() if count > 0}
            for lane, count in rung.items():
                self._defer(connection, lane, count)
        return rung

    def forget(self, kept: timedelta = timedelta(days=1)) -> int:
        """Remove what killed workers left behind, and workers that are gone; returns how much that was."""
        with translated(), self._engine.begin() as connection:
            gone = connection.execute(_FORGET_JOBS, {"kept": kept}).rowcount
            return gone + connection.execute(_FORGET_WORKERS, {"kept": kept}).rowcount

    @contextmanager
    def listening(self) -> Iterator[Callable[[float], bool]]:
        """Listen on a connection of its own; yields what waits so many seconds, or until a commit left work.

        It raises what the database raises: listen anew then, and look for work first.
        """
        with translated(), _line_translated():
            raw = self._engine.raw_connection()
            line: Any = raw.driver_connection
            raw.detach()
            try:
                line.autocommit = True
                line.execute(f"listen {CHANNEL}")
                yield lambda seconds: _wait(line, seconds)
            finally:
                line.close()

    def _defer(self, connection: sa.Connection, lane: str, count: int) -> None:
        if self._app is None:
            import procrastinate  # who does no work on PostgreSQL does without

            # Never opened: it defers on the connection it is given, in its transaction, also inside a worker.
            self._app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
        task = self._app.configure_task(TASK, queue=lane, connection=connection.connection.driver_connection)
        task.batch_defer(*[{"lane": lane}] * count)


@contextmanager
def _line_translated() -> Iterator[None]:
    """Say of a line without SQLAlchemy what `translated` says of the others: raises Unreachable where it broke."""
    import psycopg  # who does no work on PostgreSQL does without

    try:
        yield
    except psycopg.OperationalError as error:
        raise Unreachable from error


def _worth(lane: str, due: int) -> int:
    return min(_AT_ONCE, -(-due // _A_BATCH) if lane in TURNS else due)


def _wait(line: Any, seconds: float) -> bool:
    """Wait for a notification; what came meanwhile is taken together."""
    for _ in line.notifies(timeout=max(0.0, seconds), stop_after=1):
        return True
    line.execute("select 1")  # a line that is dead says so here
    return False
