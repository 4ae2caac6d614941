"""The cases from which an administrator selects those to intervene in together: narrowed down, counted, all or some."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.reading.published import Published, published, select_administered_places
from service.casework.step.fill import get_element_label
from service.catalog import Kind, Package
from service.catalog.called_processes import with_called
from service.domain.text import Text
from service.domain.values.bounds import Between, Length, OneOf
from service.store import CaseFilter, Transaction
from service.store.models import CaseRow, PersonRow

MAX_LISTED_CASES = 500


@dataclass(frozen=True, slots=True)
class CaseWish:
    """What the cases have in common; "" leaves it open.

    ``holder`` is the person who has claimed a task of the case (0: anybody or nobody).
    ``at`` is a step ("process/element"), ``stage`` likewise a stage; ``award`` is that of a place ("place/award").
    """

    text: Annotated[str, Length(0, 200)] = ""
    jurisdiction: Annotated[str, Length(0, 60)] = ""
    award: Annotated[str, Length(0, 130)] = ""
    process: Annotated[str, Length(0, 60)] = ""
    status: Annotated[str, OneOf(("", "running", "suspended"))] = ""
    stage: Annotated[str, Length(0, 200)] = ""
    at: Annotated[str, Length(0, 200)] = ""
    holder: Annotated[int, Between(0, 2**53)] = 0


@dataclass(frozen=True, slots=True)
class WaitingStep:
    """A step at which cases wait, as the address of the page names it, and how many tasks and limits wait there."""

    at: str
    name: str
    count: int


Choice = tuple[str, Text]


@dataclass(frozen=True, slots=True)
class Selectable:
    """Cases to select from, newest first, and how many there are in all.

    ``recused`` fit as well, but the administrator is recused from them. The choices narrow the cases down; stages are those of one city.
    """

    cases: tuple[CaseRow, ...]
    total: int
    recused: int
    places: tuple[Choice, ...]
    awards: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    stages: tuple[Choice, ...]
    steps: tuple[WaitingStep, ...]


@guarded("case.intervene")
def select_cases(desk: Desk, actor: Actor, wish: CaseWish) -> Selectable:
    """Return the cases that have not ended in the places the actor administers, as ``wish`` narrows them down."""
    with desk.store.read() as tx:
        publications = published(desk, tx)
        mine: Sequence[str] = select_administered_places(actor, publications.jurisdictions())
        packages = [package for package in publications.packages if package.jurisdiction.id in mine]
        chosen = _build_filter(publications, actor, wish)
        inside = [p for p in packages if wish.jurisdiction in ("", p.jurisdiction.id)]
        total = tx.cases.count(chosen)
        return Selectable(
            tuple(tx.cases.search(chosen, limit=MAX_LISTED_CASES)),
            total,
            tx.cases.count(_build_filter(publications, Actor(actor.person_id, actor.name, actor.seats), wish)) - total,
            _drop_repeated_choices((p.jurisdiction.id, p.jurisdiction.text) for p in packages),
            _drop_repeated_choices((p.key, p.award.text) for p in inside),
            _drop_repeated_choices((key, kind.text) for p in inside for key, kind in p.award.processes.items()),
            _drop_repeated_choices(_iterate_stages(inside, wish))
            if len({p.jurisdiction.id for p in inside}) == 1
            else (),
            _list_waiting_steps(tx, publications, chosen.jurisdictions or ()),
        )


@guarded("case.intervene")
def matching_cases(desk: Desk, actor: Actor, wish: CaseWish, most: int) -> list[int]:
    """Return the ids of all cases that `select_cases` would find, ``most`` of them."""
    with desk.store.read() as tx:
        chosen = _build_filter(published(desk, tx), actor, wish)
        return [row.id for row in tx.cases.search(chosen, limit=most)]


def _build_filter(publications: Published, actor: Actor, wish: CaseWish) -> CaseFilter:
    mine: Sequence[str] = select_administered_places(actor, publications.jurisdictions())
    process, _, element = wish.at.partition("/")
    of, _, award = wish.award.rpartition("/")
    return CaseFilter(
        [place for place in mine if wish.jurisdiction in ("", place) and of in ("", place)],
        wish.process or None,
        live=True,
        text=wish.text.strip(),
        recused=sorted(actor.recused),
        waits_at=(process, element) if element else None,
        award=award or None,
        status=wish.status or None,
        holder=wish.holder or None,
        within=sorted(_list_stage_processes(publications, wish.stage)) if wish.stage else None,
    )


def _drop_repeated_choices(choices: Iterator[Choice]) -> tuple[Choice, ...]:
    return tuple(dict(choices).items())


def _iterate_stages(packages: Sequence[Package], wish: CaseWish) -> Iterator[Choice]:
    """Yield the stages, which are the calls of a kind's own diagram: "process/element" and the name."""
    for package in packages:
        for key, kind in package.award.processes.items():
            if wish.process in ("", key):
                for call in package.diagram(kind.process).of(Kind.CALL):
                    yield f"{kind.process}/{call.id}", Text(call.name or call.id, call.name or call.id)


