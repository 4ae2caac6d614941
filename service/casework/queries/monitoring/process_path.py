"""The path that cases really took: how often each flow of a diagram was passed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.cases.case_diagram import processes_of
from service.casework.queries.monitoring.monitored import ChosenDiagram, Monitored, chosen_diagram
from service.catalog import Diagram, Kind
from service.domain.text import Text
from service.store import Transaction

MOST_CASES = 2_000
"""A path is drawn from so many cases of the period, the newest."""

_LAST = 2**62


@dataclass(frozen=True, slots=True)
class FlowLine:
    """How often one flow was passed, of how many cases that came to where it begins."""

    flow: str
    source: str
    target: str
    label: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class PathView:
    """The path of one diagram: flows passed, elements reached; ``capped`` where only the newest cases were looked at."""

    chosen: Monitored
    flows: tuple[FlowLine, ...]
    reached: Mapping[str, int]
    cases: int
    days: int
    capped: bool
    at: datetime


@guarded("monitor.view")
def view_path(desk: Desk, actor: Actor, asked: ChosenDiagram, days: int = 365) -> PathView:
    """Return the path through a diagram of the cases that began in a period; raises NotFound.

    What a case passed is on record in order; where a step can be reached by several flows, it was by the one whose
    beginning had been passed last and was not followed yet.
    """
    now = desk.clock.now()
    passed: Counter[str] = Counter()
    reached: Counter[str] = Counter()
    cases = looked = 0
    with desk.store.read() as tx:
        chosen = chosen_diagram(desk, tx, actor, asked)
        diagram = chosen.package.diagram(chosen.process)
        for _, visits in visits_by_case(tx, chosen, now - timedelta(days=days)):
            looked += 1
            cases += bool(visits)
            reached.update(visits)
            passed.update(flows_passed(diagram, visits))
    lines = tuple(_line(diagram, ident, passed, reached) for ident in diagram.flows)
    return PathView(chosen, lines, reached, cases, days, looked >= MOST_CASES, now)


@guarded("monitor.view")
def path_state(
    desk: Desk, actor: Actor, asked: ChosenDiagram, days: int, language: str
) -> Mapping[str, Mapping[str, Any]]:
    """Return the path for the picture: the count at each flow, its width in four grades."""
    view = view_path(desk, actor, asked, days)
    most = max((line.count for line in view.flows), default=0) or 1
    chosen = view.chosen
    query = {"package": chosen.package.key, "process": chosen.process, "version": chosen.version, "days": days}
    word = Text("次", "times").pick(language)
    return {
        line.flow: {
            "count": line.count,
            "text": word,
            "state": "passed",
            "heat": max(1, round(4 * line.count / most)),
            "href": f"/monitor/path/cases?{urlencode({**query, 'flow': line.flow})}",
        }
        for line in view.flows
        if line.count
    }


def kinds_through(chosen: Monitored) -> list[str]:
    """Return the kinds of cases that run through the diagram."""
    package = chosen.package
    return [kind for kind in package.award.processes if chosen.process in dict(processes_of(package, kind))]


def visits_by_case(tx: Transaction, chosen: Monitored, since: datetime) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield, case by case with its number, the elements of the diagram that it passed, in order: of `MOST_CASES` cases, the newest."""
    place, award, seen, before = chosen.package.jurisdiction.id, chosen.package.award.id, 0, _LAST
    version = chosen.version
    kinds = kinds_through(chosen)
    while seen < MOST_CASES:
        found = tx.durations.cases_of(place, award, kinds, version or None, since, before)
        if not found:
            return
        before, seen = found[-1][0], seen + len(found)
        rows = tx.durations.visits_of([ident for ident, _, _ in found])
        passed = {ident: list(of_case) for ident, of_case in groupby(rows, key=lambda row: row.case_id)}
        for ident, _, _ in found:
            yield ident, [row.element for row in passed.get(ident, ()) if row.process_id == chosen.process]


def flows_passed(diagram: Diagram, visits: Iterable[str]) -> Counter[str]:
    """Return how often one case passed each flow, from the elements that it passed in order."""
    passed: Counter[str] = Counter()
    left: dict[str, int] = defaultdict(int)
    turn: dict[str, int] = {}
    for number, ident in enumerate(visits):
        ways = diagram.incoming(ident)
        open_ways = [way for way in ways if left[way.source] > 0] or [way for way in ways if way.source in turn]
        joined = diagram.elements[ident].kind in (Kind.PARALLEL, Kind.INCLUSIVE) if ident in diagram.elements else False
        taken = open_ways if joined else sorted(open_ways, key=lambda way: turn[way.source])[-1:]
        for way in taken:
            passed[way.id] += 1
            left[way.source] -= 1
        turn[ident] = number
        left[ident] += _departures(diagram, ident)
    return passed


def _departures(diagram: Diagram, ident: str) -> int:
    """Return how many flows are followed from an element each time: one where a condition chooses, else all."""
    element = diagram.elements.get(ident)
    chooses = element is not None and element.kind in (Kind.EXCLUSIVE, Kind.EVENT_GATEWAY)
    return 1 if chooses else len(diagram.outgoing(ident))


def _line(diagram: Diagram, ident: str, passed: Mapping[str, int], reached: Mapping[str, int]) -> FlowLine:
    flow = diagram.flows[ident]
    count, began = passed.get(ident, 0), reached.get(flow.source, 0)
    return FlowLine(
        ident,
        _name(diagram, flow.source),
        _name(diagram, flow.target),
        flow.name or "",
        count,
        min(1.0, count / began) if began else 0.0,
    )


def _name(diagram: Diagram, ident: str) -> str:
    element = diagram.elements.get(ident)
    return element.name if element and element.name else ident
