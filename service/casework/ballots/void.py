"""Declare a ballot in doubt void: one person proposes it, a second one of another body confirms, and it is called anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.case_access import is_recused
from service.casework.access.guards import guarded
from service.casework.ballots.anew import reissue_ballot
from service.casework.ballots.box import CLOSED, OPEN, VOID, resolve_damage
from service.casework.ballots.counting import VOIDED
from service.casework.ballots.hall import Tellers
from service.casework.ballots.standing import standing_for
from service.casework.desk.desk import Desk
from service.casework.step.save import save_step
from service.casework.step.step import Step, open_step
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.models import BallotRow

PROPOSED = "void_proposed"
"""Key under which a ballot names who proposed that it is void, and on what ground (`BallotRow.after`)."""
LONGEST_GROUND = 500


@dataclass(frozen=True, slots=True)
class VoidProposal:
    """Whether the reader may declare a ballot void; who proposed it before and why, "" where nobody did."""

    proposed_by: str
    ground: str
    may_declare: bool


@dataclass(frozen=True, slots=True)
class Voided:
    """Why a ballot is void, as its case's history says it; ``instead`` is the number of the one called in its place."""

    why: str
    instead: int | None
    instead_title: str


@guarded("ballot.void")
def declare_void(desk: Desk, actor: Actor, ballot_id: int, ground: str) -> int | None:
    """Propose that a ballot is void, or confirm what a person of another body proposed.

    Returns the number of the ballot called in its place once both have said so, with the same question and roll and
    another urn; its members are told. None after the first.

    Raises:
        NotAllowed: the actor is no teller of this ballot, votes in it, or is recused.
        Conflict: it is counted or void, its case has ended, or the second is not of another body than the first.
        Invalid: no ground is given.
    """
    with desk.store.read() as tx:
        case_id = tx.ballots.get(ballot_id).case_id
    with desk.store.write() as tx:
        step = open_step(desk, tx, case_id, actor)
        row = tx.ballots.lock(ballot_id)
        tellers = Tellers(tx, row, step.now)
        if not _may_declare(tx, actor, row, tellers):
            raise _not_entitled(tellers.supervised)
        _require_uncounted(step, row)
        text = _read_ground(ground)
        first = _find_proposal(row)
        if first is None or not tellers.waits_for(int(first["by"])):
            _propose_void(step, row, text)
            number = None
        else:
            if not tellers.are_apart(actor, int(first["by"])):
                raise _needs_second()
            number = _call_again(step, row, str(first["ground"]), int(first["by"]), text)
        save_step(step)
        return number


def view_void(tx: Transaction, actor: Actor, row: BallotRow, tellers: Tellers) -> VoidProposal | None:
    """Return how far a ballot is from being void; None where it is over, or the reader neither decides nor oversees."""
    may = row.state in (OPEN, CLOSED) and _may_declare(tx, actor, row, tellers)
    if row.state not in (OPEN, CLOSED) or not (may or actor.oversees(row.jurisdiction)):
        return None
    first = _find_proposal(row)
    if first is None or not tellers.waits_for(int(first["by"])):
        return VoidProposal("", "", may)
    by = int(first["by"])
    return VoidProposal(tx.people.named({by}).get(by, ""), str(first["ground"]), may and tellers.are_apart(actor, by))


def voided_of(tx: Transaction, row: BallotRow) -> Voided | None:
    """Return why a ballot is void; None where it is not."""
    if row.state != VOID:
        return None
    grounds = [
        str(event.data[VOIDED])
        for event in tx.history.select(case_id=row.case_id)
        if event.action == "ballot" and event.data.get("ballot") == row.id and VOIDED in event.data
    ]
    standing = standing_for(tx, row.id)
    other = standing.id != row.id
    return Voided(grounds[-1] if grounds else "", standing.id if other else None, standing.title if other else "")


def _find_proposal(row: BallotRow) -> Mapping[str, Any] | None:
    return (row.after or {}).get(PROPOSED)


def _may_declare(tx: Transaction, actor: Actor, row: BallotRow, tellers: Tellers) -> bool:
    in_person = actor.in_person
    if in_person.person_id is None or tellers.of(in_person).is_none:
        return False
    if is_recused(in_person, tx.cases.get(row.case_id)):
        return False
    bodies = [s.body_id for s in in_person.seats if row.units and s.role == row.role and s.serves(row.jurisdiction)]
    return tx.rolls.find_member(row.id, in_person.person_id, bodies) is None


def _require_uncounted(step: Step, row: BallotRow) -> None:
    if row.state not in (OPEN, CLOSED):
        raise Conflict(
            Text(
                f"“{row.title}”已经计票或者作废，不能再作废。",
                f"“{row.title}” is counted or void: it cannot be made void.",
            )
        )
    if step.case.status == "ended":
        raise Conflict(Text(f"“{step.case.title}”已经结束。", f"“{step.case.title}” has ended."))


def _read_ground(ground: str) -> str:
    text = ground.strip()
    if not text or len(text) > LONGEST_GROUND:
        raise Invalid(
            Text(
                f"请写明作废的理由（{LONGEST_GROUND}字以内）。", f"Say why it is void, in {LONGEST_GROUND} characters."
            )
        )
    return text


def _propose_void(step: Step, row: BallotRow, ground: str) -> None:
    proposal = {"by": step.actor.person_id, "ground": ground}
    step.tx.ballots.change(row.id, after={**(row.after or {}), PROPOSED: proposal})
    entry = f"{step.actor.name}提出将表决“{row.title}”作废并重新发起：{ground}"
    step.audit("ballot", entry, row.element, {"ballot": row.id})


def _call_again(step: Step, row: BallotRow, ground: str, first: int, second_ground: str) -> int:
    tx = step.tx
    proposer = tx.people.named({first}).get(first, "")
    reason = f"{ground}（{proposer}提出）；{second_ground}（{step.actor.name}确认）"
    number = reissue_ballot(step, row, reason, ground)
    resolve_damage(tx, row, step.now)
    return number


def _needs_second() -> Conflict:
    return Conflict(
        Text(
            "作废已由您这一方提出，须由另一单位的人员确认。",
            "Your side proposed this already: somebody of another body confirms it.",
        )
    )


def _not_entitled(supervised: bool) -> NotAllowed:
    other = Text("监督机构", "supervision") if supervised else Text("另一单位", "another body")
    return NotAllowed(
        Text(
            f"表决由办公室和{other.zh}的人员各一名本人作废。本次表决的成员、已经回避的人员和代理人不能办理。",
            f"One person of the office and one of {other.en} make a ballot void, in person: no member of it, nobody who is"
            " recused or in another's place.",
        )
    )
