"""What a unit of work takes back is noted as pending before the commit, and settled after it, by whichever unit comes next.

The note lies beside the keys, the rows in the database: neither can wait for the other. Should the process end between the
two, the database is asked what became of that unit. PostgreSQL keeps it by the number of the transaction; of SQLite the
number in its head, which a unit of work raises, is committed or undone with it. So a row that somebody puts back after a
commit is worth nothing, and one whose removal was never committed keeps its worth.
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from service.store.seals.row_seals import RowSeals

_SIGN = "."
_NUMBER = sa.text("select pg_catalog.pg_current_xact_id()::text")
_BECAME = sa.text(
    "select case when cast(:number as xid8) < pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())"
    " then coalesce(pg_catalog.pg_xact_status(cast(:number as xid8)), 'committed') else 'in progress' end"
)


def begin_taking_back(connection: sa.Connection) -> str:
    """Return the name of this unit of work by which the database tells later what became of it."""
    if connection.dialect.name == "postgresql":
        number = str(connection.scalar(_NUMBER))
    else:
        number = str(_raised(connection) + 1)
        connection.exec_driver_sql(f"pragma user_version = {number}")
    return f"{connection.dialect.name}{_SIGN}{number}{_SIGN}{secrets.token_hex(6)}"


def settle_what_is_pending(connection: sa.Connection, seals: RowSeals, *, reading: bool) -> None:
    """Ask the database what became of units of work whose notes are pending, and note it durably."""
    for unit, marks in seals.pending().items():
        committed = _is_committed(connection, unit, reading=reading)
        if committed is not None:
            seals.settle(unit, marks if committed else ())


def _is_committed(connection: sa.Connection, unit: str, *, reading: bool) -> bool | None:
    """Return what became of a unit of work; None while it may still be at it."""
    dialect, number, _ = unit.split(_SIGN)
    if dialect != connection.dialect.name:
        return True  # the data were transferred since: what cannot be known any more lets nobody in
    if dialect == "postgresql":
        became = connection.scalar(_BECAME, {"number": number})
        return None if became == "in progress" else became == "committed"
    if _raised(connection) >= int(number):
        return True
    return None if reading else False  # who writes is alone


def _raised(connection: sa.Connection) -> int:
    return int(connection.exec_driver_sql("pragma user_version").scalar_one())
