"""The pages of people, their seats and the bodies they act for, for administrators."""

from __future__ import annotations

from dataclasses import dataclass

from service.casework.access.actor import ADMINISTRATOR, AUDIT_ADMINISTRATOR, THREE_OFFICES, Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.lists import ListSpec, Page, cut_page, read_lines
from service.casework.people.factors.codes import has_second_factor
from service.casework.people.rights.people_shown import (
    PeopleShown,
    PersonLine,
    lines_of,
    require_visible,
    resolve_people_scope,
    within,
)
from service.casework.people.rights.seats import SeatChoice, seat_choices
from service.casework.reading.published import published, select_rights_places
from service.domain.text import Text

KINDS = {
    "government": Text("政府", "Government"),
    "office": Text("办公室", "Offices"),
    "supervisor": Text("监督机构", "Supervisors"),
    "committee": Text("委员会和评审机构", "Committees"),
    "authority": Text("审核推荐单位", "Recommending authorities"),
    "department": Text("相关部门", "Departments"),
    "agency": Text("专业机构", "Agencies"),
}
"""Kinds of bodies in the order of the page."""


@dataclass(frozen=True, slots=True)
class BodyPerson:
    """Somebody of a body."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class BodyLeaf:
    """A body with what it holds and who belongs to it."""

    id: int
    name: Text
    area: str
    roles: tuple[Text, ...]
    people: tuple[BodyPerson, ...]


@dataclass(frozen=True, slots=True)
class BodyBranch:
    """The bodies of one kind; ``vacant`` counts those without anybody."""

    kind: Text
    bodies: tuple[BodyLeaf, ...]
    people: int
    vacant: int


@dataclass(frozen=True, slots=True)
class BodyTree:
    """A place with its bodies by kind."""

    place: str
    name: Text
    kinds: tuple[BodyBranch, ...]


@guarded("people.view")
def view_bodies(desk: Desk, actor: Actor) -> tuple[BodyTree, ...]:
    """Return the bodies of the places the actor administers, as trees; four statements for any number of them."""
    now = desk.clock.now()
    with desk.store.read() as tx:
        publications = published(desk, tx)
        places = select_rights_places(actor, publications.jurisdictions())
        rows = tx.bodies.select(jurisdiction=places, active=True)
        people: dict[int, dict[int, str]] = {}
        for person_id, name, body_id in tx.deputies.colleagues([row.id for row in rows], now) if rows else ():
            people.setdefault(body_id, {})[person_id] = name
    trees = []
    for place in places:
        city = publications.of(place)[0].jurisdiction
        roles_by_body = {body.id: body.roles for body in city.bodies}
        branches = []
        for kind, word in KINDS.items():
            leaves = tuple(
                BodyLeaf(
                    row.id,
                    Text(row.name, row.name_en or row.name),
                    str((row.details or {}).get("area") or ""),
                    tuple(city.roles[role].text for role in roles_by_body.get(row.key, ()) if role in city.roles),
                    tuple(BodyPerson(i, n) for i, n in people.get(row.id, {}).items()),
                )
                for row in rows
                if row.jurisdiction == place and row.kind == kind
            )
            if leaves:
                branches.append(
                    BodyBranch(
                        word,
                        tuple(sorted(leaves, key=lambda leaf: leaf.area)),
                        len({person.id for leaf in leaves for person in leaf.people}),
                        sum(not leaf.people for leaf in leaves),
                    )
                )
        trees.append(BodyTree(place, city.text, tuple(branches)))
    return tuple(trees)


PAGE = 50


@dataclass(frozen=True, slots=True)
class PeopleView:
    """A page of people, and to what they are narrowed."""

    page: Page[PersonLine, int]
    shown: PeopleShown


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person, the seats that can be given to them, and whether they have one-time codes or passkeys."""

    person: PersonLine
    choices: tuple[SeatChoice, ...]
    two_factors: bool = False

    @property
    def watches(self) -> bool:
        """Tell whether it is an audit administrator, whom no other administrator changes."""
        return any(seat.role == AUDIT_ADMINISTRATOR for seat in self.person.seats)

    @property
    def officer(self) -> bool:
        """Tell whether it is an administrator, whose account a second one has to agree to close."""
        return any(seat.role in (ADMINISTRATOR, *THREE_OFFICES) for seat in self.person.seats)


PEOPLE: ListSpec[PersonLine] = ListSpec("/people", Text("人员", "People"), (), cursor="after")


@guarded("people.view")
def view_people(
    desk: Desk, actor: Actor, after: int = 0, text: str = "", place: str | None = None, body: int | None = None
) -> PeopleView:
    """Return a page of the people the actor administers; with ``text`` of those whose name, login or number has it.

    ``place`` narrows them to one of the actor's places, ``body`` to those who hold or held something for it; what is not
    theirs to choose narrows nothing.
    """
    with desk.store.read() as tx:
        publications = published(desk, tx)
        narrowing = resolve_people_scope(tx, actor, publications, place, body)
        rows = tx.people.everybody(after, PAGE + 1, within(actor, narrowing), text, narrowing.body)
        people_page = cut_page(rows, lambda row: row.id, PAGE)
        return PeopleView(read_lines(people_page, lines_of(desk, tx, publications, people_page.lines)), narrowing)


@guarded("people.view")
def view_person(desk: Desk, actor: Actor, person_id: int) -> PersonView:
    """Return one of the people the actor administers.

    Raises:
        NotFound: there is no such person.
        NotAllowed: the person is not among them.
    """
    with desk.store.read() as tx:
        row = tx.people.get(person_id)
        require_visible(tx, actor, person_id)
        publications = published(desk, tx)
        (line,) = lines_of(desk, tx, publications, [row])
        return PersonView(line, tuple(seat_choices(tx, actor, publications)), has_second_factor(tx, person_id))


@guarded("people.view")
def seats_to_give(desk: Desk, actor: Actor) -> tuple[SeatChoice, ...]:
    """Return the seats the actor may give."""
    with desk.store.read() as tx:
        return tuple(seat_choices(tx, actor, published(desk, tx)))
