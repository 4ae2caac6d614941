"""When several people sign beside a task: which of them decide, and what they decided."""

from __future__ import annotations

from collections.abc import Sequence

ALL, SHARE, FIRST = "all", "share", "first"
"""All must answer; so many must agree; whoever answers first decides."""
WAITS, AGREED, REFUSED = "open", "agree", "disagree"
"""What one who signs may have said."""
BEFORE, AFTER, SENT, CLOSED = "before", "after", "sent", "closed"
"""What a task waits for (`TaskRow.signs_open`): `SENT` when what was submitted goes through by the last signature."""
AWAITED = frozenset({BEFORE, AFTER, SENT})
OPEN, WAITING, DROPPED = "open", "waiting", "dropped"
"""How one who is asked stands who has not answered: told, not told yet, or needed no more."""


def evaluate_signatures(mode: str, needed: int, answers: Sequence[str]) -> bool | None:
    """Return whether those who ``answers`` agreed, None while it is open.

    ``needed`` is how many must agree where `SHARE` decides; it is settled as soon as they cannot be reached any more.
    """
    agreed, refused, waiting = (answers.count(word) for word in (AGREED, REFUSED, WAITS))
    if mode == FIRST:
        return agreed > 0 if agreed or refused else None
    if mode == SHARE:
        if agreed >= needed:
            return True
        return None if agreed + waiting >= needed else False
    return None if waiting else refused == 0
