"""Let a colleague stand in for a period (委托代理): which roles, from when to when, why; and end it sooner."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta

from service.casework.access.actor import BUILT_IN, OVERSEEING_KINDS, SYSTEM, Actor, acting
from service.casework.access.case_access import seat_for
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.step.history import append_case_event
from service.casework.step.post import put
from service.casework.step.step import Step
from service.domain.calendar import end_of_day, local_date
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.signatures import SENT
from service.domain.text import Text
from service.store import NewWork, TaskFilter, Transaction
from service.store.models import DeputyRow, MailRow, MembershipRow, PersonRow, TaskRow

WORK = "deputy_end"
"""Kind of the work that ends what is over."""

_EVER = datetime(9000, 1, 1, tzinfo=UTC)
_MOST = 5000


def end_rows(
    desk: Desk,
    tx: Transaction,
    rows: Sequence[DeputyRow],
    by: Actor,
    why: str,
    why_en: str,
    step: Step | None = None,
) -> None:
    """End what was lent; what the deputy had claimed by it goes back to the body, and both are told why.

    Where it is done within a ``step``, that keeps the history of its own case.
    """
    now = desk.clock.now()
    tx.deputies.change_where({"id": [row.id for row in rows]}, ended_at=now)
    pairs = {(row.person_id, row.deputy_id): row for row in rows}
    for (person_id, deputy_id), row in pairs.items():
        people = tx.people.by_id([person_id, deputy_id])
        returned_count = _give_back(
            desk, tx, [deputy_row for deputy_row in rows if deputy_row.deputy_id == deputy_id], by, step
        )
        who, deputy = people[person_id].name, people[deputy_id].name
        back = f"代理期间认领未办的{returned_count}项待办已放回本单位。" if returned_count else ""
        back_en = f" {returned_count} task(s) claimed meanwhile went back to the body." if returned_count else ""
        zh = f"{deputy}代{who}办理的委托已结束（{why}）。{back}"
        en = f"{deputy} no longer stands in for {who} ({why_en})."
        notify_deputy_parties(
            desk, tx, row, Text("委托代理已结束", "Standing in has ended"), Text(zh, f"{en}{back_en}"), f"end:{row.id}"
        )


def end_invalid_deputies(
    desk: Desk, tx: Transaction, person_id: int, by: Actor = SYSTEM, step: Step | None = None
) -> None:
    """End at once what a person lent or exercises and no longer can: closed account, role or body left.

    What they had claimed and can do no more goes back to its body, so that a colleague can claim it; ``step`` as in
    `end_rows`.
    """
    now = desk.clock.now()
    active = tx.people.get(person_id).active
    memberships = tx.memberships.list_valid(person_id, now) if active else []
    gone = [
        row for row in tx.deputies.crossing([person_id], now, _EVER) if _has_no_basis(tx, row, person_id, memberships)
    ]
    if gone:
        name = tx.people.get(person_id).name
        end_rows(desk, tx, gone, by, f"{name}已离开岗位", f"{name} has left", step)
    return_lapsed_claims(desk, tx, person_id, by, step)


def notify_deputy_parties(desk: Desk, tx: Transaction, row: DeputyRow, subject: Text, text: Text, key: str) -> None:
    """Put a message into the inboxes of both, each in the reader's language."""
    now = desk.clock.now()
    people = tx.people.by_id([row.person_id, row.deputy_id]).values()
    rows = [
        MailRow(
            person_id=receiver.id,
            address=receiver.email,
            subject=subject.pick(receiver.language),
            text=text.pick(receiver.language),
            effect_key=f"deputy:{key}:{receiver.id}",
            queued_at=now,
        )
        for receiver in people
        if receiver.active
    ]
    tx.work.enqueue_many(put(desk, tx, rows, now), now)


def _has_no_basis(tx: Transaction, row: DeputyRow, person_id: int, memberships: Sequence[MembershipRow]) -> bool:
    if row.person_id == person_id:
        return all(membership.id != row.membership_id for membership in memberships)
    lent = next((m for m in tx.memberships.select(person_id=row.person_id) if m.id == row.membership_id), None)
    return lent is None or all(
        membership.body_id != lent.body_id for membership in memberships if membership.role not in BUILT_IN
    )


def _give_back(desk: Desk, tx: Transaction, rows: Sequence[DeputyRow], by: Actor, step: Step | None) -> int:
    """Give back to its body what a deputy has claimed and cannot do in their own right; returns how many tasks."""
    deputy_id = rows[0].deputy_id
    lenders = {row.person_id for row in rows}
    lent = [
        m
        for lender_id in lenders
        for m in tx.memberships.select(person_id=lender_id)
        if m.id in {row.membership_id for row in rows}
    ]
    deputy_seats = tx.memberships.list_valid(deputy_id, desk.clock.now())
    claimed = tx.tasks.list_page(TaskFilter(person_id=deputy_id, scope="mine"), None, _MOST)
    back = [
        task
        for task in claimed
        if not task.personal
        and task.kind != "ballot"
        and any(_covers_role(lent_seat, task.jurisdiction, task.role, task.body_id) for lent_seat in lent)
        and not any(
            _covers_role(deputy_seat, task.jurisdiction, task.role, task.body_id) for deputy_seat in deputy_seats
        )
    ]
    _put_back(desk, tx, back, by, "代理结束", step)
    return len(back)


