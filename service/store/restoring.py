"""The mark of a restore that has not come to its end: a table of the database itself, which nothing else of it names.

It stands before the backup is loaded, and goes in the transaction that puts the installation on hold: so there is no moment at which a
database of the past can be taken for one of today.
"""

from __future__ import annotations

import sqlalchemy as sa

from service.store.errors import RestoreUnfinished

MARK = "unfinished_restore"
"""The table's name; its one row says when the backup was made."""


def demand_restored(connection: sa.Connection) -> None:
    """Raise RestoreUnfinished where a restore was begun and not finished."""
    if sa.inspect(connection).has_table(MARK):
        raise RestoreUnfinished


def finish_restore(connection: sa.Connection) -> None:
    """Take the mark away, in the caller's transaction; where there is none nothing is done."""
    if sa.inspect(connection).has_table(MARK):
        connection.exec_driver_sql(f"DROP TABLE {MARK}")