def _list_stage_processes(publications: Published, stage: str) -> set[str]:
    """Return the processes in which a case of a stage stands: those it calls that no other stage of the diagram calls."""
    process, _, ident = stage.partition("/")
    for package in publications.packages:
        diagram = package.processes.get(process)
        if diagram is not None and ident in diagram.elements:
            processes = with_called(package, diagram.elements[ident].called)
            others = [call.called for call in diagram.of(Kind.CALL) if call.id != ident]
            return set(processes - {name for other in others for name in with_called(package, other)})
    return set()


def _list_waiting_steps(tx: Transaction, publications: Published, places: Sequence[str]) -> tuple[WaitingStep, ...]:
    steps_by_place: dict[str, WaitingStep] = {}
    for count in tx.tallies.by_element(places) if places else ():
        package, waiting = publications.holding(count.jurisdiction, count.process_id), count.tasks + count.timers
        at = f"{count.process_id}/{count.element}"
        if package is not None and waiting:
            before = steps_by_place[at].count if at in steps_by_place else 0
            name = get_element_label(package, count.process_id, count.element)
            steps_by_place[at] = WaitingStep(at, name, before + waiting)
    return tuple(sorted(steps_by_place.values(), key=lambda step: (-step.count, step.at)))


MOST_LISTED = 500


@dataclass(frozen=True, slots=True)
class TaskHolder:
    """Somebody who has claimed ``count`` open tasks, votes and personal ones aside."""

    id: int
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class HeldAtBody:
    """What a holder has claimed for one body (0: for none), and who holds a role of it: (id, name)."""

    body: int
    name: str
    roles: tuple[str, ...]
    count: int
    receivers: tuple[tuple[int, str], ...]


@guarded("case.intervene")
def list_holders(desk: Desk, actor: Actor) -> tuple[TaskHolder, ...]:
    """Return who has claimed tasks in the places the actor administers, those with most first."""
    with desk.store.read() as tx:
        mine = select_administered_places(actor, published(desk, tx).jurisdictions())
        task_counts = tx.tasks.holders(mine) if mine else {}
        first = sorted(task_counts, key=lambda who: (-task_counts[who], who))[:MOST_LISTED]
        names = tx.people.named(first)
    return tuple(TaskHolder(who, names.get(who, ""), task_counts[who]) for who in first)


@guarded("case.intervene")
def group_claims_by_body(desk: Desk, actor: Actor, holder: int) -> tuple[HeldAtBody, ...]:
    """Return what ``holder`` has claimed in the actor's places, body by body; () where it is nothing."""
    with desk.store.read() as tx:
        publications = published(desk, tx)
        mine = select_administered_places(actor, publications.jurisdictions())
        rows = tx.tasks.held(mine, holder) if mine else ()
        bodies = tx.bodies.by_id([row.body_id for row in rows if row.body_id is not None])
        titles = {
            (p.jurisdiction.id, key): role.name
            for p in publications.packages
            for key, role in p.jurisdiction.roles.items()
        }
        body_holdings = []
        for ident in dict.fromkeys(row.body_id for row in rows):
            body_rows = [row for row in rows if row.body_id == ident]
            people = {
                p.id: p.name for row in body_rows for p in _list_colleagues(tx, desk, row.jurisdiction, row.role, ident)
            }
            receivers = tuple((p, name) for p, name in people.items() if p not in (holder, actor.person_id))
            roles = tuple(dict.fromkeys(titles.get((row.jurisdiction, row.role), row.role) for row in body_rows))
            name = bodies[ident].name if ident is not None else ""
            body_holdings.append(HeldAtBody(ident or 0, name, roles, sum(row.tasks for row in body_rows), receivers))
    return tuple(body_holdings)


def _list_colleagues(tx: Transaction, desk: Desk, place: str, role: str, body: int | None) -> list[PersonRow]:
    return tx.people.people_with(place, role, body, desk.clock.now())
