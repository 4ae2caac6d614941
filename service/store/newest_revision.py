"""Tables brought up to this program's newest revision; where they are, as at most starts, without Alembic, slow to load."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import sqlalchemy as sa

from service.store.carried_over import demand_in_use
from service.store.restoring import demand_restored
from service.store.unusable import Unusable

_VERSIONS = Path(__file__).parent / "migrations" / "versions"
_NOTED = "alembic_version"


@cache
def newest_revision() -> str:
    """Return the newest revision of this program, by the names of its files, which begin with it (``v0001_tables.py``)."""
    return max(file.name.removeprefix("v").partition("_")[0] for file in _VERSIONS.glob("v*.py"))


def at_newest(connection: sa.Connection) -> bool:
    """Return whether nothing is to be migrated; false where the tables are of another program, or there are none."""
    if not sa.inspect(connection).has_table(_NOTED):
        return False
    noted = sa.table(_NOTED, sa.column("version_num", sa.String))
    return list(connection.scalars(sa.select(noted.c.version_num))) == [newest_revision()]


def bring_up(connection: sa.Connection, *, restoring: bool) -> None:
    """Migrate inside the caller's transaction; nothing to do is fine.

    A restore that broke off is refused (RestoreUnfinished) unless this goes on with it (``restoring``), and so is a database
    that was carried over into another (CarriedOver). Raises Unusable for tables of a program that this one does not know.
    """
    if not restoring:
        demand_restored(connection)
    if connection.dialect.name == "sqlite":
        demand_in_use(connection)
    if not at_newest(connection):
        _upgrade(connection)


def _upgrade(connection: sa.Connection) -> None:
    from alembic.util import CommandError

    from service.store import migrations

    try:
        migrations.upgrade(connection)
    except CommandError as error:
        raise Unusable(str(error)) from error
