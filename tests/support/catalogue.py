"""What PostgreSQL's catalogue says of the tables, and what one state of it takes away from or demands of who wrote before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

_COLUMNS = """
select c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       a.atthasdef or a.attidentity <> '' or a.attgenerated <> ''
from pg_attribute a join pg_class c on c.oid = a.attrelid
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
"""
_CONSTRAINTS = """
select c.relname, k.conname, k.contype::text, pg_get_constraintdef(k.oid)
from pg_constraint k join pg_class c on c.oid = k.conrelid where c.relnamespace = 'public'::regnamespace
"""
_INDEXES = """
select t.relname, i.relname, x.indisunique, pg_get_indexdef(i.oid)
from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
where t.relnamespace = 'public'::regnamespace
"""
_TRIGGERS = """
select c.relname, g.tgname, pg_get_triggerdef(g.oid) from pg_trigger g join pg_class c on c.oid = g.tgrelid
where not g.tgisinternal and c.relnamespace = 'public'::regnamespace
"""
_DEMANDING = {"u": "unique", "c": "check", "f": "foreign key", "p": "primary key", "x": "exclusion"}
_LENGTH = re.compile(r"(character varying|character|numeric)\((\d+)(?:,\d+)?\)")
_WIDER = {("smallint", "integer"), ("smallint", "bigint"), ("integer", "bigint"), ("real", "double precision")}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Columns as (type, demanded, filled in by itself), constraints as (kind, words), indexes as (unique, words), triggers."""

    columns: Mapping[tuple[str, str], tuple[str, bool, bool]]
    constraints: Mapping[tuple[str, str], tuple[str, str]]
    indexes: Mapping[tuple[str, str], tuple[bool, str]]
    triggers: Mapping[tuple[str, str], str]

    @property
    def tables(self) -> frozenset[str]:
        """The tables that have a column."""
        return frozenset(table for table, _ in self.columns)


def read_catalogue(connection: sa.Connection) -> Catalogue:
    """Read it as this connection sees it, what its own transaction changed included."""
    return Catalogue(
        {(r[0], r[1]): (r[2], r[3], r[4]) for r in connection.exec_driver_sql(_COLUMNS)},
        {(r[0], r[1]): (r[2], r[3]) for r in connection.exec_driver_sql(_CONSTRAINTS)},
        {(r[0], r[1]): (r[2], r[3]) for r in connection.exec_driver_sql(_INDEXES)},
        {(r[0], r[1]): r[2] for r in connection.exec_driver_sql(_TRIGGERS)},
    )


def stumbles(before: Catalogue, after: Catalogue) -> list[str]:
    """Return over what a program of before stumbles: what is gone, narrowed, or newly demanded of tables it writes."""
    return sorted([*_gone(before, after), *_narrowed(before, after), *_demanded(before, after)])


def _gone(before: Catalogue, after: Catalogue) -> Iterator[str]:
    lost = before.tables - after.tables
    yield from (f"table {table} is gone" for table in lost)
    for table, column in before.columns.keys() - after.columns.keys():
        if table not in lost:
            yield f"column {table}.{column} is gone"
    for table, name in before.indexes.keys() - after.indexes.keys():
        if table not in lost:
            yield f"index {name} of {table} is gone"
    for table, name in before.constraints.keys() - after.constraints.keys():
        if table not in lost and before.constraints[table, name][0] in "up":  # what ON CONFLICT may name
            yield f"{_DEMANDING[before.constraints[table, name][0]]} {name} of {table} is gone"


def _narrowed(before: Catalogue, after: Catalogue) -> Iterator[str]:
    for (table, column), (kind, demanded, filled) in before.columns.items():
        now = after.columns.get((table, column))
        if now is None:
            continue
        if now[0] != kind and not _holds(now[0], kind):
            yield f"column {table}.{column} was {kind} and is {now[0]}"
        if now[1] and not demanded:
            yield f"column {table}.{column} is demanded now"
        if filled and not now[2] and now[1]:
            yield f"column {table}.{column} is no longer filled in"


def _demanded(before: Catalogue, after: Catalogue) -> Iterator[str]:
    there = before.tables
    for (table, column), (_, demanded, filled) in after.columns.items():
        if table in there and (table, column) not in before.columns and demanded and not filled:
            yield f"column {table}.{column} is new, demanded and not filled in"
    for place, (kind, words) in after.constraints.items():
        if place[0] in there and kind in _DEMANDING and before.constraints.get(place) != (kind, words):
            yield f"{_DEMANDING[kind]} {place[1]} of {place[0]} is new"
    for place, (unique, words) in after.indexes.items():
        own = place in after.constraints  # told as a constraint already
        if place[0] in there and unique and not own and before.indexes.get(place) != (unique, words):
            yield f"unique index {place[1]} of {place[0]} is new"
    for place, words in after.triggers.items():
        if place[0] in there and before.triggers.get(place) != words:
            yield f"trigger {place[1]} of {place[0]} is new"


def _holds(new: str, old: str) -> bool:
    """Return whether every value of the type ``old`` is one of ``new``."""
    if (old, new) in _WIDER or (new == "text" and old.startswith("character varying")):
        return True
    was, now = _LENGTH.fullmatch(old), _LENGTH.fullmatch(new)
    if was and now and was[1] == now[1] == "character varying":
        return int(now[2]) >= int(was[2])
    return new == "character varying" and old.startswith("character varying")
