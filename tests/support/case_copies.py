"""Copies of cases by the hundred thousand, made by the database itself: fictional load for measuring, never real cases.

A copy has everything that lists, monitor and the page of a case read; nobody can go on with it, since the engine's
state still names the tasks of the case that it was copied from, and its history does not hash to the same chain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from service.store.models import BodyRow, metadata
from service.store.models.cases import case
from service.store.models.people import body
from service.store.queries.base import Repository
from service.store.transaction import Transaction
from service.store.types import Instant

_TABLES = (
    "task",
    "visit",
    "subscription",
    "work_item",
    "case_call",
    "audit",
    "form_result",
    "finding",
    "notice",
    "document",
    "case_party",
    "incident",
)
"""What is copied with a case."""

_PRESENT = ("task", "subscription", "work_item", "case_call", "case_party", "incident")
_DAYS = 180
"""Copies are spread over as many days before the case they are made from."""

_UNIQUE = ("effect_key", "number")
"""Columns in which no two rows may be alike."""

Snapshot = Mapping[str, Sequence[Mapping[str, Any]]]


class CopyRepository(Repository):
    """Cases kept as they were, put back as others, and multiplied."""

    def take(self, case_ids: Sequence[int]) -> Snapshot:
        """Return these cases with all that belongs to them, as they are now."""
        found: dict[str, Sequence[Mapping[str, Any]]] = {}
        for table in (case, *(metadata.tables[name] for name in _TABLES)):
            key = table.c.id if table is case else table.c.case_id
            rows = self._connection.execute(sa.select(table).where(key.in_(case_ids))).mappings()
            found[table.name] = [dict(row) for row in rows]
        return found

    def put(self, taken: Snapshot, mark: str) -> list[int]:
        """Add what was taken as other cases, whose effects are told apart by ``mark``; returns their ids."""
        numbers: dict[int, int] = {}
        for row in taken[case.name]:
            values = {name: value for name, value in row.items() if name != "id"}
            values["number"] = f"{row['number']}{mark}" if row["number"] else None
            numbers[row["id"]] = int(self._scalar(sa.insert(case).returning(case.c.id), **values))
        for name in _TABLES:
            table = metadata.tables[name]
            rows = [_as_other(table, row, numbers, mark) for row in taken[name]]
            if rows:
                self._connection.execute(sa.insert(table), rows)
        return list(numbers.values())

    def organisations(self, names: Sequence[str]) -> tuple[int, int]:
        """Add fictional organisations; returns the first and the last id."""
        rows = [
            BodyRow(jurisdiction="*", key=f"SYNTH{number:013d}", kind="organisation", name=name)
            for number, name in enumerate(names)
        ]
        ids = self._insert_many(body, rows)
        return ids[0], ids[-1]

    def multiply(
        self,
        models: Sequence[int],
        parents: Sequence[int],
        bodies: tuple[int, int],
        first: int,
        count: int,
        *,
        past: bool = True,
    ) -> int:
        """Make ``count`` copies, each model in turn, for the numbers from ``first`` on; returns ``count``.

        Copies stand below one of ``parents``, rounds (none: below nothing), and are about one of ``bodies``, an unbroken row of
        ids. Each lies some days further back, as its number says. Without ``past`` a copy has nothing of what happened in
        it, one that has ended a fifth of its tasks and nothing else, and none can be moved on: enough for lists and sums.
        """
        places = {"first": first, "last": first + count - 1, "body": bodies[0], "bodies": bodies[1] - bodies[0] + 1}
        base = int(self._scalar(sa.select(sa.func.max(case.c.id)))) - first + 1
        copied = _TABLES if past else _PRESENT
        for table in (case, *(metadata.tables[name] for name in copied)):
            statement = self._copying(table, models, parents, past)
            self._connection.execute(sa.text(statement), {**places, "base": base})
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(
                sa.text(  # the program may take numbers of the series and not set it
                    "SELECT MAX(nextval('case_instance_id_seq')) FROM generate_series(1,"
                    " (SELECT MAX(id) FROM case_instance) - (SELECT last_value FROM case_instance_id_seq))"
                )
            )
        return count

    def _copying(self, table: sa.Table, models: Sequence[int], parents: Sequence[int], past: bool) -> str:
        key = "t.id" if table is case else "t.case_id"
        columns = [c for c in table.c if c.name != "id" or table is case]
        names = ", ".join(f'"{c.name}"' for c in columns)
        stateless = "''::bytea" if self._connection.dialect.name == "postgresql" else "x''"
        values = ", ".join(
            stateless if c is case.c.state and not past else self._value(table, c, parents) for c in columns
        )
        return (
            "WITH RECURSIVE s(n) AS "
            "(SELECT CAST(:first AS integer) UNION ALL SELECT n + 1 FROM s WHERE n < :last) "
            f'INSERT INTO "{table.name}" ({names}) SELECT {values} FROM s '
            f'JOIN case_instance m ON m.id = {_turn(models)} JOIN "{table.name}" t ON {key} = m.id '
            "LEFT JOIN body b ON b.id = :body + s.n % :bodies AND m.subject_id IS NOT NULL "
            "LEFT JOIN body was ON was.id = m.subject_id" + ("" if past else _only_present(table))
        )

    def _value(self, table: sa.Table, column: sa.Column[Any], parents: Sequence[int]) -> str:
        name = f't."{column.name}"'
        if table is case and column.name in ("id", "parent_id"):
            return "s.n + :base" if column.name == "id" else (_turn(parents) if parents else "NULL")
        if column.name == "round_id":
            return _turn(parents) if parents else "s.n + :base"
        if column.name == "case_id":
            return "s.n + :base"
        if column.name in _UNIQUE and isinstance(column.type, sa.String):
            return f"{name} || ':' || s.n"
        if column.name in ("subject_id", "body_id"):
            return f"CASE WHEN {name} = m.subject_id THEN b.id ELSE {name} END"
        if column.name in ("title", "subject") and isinstance(column.type, sa.String):
            return f"CASE WHEN b.id IS NULL THEN {name} ELSE REPLACE({name}, was.name, b.name) END"
        return self._earlier(name) if isinstance(column.type, Instant) else name

    def _earlier(self, name: str) -> str:
        days = f"(s.n * 37 % {_DAYS})"
        if self._connection.dialect.name == "postgresql":
            return f"CASE WHEN {name} > '9000-01-01' THEN {name} ELSE {name} - {days} * interval '1 day' END"
        earlier = f"strftime('%Y-%m-%d %H:%M:%S', {name}, '-' || {days} || ' days') || '.000000'"
        return f"CASE WHEN substr({name}, 1, 4) > '9000' THEN {name} ELSE {earlier} END"


def _only_present(table: sa.Table) -> str:
    """Return the condition that leaves out what is over, all but one in five tasks."""
    if table is case:
        return ""
    if table.name == "task":
        return " WHERE m.status <> 'ended' OR t.id % 5 = 0"
    return " WHERE m.status <> 'ended'" + (" AND t.state = 'waiting'" if table.name == "work_item" else "")


def _turn(ids: Sequence[int]) -> str:
    """Return SQL that takes one of ``ids`` after the other as ``s.n`` grows."""
    if len(ids) == 1:
        return str(int(ids[0]))
    return f"CASE s.n % {len(ids)} " + " ".join(f"WHEN {n} THEN {int(i)}" for n, i in enumerate(ids)) + " END"


def _as_other(table: sa.Table, row: Mapping[str, Any], numbers: Mapping[int, int], mark: str) -> dict[str, Any]:
    values = {name: value for name, value in row.items() if name != "id" or isinstance(table.c.id.type, sa.String)}
    values["case_id"] = numbers[row["case_id"]]
    if row.get("round_id") == row["case_id"]:  # what stood below another stands there still
        values["round_id"] = values["case_id"]
    told_apart = (name for name in _UNIQUE if isinstance(values.get(name), str))
    return {**values, **{name: f"{values[name]}{mark}" for name in told_apart}}


def copies_of(tx: Transaction) -> CopyRepository:
    """Return the copies of cases in a unit of work."""
    return CopyRepository(tx._connection, tx)
