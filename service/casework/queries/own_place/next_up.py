"""What comes next for somebody, and when: the next limit of their cases, the round under way, sittings they are called to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from service.casework.access.actor import BUILT_IN, Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.limits import NO_LIMIT, TimeLimit, time_limit
from service.casework.reading.published import Published, published, select_overseen_places, select_round_places
from service.casework.reading.stages import StageView, inside_stage, is_ending_day, limited_by, stages_of_case
from service.casework.review.sittings import is_member, not_recused
from service.catalog.stages import round_kind
from service.store import CaseFilter, Transaction
from service.store.models import CaseRow, SittingRow, TaskRow, WorkItemRow

ROUNDS = 2
"""So many places, bodies and rounds are looked at."""
Soonest = Callable[[str], WorkItemRow | None]
"""What finds the timer that ends next in a place."""
UNDER_WAY = timedelta(hours=12)
"""A sitting that began no longer ago may still be going on."""


@dataclass(frozen=True, slots=True)
class RoundUnderWay:
    """A running round as its members are told of it: where it stands, until when, and what comes after.

    ``waits``: it waits for what ``now`` names, which nobody does: a day, a condition.
    """

    title: str
    now: StageView
    limit: TimeLimit
    after: tuple[StageView, ...]
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Coming:
    """The time limit that ends next in a case of the reader's: what it is, and the case."""

    case_id: int
    case: str
    what: str
    limit: TimeLimit


@dataclass(frozen=True, slots=True)
class NextUp:
    """What comes next; ``under_way``: the rounds of their places, for those to whom their cards are not shown.

    ``called``: sittings they are called to, of an office those of its places.
    """

    coming: tuple[Coming, ...] = ()
    under_way: tuple[RoundUnderWay, ...] = ()
    called: tuple[SittingRow, ...] = ()


@guarded("task.list")
def view_next(desk: Desk, actor: Actor) -> NextUp:
    """Return what comes next for somebody for whom nothing waits now."""
    with desk.store.read() as tx:
        soonest = _build_soonest(tx, actor)
        if (overseen_places := _list_overseen_places(actor)) and all(
            soonest(place) is None for place in overseen_places
        ):
            return NextUp(called=tuple(sittings_ahead(tx, actor, desk.clock.now())))
        publications = published(desk, tx)
        return NextUp(
            tuple(list_coming_limits(desk, tx, actor, publications, soonest)),
            tuple(under_way(desk, tx, actor, publications)),
            tuple(sittings_ahead(tx, actor, desk.clock.now())),
        )


def _list_overseen_places(actor: Actor) -> Sequence[str]:
    """Return the places of somebody who oversees all of them, if they are few; of others none.

    To them no round is told, so where no limit ends nothing need be asked of what is published.
    """
    places = sorted({seat.jurisdiction for seat in actor.seats})
    few = len(places) <= ROUNDS and "*" not in places
    return places if few and all(map(actor.oversees, places)) else ()


def _build_soonest(tx: Transaction, actor: Actor) -> Soonest:
    """Return what finds the timer that ends next in a place, and asks once."""
    recused = sorted(actor.recused)
    return cache(lambda place: tx.work.soonest_timer(CaseFilter([place], live=True, recused=recused)))


def called_to(tx: Transaction, actor: Actor, now: datetime) -> Sequence[SittingRow]:
    """Return the sittings to which a member is called; of who belongs to an office none: it calls them (`sittings_ahead`)."""
    if actor.person_id is None or any(seat.in_office for seat in actor.seats):
        return ()
    return not_recused(tx, actor, tx.sittings.calling(actor.person_id, now - UNDER_WAY))


def sittings_ahead(tx: Transaction, actor: Actor, now: datetime, most: int = 5) -> Sequence[SittingRow]:
    """Return the sittings that go on or are to come: those a member is called to, of an office all of its places too."""
    places = sorted({seat.jurisdiction for seat in actor.seats if seat.in_office and seat.jurisdiction != "*"})
    if actor.person_id is None or not places:
        return called_to(tx, actor, now)
    sittings = not_recused(tx, actor, tx.sittings.coming(actor.person_id, places, now - UNDER_WAY, most))
    return [row for row in sittings if row.jurisdiction in places or is_member(actor, row)]


