"""The column type of what is encrypted in the database: texts, JSON documents and bytes, under the keys of the engine.

A value is bound to its table and column: one that was moved, changed or cut raises `CannotDecrypt`, as does one that
somebody wrote plain. A database that was given no keys, such as one in memory, keeps everything as it is.
"""

from __future__ import annotations

import base64
from enum import Enum
from typing import Any, Self
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from service.store.data_keys import HEAD, DataDamaged, DataKeys, DataKeysMissing, key_id_of
from service.store.json_text import from_text, to_text

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
        noted = self.length if dialect.name == "sqlite" else None
        return dialect.type_descriptor(sa.String(noted) if noted else self.raw)

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
            return self._plain(value)
        if self.kind is Kind.BYTES:
            return keys.decrypt(bytes(value), self.place)
        data = keys.decrypt(self._token(value), self.place)
        return from_text(data.decode()) if self.kind is Kind.JSON else data.decode()

    def _plain(self, value: Any) -> Any:
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

    def _token(self, value: Any) -> bytes:
        if not isinstance(value, str):
            raise DataDamaged(self.place)
        try:
            return value[:HEAD].encode("ascii") + base64.b64decode(value[HEAD:], b"-_", validate=True)
        except ValueError as error:
            raise DataDamaged(self.place) from error


def text_of(token: bytes) -> str:
    """Return a token as a text."""
    return token[:HEAD].decode() + base64.urlsafe_b64encode(token[HEAD:]).decode()
