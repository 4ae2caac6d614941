"""The list of changes of rights that take two administrators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.lists import Page, cut_page, read_lines
from service.casework.people.rights.decide_rights import WAITING, list_decidable_requests
from service.casework.people.rights.people_shown import name_role, roles_of
from service.casework.people.rights.rights import RightsChange
from service.casework.people.rights.seats import BUILT_IN_ROLES, places_of
from service.casework.reading.published import Published, published
from service.domain.text import Text
from service.store.models import PersonRow, RightsRequestRow

PAGE = 30
_LAST = 2**62
_STATES = {
    "waiting": Text("待批", "waiting"),
    "lapsed": Text("已失效", "lapsed"),
    "confirmed": Text("已批准", "confirmed"),
    "refused": Text("未批准", "refused"),
    "withdrawn": Text("已撤回", "withdrawn"),
}


@dataclass(frozen=True, slots=True)
class RightsLine:
    """A request with its names; ``state`` says also that it lapsed, ``may_decide`` whether the reader is a second person."""

    id: int
    change: Text
    person_id: int
    person: str
    login: str
    role: Text | None
    body: str
    place: str
    asked_by: str
    requester_office: Text
    asked_at: datetime
    until: datetime
    state: str
    state_name: Text
    decided_by: str
    answer: str
    reason: str
    may_decide: bool
    own: bool


@guarded("rights.decide")
def list_rights_requests(desk: Desk, actor: Actor, before: int | None = None) -> Page[RightsLine, int]:
    """Return the requests of the places over whose people the actor rules, newest first."""
    with desk.store.read() as tx:
        rows = tx.rights.select("-id", after=before or _LAST, limit=PAGE + 1, place__in=places_of(actor))
        page = cut_page(rows, lambda row: row.id, PAGE)
        shown = page.lines
        people = tx.people.by_id({i for r in shown for i in (r.person_id, r.asked_by, r.decided_by) if i is not None})
        bodies = tx.bodies.by_id({r.body_id for r in shown if r.body_id is not None})
        names = _Names(people, {i: body.name for i, body in bodies.items()}, published(desk, tx))
        mine = list_decidable_requests(tx, actor, shown)
        return read_lines(
            page, (_build_line(names, row, _state_of(desk, row), actor, second=row.id in mine) for row in shown)
        )


@dataclass(frozen=True, slots=True)
class _Names:
    people: Mapping[int, PersonRow]
    bodies: Mapping[int, str]
    known: Published

    def role(self, row: RightsRequestRow) -> Text | None:
        return name_role(roles_of(self.known), row.jurisdiction or "*", row.role) if row.role else None

    def place(self, row: RightsRequestRow) -> str:
        return next((p.jurisdiction.name for p in self.known.packages if p.jurisdiction.id == row.place), "")


def _state_of(desk: Desk, row: RightsRequestRow) -> str:
    if row.state != WAITING:
        return row.state
    if row.until <= desk.clock.now():
        return "lapsed"
    return WAITING


def _build_line(names: _Names, row: RightsRequestRow, state: str, actor: Actor, *, second: bool) -> RightsLine:
    person, decider = names.people[row.person_id], names.people.get(row.decided_by or 0)
    return RightsLine(
        id=row.id,
        change=RightsChange[row.kind.upper()].value,
        person_id=row.person_id,
        person=person.name,
        login=person.login,
        role=names.role(row),
        body=names.bodies.get(row.body_id or 0, ""),
        place=names.place(row),
        asked_by=names.people[row.asked_by].name,
        requester_office=BUILT_IN_ROLES[row.asked_role],
        asked_at=row.asked_at,
        until=row.until,
        state=state,
        state_name=_STATES[state],
        decided_by=decider.name if decider else "",
        answer=row.answer,
        reason=row.reason,
        may_decide=state == WAITING and second,
        own=row.asked_by == actor.person_id,
    )


@guarded("people.view")
def count_rights_requests(desk: Desk, actor: Actor) -> int:
    """Return how many requests wait in the places over whose people the actor rules."""
    with desk.store.read() as tx:
        return tx.rights.count_rows(state="waiting", until__gt=desk.clock.now(), place__in=places_of(actor))
