"""Instants in SQLite: kept in UTC to the microsecond, in an order that is theirs, as SQLAlchemy itself writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from service.store.types import Instant

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
