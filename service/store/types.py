"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from service.store.json_text import from_text

Key = sa.BigInteger().with_variant(sa.Integer, "sqlite")
"""A generated row number; on SQLite the alias of the row id."""

Json = sa.JSON(none_as_null=True)
"""A JSON document that no query looks into; None is SQL's NULL."""


@lru_cache(maxsize=64)
def _read_once(text: object) -> object:
    return from_text(text) if isinstance(text, str) else text  # SQLite keeps a document that is a number as one


class Settled(sa.TypeDecorator[object]):
    """A JSON document shared by many rows and never changed in place: on SQLite the same text is read once."""

    impl = sa.JSON(none_as_null=True)
    cache_ok = True

    def result_processor(self, dialect: Any, coltype: object) -> Any:
        """Return what makes a document of the database's text; PostgreSQL's driver has done so already."""
        return _read_once if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""Due date of what is never due, so that one index order serves everything."""


class Instant(sa.TypeDecorator[datetime]):
    """An aware instant, stored in UTC and returned in UTC; a naive one is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002  the signature is SQLAlchemy's
        """Convert to UTC; raises ValueError for a naive instant."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002  the signature is SQLAlchemy's
        """Attach UTC where the database kept none."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
