"""The pages of people and their seats, for administrators."""

from __future__ import annotations

from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.people.factors.codes import has_second_factor
from service.casework.people.rights.people_shown import (
    PeopleShown,
    PersonLine,
    demand_visible,
    lines_of,
    narrowed,
    within,
)
from service.casework.people.rights.seats import SeatChoice, seat_choices
from service.casework.reading.published import published

PAGE = 50


@dataclass(frozen=True, slots=True)
class PeopleView:
    """A page of people; ``after`` leads to the next page."""

    people: tuple[PersonLine, ...]
    after: int | None
    shown: PeopleShown


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person, the seats that can be given to them, and whether they have one-time codes or passkeys."""

    person: PersonLine
    choices: tuple[SeatChoice, ...]
    two_factors: bool = False


@guarded("people.view")
def view_people(
    desk: Desk, actor: Actor, after: int = 0, text: str = "", place: str | None = None, body: int | None = None
) -> PeopleView:
    """Return a page of the people the actor administers; with ``text`` of those whose name, login or number has it.

    ``place`` narrows them to one of the actor's places, ``body`` to those who hold or held something for it; what is not
    theirs to choose narrows nothing.
    """
    with desk.store.read() as tx:
        known = published(desk, tx)
        shown = narrowed(tx, actor, known, place, body)
        rows = tx.people.everybody(after, PAGE + 1, within(actor, shown), text, shown.body)
        page = rows[:PAGE]
        people = lines_of(desk, tx, known, page)
    return PeopleView(people, page[-1].id if len(rows) > PAGE else None, shown)


@guarded("people.view")
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
        return PersonView(line, tuple(seat_choices(tx, actor, known)), has_second_factor(tx, person_id))


@guarded("people.view")
def seats_to_give(desk: Desk, actor: Actor) -> tuple[SeatChoice, ...]:
    """Return the seats the actor may give."""
    with desk.store.read() as tx:
        return tuple(seat_choices(tx, actor, published(desk, tx)))
