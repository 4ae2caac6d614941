"""The pages of people and their seats, for administrators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.people.managed_people import demand_visible
from service.casework.people.seats import BUILT_IN_ROLES, EVERYWHERE, SeatChoice, places_of, seat_choices
from service.casework.reading.published import Published, published
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import BodyRow, MembershipRow, PersonRow

PAGE = 50


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
    """A person with their seats."""

    id: int
    login: str
    name: str
    email: str
    telephone: str
    active: bool
    seats: tuple[HeldSeat, ...]


@dataclass(frozen=True, slots=True)
class PeopleView:
    """A page of people; ``after`` leads to the next page."""

    people: tuple[PersonLine, ...]
    after: int | None


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person, and the seats that can be given to them."""

    person: PersonLine
    choices: tuple[SeatChoice, ...]


@guarded("people.manage")
def view_people(desk: Desk, actor: Actor, after: int = 0, text: str = "") -> PeopleView:
    """Return a page of the people the actor administers; with ``text`` of those whose name, login or number has it."""
    with desk.store.read() as tx:
        known = published(desk, tx)
        rows = tx.people.everybody(after, PAGE + 1, places_of(actor), text)
        shown = rows[:PAGE]
        people = lines_of(desk, tx, known, shown)
    return PeopleView(people, shown[-1].id if len(rows) > PAGE else None)


@guarded("people.manage")
def view_person(desk: Desk, actor: Actor, person_id: int) -> PersonView:
    """Return one of the people the actor administers.

    Raises:
        NotFound: there is no such person.
        NotAllowed: the person is not among them.
    """
    with desk.store.read() as tx:
        row = tx.people.person(person_id)
        demand_visible(tx, actor, person_id)
        known = published(desk, tx)
        (line,) = lines_of(desk, tx, known, [row])
        return PersonView(line, tuple(seat_choices(tx, actor, known)))


@guarded("people.manage")
def seats_to_give(desk: Desk, actor: Actor) -> tuple[SeatChoice, ...]:
    """Return the seats the actor may give."""
    with desk.store.read() as tx:
        return tuple(seat_choices(tx, actor, published(desk, tx)))


def lines_of(desk: Desk, tx: Transaction, known: Published, rows: Sequence[PersonRow]) -> tuple[PersonLine, ...]:
    """Return people with what they hold now; two statements, however many they are."""
    held = tx.people.memberships_of([row.id for row in rows], desk.clock.now())
    bodies = tx.people.bodies_by_id({m.body_id for ms in held.values() for m in ms})
    roles = {(p.jurisdiction.id, r.id): r.text for p in known.packages for r in p.jurisdiction.roles.values()}
    return tuple(_line(row, held[row.id], bodies, roles) for row in rows)


def _line(
    row: PersonRow, held: list[MembershipRow], bodies: dict[int, BodyRow], roles: dict[tuple[str, str], Text]
) -> PersonLine:
    seats = tuple(
        HeldSeat(m.id, m.jurisdiction, m.role, _role_name(roles, m.jurisdiction, m.role), bodies[m.body_id].name)
        for m in held
        if m.body_id in bodies
    )
    return PersonLine(row.id, row.login, row.name, row.email or "", row.telephone or "", row.active, seats)


def _role_name(roles: dict[tuple[str, str], Text], jurisdiction: str, role: str) -> Text:
    if role in BUILT_IN_ROLES:
        return BUILT_IN_ROLES[role]
    named = roles.get((jurisdiction, role)) or next((n for (_, r), n in roles.items() if r == role), None)
    return named or Text(role, role)
