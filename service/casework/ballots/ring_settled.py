"""End a run-off early once those left of it are no more than its places."""

from __future__ import annotations

from collections.abc import Sequence

from service.casework.ballots.box import COMPLETE, RING, Box
from service.casework.step.step import Step
from service.domain.ballots import is_anybody_left
from service.domain.text import Text


def ring_settled_ballots(step: Step, numbers: Sequence[int], why: Text) -> None:  # noqa: ARG001  an ending
    """Let the case above count those of its ballots whose candidates are unopposed now that this case has ended."""
    own = str(step.case.id)
    for number in numbers:
        row = step.tx.ballots.get(number)
        box = Box(row)
        names = {name for contest in box.agenda.contests for name in contest.candidates}
        if own not in names:
            continue
        siblings = step.tx.cases.select(parent_id=row.case_id)
        ended = frozenset({own, *(str(case.id) for case in siblings if case.status == "ended")})
        if names - ended and not is_anybody_left(box.agenda, ended):
            payload = {"ballot": row.id, "message": COMPLETE}
            step.queue(RING, f"ballot:{row.id}:settled", payload, case_id=row.case_id)
