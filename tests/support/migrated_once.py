"""Tables that migrations made, kept in a process: the next empty SQLite database gets them without running a hundred migrations.

An installation that a test makes would spend most of its time on them, and each would come to the same tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sqlalchemy as sa

from service.store import newest_revision as revisions

_SCHEMA = "select name, sql from sqlite_master where sql is not null and name not like 'sqlite_%' order by type != 'table', rowid"
_TABLES = "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'"


def migrate_once() -> None:
    """Let all empty SQLite databases of this process get what the first one got."""
    revisions._upgrade = _kept(revisions._upgrade)


def _kept(upgrade: Callable[[sa.Connection], None]) -> Callable[[sa.Connection], None]:
    kept: dict[str, list[tuple[str, tuple[object, ...]]]] = {}

    def upgraded(connection: sa.Connection) -> None:
        if connection.dialect.name != "sqlite" or connection.exec_driver_sql(_TABLES).first() is not None:
            upgrade(connection)
            return
        newest = revisions.newest_revision()
        if newest not in kept:
            upgrade(connection)
            kept[newest] = list(_made(connection))
            return
        for statement, row in kept[newest]:
            connection.exec_driver_sql(statement, row)

    return upgraded


def _made(connection: sa.Connection) -> Iterator[tuple[str, tuple[object, ...]]]:
    """Yield the statements that make everything of a database anew, each with its values."""
    for _, statement in connection.exec_driver_sql(_SCHEMA).all():
        yield statement, ()
    for (table,) in connection.exec_driver_sql(_TABLES).all():
        for row in connection.exec_driver_sql(f'select * from "{table}"').all():
            yield f'insert into "{table}" values ({", ".join("?" * len(row))})', tuple(row)
