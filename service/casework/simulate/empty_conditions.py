"""Diagnosis of a failed scenario: ways of decisions that were not taken because a name in their condition was empty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.casework.desk.functions import FUNCTIONS
from service.casework.simulate.play import play
from service.casework.simulate.scenario import Scenario
from service.catalog import Package
from service.catalog.bpmn.model import Diagram, Flow
from service.catalog.where_set import where_set
from service.domain.calendar import WorkingCalendar
from service.domain.feel import WatchedFunctions
from service.domain.text import Text
from service.sdk import Operation
from service.store import Store

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class EmptyCondition:
    """A way of a decision that was not taken because names in its condition were empty.

    ``element`` is the decision, ``words`` tell the way, the names, and where each gets its value.
    """

    process: str
    element: str
    condition: str
    names: tuple[str, ...]
    words: Text


def empty_conditions(
    store: Store,
    package: Package,
    scenario: Scenario,
    calendars: Mapping[str, WorkingCalendar],
    operations: Mapping[str, Operation],
) -> tuple[EmptyCondition, ...]:
    """Play ``scenario`` once more on the empty ``store``; return the ways that were not taken because a name was empty."""
    conditions = {
        flow.condition: (diagram, flow)
        for diagram in package.diagrams.values()
        for flow in diagram.flows.values()
        if flow.condition
    }
    found: dict[str, dict[str, None]] = {}

    def watch(text: str, paths: tuple[str, ...]) -> None:
        if text in conditions:
            found.setdefault(text, {}).update(dict.fromkeys(paths))

    play(store, package, scenario, calendars, operations, WatchedFunctions(FUNCTIONS, watch, empty=True))
    return tuple(_told(package, *conditions[text], tuple(names)) for text, names in list(found.items())[:_SHOWN])


def _told(package: Package, diagram: Diagram, flow: Flow, names: tuple[str, ...]) -> EmptyCondition:
    decision, target = (diagram.elements[ident].name or ident for ident in (flow.source, flow.target))
    way = flow.name or target
    places = [where_set(package, name) for name in names]
    zh = "；".join(f"“{name}”是空的（{place.zh}）" for name, place in zip(names, places, strict=True))
    en = "; ".join(f"“{name}” is empty ({place.en})" for name, place in zip(names, places, strict=True))
    words = Text(
        f"判断“{decision}”没有走“{way}”：条件 {flow.condition} 里，{zh}。",
        f"Decision “{decision}” did not take “{way}”: in the condition {flow.condition}, {en}.",
    )
    return EmptyCondition(diagram.process_id, flow.source, flow.condition, names, words)
