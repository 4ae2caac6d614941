"""Confirm or refuse what another administrator, of another office, asks for about a person's rights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from service.casework.access.actor import Actor, acting
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.people.factors.passwords import linked_by_passwords
from service.casework.people.rights.rights import (
    MOST_WORDS,
    RightsChange,
    RightsWish,
    carry_out,
    require_may,
    tell_in_book,
    tell_of_answer,
)
from service.casework.people.rights.seats import NewSeat
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.models import RightsRequestRow

WAITING, CONFIRMED, REFUSED, WITHDRAWN = "waiting", "confirmed", "refused", "withdrawn"


@guarded("rights.decide")
def confirm_rights(desk: Desk, actor: Actor, number: int) -> None:
    """Let a change that another administrator asked for become true.

    Raises:
        NotFound: there is no such request.
        NotAllowed: the actor asked for it, is the person, is of the same office, or lacks what is given.
        Conflict: it was decided, its time is over, or whoever asked may not ask for it any more.
    """
    now = desk.clock.now()
    with desk.store.write() as tx:
        row = _open_request(tx, tx.rights.get(number), desk)
        wish = wish_of(row)
        tell_in_book(desk, tx, wish, "批准", row.place)
        _require_second(actor, row, partial(linked_by_passwords, tx, actor.person_id or 0))
        asker = acting(tx, row.asked_by, now)
        _require_still(desk, tx, asker, row, wish)
        require_may(desk, tx, actor, wish, second=True)
        if not tx.rights.decide(number, state=CONFIRMED, decided_by=actor.person_id, decided_at=now):
            raise _build_decided_conflict()
        carry_out(desk, tx, actor, wish, row.asked_by)
        answer = Text(f"已由{actor.name}批准，即时生效。", f"was confirmed by {actor.name} and holds from now on.")
        tell_of_answer(desk, tx, row, wish.change.value, answer)


@guarded("rights.decide")
def refuse_rights(desk: Desk, actor: Actor, number: int, reason: str) -> None:
    """Refuse with a reason, or withdraw what one asked for oneself.

    Raises:
        NotFound: there is no such request.
        Invalid: no reason, or a long one.
        NotAllowed: the actor is the person, of the same office as who asked, or of another place.
        Conflict: it was decided, or its time is over.
    """
    reason_text, now = reason.strip(), desk.clock.now()
    if not reason_text or len(reason_text) > MOST_WORDS:
        raise Invalid(Text(f"请写明理由（{MOST_WORDS} 字以内）。", f"Give a reason in {MOST_WORDS} characters."))
    with desk.store.write() as tx:
        row = _open_request(tx, tx.rights.get(number), desk)
        is_requester = actor.person_id == row.asked_by
        tell_in_book(desk, tx, wish_of(row), "撤回提请：" if is_requester else "不批准", row.place, reason_text)
        if not is_requester:
            _require_second(actor, row, partial(linked_by_passwords, tx, actor.person_id or 0))
        decided = {"decided_by": actor.person_id, "decided_at": now, "answer": reason_text}
        if not tx.rights.decide(number, state=WITHDRAWN if is_requester else REFUSED, **decided):
            raise _build_decided_conflict()
        if not is_requester:
            answer = Text(
                f"{actor.name}没有批准。理由：{reason_text}", f"was refused by {actor.name}. Reason: {reason_text}"
            )
            tell_of_answer(desk, tx, row, wish_of(row).change.value, answer)


def wish_of(row: RightsRequestRow) -> RightsWish:
    """Return the change that a request is about."""
    seat = NewSeat(row.jurisdiction, row.role, row.body_id) if row.body_id is not None else None
    return RightsWish(RightsChange[row.kind.upper()], row.person_id, seat, row.membership_id, row.secret, row.reason)


def list_decidable_requests(tx: Transaction, actor: Actor, rows: Sequence[RightsRequestRow]) -> set[int]:
    """Return the numbers of the requests for which the actor is a second person."""
    tied: dict[int, bool] = {}

    def is_linked(other: int) -> bool:
        if other not in tied:
            tied[other] = linked_by_passwords(tx, actor.person_id or 0, other)
        return tied[other]

    return {row.id for row in rows if row.state == WAITING and _may_decide(actor, row, is_linked)}


def _may_decide(actor: Actor, row: RightsRequestRow, linked: Callable[[int], bool]) -> bool:
    try:
        _require_second(actor, row, linked)
    except NotAllowed:
        return False
    return True


def _require_second(actor: Actor, row: RightsRequestRow, linked: Callable[[int], bool]) -> None:
    """Raise NotAllowed unless the actor is surely another administrator, of another office, than who asked.

    Accounts whose passwords one of them gave, or a third gave both (``linked``), may be one person's.
    """
    ruling = actor.rules(row.place)
    if ruling is None or actor.person_id is None:
        raise NotAllowed(Text("只能办理本辖区的待批事项。", "You can decide for your own jurisdiction only."))
    if actor.person_id == row.asked_by or actor.person_id == row.person_id:
        raise NotAllowed(
            Text(
                "自己提请的、关于自己的事项，由另一名管理员批准。",
                "Nobody decides on what they asked for or on themselves: another administrator does.",
            )
        )
    if ruling.role == row.asked_role:
        raise NotAllowed(
            Text(
                "系统管理员提请的由安全管理员批准，安全管理员提请的由系统管理员批准。",
                "What a system administrator asks for a security administrator confirms, and the other way round.",
            )
        )
    if linked(row.asked_by):
        raise NotAllowed(
            Text(
                "您和提请人，一方的密码曾由另一方设定，或者双方的密码曾由同一人设定，此项不能由您批准。请由另一名管理员批准，或者"
                "在服务器上用 laurel administrator 重新取得链接。",
                "You and whoever asks for this: one once set the other's password, or the same person set both, so you"
                " cannot confirm it. Let another administrator, or get a new link on the machine by laurel"
                " administrator.",
            )
        )


def _open_request(tx: Transaction, row: RightsRequestRow, desk: Desk) -> RightsRequestRow:
    now = desk.clock.now()
    tx.rights.forget_lapsed(now)
    if row.state != WAITING:
        raise _build_decided_conflict()
    if row.until <= now:
        raise Conflict(
            Text("提请已满 7 天，自动失效，请重新提请。", "It lapsed after seven days: let it be asked for anew.")
        )
    return row


def _require_still(desk: Desk, tx: Transaction, asker: Actor, row: RightsRequestRow, wish: RightsWish) -> None:
    """Raise Conflict where whoever asked lost the office, or what they asked for cannot be any more."""
    ruling = asker.rules(row.place)
    if ruling is None or ruling.role != row.asked_role:
        raise Conflict(
            Text("提请人已不担任管理员，请由现任管理员重新提请。", "Who asked is no administrator any more: ask anew.")
        )
    require_may(desk, tx, asker, wish, second=True)


def _build_decided_conflict() -> Conflict:
    return Conflict(Text("这一事项已经办理。", "This was decided already."))
