"""What the repositories of one unit of work share."""

from __future__ import annotations

from typing import Any, Protocol

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
