"""Call a ballot anew: it is void, and another one takes its place with the same question and voters."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.ballots.box import VOID
from service.casework.ballots.counting import VOIDED, cancel_ballot, close_ballot, destruction_of, voided_words
from service.casework.ballots.opening import BallotElement, explain_voided, open_next_ballot
from service.casework.ballots.standing import AWAITED, REPLACED, list_awaiting_calls, settle_counts
from service.casework.desk.desk import Desk
from service.casework.step.history import append_case_event
from service.casework.step.step import Step
from service.domain.ballots import Agenda, leave_out, read_agenda
from service.sdk import ElementView
from service.store import NewWork, Transaction
from service.store.models import BallotRow

BALLOT_REISSUE = "ballot_anew"
"""Kind of the work item by which a void ballot is called anew once its case can be opened."""


def reissue_ballot(step: Step, row: BallotRow, reason: str, ground: str | None = None) -> int:
    """Make a ballot void and open one in its place, with the same voters and who still stands; returns its id.

    Whoever asks for the void one from now on gets the other: the diagram keeps the number that it knows. Where the case
    stands at the count already, that waits until everybody has voted, or the office closes the other. Members are told
    the ``ground`` (the reason where there is none).
    """
    agenda, awaited = _leave_out_ended(step, row), list_awaiting_calls(step, row)
    if row.state != VOID:
        cancel_ballot(step, row.id, reason)
    drawn = step.element(row.process_id, row.element)
    place = BallotElement(row.process_id, ElementView(drawn.id, drawn.name, tuple(row.clauses)))
    closes_at = row.closes_at if row.closes_at and row.closes_at > step.now else None
    why = explain_voided(row.title, ground or reason)
    ident = open_next_ballot(step, place, row, agenda, closes_at, why)
    step.tx.ballots.change(row.id, after={REPLACED: ident})
    if awaited:
        step.tx.ballots.change(ident, after={AWAITED: True})
        settle_counts(step, awaited)
    return ident


def void_unopened(desk: Desk, tx: Transaction, actor: Actor, row: BallotRow, reason: str) -> None:
    """Make a ballot void that cannot be called anew now: nobody votes in it or counts it, and work of its own calls it."""
    now = desk.clock.now()
    close_ballot(desk, tx, row, VOID, None)
    append_case_event(
        desk,
        tx,
        row.case_id,
        actor,
        "ballot",
        voided_words(row, reason),
        row.element,
        {"ballot": row.id, VOIDED: reason},
    )
    work = NewWork(BALLOT_REISSUE, row.case_id, f"{BALLOT_REISSUE}:{row.id}", {"ballot": row.id, "reason": reason}, now)
    tx.work.enqueue_many([work, destruction_of(row, now)], now)


def _leave_out_ended(step: Step, row: BallotRow) -> Agenda:
    """Return the question of a ballot without the candidates whose own cases have ended since it was opened."""
    ended = [c for c in step.tx.cases.select(parent_id=row.case_id) if c.ended_at and c.ended_at >= row.opened_at]
    return leave_out(read_agenda(row.agenda), frozenset(str(c.id) for c in ended))
