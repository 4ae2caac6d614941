"""Who watches over a ballot agrees that it is made void and called anew: only one that the program finds past help."""

from __future__ import annotations

from dataclasses import dataclass, replace

from service.casework.access.actor import BUILT_IN, Actor
from service.casework.access.case_access import is_recused
from service.casework.access.given_password import is_in_doubt
from service.casework.access.guards import guarded
from service.casework.access.own_sign_in import given_by_groups
from service.casework.ballots.box import CLOSED, OPEN, STOPPED, why_stopped
from service.casework.ballots.tellers import Tellers
from service.casework.ballots.unsound import told_now, unsound
from service.casework.ballots.view_ballot import demand_sight, place_on_roll
from service.casework.desk.desk import Desk
from service.casework.step.history import note
from service.domain.errors import Conflict, Invalid, LaurelError, NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import BallotRow

AGREED = "agreed_by"
"""Key under which a ballot past help names the person who agreed that it is made void (`BallotRow.after`)."""
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class StoppedBallot:
    """Why a ballot takes no paper any more, who agreed that it is made void (""), and what the reader may do about it."""

    found: Text
    agreed_by: str
    may_agree: bool
    may_void: bool


@guarded("ballot.view")
def view_stopped(desk: Desk, actor: Actor, ballot_id: int) -> StoppedBallot | None:
    """Return what stands against a ballot, None where it goes on; raises NotFound, NotAllowed as `view_ballot`.

    Who may agree is told, too, of one that has not met a cast yet: what does not agree is looked at again while nobody
    may cast.
    """
    with desk.store.read() as tx:
        row = tx.ballots.get(ballot_id)
        demand_sight(desk, tx, actor, row)
        if row.state not in (OPEN, CLOSED):
            return None
        may = may_agree(desk, tx, actor, row)
        if STOPPED not in (row.after or {}) and (not may or _found(desk, tx, row) is None):
            return None
    with desk.store.write() as tx:
        row = tx.ballots.lock(ballot_id)
        found = _found(desk, tx, row)
        if found is None:
            return None
        agreed = agreed_by(row)
        name = tx.people.named({agreed}).get(agreed, "") if agreed is not None else ""
        found = told_now(desk, tx, row, found) if may else found
        administers = actor.in_person.administers(row.jurisdiction)
    return StoppedBallot(found, name, may and agreed is None, administers and agreed not in (None, actor.person_id))


@guarded("ballot.agree_void")
def agree_to_void(desk: Desk, actor: Actor, ballot_id: int, reason: str) -> None:
    """Put on record that a ballot past help may be made void and called anew, which an administrator then does.

    Raises:
        NotAllowed: the actor does not watch over this vote, votes in it, or the account may be somebody else's.
        Conflict: nothing is wrong with the ballot, it is over, or somebody agreed before.
        Invalid: it is not said what was found out.
        KeyFolderGone: whether its key is lost cannot be known now.
    """
    with desk.store.read() as tx:
        case_id = tx.ballots.get(ballot_id).case_id
    with desk.store.write() as tx:
        tx.cases.lock(case_id)
        row = tx.ballots.lock(ballot_id)
        if not may_agree(desk, tx, actor, row):
            raise _no_watch()
        found = unsound(desk, tx, row)
        if found is None:
            raise sound(row)
        if agreed_by(row) is not None:
            raise Conflict(Text("已经有人同意作废，不必再办。", "Somebody agreed before: nothing more is needed."))
        said = reason.strip()
        if not said or len(said) > LONGEST_REASON:
            raise Invalid(
                Text(
                    f"请写明查明的情况（{LONGEST_REASON}字以内）。",
                    f"Say what was found out, in {LONGEST_REASON} characters.",
                )
            )
        code, what = found[0], told_now(desk, tx, row, found[1])
        tx.ballots.update(
            ballot_id, after={**(row.after or {}), **why_stopped(code, found[1]), AGREED: actor.person_id}
        )
        entry = f"{actor.name}同意将表决“{row.title}”作废并重新发起（{what.zh}）：{said}"
        note(desk, tx, case_id, actor, "ballot", entry, row.element, {"ballot": ballot_id})


def agreed_by(row: BallotRow) -> int | None:
    """Return who agreed that a ballot is made void, None where nobody did."""
    found = (row.after or {}).get(AGREED) if row.state in (OPEN, CLOSED) else None
    return None if found is None else int(found)


def may_agree(desk: Desk, tx: Transaction, actor: Actor, row: BallotRow) -> bool:
    """Return whether the actor watches over this vote: a supervisor, or of another body where the place has none.

    Nobody does so who votes in it, administers the place, is recused, or stands in for another, by a provider's groups
    alone, or through an account to which somebody else gave the password since the case began.
    """
    own, now = actor.in_person, desk.clock.now()
    if own.person_id is None or own.administers(row.jurisdiction) or place_on_roll(tx, own, row) is not None:
        return False
    if is_recused(own, tx.cases.get(row.case_id)):
        return False
    seats = tuple(seat for seat in own.seats if seat.role not in BUILT_IN)
    if not Tellers(tx, row, now).of(replace(own, seats=seats)).watches:
        return False
    if given_by_groups(tx, own.person_id, None, now):
        return False
    return not is_in_doubt(tx.people.person(own.person_id), tx.cases.get(row.case_id).started_at)


def sound(row: BallotRow) -> Conflict:
    """Return the refusal to touch a ballot with which nothing is wrong."""
    return Conflict(
        Text(
            f"“{row.title}”没有发现不符，不能作废。只有本系统停止的、或者密钥已经丢失的表决可以作废并重新发起。",
            f"Nothing is wrong with “{row.title}”, which cannot be made void: only a ballot that the program has stopped, or"
            " whose key is lost, is made void and called anew.",
        )
    )


def _found(desk: Desk, tx: Transaction, row: BallotRow) -> Text | None:
    try:
        found = unsound(desk, tx, row)
    except LaurelError:  # its key may only be away, which the health page tells
        return None
    return None if found is None else found[1]


def _no_watch() -> NotAllowed:
    return NotAllowed(
        Text(
            "同意作废由监督机构的人员本人办理；没有监督机构的地方，由办公室或者政府的工作人员办理。本次表决的成员、管理员、"
            "已经回避的人员和代理人不能办理，密码在这一届开始以后由他人设定的账号也不能办理。",
            "A supervisor agrees to this in person, or where the place has none somebody of the office or the government:"
            " no member of this ballot, no administrator, nobody who is recused or in another's place, and no account to which somebody else"
            " gave its password since the case began.",
        )
    )
