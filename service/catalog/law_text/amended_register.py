"""A clause register with confirmed changes of a decision."""

from __future__ import annotations

from collections.abc import Sequence

from service.catalog.law_text.amend import ClauseAct, ClauseChange
from service.catalog.law_text.register import change_clause, insert_clauses, remove_clause, renumber_clauses
from service.catalog.law_text.renumber import MovedArticles

_SAID = ("article", "summary", "text")


def register_amended(text: str, changes: Sequence[ClauseChange], moved: MovedArticles | None, title: str) -> str:
    """Return the register ``text`` with ``changes``; raises NotFound, Invalid.

    What keeps its old place goes first, then the articles get the numbers ``moved``, then those that are added stand at
    theirs.
    """
    placed = [change.after for change in changes if change.placed and change.after is not None]
    for change in changes:
        if not change.placed and change.act is not ClauseAct.RENUMBER:
            text = _written(text, change)
    if moved is not None:
        worded = {change.after.id for change in changes if change.worded and change.after is not None}
        text = renumber_clauses(text, moved, title, worded)
    return insert_clauses(text, placed)


def _written(text: str, change: ClauseChange) -> str:
    if change.after is None:
        return remove_clause(text, change.before.id) if change.before else text
    if change.before is None:
        return insert_clauses(text, [change.after])
    before, after = change.before, change.after
    said = {key: getattr(after, key) or None for key in _SAID if getattr(after, key) != getattr(before, key)}
    return change_clause(text, before.id, said)
