"""Operations of people, their seats, and the organisations that apply."""

from __future__ import annotations

from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.desk.desk import Desk
from service.casework.people.accounts.accounts import (
    NewAccount,
    add_account,
    add_applicant,
    give_seat,
    set_active,
    take_seat,
)
from service.casework.people.accounts.profile import change_profile
from service.casework.people.rights.people_shown import HeldSeat, PersonLine
from service.casework.people.rights.rights import waiting_request
from service.casework.people.rights.seats import NewSeat, SeatChoice
from service.casework.queries.people.people import seats_to_give, view_bodies, view_people, view_person
from service.domain.values.bounds import Spread
from service.web.api.arguments import Argument, Query, people_sought, row_place
from service.web.api.derive import offer
from service.web.api.operation import Operation

_LIST: Query = {
    "after": row_place(),
    "q": people_sought("words of a name, login name, telephone or e-mail").to("text"),
    "place": Argument("one city"),
    "body": row_place("number of a body of that city"),
}

offer(HeldSeat, "id jurisdiction role role_name body")
offer(SeatChoice, "jurisdiction=seat.jurisdiction role=seat.role body_id=seat.body_id label")


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A page of people; pass ``next`` as ``after`` to go on. ``choices`` are the seats that can be given."""

    people: tuple[PersonLine, ...]
    next: int | None
    choices: tuple[SeatChoice, ...]


@dataclass(frozen=True, slots=True)
class OpenedAccount:
    """The person who was added; ``request`` is the number under which the first seat waits for a second administrator."""

    person_id: int
    request: int | None


def list_people(
    desk: Desk, actor: Actor, after: int | None = None, text: str = "", place: str = "", body: int | None = None
) -> PeoplePage:
    """List people and the seats that can be given."""
    view = view_people(desk, actor, after or 0, text, place or None, body)
    return PeoplePage(view.page.lines, view.page.after, seats_to_give(desk, actor))


def open_account(desk: Desk, actor: Actor, account: Spread[NewAccount], seat: NewSeat) -> OpenedAccount:
    """Open an account with a first seat; the person changes the password."""
    person = add_account(desk, actor, account, seat)
    return OpenedAccount(person, waiting_request(desk, actor, person))


_PERSON = "/people/{person_id}"
OPERATIONS = (
    Operation("GET /people", "people.view", list_people, query=_LIST),
    Operation("GET /people/bodies", "people.view", view_bodies, "places"),
    Operation("POST /people", "people.manage", open_account, secret=("password",)),
    Operation(f"GET {_PERSON}", "people.view", view_person, "person"),
    Operation(f"PUT {_PERSON}/profile", "people.manage", change_profile),
    Operation(f"POST {_PERSON}/seats", "rights.change", give_seat, "request"),
    Operation(f"DELETE {_PERSON}/seats/{{membership_id}}", "rights.change", take_seat, "request"),
    Operation(f"PUT {_PERSON}/active", "rights.change", set_active, "request"),
    Operation("POST /organisations", "people.manage", add_applicant, "body_id"),
)