def under_way(desk: Desk, tx: Transaction, actor: Actor, publications: Published) -> Iterator[RoundUnderWay]:
    """Yield the running rounds of the places where somebody has a part but leads nothing: a member, an expert."""
    places = sorted({seat.jurisdiction for seat in actor.seats})
    if select_round_places(actor, publications):
        return
    for package in [package for place in places for package in publications.of(place)][:ROUNDS]:
        running = CaseFilter(
            [package.jurisdiction.id], round_kind(package.award.processes), live=True, award=package.award.id
        )
        for row in tx.cases.search(running, None, ROUNDS):
            if row.subject_id is not None:  # applied for without a round: who applies is nobody else's business
                continue
            tasks = tx.tasks.open_of_case(row.id)
            running_by = desk.packages.get(row.definition, tx)
            stages = stages_of_case(tx, running_by, row, tasks)
            at = next((n for n, stage in enumerate(stages) if stage.state == "now"), None)
            if at is not None:
                within = inside_stage(running_by, row, stages[at])
                limit = _get_next_limit(desk, tx, publications, row, tasks, within)
                now = stages[at]
                waits = now.note is not None and (not tasks or is_ending_day(running_by, row, now))
                yield RoundUnderWay(row.title, now, limit, tuple(stages[at + 1 :]), waits)


def _get_next_limit(
    desk: Desk,
    tx: Transaction,
    publications: Published,
    row: CaseRow,
    tasks: Sequence[TaskRow],
    within: Collection[str],
) -> TimeLimit:
    """Return the limit that ends next in a round: of its tasks, else of a day that it waits for in a diagram ``within`` its stage."""
    timers = [one for one in tx.work.of_case(row.id) if one.kind == "timer" and one.process_id in within]
    days = [(open_task.due_at, open_task.due_reason) for open_task in tasks] or [
        (timer_item.due_at, timer_item.payload) for timer_item in timers
    ]
    calendar, now = publications.calendar(desk, row.jurisdiction), desk.clock.now()
    limits = (time_limit(calendar, at, why, now) for at, why in sorted(days, key=lambda day: day[0]))
    return next((limit for limit in limits if limit.last_day is not None), NO_LIMIT)


def list_coming_limits(
    desk: Desk, tx: Transaction, actor: Actor, publications: Published, soonest: Soonest | None = None
) -> Sequence[Coming]:
    """Return the limit that ends next in each place, or among each body's cases, that the reader has to do with.

    A government may look at every case and decides few: it is told of its own.
    """
    governs = any(seat.body_kind == "government" for seat in actor.seats)
    places = () if governs else select_overseen_places(actor, publications.jurisdictions())
    bodies = sorted({s.body_id for s in actor.seats if s.role not in BUILT_IN})[:ROUNDS] if not places else []
    views = [CaseFilter(body_id=body, live=True, recused=sorted(actor.recused)) for body in bodies]
    coming_by_item: dict[int, Coming] = {}
    for item in (*map(soonest or _build_soonest(tx, actor), places[:ROUNDS]), *map(tx.work.soonest_timer, views)):
        if item is None or item.case_id is None or not item.process_id or not item.element:
            continue
        case = tx.cases.get(item.case_id)
        package = desk.packages.get(case.definition, tx)
        what = limited_by(package, item.process_id, item.element)
        calendar = publications.calendar(desk, case.jurisdiction)
        limit = time_limit(calendar, item.due_at, item.payload, desk.clock.now())
        coming_by_item[item.id] = Coming(case.id, case.title, what, limit)
    return list(coming_by_item.values())


MOST_COMING = 20
"""So many are listed; the rest stand at their cases."""


@guarded("sitting.view")
def coming_sittings(desk: Desk, actor: Actor) -> Sequence[SittingRow]:
    """Return the sittings that go on or are to come, the first first: own ones, and those that one's office called."""
    with desk.store.read() as tx:
        return sittings_ahead(tx, actor, desk.clock.now(), MOST_COMING)
