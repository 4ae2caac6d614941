"""The pages of people and their seats, for administrators."""

from __future__ import annotations

from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.people.seats import BUILT_IN_ROLES, EVERYWHERE, SeatChoice, places_of, seat_choices
from service.casework.reading.published import published
from service.domain.text import Text
from service.store.rows import BodyRow, MembershipRow, PersonRow

PAGE = 100


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
    """A person with their seats; ``manageable`` when the reader may change the account."""

    id: int
    login: str
    name: str
    email: str
    active: bool
    seats: tuple[HeldSeat, ...]


@dataclass(frozen=True, slots=True)
class PeopleView:
    """A page of people, and the seats that can be given."""

    people: tuple[PersonLine, ...]
    choices: tuple[SeatChoice, ...]
    after: int | None


@guarded("people.manage")
def view_people(desk: Desk, actor: Actor, after: int = 0) -> PeopleView:
    """Return a page of the people the actor administers."""
    now = desk.clock.now()
    with desk.store.read() as tx:
        known = published(desk, tx)
        rows = tx.people.everybody(after, PAGE + 1, places_of(actor))
        shown = rows[:PAGE]
        held = {row.id: tx.people.memberships(row.id, now) for row in shown}
        bodies = tx.people.bodies_by_id({m.body_id for ms in held.values() for m in ms})
        choices = tuple(seat_choices(tx, actor, known))
    roles = {(p.jurisdiction.id, r.id): r.text for p in known.packages for r in p.jurisdiction.roles.values()}
    people = tuple(_line(row, held[row.id], bodies, roles) for row in shown)
    return PeopleView(people, choices, shown[-1].id if len(rows) > PAGE else None)


def _line(
    row: PersonRow, held: list[MembershipRow], bodies: dict[int, BodyRow], roles: dict[tuple[str, str], Text]
) -> PersonLine:
    seats = tuple(
        HeldSeat(m.id, m.jurisdiction, m.role, _role_name(roles, m.jurisdiction, m.role), bodies[m.body_id].name)
        for m in held
        if m.body_id in bodies
    )
    return PersonLine(row.id, row.login, row.name, row.email or "", row.active, seats)


def _role_name(roles: dict[tuple[str, str], Text], jurisdiction: str, role: str) -> Text:
    if role in BUILT_IN_ROLES:
        return BUILT_IN_ROLES[role]
    named = roles.get((jurisdiction, role)) or next((n for (_, r), n in roles.items() if r == role), None)
    return named or Text(role, role)
