"""A case with all cases below it, each in one statement that ends even where cases stand below each other in a ring."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from service.store.rows.cases import case, case_party
from service.store.rows.people import body

_LEFT_OUT: Mapping[str, sa.ColumnElement[Any]] = {
    "state": sa.literal(b"", sa.LargeBinary).label("state"),
    "findable": sa.cast(sa.null(), sa.Text).label("findable"),
}
WITHOUT_STATE = [_LEFT_OUT.get(c.name, c) for c in case.c]
"""The columns of a case without what is long and of the program alone."""


def _all_below(begin: sa.CTE) -> sa.CTE:
    return begin.union(sa.select(case.c.id).join(begin, case.c.parent_id == begin.c.id))


@lru_cache(maxsize=400)
def with_all_below(top: int | sa.BindParameter[Any]) -> sa.Select[int]:
    """Return the ids of a case and of all below it, however deep; parts of one statement find them but once."""
    begin = sa.select(case.c.id).where(case.c.id == top)
    return sa.select(_all_below(begin.cte(recursive=True)).c.id)


_BRANCH = _all_below(sa.select(case.c.id).where(case.c.id == sa.bindparam("top")).cte("branch", recursive=True))
TREE = sa.select(*WITHOUT_STATE).where(case.c.id.in_(sa.select(_BRANCH.c.id))).order_by(case.c.id)
_TAKING_PART = sa.union(
    sa.select(case.c.subject_id.label("body")).where(case.c.id.in_(sa.select(_BRANCH.c.id))),
    sa.select(case_party.c.body_id).where(case_party.c.case_id.in_(sa.select(_BRANCH.c.id))),
).subquery()
BODIES_IN_TREE = (
    sa.select(*body.c)
    .where(body.c.id.in_(sa.select(_TAKING_PART.c.body)), body.c.kind == sa.bindparam("sort"))
    .order_by(body.c.id)
)
