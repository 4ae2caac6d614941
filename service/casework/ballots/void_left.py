"""Void the ballots that nobody will count: their case has ended, or the part of it in which they were called was left."""

from __future__ import annotations

from collections.abc import Sequence

from service.casework.ballots.box import CLOSED, OPEN
from service.casework.ballots.counting import standing_for, void_ballot
from service.casework.step.step import Step
from service.domain.text import Text


def void_left(step: Step, numbers: Sequence[int], why: Text) -> None:
    """Make those of the ballots void that are not counted, on record, and tell their members alike."""
    for number in sorted({standing_for(step.tx, each).id for each in numbers}):
        row = step.tx.ballots.lock(number)
        if row.case_id == step.case.id and row.state in (OPEN, CLOSED):
            void_ballot(step, row.id, why)
