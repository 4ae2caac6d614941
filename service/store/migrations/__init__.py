"""Schema migrations, run by the program itself.

A revision is a number, and only adds to the tables; one that takes away or demands must begin with a letter, and so must
every one after it. So a program of before knows by the name alone that it may go on beside the tables of a newer one, as an
upgrade without downtime needs. That a revision only adds is tried on PostgreSQL, by the catalogue before and after it.
"""

from __future__ import annotations

import logging

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from service.store.carried_over import demand_in_use
from service.store.lacking_columns import demand_all_columns
from service.store.restoring import demand_restored

log = logging.getLogger(__name__)

_ONE_AT_A_TIME = 0x4C_41_55_52
"""Key of PostgreSQL's advisory lock under which only one process migrates."""


def upgrade(connection: sa.Connection) -> None:
    """Bring the tables up to the newest revision inside the caller's transaction; nothing to do is fine.

    Nothing is done on PostgreSQL where a newer program has only added to them: others run beside this one.

    Raises:
        ColumnsLacking: what was brought up lacks a column all the same, so that the caller undoes it.
    """
    if connection.dialect.name == "postgresql":
        from service.store.silent_server import let_run  # who runs on SQLite does without the driver

        let_run(connection)
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
        at, newest = _revision(connection), _scripts(connection).get_current_head()
        if at is not None and newest is not None and _only_adds(at, newest):
            log.warning("the tables are those of a newer program (%s after %s), which only added to them", at, newest)
            return
    before = _revision(connection)
    command.upgrade(configuration(connection), "head")
    if before is not None and before != _revision(connection):
        demand_all_columns(connection)


def knows(connection: sa.Connection) -> bool | None:
    """Return whether this program has the revision at which the tables are; None where there are none yet.

    Raises RestoreUnfinished and CarriedOver, as `upgrade` does.
    """
    demand_restored(connection)
    demand_in_use(connection)
    at = _revision(connection)
    return None if at is None else at in {script.revision for script in _scripts(connection).walk_revisions()}


def _revision(connection: sa.Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _scripts(connection: sa.Connection) -> ScriptDirectory:
    return ScriptDirectory.from_config(configuration(connection))


def _only_adds(at: str, newest: str) -> bool:
    """Whether the tables are at a later revision than this program's newest, with additions alone between."""
    return at.isdecimal() and at > newest


def configuration(connection: sa.Connection) -> Config:
    """Return Alembic's configuration over an open connection."""
    config = Config()
    config.set_main_option("script_location", "service.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
