from __future__ import annotations

from dataclasses import MISSING, fields
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa

from service.store.models import metadata
from service.store.queries.base import Repository, values_of
from service.store.types import Encrypted, Instant

TABLES = sorted(metadata.tables.values(), key=lambda table: table.name)


@pytest.mark.parametrize("table", TABLES, ids=[table.name for table in TABLES])
def test_a_row_comes_back_as_it_was_stored_whatever_the_order_of_its_columns(table: sa.Table) -> None:
    kind: Any = table.info["row"]
    whole = kind(**{column.name: _sample(column, place) for place, column in enumerate(table.c)})
    assert _stored(table, whole) == whole


@pytest.mark.parametrize("table", TABLES, ids=[table.name for table in TABLES])
def test_what_a_row_leaves_out_is_the_same_in_the_class_and_in_the_table(table: sa.Table) -> None:
    kind: Any = table.info["row"]
    given = {each.name for each in fields(kind) if each.default is MISSING and each.default_factory is MISSING}
    short = {column.name: _sample(column, place) for place, column in enumerate(table.c) if column.name in given}
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    metadata.create_all(engine, tables=[table])
    with engine.begin() as connection:
        connection.execute(sa.insert(table).values(short))
        [found] = Repository(connection)._all(kind, sa.select(table))
    assert found == kind(**{**short, **({"id": 1} if "id" not in given and "id" in table.c else {})})


def _stored(table: sa.Table, row: object) -> object:
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    metadata.create_all(engine, tables=[table])
    with engine.begin() as connection:
        connection.execute(sa.insert(table).values(values_of(row)))
        backwards = sa.select(*reversed(list(table.c)))
        [found] = Repository(connection)._all(table.info["row"], backwards)
    return found


def _sample(column: sa.Column[Any], place: int) -> object:
    """Return a value that no neighbour has."""
    kept = column.type.raw if isinstance(column.type, Encrypted) else getattr(column.type, "impl_instance", column.type)
    if isinstance(kept, sa.JSON):
        return {"at": place}
    if isinstance(column.type, Instant):
        return datetime(2026, 3, 1, 4, place, tzinfo=UTC)
    if isinstance(column.type, sa.Date):
        return date(2026, 3, 1 + place)
    if isinstance(column.type, sa.Boolean):
        return place % 2 == 0
    if isinstance(kept, sa.LargeBinary):
        return bytes([place])
    return f"x{place}" if isinstance(kept, sa.String) else 100 + place


EAST = timezone(timedelta(hours=8))


GIVEN = [
    datetime(800, 1, 1, tzinfo=UTC),
    datetime(2026, 3, 2, 8, tzinfo=EAST),
    datetime(2026, 3, 2, 0, 0, 0, 1, tzinfo=UTC),
    datetime(9999, 1, 1, tzinfo=UTC),
]


TABLE = sa.Table("moment", sa.MetaData(), sa.Column("at", Instant()))


PLAIN = sa.table("moment", sa.column("at", sa.DateTime()))


def test_instants_come_back_in_utc_and_in_order() -> None:
    with sa.create_engine("sqlite://").begin() as connection:
        TABLE.create(connection)
        connection.execute(sa.insert(TABLE), [{"at": at} for at in reversed(GIVEN)] + [{"at": None}])
        found = connection.scalars(sa.select(TABLE.c.at).where(TABLE.c.at.is_not(None)).order_by(TABLE.c.at)).all()
        since = connection.scalars(sa.select(TABLE.c.at).where(TABLE.c.at >= GIVEN[2])).all()
        plain = connection.scalars(sa.select(PLAIN.c.at).where(PLAIN.c.at.is_not(None)).order_by(PLAIN.c.at)).all()
        assert connection.scalars(sa.select(TABLE.c.at).where(TABLE.c.at.is_(None))).all() == [None]
    assert (found, {at.tzinfo for at in found}) == (GIVEN, {UTC})
    assert set(since) == set(GIVEN[2:])
    assert [at.replace(tzinfo=UTC) for at in plain] == GIVEN


def test_an_instant_without_time_zone_is_refused() -> None:
    with sa.create_engine("sqlite://").begin() as connection:
        TABLE.create(connection)
        with pytest.raises(sa.exc.StatementError, match="time zone"):
            connection.execute(sa.insert(TABLE), {"at": datetime(2026, 3, 2)})
