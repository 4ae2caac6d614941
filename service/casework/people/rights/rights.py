"""Changes of a person's rights: done at once by an administrator who holds all offices, else asked of a second one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from service.casework.access.actor import (
    ADMINISTRATOR,
    AUDIT_ADMINISTRATOR,
    SECURITY_ADMINISTRATOR,
    SYSTEM_ADMINISTRATOR,
    THREE_OFFICES,
    Actor,
)
from service.casework.access.book.acting import describe_current_act
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.people.factors.tell import tell_of_factor, tell_of_password
from service.casework.people.rights.deputies import end_invalid_deputies
from service.casework.people.rights.people_shown import (
    name_role,
    require_administered_seat,
    require_other_person,
    require_visible,
    require_whole_person,
    roles_of,
)
from service.casework.people.rights.seats import (
    BUILT_IN_ROLES,
    EVERYWHERE,
    NewSeat,
    grant_seat,
    places_of,
    require_offered,
    seat_term,
)
from service.casework.people.tell_person import tell_person
from service.casework.reading.published import published
from service.casework.step.fill import in_words
from service.casework.step.post import add_page_link
from service.domain.calendar import local_date
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.models import BallotRow, MembershipRow, RightsRequestRow
from service.store.queries.review import NOT_VOTED


def place_of_change(tx: Transaction, actor: Actor, person_id: int, seat: NewSeat | None) -> str:
    """Return the place of the role, else one that ``actor`` rules over and where the person holds or held something.

    An organisation's people belong where it is looked after, an account without any role where its first was asked
    for. Of a person of several places a global administrator's change is decided everywhere (``*``).
    """
    if seat is not None and seat.jurisdiction != EVERYWHERE:
        return seat.jurisdiction
    ruled = places_of(actor)
    memberships = [] if seat is not None else tx.memberships.select(person_id=person_id)
    local = list(dict.fromkeys(row.jurisdiction for row in memberships if row.jurisdiction != EVERYWHERE))
    if ruled is None:
        return (
            local[0] if len(local) == 1 and all(row.jurisdiction != EVERYWHERE for row in memberships) else EVERYWHERE
        )
    bodies = (
        [seat.body_id] if seat is not None else [row.body_id for row in memberships if row.jurisdiction == EVERYWHERE]
    )
    requests = [] if memberships or seat is not None else tx.rights.select("-id", person_id=person_id)
    looked_after = (place for place in ruled if any(tx.bodies.is_within(body, [place]) for body in bodies))
    ruled_place = next((place for place in (*local, *(row.place for row in requests)) if place in ruled), None)
    return ruled_place or next(looked_after, None) or next(iter(ruled), EVERYWHERE)


_OTHER = {
    SYSTEM_ADMINISTRATOR: SECURITY_ADMINISTRATOR,
    SECURITY_ADMINISTRATOR: SYSTEM_ADMINISTRATOR,
}
REQUESTS = "/people/requests"
"""The page on which requests are decided."""
_SUBJECT = Text("一项权限变更等待您批准", "A change of rights waits for you")


def tell_of_request(desk: Desk, tx: Transaction, number: int, row: RightsRequestRow, change: Text) -> None:
    """Tell whoever holds the other office in the place of the request ``row``; not the person it is about."""
    now, last = desk.clock.now(), local_date(row.until)
    asker, about = tx.people.get(row.asked_by), tx.people.get(row.person_id)
    holding = {
        holder.person_id
        for holder in tx.rights.holders(_OTHER.get(row.asked_role, ""), now)
        if holder.jurisdiction in (EVERYWHERE, row.place)
    }
    office = BUILT_IN_ROLES[row.asked_role]
    why = Text(f"理由：{row.reason}。", f" Reason: {row.reason}.") if row.reason else Text("", "")
    text = Text(
        f"{office.zh}{asker.name}提请{change.zh}：{about.name}（{about.login}）。{why.zh}请在“待批事项”中批准或者写明理由不批准；"
        f"{in_words(last)}以前没有办理的自动失效。",
        f"{asker.name}, {office.en}, asks for a change of rights ({change.en}): {about.name} ({about.login}).{why.en}"
        f" Confirm or refuse it under “Requests” by {last}; then it lapses.",
    )
    for ident in sorted(holding - {row.asked_by, row.person_id}):
        tell_person(desk, tx, tx.people.get(ident), _SUBJECT, add_page_link(text, REQUESTS), f"rights:{number}")


def tell_of_answer(desk: Desk, tx: Transaction, row: RightsRequestRow, change: Text, answer: Text) -> None:
    """Tell whoever asked for a change what became of it."""
    about = tx.people.get(row.person_id)
    text = Text(
        f"您提请的事项（{change.zh}：{about.name}，{about.login}）{answer.zh}",
        f"What you asked for ({change.en}: {about.name}, {about.login}) {answer.en}",
    )
    subject = Text("您提请的权限变更已有结果", "Your request of rights was answered")
    tell_person(desk, tx, tx.people.get(row.asked_by), subject, add_page_link(text, REQUESTS), f"rights:{row.id}")


MOST_WORDS = 500
"""The longest reason, in characters."""
OPEN_FOR = timedelta(days=7)
"""How long a request can be confirmed."""


class RightsChange(Enum):
    """What becomes of a person's rights."""

    GIVE = Text("授予角色", "give a role")
    TAKE = Text("收回角色", "take a role")
    PASSWORD = Text("重设密码", "set a one-time password")
    FACTOR = Text("移除动态口令和通行密钥", "remove one-time codes and passkeys")
    OPEN = Text("启用账号", "open the account")
    CLOSE = Text("停用账号", "close the account")

    @property
    def key(self) -> str:
        """Its name in the database."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class RightsWish:
    """A change of a person's rights: ``seat`` to be given, ``membership`` to be taken, ``secret`` the hash of a password to be set."""

    change: RightsChange
    person_id: int
    seat: NewSeat | None = None
    membership: int | None = None
    secret: str | None = None
    reason: str = ""


