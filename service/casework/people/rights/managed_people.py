"""Whose account and whose roles an administrator may change."""

from __future__ import annotations

from service.casework.access.actor import BUILT_IN, Actor
from service.casework.people.rights.seats import EVERYWHERE, demand_administers, demand_looks_after, places_of
from service.domain.errors import NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.models import MembershipRow


def demand_other_person(actor: Actor, person_id: int) -> None:
    """Raise NotAllowed where administrators would change their own seats: another administrator must."""
    if person_id == actor.person_id:
        raise NotAllowed(
            Text(
                "不能变更自己的角色，请由另一位管理员办理。",
                "Nobody changes their own roles: ask another administrator.",
            )
        )


def demand_visible(tx: Transaction, actor: Actor, person_id: int) -> None:
    """Roles are given to whom the administrator's list shows: a role shows the person, and ties the account to its city."""
    if [row.id for row in tx.people.everybody(person_id - 1, 1, places_of(actor))] != [person_id]:
        raise NotAllowed(
            Text(
                "此人不在您管理的人员之中；同一人要在几个辖区任职的，由全局管理员办理。",
                "That person is not among those you manage: a global administrator lets a person serve several cities.",
            )
        )


def demand_whole_person(tx: Transaction, actor: Actor, person_id: int) -> None:
    """An account is opened, closed and reset by whoever administers everything the person holds or ever held.

    Letters, places on rolls and reviews stay with the account when a role ends: anyone who can sign in as the person
    reads them.
    """
    tx.people.person(person_id)
    demand_visible(tx, actor, person_id)
    for held in tx.people.ever_held(person_id):
        demand_held(tx, actor, held)


def demand_held(tx: Transaction, actor: Actor, held: MembershipRow) -> None:
    """Raise NotAllowed unless ``actor`` administers the seat ``held``; a global administrator's belongs to another one."""
    if held.jurisdiction == EVERYWHERE and held.role not in BUILT_IN:
        demand_looks_after(tx, actor, tx.people.body(held.body_id))
    else:
        demand_administers(actor, held.jurisdiction)
