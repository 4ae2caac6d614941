"""Lists of cases in another order than newest first."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from service.store.models.cases import case
from service.store.queries.base import Ordered, arranged
from service.store.queries.case_tree import WITHOUT_STATE

_COLUMNS: dict[str, tuple[sa.ColumnElement[Any], ...]] = {
    "name": (case.c.title,),
    "number": (case.c.number.is_(None), case.c.number),
    "kind": (case.c.jurisdiction, case.c.process),
    "changed": (case.c.changed_at,),
    "state": (case.c.status, case.c.outcome),
    "began": (case.c.started_at,),
}


def found(order: Ordered) -> sa.Select[*tuple[Any, ...]]:
    """Return the statement that puts cases, given by their ids, in ``order``, without their ``state``."""
    return arranged(WITHOUT_STATE, case.c.id, _COLUMNS[order.by], down=order.down)
