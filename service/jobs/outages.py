"""What libraries raise and log where the database is away or the process ends: no fault of the program, so no trace.

That the database is away is said once by whoever waits for it (see `service.jobs.away`).
"""

from __future__ import annotations

import logging

import psycopg
from procrastinate.exceptions import ConnectorException

from service.jobs.away import AWAY
from service.store import ReadOnly, StorageFull, Unreachable

_AWAY: tuple[tuple[type[psycopg.Error], type[Unreachable | ReadOnly | StorageFull]], ...] = (
    (psycopg.errors.ReadOnlySqlTransaction, ReadOnly),
    (psycopg.errors.DiskFull, StorageFull),
    (psycopg.OperationalError, Unreachable),
)
"""What drivers raise that is no fault of the program, the first that fits, and how it is said."""


def outage_of(error: BaseException | None) -> Unreachable | ReadOnly | StorageFull | None:
    """Return how an outage of the database is said that a driver or Procrastinate raised; None for anything else."""
    broke = error.__cause__ if isinstance(error, ConnectorException) else error
    return next((said() for kind, said in _AWAY if isinstance(broke, kind)), None)


class OutagesLeftOut(logging.Filter):
    """Leaves out what a library logs with a trace where the database is away."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the line is to be written."""
        error = record.exc_info[1] if record.exc_info else None
        return outage_of(error) is None and not isinstance(error, AWAY)


_LEFT_OUT = OutagesLeftOut()


def quiet_procrastinate() -> None:
    """Let Procrastinate and its pool of connections say nothing of outages; safe to repeat."""
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # it warns of every try; the ticker tells it once
    for name in ("utils", "worker", "manager", "psycopg_connector"):  # filters do not hold for the loggers below theirs
        logging.getLogger(f"procrastinate.{name}").addFilter(_LEFT_OUT)
