"""Lists in an order that no index has: the rows that were found, as many as can be counted, are put in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from service.store.repositories.base import among


class Ordered(NamedTuple):
    """An order by its word, or the same turned round, and how many rows are passed over before the page."""

    by: str
    down: bool = False
    skip: int = 0


def arranged(
    columns: Sequence[sa.ColumnElement[Any]], key: sa.Column[Any], by: Sequence[sa.ColumnElement[Any]], *, down: bool
) -> sa.Select[*tuple[Any, ...]]:
    """Return the statement for ``most`` of the rows with the keys ``ids``, ``skip`` of them passed over, sorted ``by``."""
    places = [column.desc() if down else column for column in by]
    page = sa.select(*columns).where(among(key, "ids")).order_by(*places, key.desc())
    return page.limit(sa.bindparam("most")).offset(sa.bindparam("skip"))


def name_of(table: sa.Table, key: sa.Column[Any], column: str = "name") -> sa.ColumnElement[str]:
    """Return what the row of ``table`` to which ``key`` leads is called, "" where it leads to none."""
    return sa.func.coalesce(sa.select(table.c[column]).where(table.c.id == key).scalar_subquery(), "")
