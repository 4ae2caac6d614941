"""People and what they hold, for administrators."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from service.casework.actor import ADMINISTRATOR, APPLICANT_KINDS, Actor
from service.casework.desk import Desk
from service.casework.guards import guarded
from service.casework.queries.published import Published, administered, published
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import BodyRow, MembershipRow, PersonRow

PAGE = 100


@dataclass(frozen=True, slots=True)
class HeldSeat:
    """A role somebody holds."""

    id: int
    jurisdiction: str
    role: str
    role_name: Text
    body: str


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
class SeatChoice:
    """A seat that can be given: "jurisdiction/role/body id" as forms send it."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class PeopleView:
    """A page of people, and the seats that can be given."""

    people: tuple[PersonLine, ...]
    choices: tuple[SeatChoice, ...]
    after: int | None


@guarded("people.manage")
def view_people(desk: Desk, actor: Actor, after: int = 0) -> PeopleView:
    """Return people by page."""
    now = desk.clock.now()
    with desk.store.read() as tx:
        known = published(desk, tx)
        rows = tx.people.everybody(after, PAGE + 1)
        shown = rows[:PAGE]
        held = {row.id: tx.people.memberships(row.id, now) for row in shown}
        bodies = tx.people.bodies_by_id({m.body_id for ms in held.values() for m in ms})
        choices = tuple(_choices(tx, actor, known))
    roles = {(p.jurisdiction.id, r.id): r.text for p in known.packages for r in p.jurisdiction.roles.values()}
    people = tuple(_line(row, held[row.id], bodies, roles) for row in shown)
    return PeopleView(people, choices, shown[-1].id if len(rows) > PAGE else None)


def _choices(tx: Transaction, actor: Actor, known: Published) -> Iterator[SeatChoice]:
    """Yield the seats the actor may give: of the cities they administer, and of every organisation."""
    for place in administered(actor, known.jurisdictions()):
        city = known.of(place)[0].jurisdiction
        rows = {b.key: b for b in tx.people.bodies(place)}
        for role in (r for r in city.roles.values() if not r.subject):
            for body in (rows[b.id] for b in city.bodies_with(role.id) if b.id in rows):
                yield SeatChoice(f"{place}/{role.id}/{body.id}", f"{city.name} · {role.name} · {body.name}")
        for body in (b for b in rows.values() if b.kind == "office"):
            yield SeatChoice(f"{place}/{ADMINISTRATOR}/{body.id}", f"{city.name} · 管理员 · {body.name}")
    subject = next((r.id for p in known.packages for r in p.jurisdiction.roles.values() if r.subject), "applicant")
    for body in tx.people.bodies("*"):
        if body.kind in APPLICANT_KINDS:
            yield SeatChoice(f"*/{subject}/{body.id}", f"申报组织 · {body.name}")


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
    if role == ADMINISTRATOR:
        return Text("管理员", "Administrator")
    named = roles.get((jurisdiction, role)) or next((n for (_, r), n in roles.items() if r == role), None)
    return named or Text(role, role)