def put_through(desk: Desk, tx: Transaction, actor: Actor, wish: RightsWish) -> int | None:
    """Change the rights of a person, or ask a second administrator to; returns the number of the request, None if done.

    Raises:
        NotAllowed: the actor may not change them: their own, of another place, or roles they lack.
        Conflict: the role is not held any more, or the same was asked already.
        Invalid: the body does not hold the role, or the person has held it as many terms in a row as it may be (`seat_term`).
    """
    require_may(desk, tx, actor, wish)
    place = place_of_change(tx, actor, wish.person_id, wish.seat)
    if is_alone(tx, actor, wish, place, desk.clock.now()):
        carry_out(desk, tx, actor, wish, actor.person_id)
        tell_in_book(desk, tx, wish, "", place)
        return None
    return _insert_request(desk, tx, actor, wish, place)


def put_through_first(
    desk: Desk, tx: Transaction, actor: Actor, person_id: int, seat: NewSeat, reason: str = ""
) -> int | None:
    """Give a new account its first seat, or ask a second administrator to: until then it opens nothing."""
    wish, now = RightsWish(RightsChange.GIVE, person_id, seat=seat, reason=reason), desk.clock.now()
    place = place_of_change(tx, actor, wish.person_id, wish.seat)
    if is_alone(tx, actor, wish, place, now):
        grant_seat(tx, person_id, seat, *seat_term(desk, tx, person_id, seat))
        return None
    return _insert_request(desk, tx, actor, wish, place)


def is_alone(tx: Transaction, actor: Actor, wish: RightsWish, place: str, now: datetime) -> bool:
    """Return whether the actor needs nobody else: one who holds every office, or who closes an ordinary account."""
    if actor.person_id is None or actor.holds(place, ADMINISTRATOR):
        return True
    return wish.change is RightsChange.CLOSE and not _list_offices(tx, wish.person_id, now)


def require_may(desk: Desk, tx: Transaction, actor: Actor, wish: RightsWish, *, second: bool = False) -> None:
    """Raise unless the change lies within what ``actor`` rules over; of two administrators it is asked of each.

    The ``second`` of them also confirms the first role of an account that nobody sees yet.
    """
    now = desk.clock.now()
    require_other_person(actor, wish.person_id)
    if wish.change is RightsChange.GIVE:
        assert wish.seat is not None
        require_offered(desk, tx, actor, wish.seat)
        tx.people.get(wish.person_id)
        if not second or tx.memberships.select(person_id=wish.person_id):
            require_visible(tx, actor, wish.person_id)
        _require_not_the_audit(actor, _list_offices(tx, wish.person_id, now))
        require_single_office(tx, wish.person_id, wish.seat.role, now)
        seat_term(desk, tx, wish.person_id, wish.seat)
    elif wish.change is RightsChange.TAKE:
        membership = _get_membership(tx, wish, now)
        require_administered_seat(tx, actor, membership)
        _require_not_the_audit(actor, [membership.role])
    else:
        require_whole_person(tx, actor, wish.person_id)
        if wish.change is not RightsChange.OPEN:
            _require_not_the_audit(actor, _list_offices(tx, wish.person_id, now))


