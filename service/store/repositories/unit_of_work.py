"""What the repositories of one unit of work share."""

from __future__ import annotations

from typing import Any, Generic, Protocol, TypeVar

from service.store.repositories.base import Repository
from service.store.row_log import RowLog


class UnitOfWork(Protocol):
    """What the repositories of one unit of work share: a transaction, or one of them."""

    told: dict[object, tuple[object, Any]] | None
    digest: str
    row_log: RowLog | None


Part = TypeVar("Part", bound=UnitOfWork)


def joined(part: Part, unit: UnitOfWork) -> Part:
    """Return a repository as a part of ``unit``."""
    part.told, part.row_log, part.digest = unit.told, unit.row_log, unit.digest
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
