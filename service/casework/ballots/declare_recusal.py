"""A member declares to take no part in the vote on one candidate."""

from __future__ import annotations

from service.casework.actor import Actor
from service.casework.ballots.box import Box, open_box
from service.casework.ballots.cast_vote import AlreadyVoted, demand_member
from service.casework.desk import Desk
from service.casework.guards import guarded
from service.casework.history import note
from service.domain.errors import Invalid
from service.domain.text import Text


@guarded("ballot.cast")
def declare_recusal(desk: Desk, actor: Actor, ballot_id: int, candidate: str, reason: str) -> None:
    """Put the member's recusal (回避) on record, with its reason; only before they vote.

    Raises:
        Invalid: no reason, or no such candidate.
        AlreadyVoted: the paper is in the box already.
    """
    with desk.store.write() as tx:
        row = tx.ballots.get(ballot_id)
        name = Box(row).names.get(candidate)
        if name is None or not reason.strip():
            raise Invalid(Text("请选择须回避的组织并写明原因。", "Choose the candidate and say why you are recused."))
        note(
            desk, tx, row.case_id, actor, "recusal", f"{actor.name}对“{name}”申明回避：{reason.strip()}", row.element,
            {"ballot": ballot_id},
        )  # fmt: skip
        member = demand_member(tx, actor, open_box(desk, tx, ballot_id))
        if member.state:
            raise AlreadyVoted(
                Text("您已经投票，不能再申明回避。", "You have voted already and cannot be recused any more.")
            )
        tx.ballots.recuse(
            {
                "ballot_id": ballot_id, "number": member.number, "candidate": candidate,
                "reason": reason.strip(), "declared": True,
            }
        )  # fmt: skip
