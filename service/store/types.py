"""Column types that mean the same on SQLite and PostgreSQL, and that of what is encrypted in the database."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from typing import Any, Self
from weakref import WeakKeyDictionary

import orjson
import sqlalchemy as sa

from service.store.data_keys import HEAD, DataDamaged, DataKeys, DataKeysMissing, key_id_of

_STRICT = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
"""What is no JSON by itself is refused, as by Python's own module."""


def to_text(value: object) -> str:
    """Return JSON; whole numbers of more than 64 bits, which orjson does not know, are marked by a leading space.

    Raises TypeError for what is no JSON.
    """
    try:
        return orjson.dumps(value, option=_STRICT).decode()
    except TypeError:
        return " " + json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def from_text(text: str | bytes) -> object:
    """Return the document that `to_text` wrote; raises ValueError for anything else."""
    return json.loads(text) if text[:1] in (" ", b" ") else orjson.loads(text)


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


def instant_of(text: str) -> datetime:
    """Return the instant that a database wrote as a text, with its time zone or without one in UTC; it is in UTC."""
    instant = datetime.fromisoformat(text)
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


class Instant(sa.TypeDecorator[datetime]):
    """An aware instant, stored in UTC and returned in UTC; a naive one is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002  the signature is SQLAlchemy's
        """Convert to UTC; raises ValueError for a naive instant."""
        return None if value is None else _in_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002  the signature is SQLAlchemy's
        """Attach UTC where the database kept none."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


_KEYS: WeakKeyDictionary[sa.Dialect, DataKeys] = WeakKeyDictionary()


def encrypt_by(engine: sa.Engine, keys: DataKeys | None) -> sa.Engine:
    """Let what ``engine`` writes be encrypted under ``keys``, and what it reads be opened by them; returns it."""
    if keys is not None:
        _KEYS[engine.dialect] = keys
    return engine


def keys_of(dialect: sa.Dialect) -> DataKeys | None:
    """Return the keys that the engine of this dialect was given."""
    return _KEYS.get(dialect)


class Kind(Enum):
    """What a column holds; encrypted, text and JSON are a text that the database takes for one of its own."""

    TEXT, JSON, BYTES = "text", "json", "bytes"


class Encrypted(sa.TypeDecorator[Any]):
    """A column whose values are encrypted; ``place`` (table.column) is what each is bound to, ``length`` what SQLite notes."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, kind: Kind, length: int | None = None, place: str = "") -> None:
        super().__init__()
        self.kind, self.length, self.place = kind, length, place

    def at(self, place: str) -> Self:
        """Return the same type for the column that stands there."""
        return type(self)(self.kind, self.length, place)

    @property
    def raw(self) -> sa.types.TypeEngine[Any]:
        """The type of what the database keeps; a text has no limit there, since it is longer once encrypted."""
        if self.kind is Kind.JSON:
            return sa.JSON(none_as_null=True)
        return sa.LargeBinary() if self.kind is Kind.BYTES else sa.Text()

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """Return what the database keeps; SQLite looks at no length and keeps its word."""
        column_length = self.length if dialect.name == "sqlite" else None
        return dialect.type_descriptor(sa.String(column_length) if column_length else self.raw)

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:
        """Encrypt."""
        return self.to_database(value, keys_of(dialect))

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Any:
        """Open."""
        return self.from_database(value, keys_of(dialect))

    def to_database(self, value: Any, keys: DataKeys | None) -> Any:
        """Return ``value`` encrypted; as it is where it is nothing, or the database has no keys."""
        if keys is None or value is None:
            return value
        if self.kind is Kind.JSON:
            return text_of(keys.encrypt(to_text(value).encode(), self.place, packing=True))
        if not value:
            return value
        if self.kind is Kind.TEXT:
            return text_of(keys.encrypt(value.encode(), self.place))
        return keys.encrypt(value, self.place)

    def from_database(self, value: Any, keys: DataKeys | None) -> Any:
        """Return the value that was encrypted; raises CannotDecrypt."""
        if value is None or (self.kind is not Kind.JSON and not value):
            return value
        if keys is None:
            return self._read_plain(value)
        if self.kind is Kind.BYTES:
            return keys.decrypt(bytes(value), self.place)
        data = keys.decrypt(self._read_token(value), self.place)
        return from_text(data.decode()) if self.kind is Kind.JSON else data.decode()

    def _read_plain(self, value: Any) -> Any:
        """Return a value of a database without keys, where nothing is encrypted."""
        head = (
            value[:HEAD].encode("ascii", "replace")
            if isinstance(value, str)
            else value[:HEAD]
            if self.kind is Kind.BYTES
            else b""
        )
        if ident := key_id_of(bytes(head)):
            raise DataKeysMissing(self.place, None, ident)
        return value

    def _read_token(self, value: Any) -> bytes:
        if not isinstance(value, str):
            raise DataDamaged(self.place)
        try:
            return value[:HEAD].encode("ascii") + base64.b64decode(value[HEAD:], b"-_", validate=True)
        except ValueError as error:
            raise DataDamaged(self.place) from error


def text_of(token: bytes) -> str:
    """Return a token as a text."""
    return token[:HEAD].decode() + base64.urlsafe_b64encode(token[HEAD:]).decode()
