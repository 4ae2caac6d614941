"""Who stands in for whom: one's own, and for administrators that of their places."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.people.deputies import lendable
from service.casework.people.seats import places_of
from service.casework.reading.published import published
from service.domain.calendar import local_date
from service.domain.text import Text
from service.store import DeputyLine, Transaction

MOST = 200
"""Most lines of the page: the newest."""


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
    """What the page shows; ``places`` is None for who administers nothing."""

    own: tuple[Deputyship, ...]
    places: tuple[Deputyship, ...] | None
    roles: tuple[Lendable, ...]
    colleagues: tuple[Colleague, ...]
    today: date


@guarded("deputy.view")
def view_deputies(desk: Desk, actor: Actor) -> DeputiesView:
    """Return who stands in for the actor and for whom they do, what they may lend to whom, and what they administer."""
    assert actor.person_id is not None
    now = desk.clock.now()
    with desk.store.read() as tx:
        names = _names(desk, tx)
        own = _acts(tx.deputies.concerning(actor.person_id, MOST), actor, names, now)
        places = places_of(actor)
        theirs = None
        if places is None or places:
            theirs = _acts(tx.deputies.of_places(places, MOST), actor, names, now)
        held = lendable(tx, actor.person_id, desk)
        bodies = tx.people.bodies_by_id({row.body_id for row in held})
        roles = tuple(
            Lendable(r.id, names.get((r.jurisdiction, r.role), Text(r.role, r.role)), r.body_id, bodies[r.body_id].name)
            for r in held
        )
        found = tx.deputies.colleagues(bodies, now, working=True) if bodies else []
    colleagues = tuple(Colleague(i, n, bodies[b].name) for i, n, b in found if i != actor.person_id)
    return DeputiesView(own, theirs, roles, colleagues, local_date(now))


def _names(desk: Desk, tx: Transaction) -> dict[tuple[str, str], Text]:
    known = published(desk, tx).packages
    return {(p.jurisdiction.id, role.id): role.text for p in known for role in p.jurisdiction.roles.values()}


def _acts(
    lines: list[DeputyLine], actor: Actor, names: dict[tuple[str, str], Text], now: datetime
) -> tuple[Deputyship, ...]:
    acts: dict[tuple[int, int, datetime], list[DeputyLine]] = {}
    for line in lines:
        acts.setdefault((line.row.person_id, line.row.deputy_id, line.row.made_at), []).append(line)
    return tuple(_act(each, actor, names, now) for each in acts.values())


def _act(each: list[DeputyLine], actor: Actor, names: dict[tuple[str, str], Text], now: datetime) -> Deputyship:
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