def return_lapsed_claims(desk: Desk, tx: Transaction, person_id: int, by: Actor, step: Step | None = None) -> None:
    """Give back to its body what a person has claimed and does no more; what is being signed goes on as it was sent."""
    claimed_tasks = list_lapsed_claims(desk, tx, person_id)
    if claimed_tasks:
        _put_back(desk, tx, claimed_tasks, by, f"{tx.people.get(person_id).name}已离开岗位", step)


def list_lapsed_claims(desk: Desk, tx: Transaction, person_id: int) -> list[TaskRow]:
    """Return what a person has claimed and may do no more, as their account is closed or the role is theirs no longer."""
    person = acting(tx, person_id, desk.clock.now())
    claimed = tx.tasks.list_page(TaskFilter(person_id=person_id, scope="mine"), None, _MOST)
    return [
        task
        for task in claimed
        if not task.personal and task.kind != "ballot" and task.signs_open != SENT and seat_for(person, task) is None
    ]


def _put_back(desk: Desk, tx: Transaction, tasks: Sequence[TaskRow], by: Actor, why: str, step: Step | None) -> None:
    for task in tasks:
        tx.tasks.step(task.id, task.version, assignee_id=None)
        words = f"{why}，“{task.title}”放回本单位"
        if step is not None and step.case.id == task.case_id:
            step.audit("assigned", words, task.element)
        else:
            append_case_event(desk, tx, task.case_id, by, "assigned", words, task.element)


def _covers_role(membership: MembershipRow, jurisdiction: str, role: str, body_id: int | None) -> bool:
    return (
        membership.role == role
        and membership.jurisdiction in ("*", jurisdiction)
        and body_id in (None, membership.body_id)
    )


LENDABLE_KINDS = OVERSEEING_KINDS | {"authority", "department"}
"""Kinds of bodies whose people may let a colleague stand in; applicants, committees and evaluators act themselves."""

MOST_DAYS, MOST_WORDS = 366, 500


@guarded("deputy.appoint")
def appoint_deputy(
    desk: Desk, actor: Actor, deputy_id: int, seats: Collection[int], first: date, last: date, reason: str
) -> int:
    """Let person ``deputy_id`` exercise the actor's ``seats`` (rows of membership) from ``first`` to ``last`` day.

    Both get a message. Votes, score sheets, declarations and what is for one person alone are never lent. Returns its
    number.

    Raises:
        Invalid: no reason, no role, a period that cannot be, oneself, or somebody who is not of the role's body.
        Conflict: the deputy has lent their own roles then, the actor stands in for somebody, or the role is lent.
    """
    now, reason_text = desk.clock.now(), reason.strip()
    _require_period(local_date(now), first, last)
    if not reason_text or len(reason_text) > MOST_WORDS:
        raise Invalid(Text(f"请写明委托原因（{MOST_WORDS}字以内）。", f"Say why, in at most {MOST_WORDS} characters."))
    since = max(now, end_of_day(first - timedelta(days=1)))
    until = end_of_day(last)
    with desk.store.write() as tx:
        lent = [row for row in list_lendable_memberships(tx, actor.signed_in_id, desk) if row.id in set(seats)]
        if not seats or len(lent) != len(set(seats)):
            raise Invalid(
                Text(
                    "请选择要委托的角色。管理员、流程设计人员、申报单位、委员会和评审人员的职责不能委托。",
                    "Choose the roles to lend. Those of administrators, designers, applicants, committees and "
                    "evaluators cannot be lent.",
                )
            )
        person = tx.people.get(deputy_id)
        _require_colleague(desk, tx, actor, person, lent)
        rows = tx.deputies.crossing([actor.signed_in_id, deputy_id], since, until)
        _require_no_chain(tx, actor.signed_in_id, person, rows, {lent_seat.id for lent_seat in lent})
        period = (since, until, first, last)
        return _write_deputies(desk, tx, actor, person, lent, period, reason_text)


@guarded("deputy.view")
def end_deputy(desk: Desk, actor: Actor, deputy_number: int) -> None:
    """End at once what was lent in one act, by either of the two or an administrator of the place.

    Raises NotAllowed for anybody else, Conflict when it is over already.
    """
    with desk.store.write() as tx:
        row = tx.deputies.get(deputy_number)
        rows = [
            deputy_row
            for deputy_row in tx.deputies.of_act(row)
            if deputy_row.ended_at is None and deputy_row.until > desk.clock.now()
        ]
        places = {m.jurisdiction for m in tx.memberships.select(person_id=row.person_id) if m.id == row.membership_id}
        if actor.person_id not in (row.person_id, row.deputy_id) and not all(actor.administers(p) for p in places):
            raise NotAllowed(
                Text("只有委托人、代理人和本地管理员可以结束委托。", "Only the two people and an administrator end it.")
            )
        if not rows:
            raise Conflict(Text("这项委托已经结束。", "This has ended already."))
        name = actor.in_person.name
        end_rows(desk, tx, rows, actor, f"由{name}结束", f"ended by {name}")


