"""What a file consists of: records by key, each with what is its own, and the order of their parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Key: TypeAlias = tuple[str, ...]
"""Names a record within its file: the kind of record, then its ids."""

ROOT: Key = ("file",)

DRAWN = "drawn"
"""The kind of record that only draws another: it goes without a word when that goes."""


class NoRecords(Exception):
    """A file cannot be taken apart: two records have one id, or it is written in a way that is not taken apart."""


@dataclass(frozen=True, slots=True)
class Record:
    """One element, rule, component or entry without those inside it.

    ``own`` is what is compared, ``payload`` what the file is put together from; ``refs`` are the records without which
    this one means nothing, ``ranked`` tells that the order of its parts matters.
    """

    parent: Key | None
    own: object
    payload: Any = field(default=None, compare=False)
    refs: tuple[Key, ...] = field(default=(), compare=False)
    ranked: bool = field(default=False, compare=False)

    @property
    def needs(self) -> tuple[Key, ...]:
        """The records that must be there: the one it lies in, and those it refers to."""
        return self.refs if self.parent is None else (self.parent, *self.refs)


@dataclass(frozen=True, slots=True)
class Records:
    """A file taken apart; ``order`` lists the parts of a record as they stand."""

    items: Mapping[Key, Record]
    order: Mapping[Key, tuple[Key, ...]]


class Gathered:
    """Records while a file is read."""

    def __init__(self) -> None:
        self.items: dict[Key, Record] = {}
        self.order: dict[Key, list[Key]] = {}

    def add(self, key: Key, record: Record) -> None:
        """Add a record as the last part of its parent; raises NoRecords for a key that is there already."""
        if key in self.items:
            raise NoRecords(" ".join(key))
        self.items[key] = record
        self.order.setdefault(key, [])
        if record.parent is not None:
            self.order[record.parent].append(key)

    def done(self) -> Records:
        """Return what was gathered."""
        return Records(self.items, {key: tuple(parts) for key, parts in self.order.items()})
