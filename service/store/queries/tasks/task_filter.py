"""Which tasks a list shows, and how many its scopes hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

CAP = 1000
"""Counting stops here: "1000 or more" is all a badge can say."""


class TaskSeat(NamedTuple):
    """A right to see tasks: a role in a jurisdiction for one body, or for all of them (None).

    Jurisdiction ``*`` (organisations) means wherever this body takes part; role ``*`` without a body
    means everything in the jurisdiction (supervision). ``lender`` is the person in whose place the right is exercised:
    what they have claimed is seen with it, ballots are not, since nobody votes for another.
    """

    jurisdiction: str
    role: str
    body_id: int | None = None
    lender: int | None = None


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks to list.

    ``scope``: "mine" (assigned to ``person_id``, or to a lender of a seat), "body" (those of my seats with a body:
    addressed to the body or to every body with the role), "unclaimed" (those of them that nobody holds), "to_do" (mine
    and unclaimed), "visible" (mine, the body's, and whatever seats without a body may see) or "overseen" (the last
    alone, ballots apart).
    ``state`` other than "open" needs ``case_id``, or lists what ``person_id`` has done.
    ``round_id`` keeps what stands in a case (a round) or below it, however deep.
    ``recused`` are organisations whose cases are left out.
    ``due_from`` keeps what is due then or later; ``due_before`` and ``overdue`` (the present instant) both keep only
    XX
    """

    memberships: Sequence[TaskSeat | tuple[str, str, int | None]] = ()
    person_id: int | None = None
    scope: str = "visible"
    text: str = ""
    process: str | None = None
    element: str | None = None
    due_from: datetime | None = None
    due_before: datetime | None = None
    overdue: datetime | None = None
    state: str = "open"
    case_id: int | None = None
    round_id: int | None = None
    recused: Sequence[int] = ()
    jurisdiction: str | None = None
    sort: str | None = None
    award: str | None = None


class TaskCounts(NamedTuple):
    """Sizes of the scopes, none above `CAP`."""

    mine: int
    body: int
    visible: int
    unclaimed: int

    @property
    def to_do(self) -> int:
        """Return how many are mine or unclaimed: no task is both."""
        return min(CAP, self.mine + self.unclaimed)
