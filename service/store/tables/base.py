"""What every table shares: one metadata with names for all constraints, so that migrations can address them."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_WHERE = "where"


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> sa.Index:
    """Return an index over the rows that ``where`` selects: SQL, or the name of a column that is true.

    SQLite has no booleans: queries ask for 1 there, and an index must say so in the same words.
    """
    sqlite = f"{where} = 1" if where.isidentifier() else where
    return sa.Index(name, *columns, unique=unique, sqlite_where=sa.text(sqlite), info={_WHERE: where})


def tell_postgresql() -> None:
    """Let PostgreSQL know which rows partial indexes select; said late, since that loads all there is about it."""
    for table in metadata.tables.values():
        for index in table.indexes:
            if _WHERE in index.info:
                index.dialect_options["postgresql"]["where"] = sa.text(index.info[_WHERE])
