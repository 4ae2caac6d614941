"""Recuse members from candidates of open ballots."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.ballots.box import OPEN, Box, open_box
from service.casework.ballots.cast_vote import AlreadyVoted, notify_when_complete, require_member
from service.casework.ballots.entitlement import members_on
from service.casework.ballots.recusals import EXCUSED, applicants, put_recusals, recusals_at_opening, recuse_tied
from service.casework.desk.desk import Desk
from service.casework.step.history import append_case_event
from service.casework.step.save import save_step
from service.casework.step.step import Step, open_step
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


@guarded("experts.manage")
def recuse_from_votes(
    desk: Desk, actor: Actor, jurisdiction: str, person: int, body: int
) -> tuple[list[str], list[str]]:
    """Recuse whoever has a fresh tie on record from the open ballots of a place on that organisation.

    Returns the titles of these ballots, and of those in which the person has voted already: nobody takes a paper out.
    """
    with desk.store.read() as tx:
        running = tx.ballots.select(jurisdiction=jurisdiction, state=OPEN)
        on_roll = [row for row in running if tx.rolls.find_member(row.id, person, ()) is not None]
    recused_titles, voted_titles = [], []
    for row in on_roll:
        with desk.store.write() as tx:
            step = open_step(desk, tx, row.case_id, actor)
            box, member = Box(tx.ballots.lock(row.id)), tx.rolls.find_member(row.id, person, ())
            about = applicants(tx, row.case_id, box.names).get(body, ())
            if member is None or box.row.state != OPEN or not about:
                continue
            if member.state:
                voted_titles.append(row.title)
                continue
            recuse_tied(step, row.id, about, list(members_on(step, [member]).values()))
            rows = recusals_at_opening(step, about, {person: member.number})
            if not rows:
                continue
            put_recusals(tx, box.row, rows)
            notify_when_complete(desk, tx, box, 0)
            save_step(step)
            recused_titles.append(row.title)
    return recused_titles, voted_titles


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
