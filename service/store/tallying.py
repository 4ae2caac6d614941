"""Sums kept by the database itself: what waits where, what runs, what began and ended in which week.

Triggers append one change per row that begins or ceases to count, in the transaction that does so; nothing is ever
overwritten, so that cases moved at the same time do not wait for each other. `TallyRepository.fold` puts changes together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import sqlalchemy as sa

KEPT_BY_TRIGGERS = frozenset({"tally", "search_gram", "fact_value", "fact_value_case", "file_name"})
"""Tables that nothing writes but the database itself: sums, and what is searched by (`searching`, `fact_values`, `file_names`)."""

_COLUMNS = "subject, jurisdiction, award, sort, process_id, element, role, day, n"


class _Counted(NamedTuple):
    """Rows of ``table`` that count while ``counts`` holds, as what ``source`` says; ``{row}`` stands for the row."""

    table: str
    counts: str
    source: str
    columns: tuple[str, ...]


_COUNTED = {
    "task": _Counted(
        "task",
        "{row}.state = 'open'",
        "CASE {row}.kind WHEN 'ballot' THEN 'ballot' ELSE 'task' END, {row}.jurisdiction, c.award, c.process, "
        "{row}.process_id, {row}.element, {row}.role, {due}, {n} FROM case_instance c WHERE c.id = {row}.case_id",
        ("state", "due_at", "role", "kind", "jurisdiction", "process_id", "element"),
    ),
    "message": _Counted(
        "subscription",
        "{row}.element IS NOT NULL",
        "'message', c.jurisdiction, c.award, c.process, {row}.process_id, {row}.element, '', CAST(NULL AS date), {n} "
        "FROM case_instance c WHERE c.id = {row}.case_id",
        ("process_id", "element"),
    ),
    "work": _Counted(
        "work_item",
        "{row}.element IS NOT NULL AND {row}.state IN ('waiting', 'held')",
        "CASE {row}.kind WHEN 'timer' THEN 'timer' ELSE 'work' END, c.jurisdiction, c.award, c.process, "
        "COALESCE({row}.process_id, ''), {row}.element, '', CAST(NULL AS date), {n} FROM case_instance c WHERE c.id = {row}.case_id",
        ("state", "process_id", "element"),
    ),
    "call": _Counted(
        "case_call",
        "{row}.left_at IS NULL",
        "'call', {row}.jurisdiction, c.award, c.process, {row}.process_id, {row}.element, '', CAST(NULL AS date), {n} "
        "FROM case_instance c WHERE c.id = {row}.case_id",
        ("left_at", "process_id", "element"),
    ),
    "running": _Counted(
        "case_instance",
        "{row}.status <> 'ended'",
        "'running', {row}.jurisdiction, {row}.award, {row}.process, '', '', '', CAST(NULL AS date), {n}",
        ("status",),
    ),
    "ended": _Counted(
        "case_instance",
        "{row}.status = 'ended'",
        "'ended', {row}.jurisdiction, {row}.award, {row}.process, '', '', '', {week_ended}, {n}",
        ("status", "ended_at"),
    ),
    "started": _Counted(
        "case_instance",
        "{row}.id IS NOT NULL",
        "'started', {row}.jurisdiction, {row}.award, {row}.process, '', '', '', {week_started}, {n}",
        ("started_at",),
    ),
}
_DATES = {
    "sqlite": {
        "due": "date({row}.due_at, '+8 hours', '-1 second')",
        "week_ended": "date(COALESCE({row}.ended_at, {row}.changed_at), '+8 hours', 'weekday 0', '-6 days')",
        "week_started": "date({row}.started_at, '+8 hours', 'weekday 0', '-6 days')",
    },
    "postgresql": {
        "due": "({row}.due_at AT TIME ZONE 'Asia/Shanghai' - interval '1 second')::date",
        "week_ended": "date_trunc('week', COALESCE({row}.ended_at, {row}.changed_at) "
        "AT TIME ZONE 'Asia/Shanghai')::date",
        "week_started": "date_trunc('week', {row}.started_at AT TIME ZONE 'Asia/Shanghai')::date",
    },
}


def recount(connection: sa.Connection) -> None:
    """Count everything anew: for a database whose rows were put there without triggers."""
    connection.exec_driver_sql("DELETE FROM tally")
    _count(connection, list(_COUNTED))


def _among(names: Sequence[str]) -> list[tuple[str, _Counted]]:
    return [(name, _COUNTED[name]) for name in names]


def _count(connection: sa.Connection, names: Sequence[str]) -> None:
    for _, counted in _among(names):
        counting = _counting(counted, connection.dialect.name)
        connection.exec_driver_sql(f"INSERT INTO tally ({_COLUMNS}) {counting}")


def miscounted(connection: sa.Connection, limit: int) -> list[tuple[tuple[object, ...], int]]:
    """Return what the sums are not: each place with how many there are more than its sum says, in one statement."""
    names = _COLUMNS.rpartition(",")[0]
    anew = " UNION ALL ".join(_counting(counted, connection.dialect.name) for counted in _COUNTED.values())
    both = f"SELECT {names}, -n AS n FROM tally UNION ALL {anew}"  # noqa: S608  our own names
    found = connection.exec_driver_sql(
        f"SELECT {names}, SUM(n) FROM ({both}) AS found GROUP BY {names} HAVING SUM(n) <> 0 LIMIT {limit}"  # noqa: S608  as above
    )
    return [(tuple(row[:-1]), int(row[-1])) for row in found]


def _counting(counted: _Counted, dialect: str) -> str:
    selected = _said(counted.source, dialect, "counted", "1")
    columns, _, source = selected.partition(" FROM ")
    tables, _, joined = source.partition(" WHERE ")
    tables = f"{counted.table} counted" + (f", {tables}" if tables else "")
    where = " AND ".join(filter(None, [_said(counted.counts, dialect, "counted", "1"), joined]))
    names = _COLUMNS.rpartition(",")[0]
    aliased = ", ".join(f"{each} AS {name}" for each, name in zip(_parts(columns), _COLUMNS.split(", "), strict=True))
    inner = f"SELECT {aliased} FROM {tables} WHERE {where}"  # noqa: S608  nothing of it comes from outside
    return f"SELECT {names}, SUM(n) AS n FROM ({inner}) AS found GROUP BY {names}"  # noqa: S608  as above


def _parts(columns: str) -> Iterator[str]:
    """Yield what commas outside of brackets part."""
    depth, begin = 0, 0
    for place, letter in enumerate(columns):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            yield columns[begin:place].strip()
            begin = place + 1
    yield columns[begin:].strip()


def _said(text: str, dialect: str, row: str, n: str) -> str:
    """Return SQL with the names of a row put in, the dates of a dialect first."""
    for name, words in _DATES[dialect].items():
        text = text.replace(f"{{{name}}}", words)
    return text.replace("{row}", row).replace("{n}", n)


def triggers(dialect: str, names: Sequence[str] = tuple(_COUNTED)) -> Iterator[str]:
    """Return the statements that make the triggers."""
    return _for_postgresql(names) if dialect == "postgresql" else _for_sqlite(names)


def _change(counted: _Counted, dialect: str, row: str, n: str) -> str:
    return f"INSERT INTO tally ({_COLUMNS}) SELECT {_said(counted.source, dialect, row, n)}"


def _for_sqlite(names: Sequence[str]) -> Iterator[str]:
    for name, counted in _among(names):
        less, more = _change(counted, "sqlite", "OLD", "-1"), _change(counted, "sqlite", "NEW", "1")
        was, now = (_said(counted.counts, "sqlite", row, "1") for row in ("OLD", "NEW"))
        touched = f"UPDATE OF {', '.join(counted.columns)}"
        for event, when, kind, change in (
            ("insert", now, "INSERT", more),
            ("update", was, touched, less),
            ("updated", now, touched, more),
            ("delete", was, "DELETE", less),
        ):
            yield (
                f"CREATE TRIGGER tally_{name}_{event} AFTER {kind} ON {counted.table} WHEN {when} BEGIN {change}; END"
            )


def _for_postgresql(names: Sequence[str]) -> Iterator[str]:
    for name, counted in _among(names):
        less, more = _change(counted, "postgresql", "OLD", "-1"), _change(counted, "postgresql", "NEW", "1")
        was, now = (_said(counted.counts, "postgresql", row, "1") for row in ("OLD", "NEW"))
        yield (
            f"CREATE FUNCTION tally_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF TG_OP <> 'INSERT' THEN IF {was} THEN {less}; END IF; END IF; "
            f"IF TG_OP <> 'DELETE' THEN IF {now} THEN {more}; END IF; END IF; RETURN NULL; END $$"
        )
        touched = f"UPDATE OF {', '.join(counted.columns)}"
        for event, kind in (("insert", "INSERT"), ("update", touched), ("delete", "DELETE")):
            yield (
                f"CREATE TRIGGER tally_{name}_{event} AFTER {kind} ON {counted.table} "
                f"FOR EACH ROW EXECUTE FUNCTION tally_{name}()"
            )
