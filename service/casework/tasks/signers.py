"""Who may be asked to sign beside a task: colleagues of whoever does it; departments of the case for their opinion."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from service.casework.access.actor import BUILT_IN, Actor, Seat, acting
from service.casework.access.case_access import may_handle, seat_for
from service.casework.access.secrets import INSIDE, may_read_notes
from service.casework.reading.history import bodies_handling
from service.domain.errors import Invalid
from service.domain.text import Text
from service.store import RoleHolder, Transaction
from service.store.models import CaseRow, TaskRow

ADVISING = frozenset({"authority", "department"})
"""Kinds of bodies whose people another body may ask for an opinion: none that supervises or decides afterwards."""


def signers_of(tx: Transaction, actor: Actor, task: TaskRow, case: CaseRow, now: datetime) -> list[RoleHolder]:
    """Return whom ``actor``, who does ``task``, may ask, each once, those of the own body first.

    Who is recused from what the case is about is not among them. Who works in no body that handles cases, as an
    applicant, asks only the own people: it is not told who else there is.
    """
    seat = seat_for(actor, task)
    if seat is None:
        return []
    colleagues = [
        RoleHolder(p.id, p.name, seat.body_id, seat.body_name) for p in tx.people.people_of(seat.body_id, now)
    ]
    candidates = {
        candidate.person_id: candidate for candidate in reversed([*colleagues, *_list_advisers(tx, seat, case, now)])
    }
    others = {
        candidate: acting(tx, candidate.person_id, now)
        for candidate in list(candidates.values())[::-1]
        if candidate.person_id != actor.person_id
    }
    return [
        candidate
        for candidate, person in others.items()
        if _is_member_of(person, {candidate.body_id or 0}) and may_handle(tx, person, case)
    ]


def _list_advisers(tx: Transaction, seat: Seat, case: CaseRow, now: datetime) -> list[RoleHolder]:
    """Return the people of other bodies whom the holder of ``seat`` may ask for an opinion."""
    if seat.body_kind not in INSIDE:
        return []
    return tx.role_holders.seated(case.jurisdiction, [], sorted(_advising_bodies(tx, case)), now)


def _advising_bodies(tx: Transaction, case: CaseRow) -> set[int]:
    bodies = tx.bodies.by_id(bodies_handling(tx, case))
    return {ident for ident, body in bodies.items() if body.kind in ADVISING}


def _is_member_of(person: Actor, body_ids: Collection[int]) -> bool:
    """Return whether somebody works in one of these bodies, not only administers or designs there."""
    return any(seat.body_id in body_ids and seat.role not in BUILT_IN for seat in person.seats)


def only_advises(person: Actor, body_ids: Collection[int]) -> bool:
    """Return whether somebody signs from outside the bodies of a task's holder, and so says an opinion that binds nobody."""
    return not _is_member_of(person, body_ids)


def may_sign(tx: Transaction, person: Actor, body_ids: Collection[int], case: CaseRow) -> bool:
    """Return whether somebody may sign beside a task of ``case`` whose holder sits in ``body_ids``."""
    if not may_handle(tx, person, case):
        return False
    return _is_member_of(person, body_ids) or may_read_notes(person, case, tx)


def require_signer(tx: Transaction, actor: Actor, task: TaskRow, case: CaseRow, person_id: int, now: datetime) -> Actor:
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
    if not may_handle(tx, person, case):
        raise Invalid(
            Text(
                f"{person.name}对这个办件已经回避，不能签署，请另选。",
                f"{person.name} is recused from this case: choose somebody else.",
            )
        )
    inside = seat is not None and seat.body_kind in INSIDE
    advises = inside and may_read_notes(person, case, tx) and _is_member_of(person, _advising_bodies(tx, case))
    if seat is None or not (advises or _is_member_of(person, {seat.body_id})):
        raise Invalid(
            Text(
                f"{person.name}的单位不办理这个办件，或者只作监督、决定或管理，不能签署，请从名单中选择。",
                f"The body of {person.name} does not handle this case, or only supervises or decides: choose somebody from the list.",
            )
        )
    return person
