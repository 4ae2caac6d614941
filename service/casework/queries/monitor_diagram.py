"""The diagram of the monitor: how much waits at each element, and where there is trouble."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.case_diagram import bpmn_of
from service.casework.queries.monitor import demand_overseer
from service.catalog import Kind
from service.domain.text import Text


@guarded("monitor.view")
def monitor_diagram(desk: Desk, actor: Actor, package_key: str, process: str, version: str = "") -> bytes:
    """Return the BPMN of a diagram of a version, of the current one when none is named; raises NotFound."""
    with desk.store.read() as tx:
        package = desk.packages.get(version, tx) if version else desk.packages.current(package_key, tx)
    demand_overseer(actor, package.jurisdiction.id)
    return bpmn_of(package, process)


@guarded("monitor.view")
def monitor_state(
    desk: Desk, actor: Actor, package_key: str, process: str, language: str
) -> Mapping[str, Mapping[str, Any]]:
    """Return counts and heat per element of a diagram, over all running cases of the jurisdiction."""
    with desk.store.read() as tx:
        package = desk.packages.current(package_key, tx)
        demand_overseer(actor, package.jurisdiction.id)
        counts = tx.tallies.by_element([package.jurisdiction.id])
        troubled = tx.incidents.elements_open([package.jurisdiction.id])
    diagram = package.diagram(process)
    here = {c.element: c for c in counts if c.process_id == process}
    most = max((c.here for c in here.values()), default=0) or 1
    elements: dict[str, dict[str, Any]] = {}
    for ident, count in here.items():
        waiting = count.here
        text = Text("件在此", "here").pick(language)
        elements[ident] = {"state": "active", "count": waiting, "heat": max(1, -(-4 * waiting // most)), "text": text}
        elements[ident]["href"] = f"/cases?live=1&jurisdiction={package.jurisdiction.id}&at={process}/{ident}"
    for ident in troubled & set(diagram.elements):
        elements[ident] = {**elements.get(ident, {"count": 1}), "state": "incident"}
    inside = {c.process_id: 0 for c in counts}
    for c in counts:
        inside[c.process_id] += c.here
    for call in diagram.of(Kind.CALL):
        total = inside.get(call.called, 0)
        if total:
            elements[call.id] = {
                "state": "active",
                "count": total,
                "heat": 1,
                "text": Text("件在内", "inside").pick(language),
            }
        elements.setdefault(call.id, {})["href"] = f"/monitor?package={package.key}&process={call.called}"
    return elements
