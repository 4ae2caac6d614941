"""Rows of one database carried into another: a whole installation to PostgreSQL.

An installation is compared row by row before it counts.

SQLite keeps what PostgreSQL refuses: texts longer than their column, numbers beyond it, characters of code 0. They are
looked for first, so that a transfer begins only where it can end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

import sqlalchemy as sa

from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.store.connections.database import create_database_engine, translate_database_errors
from service.store.data_keys import DataKeys
from service.store.models import metadata

ROWS_AT_ONCE = 200
_SMALL, _BIG = 2**31, 2**63
_SHOWN = 20

Told = Callable[[str, int], object]
"""Is called with the name of a table and the rows of it that were carried over."""


def transfer_rows(source_url: str, target_url: str, report: Told, keys: DataKeys | None = None) -> Mapping[str, int]:
    """Copy every row of a SQLite database into an empty PostgreSQL database, whose tables exist; rows by table.

    What is encrypted is opened by ``keys`` here and encrypted under the newest of them there.

    All of it is one unit of work on either side: nothing is written there unless every row was found again as it is
    here, and nothing can change here meanwhile.

    Raises:
        Conflict: the target holds something already, or a row came back differently.
        Invalid: a row cannot be kept by PostgreSQL; names table, row and column.
        Busy, Unreachable, StorageFull: as every unit of work.
    """
    tables = metadata.sorted_tables
    with _open_database(target_url, keys) as target, _open_database(source_url, keys) as source:
        return _carry_tables(source, target, tables, report)


def _carry_tables(
    source: sa.Connection, target: sa.Connection, tables: Sequence[sa.Table], report: Told
) -> dict[str, int]:
    """Copy the rows of ``tables`` and find each again; returns how many by table."""
    _without_limits(target)
    _require_empty(target, tables)
    if obstacles := list(islice(_iterate_obstacles(source, tables), _SHOWN)):
        raise Invalid(_describe_obstacles(obstacles))
    counts = {}
    for table in tables:
        counts[table.name] = _copy_table(source, target, table)
        report(table.name, counts[table.name])
    for table in tables:
        _compare_table(source, target, table)
        _number_on(target, table)
    return counts


@contextmanager
def _open_database(url: str, keys: DataKeys | None) -> Iterator[sa.Connection]:
    engine = create_database_engine(url, keys=keys)
    try:
        with translate_database_errors(), engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def _without_limits(target: sa.Connection) -> None:
    """Let this unit of work alone take its time: it is idle while rows are read here, and a big table takes long."""
    if target.dialect.name == "postgresql":
        target.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        target.exec_driver_sql("SET LOCAL statement_timeout = 0")


def _require_empty(target: sa.Connection, tables: Sequence[sa.Table]) -> None:
    taken = [t.name for t in tables if target.scalar(sa.select(sa.exists().select_from(t)))]
    if taken:
        names = ", ".join(taken[:5])
        raise Conflict(
            Text(
                f"目标数据库不是空的（{names} 中已有内容），没有写入任何内容。请新建一个空数据库。",
                f"The target is not empty (there are rows in {names}), and nothing was written: make an empty database.",
            )
        )


def _iterate_pages(connection: sa.Connection, table: sa.Table) -> Iterator[list[dict[str, Any]]]:
    """Return the rows of ``table`` in the order of their keys, so that who is referred to comes first, page by page."""
    statement = sa.select(table).order_by(*table.primary_key.columns)
    with connection.execution_options(yield_per=ROWS_AT_ONCE).execute(statement) as result:
        for page in result.mappings().partitions():
            yield [dict(row) for row in page]


def _copy_table(source: sa.Connection, target: sa.Connection, table: sa.Table) -> int:
    count = 0
    for page in _iterate_pages(source, table):
        target.execute(sa.insert(table), page)
        count += len(page)
    return count


def _compare_table(source: sa.Connection, target: sa.Connection, table: sa.Table) -> None:
    """Find every row again in the target, by its key; raises Conflict."""
    keys = tuple(table.primary_key.columns)
    seen = 0
    for page in _iterate_pages(source, table):
        wanted = {_build_key(row, keys): row for row in page}
        among = keys[0].in_([key[0] for key in wanted]) if len(keys) == 1 else sa.tuple_(*keys).in_(list(wanted))
        target_rows = {
            _build_key(row, keys): dict(row) for row in target.execute(sa.select(table).where(among)).mappings()
        }
        seen += len(page)
        for key, row in wanted.items():
            if target_rows.get(key) != row:
                raise Conflict(_describe_difference(table, key))
    if target.scalar(sa.select(sa.func.count()).select_from(table)) != seen:
        raise Conflict(_describe_difference(table, ()))


def _build_key(row: Mapping[Any, Any], keys: Sequence[sa.Column[Any]]) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in keys)


def _number_on(target: sa.Connection, table: sa.Table) -> None:
    """Let generated row numbers go on after the highest that was carried over."""
    column = table.autoincrement_column
    if column is None:
        return
    highest = sa.select(sa.func.max(column)).scalar_subquery()
    sequence = sa.func.pg_get_serial_sequence(table.name, column.name)
    target.execute(sa.select(sa.func.setval(sequence, sa.func.coalesce(highest, 1), highest.is_not(None))))


def _iterate_obstacles(source: sa.Connection, tables: Sequence[sa.Table]) -> Iterator[str]:
    """Return what PostgreSQL would refuse, as "table key column: reason"."""
    for table in tables:
        keys = tuple(table.primary_key.columns)
        for page in _iterate_pages(source, table):
            for row in page:
                for column in table.columns:
                    if reason := _explain_refusal(column, row[column.name]):
                        yield f"{table.name} {'/'.join(map(str, _build_key(row, keys)))} {column.name}: {reason}"


def _explain_refusal(column: sa.Column[Any], value: Any) -> str:
    if isinstance(value, str):
        if "\0" in value:
            return "\\0"
        length = getattr(column.type, "length", None)
        return f"{len(value)} > {length}" if length and len(value) > length else ""
    if isinstance(value, int) and not isinstance(value, bool) and isinstance(column.type, sa.Integer):
        most = _BIG if isinstance(column.type, sa.BigInteger) else _SMALL
        return "" if -most <= value < most else f"{value} > {most - 1}"
    return ""


def _describe_obstacles(obstacles: Sequence[str]) -> Text:
    listed = "\n".join(obstacles)
    return Text(
        f"有内容 PostgreSQL 不能保存（表、行、列），没有写入任何内容：\n{listed}\n请先改正这些行，再运行一次。",
        f"PostgreSQL cannot keep these values (table, row, column), and nothing was written:\n{listed}\n"
        "Correct these rows and run it again.",
    )


def _describe_difference(table: sa.Table, key: tuple[Any, ...]) -> Text:
    row = "/".join(map(str, key)) or "count"
    return Text(
        f"核对不符：表 {table.name}（{row}）写入后与原来不同，已全部撤回。请保留两边的数据库并联系维护人员。",
        f"Row {row} of {table.name} came back differently, and everything was undone: keep both and ask a maintainer.",
    )
