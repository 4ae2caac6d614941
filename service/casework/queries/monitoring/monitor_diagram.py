"""The diagram of the monitor: how much waits at each element, and where there is trouble."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.cases.case_diagram import bpmn_of
from service.casework.queries.monitoring.monitor import demand_overseer
from service.casework.queries.monitoring.standing_cases import standing_cases
from service.domain.text import Text
from service.store import Place

_HERE, _INSIDE = Text("件在此", "here"), Text("件在内", "inside")
_WAITS = Text("项等待在此，为数很多，未按件合并", "waits here, too many to be counted by case")
_BESIDE = Text("件可能发生，尚未发生", "in which it may happen, and has not")


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
    """Return how many running cases of the jurisdiction stand at each element of a diagram, in calls too, and the heat."""
    with desk.store.read() as tx:
        package = desk.packages.current(package_key, tx)
        demand_overseer(actor, package.jurisdiction.id)
        counts = [c for c in tx.tallies.by_element([package.jurisdiction.id]) if c.process_id == process]
        standing = standing_cases(tx, package, Place(package.jurisdiction.id, process), counts)
        calls = tx.tallies.inside([package.jurisdiction.id])
        troubled = tx.incidents.elements_open([package.jurisdiction.id])
    diagram, here = package.diagram(process), standing.count
    inside = {call.id: calls.get((package.jurisdiction.id, process, call.id), 0) for call in diagram.calls}
    most = max([*here.values(), *inside.values()], default=0) or 1
    elements: dict[str, dict[str, Any]] = {}
    for ident, count in {**here, **inside}.items():
        if count:
            beside = ident in diagram.elements and bool(diagram.elements[ident].attached_to)
            state, heat = ("waiting", 0) if beside else ("active", max(1, -(-4 * count // most)))
            words = _BESIDE if beside else _INSIDE if ident in inside else _WAITS if ident in standing.summed else _HERE
            elements[ident] = {"state": state, "count": count, "heat": heat, "text": words.pick(language)}
            elements[ident]["href"] = f"/cases?live=1&jurisdiction={package.jurisdiction.id}&at={process}/{ident}"
    for ident in troubled & set(diagram.elements):
        elements[ident] = {**elements.get(ident, {"count": 1}), "state": "incident"}
    for call in diagram.calls:
        elements.setdefault(call.id, {"href": f"/monitor?package={package.key}&process={call.called}"})
    return elements
