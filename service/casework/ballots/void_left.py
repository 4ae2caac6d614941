"""Void the ballots that nobody will count: their case has ended, or the part of it in which they were called was left."""

from __future__ import annotations

from collections.abc import Sequence

from service.casework.ballots.box import CLOSED, OPEN
from service.casework.ballots.counting import void_ballot
from service.casework.ballots.standing import standing_for
from service.casework.step.step import Step
from service.domain.text import Text
from service.store.models import BallotRow
from service.store.queries.case_tree import BALLOT


def void_uncounted_ballots(step: Step, numbers: Sequence[int], why: Text) -> None:
    """Make those of the ballots void that are not counted, on record, and tell their members alike."""
    for number in sorted({standing_for(step.tx, each).id for each in numbers}):
        row = step.tx.ballots.lock(number)
        if row.case_id == step.case.id and row.state in (OPEN, CLOSED):
            void_ballot(step, row.id, why)


def is_ballot_abandoned(step: Step, row: BallotRow) -> bool:
    """Return whether nobody comes to the count of a ballot, since the part of its case was left in which it was called."""
    return row.id in {standing_for(step.tx, each).id for each in step.lost_before.get(BALLOT, ())}
