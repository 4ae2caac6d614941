"""Fills every table with many rows quickly, by the database itself."""

from __future__ import annotations

import sqlalchemy as sa

from service.store.encrypted import Encrypted
from service.store.rows import metadata
from service.store.tallying import KEPT_BY_TRIGGERS
from service.store.types import Instant, Settled

_ONE_IN_TEN = "CASE WHEN n % 10 = 0 THEN '{}' ELSE '{}' END"
_SPECIAL = {
    "case_instance.parent_id": "CASE WHEN n % 10 = 1 THEN NULL ELSE n - (n + 9) % 10 END",
    "case_instance.findable": "'[[' || (n % 500) || ',\"f\",\"x' || (n % 500) || '\"]]'",
    "case_instance.status": _ONE_IN_TEN.format("running", "ended"),
    "task.state": _ONE_IN_TEN.format("open", "done"),
    "task.body_id": "CASE WHEN n % 3 = 0 THEN NULL ELSE 1 + n % 200 END",
    "work_item.state": "CASE WHEN n % 10 = 0 THEN 'waiting' WHEN n % 1000 = 1 THEN 'dead' ELSE 'done' END",
    "work_item.attempts": "0",
    "work_item.lane": "CASE (n / 10) % 4 WHEN 0 THEN 'timers' WHEN 1 THEN 'cases' WHEN 2 THEN 'documents' ELSE 'mail' END",
    "notice.audience": "'public'",
    "notice.state": _ONE_IN_TEN.format("running", "closed"),
    "incident.resolved_at": "CASE WHEN n % 10 = 0 THEN NULL ELSE {now} END",
    "inbox.caught_at": "CASE WHEN n % 10 = 0 THEN NULL ELSE {now} END",
    "mail.read_at": "CASE WHEN n % 10 = 0 THEN NULL ELSE {now} END",
    "audit.seq": "n",
    "studio_job.ended_at": "CASE WHEN n % 1000 = 0 THEN NULL ELSE {now} END",
    "recusal.lifted_at": "CASE WHEN n % 10 = 0 THEN NULL ELSE {now} END",
}
_SHARED = {"jurisdiction": "'j' || (n % 50)", "role": "'r' || (n % 20)", "process": "'p' || (n % 5)"}
_UNIQUE_ANYWAY = {"body.jurisdiction", "document.jurisdiction"}


def fill(connection: sa.Connection, count: int, tables: tuple[str, ...] = ()) -> None:
    """Put ``count`` rows into ``tables`` (all when none is named); references point at rows that will be there.

    Use a connection of its own on SQLite, one that does not check references.
    """
    postgres = connection.dialect.name == "postgresql"
    if postgres:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    for table in metadata.sorted_tables:
        if table.name not in KEPT_BY_TRIGGERS and (not tables or table.name in tables):
            connection.execute(sa.text(_insert(table, count, postgres)))


def _insert(table: sa.Table, count: int, postgres: bool) -> str:
    numbers = (
        f"SELECT n FROM generate_series(1, {count}) AS n"
        if postgres
        else f"WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count}) SELECT n FROM s"
    )
    names = ", ".join(f'"{column.name}"' for column in table.c)
    values = ", ".join(_value(table, column, count, postgres) for column in table.c)
    return f'INSERT INTO "{table.name}" ({names}) SELECT {values} FROM ({numbers}) AS numbers'


def _value(table: sa.Table, column: sa.Column[object], count: int, postgres: bool) -> str:
    moment = "to_timestamp(1767225600 + n * 60)" if postgres else _sqlite_moment()
    name = f"{table.name}.{column.name}"
    if name in _SPECIAL:
        return _SPECIAL[name].format(now=moment)
    if column.name in _SHARED and name not in _UNIQUE_ANYWAY and not isinstance(column.type, sa.Date):
        return _SHARED[column.name]
    if column.foreign_keys and isinstance(column.type, sa.Integer | sa.BigInteger):
        return "n" if column.primary_key else f"1 + n % {count}"
    return _by_type(column, moment, postgres)


def _by_type(column: sa.Column[object], moment: str, postgres: bool) -> str:
    if isinstance(column.type, Instant):
        return moment
    kept = column.type.raw if isinstance(column.type, Encrypted) else column.type
    if isinstance(kept, sa.JSON | Settled):
        return "'{}'"
    if isinstance(kept, sa.Date):
        return "date '2026-01-01' + n % 1000" if postgres else "date('2026-01-01', '+' || (n % 1000) || ' days')"
    if isinstance(kept, sa.Boolean):
        return "n % 2 = 0"
    if isinstance(kept, sa.LargeBinary):
        return "decode('00', 'hex')" if postgres else "x'00'"
    if isinstance(kept, sa.String) or column.foreign_keys:
        return "'x' || n"
    return "n"


def _sqlite_moment() -> str:
    return "strftime('%Y-%m-%d %H:%M:%S', 1767225600 + n * 60, 'unixepoch') || '.000000'"
