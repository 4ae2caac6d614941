"""A clause register with confirmed changes of a decision."""

from __future__ import annotations

from collections.abc import Sequence

from service.catalog.law.law import Renumbering
from service.catalog.law_text.amend import ClauseAct, ClauseChange
from service.catalog.law_text.register import OpenRegister
from service.catalog.law_text.renumber import MovedArticles

_SAID = ("article", "summary", "text")


def register_amended(
    text: str, changes: Sequence[ClauseChange], moved: MovedArticles | None, title: str, left: Renumbering | None = None
) -> str:
    """Return the register ``text`` with ``changes``; raises NotFound, Invalid.

    What keeps its old place goes first, then the articles get the numbers ``moved``, then those that are added stand at
    theirs. ``left`` is noted as what has still to follow.
    """
    register = OpenRegister(text)
    for change in changes:
        if not change.placed and change.act is not ClauseAct.RENUMBER:
            _write(register, change)
    if moved is not None:
        worded = {change.after.id for change in changes if change.worded and change.after is not None}
        register.renumber(moved, title, worded)
    for change in changes:
        if change.placed and change.after is not None:
            register.insert(change.after)
    if left is not None:
        register.note_renumbering(left)
    return register.text()


def _write(register: OpenRegister, change: ClauseChange) -> None:
    before, after = change.before, change.after
    if before is None or after is None:
        if before is not None:
            register.remove(before.id)
        elif after is not None:
            register.insert(after)
        return
    said = {key: getattr(after, key) or None for key in _SAID if getattr(after, key) != getattr(before, key)}
    register.change(before.id, said)
