"""What stands in the database that acts by itself and that this program did not make: triggers, rules, views and the like.

Its own triggers keep sums and what is searched by; they are known by their text, as those of its library of queues are.
Whatever else changes, hides or invents rows on the way is somebody else's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

import sqlalchemy as sa

from service.store import fact_values, file_names, searching, tallying
from service.store.rows import metadata
from service.store.searching import SEARCHED

_SQLITE_OBJECTS = sa.text(
    "select type, name, coalesce(sql, '') from sqlite_master where type in ('trigger', 'view') or type = 'table'"
    " and (sql like 'create virtual%' or sql like '%on conflict%')"
)
_SQLITE_COLUMNS = sa.text(
    "select m.name, x.name, x.hidden, x.dflt_value from sqlite_master m, pragma_table_xinfo(m.name) x"
    " where m.type = 'table' and (x.hidden > 0 or x.dflt_value is not null)"
)

_TRIGGERS = sa.text(
    "select c.relname, t.tgname, p.proname, p.prosrc from pg_trigger t join pg_class c on c.oid = t.tgrelid"
    " join pg_proc p on p.oid = t.tgfoid where not t.tgisinternal and c.relnamespace = current_schema()::regnamespace"
)
_RULES = sa.text(
    "select 'rule', c.relname || '.' || r.rulename from pg_rewrite r join pg_class c on c.oid = r.ev_class"
    " where c.relnamespace = current_schema()::regnamespace and r.rulename <> '_RETURN'"
    " union all select 'policy', c.relname || '.' || p.polname from pg_policy p join pg_class c on c.oid = p.polrelid"
    " where c.relnamespace = current_schema()::regnamespace"
    " union all select 'table that inherits', i.inhrelid::regclass || ' of ' || c.relname from pg_inherits i"
    " join pg_class c on c.oid = i.inhparent where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'f')"
    " union all select case when c.relkind = 'f' then 'foreign table' else 'view' end, c.relname::text from pg_class c"
    " where c.relnamespace = current_schema()::regnamespace and c.relkind in ('v', 'm', 'f')"
    " and not exists (select 1 from pg_depend e where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')"
)
_FUNCTIONS = sa.text(
    "select p.proname, p.prosrc from pg_proc p"
    " where not exists (select 1 from pg_depend e"
    " where e.classid = 'pg_proc'::regclass and e.objid = p.oid and e.deptype = 'e') and (p.pronamespace = current_schema()::regnamespace or p.oid in ("
    "select d.refobjid"
    " from pg_depend d where d.refclassid = 'pg_proc'::regclass and d.deptype in ('n', 'a')"
    " and d.classid in ('pg_attrdef'::regclass, 'pg_constraint'::regclass, 'pg_class'::regclass)))"
    " and p.pronamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)"
)
_DEFAULTS = sa.text(
    "select c.relname, a.attname, a.attgenerated <> '' , pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d"
    " join pg_class c on c.oid = d.adrelid join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum"
    " where c.relnamespace = current_schema()::regnamespace"
)
_MEANT = sa.text(
    "select n.name from unnest(cast(:names as text[])) n(name) left join pg_class c"
    " on c.oid = to_regclass(quote_ident(n.name))"
    " where c.oid is null or c.relkind <> 'r' or c.relnamespace <> current_schema()::regnamespace"
)

_PLAIN = re.compile(
    r"\(*(?:null|true|false|current_timestamp|now\(\)|-?\d+(?:\.\d+)?|'(?:[^']|'')*'|nextval\('[^']*'::regclass\))\)*"
    r"(?:::[\w \".\[\]]+(?:\(\d+\))?)*\)*",
    re.IGNORECASE,
)
"""A default that is a value, the present instant, or the next number."""

_BODY = re.compile(r"CREATE(?: OR REPLACE)? FUNCTION (\w+)\s*\(.*?\bAS\s+\$\$(.*?)\$\$", re.IGNORECASE | re.DOTALL)
_TRIGGER = re.compile(
    r"CREATE TRIGGER (\w+)\s.*?\bON (\w+)\s.*?\bEXECUTE (?:PROCEDURE|FUNCTION) (\w+)", re.IGNORECASE | re.DOTALL
)


_QUOTED = re.compile(r'"([A-Za-z_]\w*)"')
"""A name as SQLite writes it anew in its triggers where a table was renamed, by a person or by a migration."""


class ForeignObject(NamedTuple):
    """What acts by itself: of which ``kind``, and its ``name`` with that of its table."""

    kind: str
    name: str


def foreign_objects(connection: sa.Connection) -> list[ForeignObject]:
    """Return all that stands in the program's tables or schema and that neither it nor its library of queues made."""
    look = _on_sqlite if connection.dialect.name == "sqlite" else _on_postgresql
    return sorted(set(look(connection)))


def _on_sqlite(connection: sa.Connection) -> Iterator[ForeignObject]:
    own = {_QUOTED.sub(r"\1", sql) for sql in _own_statements("sqlite")}
    for kind, name, sql in connection.execute(_SQLITE_OBJECTS):
        if kind != "table" and _QUOTED.sub(r"\1", sql) not in own:
            yield ForeignObject(kind, name)
        elif kind == "table":
            virtual = sql.lower().startswith("create virtual")
            yield ForeignObject("virtual table" if virtual else "table that drops rows in a conflict", name)
    yield from _columns(connection, _SQLITE_COLUMNS)


def _on_postgresql(connection: sa.Connection) -> Iterator[ForeignObject]:
    bodies, known = _known_on_postgresql()
    for table, name, function, body in connection.execute(_TRIGGERS):
        if (name, table, function) not in known or body not in bodies.get(function, ()):
            yield ForeignObject("trigger", f"{table}.{name}")
    for name, body in connection.execute(_FUNCTIONS):
        if body not in bodies.get(name, ()):
            yield ForeignObject("function", name)
    yield from (ForeignObject(kind, name) for kind, name in connection.execute(_RULES))
    meant = connection.execute(_MEANT, {"names": [*metadata.tables]})
    yield from (ForeignObject("table that is not the program's own", row[0]) for row in meant)
    yield from _columns(connection, _DEFAULTS)


def _columns(connection: sa.Connection, look: sa.TextClause) -> Iterator[ForeignObject]:
    """Yield columns that are computed, and those whose default is more than a value."""
    for table, column, computed, default in connection.execute(look):
        if computed:
            yield ForeignObject("computed column", f"{table}.{column}")
        elif not _PLAIN.fullmatch(default):
            yield ForeignObject("default of a column", f"{table}.{column}")


@cache
def _own_statements(dialect: str) -> frozenset[str]:
    """Return the statements by which the program made its triggers."""
    searched = (each for subject in SEARCHED for each in searching.triggers(subject, dialect))
    kept = (tallying.triggers(dialect), fact_values.triggers(dialect), file_names.triggers(dialect), searched)
    return frozenset(chain.from_iterable(kept))


@cache
def _known_on_postgresql() -> tuple[dict[str, set[str]], set[tuple[Any, ...]]]:
    """Return the bodies of the functions that the program and Procrastinate made, by name; triggers as name, table, function."""
    from procrastinate.schema import SchemaManager  # who works on SQLite does without

    made = [*_own_statements("postgresql"), SchemaManager.get_schema()]
    bodies: dict[str, set[str]] = {}
    for name, body in chain.from_iterable(map(_BODY.findall, made)):
        bodies.setdefault(name, set()).add(body)
    return bodies, {*chain.from_iterable(map(_TRIGGER.findall, made))}
