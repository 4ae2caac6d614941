"""What the repositories of one unit of work share."""

from __future__ import annotations

from typing import Any, Generic, Protocol, TypeVar

from service.store.repositories.base import Repository
from service.store.seals.counted_rows import Counting
from service.store.seals.row_seals import RowSeals
from service.store.seals.written import Written


class UnitOfWork(Protocol):
    """What the repositories of one unit of work share: a transaction, or one of them."""

    told: dict[object, tuple[object, Any]] | None
    digest: str
    written: Written | None
    seals: RowSeals | None
    withdrawn: list[str]
    used: list[str]
    later: list[str]
    counted: list[Counting]


Part = TypeVar("Part", bound=UnitOfWork)


def joined(part: Part, unit: UnitOfWork) -> Part:
    """Return a repository as a part of ``unit``: what it adds to chains, seals and takes back is the unit's."""
    part.told, part.written, part.digest = unit.told, unit.written, unit.digest
    part.seals, part.withdrawn, part.used = unit.seals, unit.withdrawn, unit.used
    part.later, part.counted = unit.later, unit.counted
    return part


Kind = TypeVar("Kind", bound=Repository)


class Joined(Generic[Kind]):
    """A repository of a unit of work, made when it is first asked for: most units of work need three or four."""

    def __init__(self, kind: type[Kind]) -> None:
        self._kind = kind

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name

    def __get__(self, transaction: Any, _owner: type) -> Kind:
        made = joined(self._kind(transaction._connection), transaction)
        transaction.__dict__[self._name] = made  # found there from now on, sooner than here
        return made
