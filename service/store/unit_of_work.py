"""What the repositories of one unit of work share."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

from service.store.row_seals import RowSeals
from service.store.written import Written


class UnitOfWork(Protocol):
    """What the repositories of one unit of work share: a transaction, or one of them."""

    told: dict[object, tuple[object, Any]] | None
    digest: str
    written: Written | None
    seals: RowSeals | None
    withdrawn: list[str]
    used: list[str]


Part = TypeVar("Part", bound=UnitOfWork)


def joined(part: Part, unit: UnitOfWork) -> Part:
    """Return a repository as a part of ``unit``: what it adds to chains, seals and takes back is the unit's."""
    part.told, part.written, part.digest = unit.told, unit.written, unit.digest
    part.seals, part.withdrawn, part.used = unit.seals, unit.withdrawn, unit.used
    return part
