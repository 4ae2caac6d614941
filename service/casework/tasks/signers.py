"""Who may be asked to sign beside a task: who handles its case, or colleagues of whoever does it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from service.casework.access.acting import acting
from service.casework.access.actor import Actor
from service.casework.access.case_access import is_recused, seat_for
from service.casework.access.office_notes import INSIDE, may_read_notes
from service.casework.reading.handlers import handlers_of
from service.domain.errors import Invalid
from service.domain.text import Text
from service.store import RoleHolder, Transaction
from service.store.rows import CaseRow, TaskRow


def signers_of(tx: Transaction, actor: Actor, task: TaskRow, case: CaseRow, now: datetime) -> list[RoleHolder]:
    """Return whom ``actor``, who does ``task``, may ask, each once, those of the own body first.

    Who works in no body that handles cases, as an applicant, asks only the own people: it is not told who else there is.
    """
    seat = seat_for(actor, task)
    if seat is None:
        return []
    own = [RoleHolder(p.id, p.name, seat.body_id, seat.body_name) for p in tx.people.people_of(seat.body_id, now)]
    others = handlers_of(tx, case, now) if seat.body_kind in INSIDE else []
    found = {one.person_id: one for one in reversed([*own, *others]) if one.person_id != actor.person_id}
    return list(found.values())[::-1]


def may_sign(tx: Transaction, person: Actor, body_ids: Collection[int], case: CaseRow) -> bool:
    """Return whether somebody may sign beside a task of ``case`` whose holder sits in ``body_ids``."""
    if is_recused(person, case):
        return False
    return bool(person.body_ids & set(body_ids)) or may_read_notes(person, case, tx)


def demand_signer(tx: Transaction, actor: Actor, task: TaskRow, case: CaseRow, person_id: int, now: datetime) -> Actor:
    """Return somebody who is to sign, with what they hold; raises Invalid who says why not."""
    person = acting(tx, person_id, now)
    seat = seat_for(actor, task)
    if person_id == actor.person_id:
        raise Invalid(Text("不能请自己签署，请选择其他人。", "You cannot ask yourself: choose somebody else."))
    if not person.seats:
        raise Invalid(
            Text(
                f"{person.name}已离任，不能签署，请从名单中另选。",
                f"{person.name} has left: choose somebody else from the list.",
            )
        )
    if is_recused(person, case):
        raise Invalid(
            Text(
                f"{person.name}对这个办件已经回避，不能签署，请另选。",
                f"{person.name} is recused from this case: choose somebody else.",
            )
        )
    inside = seat is not None and seat.body_kind in INSIDE
    if not (inside and may_read_notes(person, case, tx)) and not (seat and seat.body_id in person.body_ids):
        raise Invalid(
            Text(
                f"{person.name}的单位不办理这个办件，不能签署，请从名单中选择。",
                f"The body of {person.name} does not handle this case: choose somebody from the list.",
            )
        )
    return person