def _write_deputies(
    desk: Desk,
    tx: Transaction,
    actor: Actor,
    person: PersonRow,
    lent: Sequence[MembershipRow],
    period: tuple[datetime, datetime, date, date],
    reason_text: str,
) -> int:
    now, (since, until, first, last) = desk.clock.now(), period
    made = [
        DeputyRow(
            person_id=actor.signed_in_id,
            deputy_id=person.id,
            membership_id=lent_seat.id,
            since=since,
            until=until,
            reason=reason_text,
            made_at=now,
        )
        for lent_seat in lent
    ]
    numbers = tx.deputies.insert_many(made)
    work = NewWork(WORK, None, f"deputy:{numbers[0]}:end", {"deputy": numbers[0]}, until)
    tx.work.enqueue_many([work], now)
    mine = actor.in_person.name
    zh = (
        f"{mine}委托{person.name}自 {first.isoformat()} 至 {last.isoformat()} 代为办理（{len(lent)}项角色）。"
        f"原因：{reason_text}。代理人在“待办”中以双方姓名办理；表决、评分、回避申明和本人事项不在委托之内。到期自动结束，"
        "双方都可以在“我的账号”的“委托代理”中提前结束。"
    )
    en = (
        f"{person.name} stands in for {mine} from {first} to {last}: {reason_text}. Votes, score sheets and declarations are "
        "not lent. It ends by itself; either can end it sooner under My account, Deputies."
    )
    subject = Text(f"委托代理：{person.name}代{mine}", f"{person.name} stands in for {mine}")
    notify_deputy_parties(desk, tx, made[0], subject, Text(zh, en), str(numbers[0]))
    return numbers[0]


def list_lendable_memberships(tx: Transaction, person_id: int, desk: Desk) -> list[MembershipRow]:
    """Return what a person may let others exercise."""
    memberships = tx.memberships.list_valid(person_id, desk.clock.now())
    bodies = tx.bodies.by_id({row.body_id for row in memberships})
    return [r for r in memberships if r.role not in BUILT_IN and bodies[r.body_id].kind in LENDABLE_KINDS]


def _require_period(today: date, first: date, last: date) -> None:
    if first < today:
        raise Invalid(Text("开始日期不能早于今天。", "It cannot begin before today."))
    if last < first:
        raise Invalid(Text("结束日期不能早于开始日期。", "It cannot end before it begins."))
    if (last - first).days >= MOST_DAYS:
        raise Invalid(
            Text(
                f"一次委托最长{MOST_DAYS}天，请缩短。", f"At most {MOST_DAYS} days at a time: choose a shorter period."
            )
        )


def _require_colleague(
    desk: Desk, tx: Transaction, actor: Actor, person: PersonRow, lent: Sequence[MembershipRow]
) -> None:
    if person.id == actor.person_id:
        raise Invalid(Text("不能委托给自己。", "You cannot stand in for yourself."))
    now = desk.clock.now()
    memberships = tx.memberships.list_valid(person.id, now) if person.active else []
    bodies = {row.body_id for row in memberships if row.role not in BUILT_IN}
    if any(row.body_id not in bodies for row in lent):
        raise Invalid(
            Text(
                f"{person.name}目前不是所选角色所在单位的办理人员（可能已离开，或者只是管理员、流程设计人员），不能代理。"
                "请从名单中选择本单位的同事。",
                f"{person.name} does not work in the body of that role (any more), or only administers or designs "
                "there: choose a colleague from the list.",
            )
        )


def _require_no_chain(
    tx: Transaction, person_id: int, deputy: PersonRow, rows: Sequence[DeputyRow], lent: set[int]
) -> None:
    """Raise Conflict where what is wanted crosses what is lent: in a circle, in a chain, or twice."""
    if any(row.person_id == deputy.id and row.deputy_id == person_id for row in rows):
        raise Conflict(
            Text(
                f"这段时间{deputy.name}已委托您代理，不能再互相委托。",
                f"You stand in for {deputy.name} in that period: it cannot go in a circle.",
            )
        )
    if any(row.person_id == deputy.id for row in rows):
        raise Conflict(
            Text(
                f"{deputy.name}在这段时间已委托他人代理，不能再代理您。请选择其他同事或者改期。",
                f"{deputy.name} is away then, with a deputy of their own: choose somebody else or another period.",
            )
        )
    taken = next((row for row in rows if row.deputy_id == person_id), None)
    if taken is not None:
        name = tx.people.get(taken.person_id).name
        raise Conflict(
            Text(
                f"您在这段时间代理{name}，不能再把职责转委托他人。请先结束那项代理。",
                f"You stand in for {name} then and cannot pass it on: end that first.",
            )
        )
    again = next((row for row in rows if row.membership_id in lent), None)
    if again is not None:
        name = tx.people.get(again.deputy_id).name
        raise Conflict(
            Text(
                f"所选角色在这段时间已委托{name}代理。要更换的，请先结束原来的委托。",
                f"{name} stands in for that role then already: end that first.",
            )
        )
