"""No member is locked out on voting day: who has a vote to cast keeps the account, whatever one administrator says."""

from __future__ import annotations

from datetime import datetime

from service.domain.errors import Conflict
from service.domain.text import Text
from service.store import Transaction
from service.store.models import BallotRow
from service.store.queries.ballots import NOT_VOTED


def demand_nothing_to_vote(tx: Transaction, person_id: int, now: datetime) -> None:
    """Raise Conflict where a person, or the unit they vote for, stands on the roll of an open ballot and has not voted."""
    for row in tx.ballots.uncounted():
        member = tx.ballots.member(row.id, person_id, _units(tx, row, person_id, now)) if row.state == "open" else None
        if member is not None and member.state == NOT_VOTED:
            name = tx.people.person(person_id).name
            raise Conflict(
                Text(
                    f"{name}是正在进行的“{row.title}”的表决成员，尚未投票，其账号在投票或者计票以后才能停用。怀疑账号被他人使用的，"
                    "请重设其密码：重设后此账号须经他人当面核实才能投票，本人也可以到会场投纸质选票。",
                    f"{name} has a vote to cast in “{row.title}”, so the account is closed only once they voted or it was"
                    " counted. Where somebody else may use it, set a one-time password: the account then votes only after"
                    " a second person has seen its owner, who may also vote on paper in the hall.",
                )
            )


def _units(tx: Transaction, row: BallotRow, person_id: int, now: datetime) -> set[int]:
    """Return the bodies in whose name a person votes in a ballot of units."""
    if not row.units:
        return set()
    held = tx.people.memberships(person_id, now)
    return {m.body_id for m in held if m.role == row.role and m.jurisdiction in ("*", row.jurisdiction)}
