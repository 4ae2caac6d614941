"""The mark of a database that was carried over into another: a table of the SQLite file itself, which nothing else of it names.

It is written with the last of the rows over there, so that nobody goes on with the old file unseen, beside the new database.
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from service.domain.errors import Invalid
from service.domain.text import Text
from service.store.errors import CarriedOver

MARK = "carried_over"
"""The table's name; its one row says to where, without a password, and when."""

_MARK = sa.table(MARK, sa.column("place", sa.String), sa.column("at", sa.String))
_SHOWN = ("host", "port", "service")
"""What of the options of an address says where the database is."""


def demand_in_use(connection: sa.Connection) -> None:
    """Raise CarriedOver where the rows live on in another database."""
    if sa.inspect(connection).has_table(MARK):
        place, at = connection.execute(sa.select(_MARK.c.place, _MARK.c.at)).one()
        raise CarriedOver(place, datetime.fromisoformat(at))


def note_carried_over(connection: sa.Connection, target: str, at: datetime) -> None:
    """Make the mark in the caller's transaction; ``target`` is the URL of the other database."""
    url = sa.make_url(target)
    asked = {name: value for name, value in url.query.items() if name in _SHOWN}
    place = url.set(password=None, query=asked).render_as_string()
    connection.exec_driver_sql(f"CREATE TABLE {MARK} (place TEXT NOT NULL, at TEXT NOT NULL)")
    connection.execute(sa.insert(_MARK).values(place=place, at=at.astimezone(UTC).isoformat()))


def forget_carried_over(connection: sa.Connection) -> datetime:
    """Take the mark away, and return when it was made; raises Invalid where there is none."""
    if not sa.inspect(connection).has_table(MARK):
        raise Invalid(
            Text(
                "这个数据库没有迁移到别处，没有什么可以撤销。请核对 LAUREL_DATABASE。",
                "This database was not carried over, and there is nothing to undo: look at LAUREL_DATABASE.",
            )
        )
    at = datetime.fromisoformat(connection.execute(sa.select(_MARK.c.at)).scalar_one())
    connection.exec_driver_sql(f"DROP TABLE {MARK}")
    return at