def require_single_office(tx: Transaction, person_id: int, role: str, now: datetime) -> None:
    """Raise NotAllowed where a person would hold two of the three offices, in whatever places."""
    if role not in (*THREE_OFFICES, ADMINISTRATOR):
        return
    excluded = {*THREE_OFFICES, ADMINISTRATOR} - {role} if role in THREE_OFFICES else set(THREE_OFFICES)
    if any(membership.role in excluded for membership in tx.memberships.list_valid(person_id, now)):
        raise NotAllowed(
            Text(
                "系统管理员、安全管理员、审计管理员相互分立，一人只能担任其中一种。请先收回此人现任的一种，或者另选他人。",
                "Nobody holds two of the three administrators' offices: take the present one first, or choose another.",
            )
        )


def carry_out(desk: Desk, tx: Transaction, actor: Actor, wish: RightsWish, knows: int | None) -> None:
    """Change the rights of a person; ``knows`` is who knows the password that is set."""
    now, person_id = desk.clock.now(), wish.person_id
    if wish.change is RightsChange.GIVE:
        assert wish.seat is not None
        grant_seat(tx, person_id, wish.seat, *seat_term(desk, tx, person_id, wish.seat))
    elif wish.change is RightsChange.TAKE:
        assert wish.membership is not None
        tx.memberships.change(wish.membership, until=now)
        end_invalid_deputies(desk, tx, person_id, actor)
    elif wish.change is RightsChange.PASSWORD:
        tx.people.change(person_id, password=wish.secret, **build_password_origin(knows, now))
        tx.sessions.delete(person_id=person_id)
        tell_of_password(desk, tx, actor, person_id)
    elif wish.change is RightsChange.FACTOR:
        had = [tx.second_factors.remove(person_id), tx.passkeys.delete(person_id=person_id) > 0]
        if not any(had):
            raise no_second_factor()
        tx.sessions.delete(person_id=person_id)
        tell_of_factor(desk, tx, actor, person_id, wish.reason)
    else:
        tx.people.change(person_id, active=wish.change is RightsChange.OPEN)
        if wish.change is RightsChange.CLOSE:
            tx.sessions.delete(person_id=person_id)
            end_invalid_deputies(desk, tx, person_id, actor)


def build_password_origin(person_id: int | None, now: datetime) -> Mapping[str, object]:
    """Return the columns of a person whose password ``person_id`` set."""
    return {"password_given_at": now, "password_given_by": person_id, "password_owned_at": None}


def no_second_factor() -> Conflict:
    """Return the refusal to take away what a person does not have."""
    return Conflict(
        Text("此人没有启用动态口令，也没有通行密钥。", "This person has neither one-time codes nor passkeys.")
    )


def tell_in_book(desk: Desk, tx: Transaction, wish: RightsWish, before: str, place: str, reason: str = "") -> None:
    """Enter the change in the book; ``before`` says whether it is only asked for, confirmed or refused."""
    name = tx.people.get(wish.person_id).name
    role: dict[str, object] = {}
    if wish.seat is not None:
        role = {"role": wish.seat.role, "body": wish.seat.body_id}
        title = name_role(roles_of(published(desk, tx)), wish.seat.jurisdiction, wish.seat.role)
        name = f"{name}（{tx.bodies.get(wish.seat.body_id).name}，{title.zh}）"
    taken = wish.change is RightsChange.TAKE
    describe_current_act(
        f"{before}{wish.change.value.zh}：{name}",
        place=wish.seat.jurisdiction if wish.seat is not None else place,
        before=role if taken else {},
        after=role if not taken else {},
        reason=reason or wish.reason,
    )


def _insert_request(desk: Desk, tx: Transaction, actor: Actor, wish: RightsWish, place: str) -> int:
    now, seat, ruling = desk.clock.now(), wish.seat, actor.rules(place)
    if actor.person_id is None or ruling is None:
        raise NotAllowed(Text("只能管理本辖区的人员与角色。", "You can manage people of your own jurisdiction only."))
    if len(wish.reason) > MOST_WORDS:
        raise Invalid(Text(f"理由不超过 {MOST_WORDS} 字。", f"The reason has {MOST_WORDS} characters at most."))
    tx.rights.forget_lapsed(now)
    row = RightsRequestRow(
        kind=wish.change.key,
        person_id=wish.person_id,
        place=place,
        jurisdiction=seat.jurisdiction if seat else "",
        role=seat.role if seat else "",
        body_id=seat.body_id if seat else None,
        membership_id=wish.membership,
        secret=wish.secret,
        reason=wish.reason.strip(),
        asked_by=actor.person_id,
        asked_role=ruling.role,
        asked_at=now,
        until=now + OPEN_FOR,
    )
    if any(
        _is_same_request(row, other) and other.until > now
        for other in tx.rights.select(person_id=wish.person_id, state="waiting")
    ):
        raise Conflict(
            Text(
                "同一事项已经提出，正在等待另一名管理员批准，见“待批事项”。",
                "The same was asked already and waits for another administrator.",
            )
        )
    tell_in_book(desk, tx, wish, "提请", place)
    number = tx.rights.insert(row)
    tell_of_request(desk, tx, number, row, wish.change.value)
    return number


