"""A case with all cases below it, each in one statement that ends even where cases stand below each other in a ring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


def top_of(case_id: int | sa.ColumnElement[int], *of: sa.FromClause) -> sa.ScalarSelect[int]:
    """Return the id of the case above a case that is below none, however high; cases in a ring have none.

    ``of`` is the table that ``case_id`` is a column of.
    """
    higher = _all_above(case_id, of)
    return sa.select(higher.c.at).where(higher.c.above.is_(None)).scalar_subquery()


def known_top(case_id: int) -> sa.ScalarSelect[int]:
    """Return what `top_of` returns of a case whose number is known; parts of one statement find it but once.

    The number is written as digits: of an insert of many rows SQLAlchemy gives the database the values of rows alone.
    """
    higher = _all_above(sa.literal_column(f"{case_id:d}", sa.BigInteger), (), nesting=False)
    return sa.select(higher.c.at).where(higher.c.above.is_(None)).scalar_subquery()


def stands_in(
    case_id: sa.ColumnElement[int], top: int | sa.BindParameter[Any], *of: sa.FromClause
) -> sa.ColumnElement[bool]:
    """Return the condition that the case ``case_id``, a column of the table ``of``, is ``top`` or below it, however deep."""
    higher = _all_above(case_id, of)
    return sa.exists(sa.select(higher.c.at).where(higher.c.at == top))


def _all_above(case_id: int | sa.ColumnElement[int], of: Sequence[sa.FromClause], *, nesting: bool = True) -> sa.CTE:
    """Return a case and all above it, each with the one next above."""
    climb = sa.select(case.c.id.label("at"), case.c.parent_id.label("above")).where(case.c.id == case_id)
    begun = climb.correlate(*of).cte(recursive=True, nesting=nesting)
    return begun.union(sa.select(case.c.id, case.c.parent_id).join(begun, case.c.id == begun.c.above))


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
