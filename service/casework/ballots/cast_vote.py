"""Cast a vote: the paper goes into the box and the mark onto the roll in one commit, or neither does."""

from __future__ import annotations

from collections.abc import Mapping

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.ballots.box import COMPLETE, RING, Box, fresh_key, open_box, put_in, reporting_damage, voter_of
from service.casework.ballots.entitlement import require_vote, struck_today
from service.casework.ballots.recusals import list_with_nothing_to_vote_on, require_not_recused
from service.casework.desk.desk import Desk
from service.domain.ballots import Handful, Mark, Question, read_paper
from service.domain.errors import Conflict, NotAllowed
from service.domain.text import Text
from service.store import NewWork, Transaction
from service.store.models import RollRow
from service.store.queries.review import ON_SCREEN


class AlreadyVoted(Conflict):
    """The member's mark is on the roll; the second paper was not counted."""

    code = "already_voted"


@guarded("ballot.cast")
def cast_vote(desk: Desk, actor: Actor, ballot_id: int, paper: Mapping[str, str]) -> str:
    """Cast ``paper`` (question key → "yes", "no" or "abstain") and return the receipt's number, which says nothing of it.

    Raises:
        NotAllowed: the person is not on the roll.
        AlreadyVoted: the member has voted.
        BallotClosed: after the close.
        BadPaper: too many marks, a mark on what is not asked or from which the member is recused.
    """
    with desk.store.read() as tx:
        row = tx.ballots.get(ballot_id)
    with reporting_damage(desk, row), fresh_key(desk, row) as fresh, desk.store.write() as tx:
        box = open_box(desk, tx, ballot_id)
        member = require_member(desk, tx, actor, box)
        voter = voter_of(member, tx.ballot_recusals.select(ballot_id=ballot_id, number=member.number))
        slips = read_paper(paper, box.agenda, box.rules, voter)
        _mark_voted(tx, box, member, slips)
        tx.crash("ballot-marked")
        put_in(desk, tx, box, _build_handful(slips, member.weight), fresh, (member.number,))
        tx.crash("paper-in-box")
        notify_when_complete(desk, tx, box, member.weight)
    return member.receipt


@guarded("ballot.cast")
def check_paper(desk: Desk, actor: Actor, ballot_id: int, paper: Mapping[str, str]) -> Mapping[str, Mark]:
    """Return what ``paper`` would say, by question key, without casting it; raises as `cast_vote` does."""
    with desk.store.read() as tx:
        box = Box(tx.ballots.get(ballot_id))
        member = require_member(desk, tx, actor, box)
        voter = voter_of(member, tx.ballot_recusals.select(ballot_id=ballot_id, number=member.number))
    return {q.key: m for q, m in read_paper(paper, box.agenda, box.rules, voter).items()}


def require_member(desk: Desk, tx: Transaction, actor: Actor, box: Box) -> RollRow:
    """Return the actor's place on the roll; raises NotAllowed, also where they are recused and vote for a unit."""
    seats = [s for s in actor.seats if box.row.units and s.role == box.row.role and s.serves(box.row.jurisdiction)]
    member = tx.rolls.find_member(box.row.id, actor.person_id, [s.body_id for s in seats if not s.lent])
    if member is None and seats:
        raise NotAllowed(
            Text(
                f"表决不能委托代理：您代理{seats[0].lender}办理其他事项，不能代为投票，也不能代为申明回避。",
                f"Nobody votes in place of another: you stand in for {seats[0].lender} in other matters only.",
            )
        )
    if member is None:
        raise NotAllowed(
            Text(
                f"您（{actor.name}）不在这次表决的名册上，不能投票。名册在发起表决时已固定。",
                f"You ({actor.name}) are not on the roll of this ballot, which was frozen when it opened.",
            )
        )
    require_not_recused(tx, actor.in_person, box.row, member)
    require_vote(desk, tx, box.row, member)
    return member


def notify_when_complete(desk: Desk, tx: Transaction, box: Box, weight: int) -> None:
    """Let the case go on once every paper is in the box but those of members who may not vote, or on nothing of it."""
    away = {m.number: m.weight for m in struck_today(desk, tx, box.row)}
    if tx.ballot_recusals.select(ballot_id=box.row.id):
        away |= {voter.number: voter.weight for voter in list_with_nothing_to_vote_on(tx, box)}
    if box.row.cast + weight + sum(away.values()) < box.row.issued:
        return
    key, payload = f"ballot:{box.row.id}:complete", {"ballot": box.row.id, "message": COMPLETE}
    now = desk.clock.now()
    tx.work.enqueue_many([NewWork(RING, box.row.case_id, key, payload, now)], now)


def _mark_voted(tx: Transaction, box: Box, member: RollRow, slips: Mapping[Question, Mark]) -> None:
    by_name = None if box.rules.secret else {q.key: str(m) for q, m in slips.items()}
    if member.state or not tx.rolls.mark(box.row.id, [member.number], ON_SCREEN, by_name):
        raise AlreadyVoted(
            Text(
                f"“{member.name}”已经投过票，这一次没有计入。每个成员只能投一次，投出后不能更改。",
                f"“{member.name}” has voted already; this paper was not counted. A vote cannot be changed.",
            )
        )
    if member.task_id is not None:
        tx.ballots.finish_tasks([member.task_id], "done")


def _build_handful(slips: Mapping[Question, Mark], weight: int) -> Handful:
    return Handful(weight, 0, {q: [m] * weight for q, m in slips.items()})
