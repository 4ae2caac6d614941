"""The end of standing in for others (委托代理), on its day, by hand, or when one of the two leaves; what who left had claimed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from service.casework.access.acting import acting
from service.casework.access.actor import BUILT_IN, SYSTEM, Actor
from service.casework.access.case_access import seat_for
from service.casework.desk.desk import Desk
from service.casework.step.history import note
from service.casework.step.post import put
from service.casework.step.step import Step
from service.domain.signatures import SENT
from service.domain.text import Text
from service.store import TaskFilter, Transaction
from service.store.models import DeputyRow, MailRow, MembershipRow, TaskRow

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
    tx.deputies.end([row.id for row in rows], now, by.person_id)
    pairs = {(row.person_id, row.deputy_id): row for row in rows}
    for (person_id, deputy_id), row in pairs.items():
        people = tx.people.people([person_id, deputy_id])
        given_back = _give_back(desk, tx, [one for one in rows if one.deputy_id == deputy_id], by, step)
        who, deputy = people[person_id].name, people[deputy_id].name
        back = f"代理期间认领未办的{given_back}项待办已放回本单位。" if given_back else ""
        back_en = f" {given_back} task(s) claimed meanwhile went back to the body." if given_back else ""
        zh = f"{deputy}代{who}办理的委托已结束（{why}）。{back}"
        en = f"{deputy} no longer stands in for {who} ({why_en})."
        tell(
            desk, tx, row, Text("委托代理已结束", "Standing in has ended"), Text(zh, f"{en}{back_en}"), f"end:{row.id}"
        )


def end_where_left(desk: Desk, tx: Transaction, person_id: int, by: Actor = SYSTEM, step: Step | None = None) -> None:
    """End at once what a person lent or exercises and no longer can: closed account, role or body left.

    What they had claimed and can do no more goes back to its body, so that a colleague can claim it; ``step`` as in
    `end_rows`.
    """
    now = desk.clock.now()
    active = tx.people.person(person_id).active
    held = tx.people.memberships(person_id, now) if active else []
    gone = [row for row in tx.deputies.crossing([person_id], now, _EVER) if _cannot(tx, row, person_id, held)]
    if gone:
        name = tx.people.person(person_id).name
        end_rows(desk, tx, gone, by, f"{name}已离开岗位", f"{name} has left", step)
    give_back_left(desk, tx, person_id, by, step)


def tell(desk: Desk, tx: Transaction, row: DeputyRow, subject: Text, text: Text, key: str) -> None:
    """Put a message into the inboxes of both, each in the reader's language."""
    now = desk.clock.now()
    people = tx.people.people([row.person_id, row.deputy_id]).values()
    rows = [
        MailRow(
            person_id=one.id,
            address=one.email,
            subject=subject.pick(one.language),
            text=text.pick(one.language),
            effect_key=f"deputy:{key}:{one.id}",
            queued_at=now,
        )
        for one in people
        if one.active
    ]
    tx.work.enqueue_many(put(desk, tx, rows, now), now)


def _cannot(tx: Transaction, row: DeputyRow, person_id: int, held: Sequence[MembershipRow]) -> bool:
    if row.person_id == person_id:
        return all(one.id != row.membership_id for one in held)
    lent = next((m for m in tx.people.ever_held(row.person_id) if m.id == row.membership_id), None)
    return lent is None or all(one.body_id != lent.body_id for one in held if one.role not in BUILT_IN)


def _give_back(desk: Desk, tx: Transaction, rows: Sequence[DeputyRow], by: Actor, step: Step | None) -> int:
    """Give back to its body what a deputy has claimed and cannot do in their own right; returns how many tasks."""
    deputy_id = rows[0].deputy_id
    lenders = {row.person_id for row in rows}
    lent = [m for one in lenders for m in tx.people.ever_held(one) if m.id in {row.membership_id for row in rows}]
    own = tx.people.memberships(deputy_id, desk.clock.now())
    claimed = tx.tasks.list(TaskFilter(person_id=deputy_id, scope="mine"), None, _MOST)
    back = [
        task
        for task in claimed
        if not task.personal
        and task.kind != "ballot"
        and any(_does(one, task.jurisdiction, task.role, task.body_id) for one in lent)
        and not any(_does(one, task.jurisdiction, task.role, task.body_id) for one in own)
    ]
    _put_back(desk, tx, back, by, "代理结束", step)
    return len(back)


def give_back_left(desk: Desk, tx: Transaction, person_id: int, by: Actor, step: Step | None = None) -> None:
    """Give back to its body what a person has claimed and does no more; what is being signed goes on as it was sent."""
    left = claimed_and_left(desk, tx, person_id)
    if left:
        _put_back(desk, tx, left, by, f"{tx.people.person(person_id).name}已离开岗位", step)


def claimed_and_left(desk: Desk, tx: Transaction, person_id: int) -> list[TaskRow]:
    """Return what a person has claimed and may do no more, as their account is closed or the role is theirs no longer."""
    person = acting(tx, person_id, desk.clock.now())
    claimed = tx.tasks.list(TaskFilter(person_id=person_id, scope="mine"), None, _MOST)
    return [
        task
        for task in claimed
        if not task.personal and task.kind != "ballot" and task.signs_open != SENT and seat_for(person, task) is None
    ]


def _put_back(desk: Desk, tx: Transaction, tasks: Sequence[TaskRow], by: Actor, why: str, step: Step | None) -> None:
    for task in tasks:
        tx.tasks.update(task.id, task.version, assignee_id=None)
        words = f"{why}，“{task.title}”放回本单位"
        if step is not None and step.case.id == task.case_id:
            step.audit("assigned", words, task.element)
        else:
            note(desk, tx, task.case_id, by, "assigned", words, task.element)


def _does(held: MembershipRow, jurisdiction: str, role: str, body_id: int | None) -> bool:
    return held.role == role and held.jurisdiction in ("*", jurisdiction) and body_id in (None, held.body_id)
