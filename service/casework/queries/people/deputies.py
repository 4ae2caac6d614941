"""Who stands in for whom: one's own, and for administrators that of their places."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.people.rights.deputies import list_lendable_memberships
from service.casework.people.rights.people_shown import roles_of
from service.casework.people.rights.seats import places_of
from service.casework.reading.published import published
from service.domain.calendar import local_date
from service.domain.text import Text
from service.store import DeputyLine
from service.store.models import DeputyRow

MOST = 200
"""So many roles of a person's own, the newest, and so many of a page of those of places."""


@dataclass(frozen=True, slots=True)
class LentRole:
    """A role that is lent, and its body."""

    role: Text
    body: str


@dataclass(frozen=True, slots=True)
class Deputyship:
    """What somebody lent in one act: ``roles`` each with its body; ``mine`` when the reader is one of the two.

    ``state`` is coming, running or over.
    """

    id: int
    who: str
    deputy: str
    roles: tuple[LentRole, ...]
    first: date
    last: date
    reason: str
    state: str
    ended_at: datetime | None
    mine: bool


@dataclass(frozen=True, slots=True)
class Lendable:
    """A role that the reader may lend: row of membership, name, body."""

    id: int
    role: Text
    body_id: int
    body: str


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may stand in, for the roles of ``body``."""

    id: int
    name: str
    body: str


@dataclass(frozen=True, slots=True)
class DeputiesView:
    """What the page shows; ``places`` is None for who administers nothing, ``before`` goes on with them (None: the end)."""

    own: tuple[Deputyship, ...]
    places: tuple[Deputyship, ...] | None
    roles: tuple[Lendable, ...]
    colleagues: tuple[Colleague, ...]
    today: date
    before: int | None = None


@guarded("deputy.view")
def view_deputies(desk: Desk, actor: Actor, before: int | None = None) -> DeputiesView:
    """Return who stands in for the actor and for whom they do, what they may lend to whom, and what they administer.

    ``before``, as a page said it, goes on with what is lent in the places that they administer.
    """
    now = desk.clock.now()
    with desk.store.read() as tx:
        names = roles_of(published(desk, tx))
        deputyships = _group_acts(tx.deputies.concerning(actor.signed_in_id, MOST), actor, names, now)
        places = places_of(actor)
        theirs, further = None, None
        if places is None or places:
            lines, further = _cut_page(tx.deputies.of_places(places, MOST + 1, before))
            theirs = _group_acts(lines, actor, names, now)
        lendable_seats = list_lendable_memberships(tx, actor.signed_in_id, desk)
        bodies = tx.bodies.by_id({row.body_id for row in lendable_seats})
        roles = tuple(
            Lendable(r.id, names.get((r.jurisdiction, r.role), Text(r.role, r.role)), r.body_id, bodies[r.body_id].name)
            for r in lendable_seats
        )
        candidates = tx.deputies.colleagues(bodies, now, working=True) if bodies else []
    colleagues = tuple(Colleague(i, n, bodies[b].name) for i, n, b in candidates if i != actor.signed_in_id)
    return DeputiesView(deputyships, theirs, roles, colleagues, local_date(now), further)


def _cut_page(lines: list[DeputyLine]) -> tuple[list[DeputyLine], int | None]:
    """Return the lines of a page and where the next begins; what was lent in one act stands on one page."""
    if len(lines) <= MOST:
        return lines, None
    last = lines[-1].row
    cut = next(n for n, line in enumerate(lines) if _act_of(line.row) == _act_of(last)) or MOST
    return lines[:cut], lines[cut - 1].row.id


def _act_of(row: DeputyRow) -> tuple[int, int, datetime]:
    return row.person_id, row.deputy_id, row.made_at


def _group_acts(
    lines: list[DeputyLine], actor: Actor, names: dict[tuple[str, str], Text], now: datetime
) -> tuple[Deputyship, ...]:
    acts: dict[tuple[int, int, datetime], list[DeputyLine]] = {}
    for line in lines:
        acts.setdefault(_act_of(line.row), []).append(line)
    return tuple(_build_deputyship(each, actor, names, now) for each in acts.values())


def _build_deputyship(
    each: list[DeputyLine], actor: Actor, names: dict[tuple[str, str], Text], now: datetime
) -> Deputyship:
    first = each[-1]
    row = first.row
    over = row.ended_at is not None or row.until <= now
    return Deputyship(
        id=row.id,
        who=first.who,
        deputy=first.deputy,
        roles=tuple(
            LentRole(names.get((o.jurisdiction, o.role), Text(o.role, o.role)), o.body) for o in reversed(each)
        ),
        first=local_date(row.since),
        last=local_date(row.until - timedelta(seconds=1)),
        reason=row.reason,
        state="over" if over else "running" if row.since <= now else "coming",
        ended_at=row.ended_at,
        mine=actor.person_id in (row.person_id, row.deputy_id),
    )
