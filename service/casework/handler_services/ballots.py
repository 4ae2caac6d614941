"""Service of operations: ballots of the case, opened, counted and continued."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from service.casework.ballots.counting import count_ballot, decide_tie, next_agenda
from service.casework.ballots.opening import BallotElement, explain_next, open_ballot, open_next_ballot
from service.casework.ballots.standing import standing_for
from service.casework.desk.jsonable import to_json_value
from service.casework.step.instants import require_instant
from service.casework.step.step import Step
from service.domain.ballots import leave_out
from service.domain.text import Text
from service.sdk import BallotSpec, ElementView


class BallotPort:
    """Ballots of the case of a step."""

    def __init__(self, step: Step, element: ElementView, process_id: str) -> None:
        self._step, self._place = step, BallotElement(process_id, element)

    def open(self, spec: BallotSpec) -> int:
        """Open the first ballot of a series."""
        return open_ballot(self._step, self._place, spec)

    def open_next(self, ballot: int, closes_at: object = None, withdrawn: Sequence[object] = ()) -> int:
        """Open the ballot that a count asked for."""
        tx = self._step.tx
        before = standing_for(tx, ballot)
        agenda = leave_out(next_agenda(before), frozenset(_to_texts(withdrawn)))
        result = tx.ballot_results.find(ballot_id=before.id)
        assert result is not None, "a ballot that asks for another is counted"
        return open_next_ballot(
            self._step,
            self._place,
            before,
            agenda,
            require_instant(closes_at, Text("投票截止", "the close of the vote")),
            explain_next(before, agenda, result.outcome),
        )

    def count(
        self, ballot: int, withdrawn: Sequence[object] = (), attended: Sequence[object] | None = None
    ) -> Mapping[str, Any]:
        """Close and count, once."""
        return count_ballot(self._step, ballot, _to_texts(withdrawn), None if attended is None else _to_texts(attended))

    def decide(self, ballot: int, chosen: Sequence[object], withdrawn: Sequence[object] = ()) -> Mapping[str, Any]:
        """Give tied places to those the chair chose."""
        return decide_tie(self._step, ballot, _to_texts(chosen), _to_texts(withdrawn))


def _to_texts(values: Sequence[object]) -> list[str]:
    return [str(value) for value in to_json_value(list(values))]
