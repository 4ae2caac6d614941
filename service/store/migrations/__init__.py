"""The tables of a database, made or brought up to date by the program itself.

An empty database gets the tables that `rows` declares and the number of the newest revision; one that has tables gets
each later revision. `tests/integration/store/test_migrations.py` upgrades a stored installation and compares both.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.schema import CreateIndex, CreateTable, SetColumnComment, SetTableComment

from service.store.errors import Unusable
from service.store.models import metadata
from service.store.owner import give_rights, iterate_redaction_statements, require_restored

_MIGRATION_LOCK = 0x4C_41_55_52
"""Key of PostgreSQL's advisory lock under which only one process migrates."""


def bring_up(connection: sa.Connection, *, restoring: bool, program: str = "") -> None:
    """Make or migrate the tables inside the caller's transaction, and give the role ``program`` its rights; nothing to do is fine.

    A restore that broke off is refused (RestoreUnfinished) unless this goes on with it (``restoring``). Raises Unusable for
    tables of a program that this one does not know.
    """
    if not restoring:
        require_restored(connection)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
    try:
        _upgrade_schema(connection)
    except CommandError as error:
        raise Unusable(str(error)) from error
    if program:
        give_rights(connection, program)


def _upgrade_schema(connection: sa.Connection) -> None:
    if _get_revision(connection) is None:
        for table in metadata.sorted_tables:
            _create_table(connection, table)
        if connection.dialect.name == "postgresql":
            for statement in iterate_redaction_statements():
                connection.exec_driver_sql(statement)
            _install_procrastinate(connection)
        command.stamp(_build_configuration(connection), "head")
    else:
        command.upgrade(_build_configuration(connection), "head")


def _create_table(connection: sa.Connection, table: sa.Table) -> None:
    connection.execute(CreateTable(table))
    for index in sorted(table.indexes, key=lambda index: str(index.name), reverse=True):
        connection.execute(CreateIndex(index))  # of equal indexes SQLite takes the last
    if connection.dialect.name == "postgresql":
        if table.comment:
            connection.execute(SetTableComment(table))
        for column in (column for column in table.columns if column.comment):
            connection.execute(SetColumnComment(column))


def _install_procrastinate(connection: sa.Connection) -> None:
    from procrastinate.schema import SchemaManager  # who works on SQLite does without

    driver: Any = connection.connection.driver_connection
    driver.execute(SchemaManager.get_schema())


def knows(connection: sa.Connection) -> bool | None:
    """Return whether this program has the revision at which the tables are; None where there are none yet.

    Raises RestoreUnfinished, as `bring_up` does.
    """
    require_restored(connection)
    revision = _get_revision(connection)
    scripts = ScriptDirectory.from_config(_build_configuration(connection))
    return None if revision is None else revision in {script.revision for script in scripts.walk_revisions()}


def _get_revision(connection: sa.Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _build_configuration(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", "service.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
