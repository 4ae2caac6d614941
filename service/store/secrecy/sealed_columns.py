"""Column types of personal data: encrypted on their way into the database, under the keys that its engine was given.

What was written before, or without keys, is read as it stands. Of a text whose key is not here, or that somebody
changed, nothing is read, and its column takes nothing while the key is missing; a document and a case's state raise
DataKeysMissing, lest nothing be written in their place.
"""

from __future__ import annotations

from typing import Any, Self
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from service.store.json_text import from_text, to_text
from service.store.secrecy.data_keys import HEAD, DataKeys, DataKeysMissing, from_written, is_sealed, key_id_of, written

_KEYS: WeakKeyDictionary[sa.Dialect, DataKeys] = WeakKeyDictionary()


def seal_by(engine: sa.Engine, keys: DataKeys | None) -> sa.Engine:
    """Let what ``engine`` writes be encrypted under ``keys``, and what it reads be opened by them; returns it."""
    if keys is not None:
        _KEYS[engine.dialect] = keys
    return engine


def keys_of(dialect: sa.Dialect) -> DataKeys | None:
    """Return the keys that the engine of this dialect was given."""
    return _KEYS.get(dialect)


class Sealed(sa.TypeDecorator[Any]):
    """A column whose values are encrypted; ``place`` (table.column) is what each is bound to. Made by the types below."""

    cache_ok = True
    place = ""

    def at(self, place: str) -> Self:
        """Return the same type for the column that stands there."""
        return type(self)(place=place)

    def to_database(self, value: Any, keys: DataKeys | None) -> Any:  # noqa: ARG002  what each type does with them differs
        """Return ``value`` encrypted; as it is where it is nothing, or there is no key."""
        return value

    def from_database(self, kept: Any, keys: DataKeys | None) -> Any:  # noqa: ARG002  what each type does with them differs
        """Return the value that was encrypted, or was kept as it is."""
        return kept

    @property
    def raw(self) -> sa.types.TypeEngine[Any]:
        """The type of what the database keeps."""
        return self.impl_instance

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:
        """Encrypt."""
        return self.to_database(value, keys_of(dialect))

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Any:
        """Open."""
        return self.from_database(value, keys_of(dialect))

    def _opened(self, kept: bytes, keys: DataKeys | None) -> bytes:
        found = None if keys is None else keys.open(kept, self.place)
        if found is None:
            ident = key_id_of(kept[:HEAD].decode("ascii", "replace"))
            raise DataKeysMissing(self.place, keys.file if keys else None, ident)
        return found


class SealedText(Sealed):
    """A text of at most ``length`` characters (None: of any length), which take up more once encrypted."""

    impl = sa.String
    cache_ok = True

    def __init__(self, length: int | None = None, place: str = "") -> None:
        super().__init__(length)
        self.length, self.place = length, place

    def at(self, place: str) -> Self:
        """Return the same type for the column that stands there."""
        return type(self)(self.length, place)

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """Return a text without limit: what is encrypted is longer. SQLite looks at no length and keeps its word."""
        return sa.String(self.length) if self.length and dialect.name == "sqlite" else sa.Text()

    def to_database(self, value: Any, keys: DataKeys | None) -> Any:
        """Return a text encrypted; raises DataKeysMissing where a text was met in this column whose key is not here."""
        if keys is not None:
            keys.demand_key_of(self.place)
        if not value or keys is None:
            return value
        kept = keys.seal(value.encode(), self.place)
        return value if kept is None else written(kept)

    def from_database(self, kept: Any, keys: DataKeys | None) -> Any:
        """Return the text."""
        sealed = from_written(kept) if isinstance(kept, str) and kept[:1] == "$" else None
        if sealed is None:
            return kept
        if keys is not None and keys.strict:
            return self._opened(sealed, keys).decode()
        found = None if keys is None else keys.open(sealed, self.place)
        return "" if found is None else found.decode()


class SealedBytes(Sealed):
    """Bytes that are opaque to the database."""

    impl = sa.LargeBinary
    cache_ok = True

    def __init__(self, place: str = "") -> None:
        super().__init__()
        self.place = place

    def to_database(self, value: Any, keys: DataKeys | None) -> Any:
        """Return bytes encrypted."""
        if not value or keys is None:
            return value
        kept = keys.seal(value, self.place)
        return value if kept is None else kept

    def from_database(self, kept: Any, keys: DataKeys | None) -> Any:
        """Return the bytes."""
        if kept is None or not is_sealed(bytes(kept[:16])):
            return kept
        return self._opened(bytes(kept), keys)


class SealedJson(Sealed):
    """A JSON document that no query looks into; encrypted it is a JSON text."""

    impl = sa.JSON
    cache_ok = True

    def __init__(self, place: str = "") -> None:
        super().__init__(none_as_null=True)
        self.place = place

    def to_database(self, value: Any, keys: DataKeys | None) -> Any:
        """Return a document encrypted."""
        if value is None or keys is None:
            return value
        kept = keys.seal(to_text(value).encode(), self.place, packing=True)
        return value if kept is None else written(kept)

    def from_database(self, kept: Any, keys: DataKeys | None) -> Any:
        """Return the document."""
        sealed = from_written(kept) if isinstance(kept, str) else None
        if sealed is None:
            return kept
        return from_text(self._opened(sealed, keys))
