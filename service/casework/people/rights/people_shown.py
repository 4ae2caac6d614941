"""People with what they hold, as lists of them name it, and to which place and body a list is narrowed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from service.casework.access.actor import BUILT_IN, Actor
from service.casework.desk.desk import Desk
from service.casework.people.rights.seats import (
    BUILT_IN_ROLES,
    EVERYWHERE,
    places_of,
    require_administers,
    require_looks_after,
)
from service.casework.reading.published import Published, select_rights_places
from service.domain.errors import NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.models import BodyRow, MembershipRow, PersonRow


def require_other_person(actor: Actor, person_id: int) -> None:
    """Raise NotAllowed where administrators would change their own seats: another administrator must."""
    if person_id == actor.person_id:
        raise NotAllowed(
            Text(
                "不能变更自己的角色，请由另一位管理员办理。",
                "Nobody changes their own roles: ask another administrator.",
            )
        )


def require_visible(tx: Transaction, actor: Actor, person_id: int) -> None:
    """Roles are given to whom the administrator's list shows: a role shows the person, and ties the account to its city."""
    if [row.id for row in tx.people.everybody(person_id - 1, 1, places_of(actor))] != [person_id]:
        raise NotAllowed(
            Text(
                "此人不在您管理的人员之中；同一人要在几个辖区任职的，由全局管理员办理。",
                "That person is not among those you manage: a global administrator lets a person serve several cities.",
            )
        )


def require_whole_person(tx: Transaction, actor: Actor, person_id: int) -> None:
    """An account is opened, closed and reset by whoever administers everything the person holds or ever held.

    Letters, places on rolls and reviews stay with the account when a role ends: anyone who can sign in as the person
    reads them.
    """
    tx.people.get(person_id)
    require_visible(tx, actor, person_id)
    for membership in tx.memberships.select(person_id=person_id):
        require_administered_seat(tx, actor, membership)


def require_administered_seat(tx: Transaction, actor: Actor, membership: MembershipRow) -> None:
    """Raise NotAllowed unless ``actor`` administers the seat ``membership``; a global administrator's belongs to another one."""
    if membership.jurisdiction == EVERYWHERE and membership.role not in BUILT_IN:
        require_looks_after(tx, actor, tx.bodies.get(membership.body_id))
    else:
        require_administers(actor, membership.jurisdiction)


@dataclass(frozen=True, slots=True)
class PeopleShown:
    """To what a list of people is narrowed, and to what it can be: ``places`` where there are several, the bodies of one place.

    ``place`` and ``body`` are None where the list is not narrowed to one.
    """

    place: str | None = None
    body: int | None = None
    places: tuple[tuple[str, Text], ...] = ()
    bodies: tuple[tuple[int, str], ...] = ()


def resolve_people_scope(
    tx: Transaction, actor: Actor, publications: Published, place: str | None, body: int | None
) -> PeopleShown:
    """Return what is shown when ``place`` and ``body`` are asked for; one that is not the actor's to choose is left out."""
    place_ids = [
        place_id for place_id in select_rights_places(actor, publications.jurisdictions()) if publications.of(place_id)
    ]
    chosen = place if place in place_ids else None
    near = chosen or (place_ids[0] if len(place_ids) == 1 else None)
    bodies = sorted(tx.bodies.select(jurisdiction=near, active=True), key=lambda row: row.id) if near else []
    offered = tuple((row.id, row.name) for row in bodies if row.jurisdiction == near)
    names = (
        tuple((place_id, publications.of(place_id)[0].jurisdiction.text) for place_id in place_ids)
        if len(place_ids) > 1
        else ()
    )
    return PeopleShown(chosen, body if body in dict(offered) else None, names, offered)


def within(actor: Actor, scope: PeopleShown) -> Collection[str] | None:
    """Return the places whose people are listed, None for all."""
    return places_of(actor) if scope.place is None else (scope.place,)


@dataclass(frozen=True, slots=True)
class HeldSeat:
    """A seat of a person."""

    id: int
    jurisdiction: str
    role: str
    role_name: Text
    body: str

    @property
    def everywhere(self) -> bool:
        """Whether it holds in all places; an applicant's does too, but is that of one organisation."""
        return self.jurisdiction == EVERYWHERE and self.role in BUILT_IN_ROLES


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person with their seats; who has no password yet may not sign in."""

    id: int
    login: str
    name: str
    email: str
    telephone: str
    active: bool
    may_sign_in: bool
    seats: tuple[HeldSeat, ...]


def lines_of(desk: Desk, tx: Transaction, publications: Published, rows: Sequence[PersonRow]) -> tuple[PersonLine, ...]:
    """Return people with what they hold now; two statements, however many they are."""
    memberships = tx.memberships.list_valid_of([row.id for row in rows], desk.clock.now())
    bodies = tx.bodies.by_id({m.body_id for ms in memberships.values() for m in ms})
    roles = roles_of(publications)
    return tuple(_build_person_line(row, memberships[row.id], bodies, roles) for row in rows)


def _build_person_line(
    row: PersonRow, memberships: list[MembershipRow], bodies: dict[int, BodyRow], roles: dict[tuple[str, str], Text]
) -> PersonLine:
    seats = tuple(
        HeldSeat(m.id, m.jurisdiction, m.role, name_role(roles, m.jurisdiction, m.role), bodies[m.body_id].name)
        for m in memberships
        if m.body_id in bodies
    )
    return PersonLine(
        row.id,
        row.login,
        row.name,
        row.email or "",
        row.telephone or "",
        row.active,
        row.active and row.password is not None,
        seats,
    )


def roles_of(publications: Published) -> dict[tuple[str, str], Text]:
    """Return what the roles of every place are called, by place and role."""
    return {(p.jurisdiction.id, r.id): r.text for p in publications.packages for r in p.jurisdiction.roles.values()}


def name_role(roles: dict[tuple[str, str], Text], jurisdiction: str, role: str) -> Text:
    """Return what a role is called in a place; one that no place has is its own name."""
    if role in BUILT_IN_ROLES:
        return BUILT_IN_ROLES[role]
    named = roles.get((jurisdiction, role)) or next((n for (_, r), n in roles.items() if r == role), None)
    return named or Text(role, role)
