"""Schema migrations, run by the program itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

_ONE_AT_A_TIME = 0x4C_41_55_52
"""Key of PostgreSQL's advisory lock under which only one process migrates."""


def upgrade(connection: sa.Connection) -> None:
    """Bring the tables up to the newest revision inside the caller's transaction; nothing to do is fine."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    command.upgrade(configuration(connection), "head")


def knows(connection: sa.Connection) -> bool:
    """Return whether this program has the revision at which the tables are, so that it can bring them up to date."""
    at = MigrationContext.configure(connection).get_current_revision()
    known = ScriptDirectory.from_config(configuration(connection)).walk_revisions()
    return at is None or at in {script.revision for script in known}


def configuration(connection: sa.Connection) -> Config:
    """Return Alembic's configuration over an open connection."""
    config = Config()
    config.set_main_option("script_location", "service.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
