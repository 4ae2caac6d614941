"""The cases behind a count of the path: those that passed one flow of a diagram in a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.monitoring.monitored import ChosenDiagram, Monitored, chosen_diagram
from service.casework.queries.monitoring.process_path import flows_passed, visits_by_case
from service.domain.errors import NotFound
from service.domain.text import Text
from service.store import CaseFilter

PAGE = 50


@dataclass(frozen=True, slots=True)
class PassedCase:
    """A case, and how often it passed the flow."""

    id: int
    title: str
    number: str | None
    started_at: datetime
    times: int


@dataclass(frozen=True, slots=True)
class PassedFlow:
    """A page of the cases that passed a flow, newest first; ``before`` continues it.

    ``passed`` counts how often in all, ``count`` the cases, both without those the reader is recused from.
    """

    chosen: Monitored
    flow: str
    source: str
    target: str
    label: str
    days: int
    passed: int
    count: int
    lines: tuple[PassedCase, ...]
    before: int | None


@guarded("monitor.view")
def list_passed(
    desk: Desk, actor: Actor, asked: ChosenDiagram, flow: str, days: int, before: int | None = None
) -> PassedFlow:
    """Return a page of the cases that the path counts at a flow, without those the actor is recused from.

    Raises NotFound for a flow that the diagram does not have, and for a place the actor does not oversee.
    """
    with desk.store.read() as tx:
        chosen = chosen_diagram(desk, tx, actor, asked)
        diagram = chosen.package.diagram(chosen.process)
        if flow not in diagram.flows:
            raise NotFound(
                Text(
                    "流程图上没有这条连线，请回到实际路径页面，从数字上点开。",
                    "The diagram has no such flow: go back to the path taken and open a number there.",
                )
            )
        since = desk.clock.now() - timedelta(days=days)
        times = {ident: flows_passed(diagram, visits)[flow] for ident, visits in visits_by_case(tx, chosen, since)}
        ids = [ident for ident, count in times.items() if count]
        seen = CaseFilter(ids=ids, recused=sorted(actor.recused))
        every = tx.cases.search(seen, limit=len(ids)) if ids else []
    after = [row for row in every if before is None or row.id < before]
    line = diagram.flows[flow]
    names = {ident: element.name or ident for ident, element in diagram.elements.items()}
    return PassedFlow(
        chosen,
        flow,
        names[line.source],
        names[line.target],
        line.name or "",
        days,
        sum(times[row.id] for row in every),
        len(every),
        tuple(PassedCase(row.id, row.title, row.number, row.started_at, times[row.id]) for row in after[:PAGE]),
        after[PAGE - 1].id if len(after) > PAGE else None,
    )
