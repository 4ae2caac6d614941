"""Statements of the running cases of an award, by the version they run under."""

from __future__ import annotations

import sqlalchemy as sa

from service.store.repositories.base import word
from service.store.rows.cases import case

_RUNNING = (
    sa.select(case.c.id)
    .where(
        case.c.jurisdiction == sa.bindparam("place"),
        case.c.award == sa.bindparam("prize"),
        case.c.id > sa.bindparam("after"),
        case.c.status != word("ended"),
    )
    .order_by(case.c.id)
)
BEHIND = _RUNNING.where(case.c.definition != sa.bindparam("target"))
UNDER = _RUNNING.where(case.c.definition == sa.bindparam("target"))
