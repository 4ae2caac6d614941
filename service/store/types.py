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


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is UTC:
        return value
    if value.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return value.astimezone(UTC)


def _instant_to_text(value: datetime | None) -> str | None:
    return None if value is None else _in_utc(value).isoformat(" ", "microseconds").removesuffix("+00:00")


def instant_of(text: str) -> datetime:
    """Return the instant that a database wrote as a text, with its time zone or without one in UTC; it is in UTC."""
    found = datetime.fromisoformat(text)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _instant_from_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")


class Instant(sa.TypeDecorator[datetime]):
    """An aware instant, stored in UTC and returned in UTC; a naive one is refused.

    SQLite keeps text, which is read and written here at once: a page reads hundreds.
    """

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Any) -> Any:
        """Return what makes of an instant what the database keeps."""
        return _instant_to_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Any, coltype: object) -> Any:
        """Return what makes an instant of what the database keeps."""
        return _instant_from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002  the signature is SQLAlchemy's
        """Convert to UTC; raises ValueError for a naive instant."""
        return None if value is None else _in_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002  the signature is SQLAlchemy's
        """Attach UTC where the database kept none."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
