"""Recuse members from candidates of open ballots."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.ballots.box import OPEN, Box, open_box
from service.casework.ballots.cast_vote import AlreadyVoted, notify_when_complete, require_member
from service.casework.ballots.recusals import EXCUSED, applicants, put_recusals
from service.casework.desk.desk import Desk
from service.casework.step.history import append_case_event
from service.casework.step.step import Step
from service.domain.errors import Invalid
from service.domain.text import Text
from service.store import Transaction
from service.store.models import BallotRow, RecusalRow


@guarded("ballot.cast")
def declare_recusal(desk: Desk, actor: Actor, ballot_id: int, candidate: str, reason: str) -> None:
    """Put the member's recusal (回避) on record, with its reason; only before they vote.

    The person loses access to the applicant's file, scores and discussion as well.

    Raises:
        Invalid: no reason, or no such candidate.
        AlreadyVoted: the paper is in the box already.
    """
    with desk.store.write() as tx:
        row = tx.ballots.get(ballot_id)
        name = Box(row).names.get(candidate)
        if name is None:
            raise Invalid(Text("请选择须回避的组织。", "Choose the candidate."), field="candidate")
        if not reason.strip():
            raise Invalid(Text("请写明回避的原因。", "Say why you are recused."), field="reason")
        append_case_event(
            desk, tx, row.case_id, actor, "recusal", f"{actor.name}对“{name}”申明回避：{reason.strip()}", row.element,
            {"ballot": ballot_id},
        )  # fmt: skip
        box = open_box(desk, tx, ballot_id)
        member = require_member(desk, tx, actor, box)
        if member.state:
            raise AlreadyVoted(
                Text("您已经投票，不能再申明回避。", "You have voted already and cannot be recused any more.")
            )
        recusal = {"number": member.number, "candidate": candidate, "reason": reason.strip(), "declared": True}
        put_recusals(tx, row, [recusal])
        _record_recusal(desk, tx, actor, row, candidate, reason.strip())
        notify_when_complete(desk, tx, box, 0)


def recuse_from_open_ballots(step: Step, person: int, body: int, reason: str) -> None:
    """Apply a new recusal of ``person`` to open ballots in which they have not voted yet; one that waits for nobody ends."""
    if step.case.parameters.get(EXCUSED) is False:
        return
    for case_id in filter(None, (step.case.id, step.case.parent_id)):
        for row in step.tx.ballots.select(case_id=case_id):
            member = step.tx.rolls.find_member(row.id, person, ()) if row.state == OPEN else None
            if member is None or member.state:
                continue
            out = applicants(step.tx, case_id, Box(row).names).get(body, ())
            rows = [{"number": member.number, "candidate": c, "reason": reason, "declared": False} for c in out]
            put_recusals(step.tx, row, rows)
            box = Box(step.tx.ballots.lock(row.id))
            if out and box.row.state == OPEN:
                notify_when_complete(step.desk, step.tx, box, 0)


def _record_recusal(desk: Desk, tx: Transaction, actor: Actor, row: BallotRow, candidate: str, reason: str) -> None:
    """Recuse a person on the roll from the applicant's file too, until the office ends it."""
    bodies = applicants(tx, row.case_id, [candidate])
    if row.units or actor.person_id is None:
        return
    for body in bodies:
        tx.recusals.insert_new(
            RecusalRow(
                jurisdiction=row.jurisdiction,
                person_id=actor.person_id,
                body_id=body,
                case_id=row.case_id,
                reason=reason,
                source="declared",
                clauses=list(row.clauses),
                decided_by=actor.person_id,
                decided_at=desk.clock.now(),
            )
        )