def _is_same_request(first: RightsRequestRow, other: RightsRequestRow) -> bool:
    return (first.kind, first.jurisdiction, first.role, first.body_id, first.membership_id) == (
        other.kind,
        other.jurisdiction,
        other.role,
        other.body_id,
        other.membership_id,
    )


def require_no_officer(tx: Transaction, actor: Actor, person_id: int, now: datetime) -> None:
    """Raise NotAllowed where one administrator would change where another of the three is reached, or their name."""
    alone = actor.person_id is None or any(seat.role == ADMINISTRATOR for seat in actor.seats)
    if not alone and person_id != actor.person_id and _list_offices(tx, person_id, now):
        raise NotAllowed(
            Text(
                "此人是三员之一，其姓名和联系方式不由其他管理员更改；邮箱和电话由本人在“我的账号”中更改。",
                "That person is one of the three administrators: no other changes their name or address; they change"
                " their own address and telephone.",
            )
        )


def _get_membership(tx: Transaction, wish: RightsWish, now: datetime) -> MembershipRow:
    memberships = {m.id: m for m in tx.memberships.list_valid(wish.person_id, now)}
    if wish.membership is None or wish.membership not in memberships:
        raise Conflict(Text("此人已不担任该角色。", "The person no longer holds that role."))
    return memberships[wish.membership]


def _list_offices(tx: Transaction, person_id: int, now: datetime) -> list[str]:
    """Return the administrators' offices that a person holds."""
    roles = (membership.role for membership in tx.memberships.list_valid(person_id, now))
    return [role for role in roles if role in (*THREE_OFFICES, ADMINISTRATOR)]


def _require_not_the_audit(actor: Actor, roles: list[str]) -> None:
    """Raise NotAllowed where system or security administrators would silence whoever watches them."""
    if actor.person_id is not None and AUDIT_ADMINISTRATOR in roles:
        raise NotAllowed(
            Text(
                "审计管理员监督其他管理员，其账号和角色只能在服务器上用 laurel administrator 变更。",
                "An audit administrator watches the others: that account is changed on the machine alone, by laurel"
                " administrator.",
            )
        )


@guarded("people.manage")
def waiting_request(desk: Desk, actor: Actor, person_id: int) -> int | None:
    """Return the newest request about a person that the actor made and nobody decided, None where there is none."""
    now = desk.clock.now()
    with desk.store.read() as tx:
        rows = tx.rights.select(person_id=person_id, state="waiting")
    return max((row.id for row in rows if row.asked_by == actor.person_id and row.until > now), default=None)


def require_nothing_to_vote(tx: Transaction, person_id: int, now: datetime) -> None:
    """Raise Conflict where a person, or the unit they vote for, stands on the roll of an open ballot and has not voted."""
    for row in tx.ballots.list_uncounted():
        member = (
            tx.rolls.find_member(row.id, person_id, _list_unit_ids(tx, row, person_id, now))
            if row.state == "open"
            else None
        )
        if member is not None and member.state == NOT_VOTED:
            name = tx.people.get(person_id).name
            raise Conflict(
                Text(
                    f"{name}是正在进行的“{row.title}”的表决成员，尚未投票，其账号在投票或者计票以后才能停用。怀疑账号被他人使用的，"
                    "请重设其密码，当面告知本人；本人也可以到会场投纸质选票。",
                    f"{name} has a vote to cast in “{row.title}”, so the account is closed only once they voted or it was"
                    " counted. Where somebody else may use it, set a one-time password and tell it"
                    " the owner in person, who may also vote on paper in the hall.",
                )
            )


def _list_unit_ids(tx: Transaction, row: BallotRow, person_id: int, now: datetime) -> set[int]:
    """Return the bodies in whose name a person votes in a ballot of units."""
    if not row.units:
        return set()
    memberships = tx.memberships.list_valid(person_id, now)
    return {m.body_id for m in memberships if m.role == row.role and m.jurisdiction in ("*", row.jurisdiction)}
