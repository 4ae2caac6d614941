"""Diagnosis of a failed scenario: ways of decisions that were not taken because a name in their condition was empty."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from service.casework.simulate.playing.play import play
from service.casework.simulate.playing.scenario_coverage import Visited, passed_through
from service.casework.simulate.scenarios.scenario import Move, Scenario
from service.casework.simulate.stage.follower import Follower
from service.casework.simulate.stage.stage import PlayState
from service.catalog import Package
from service.catalog.bpmn.model import Diagram, Flow
from service.catalog.feel import FUNCTIONS
from service.catalog.settings.where_set import where_set
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


class _Beating(Follower):
    """Calls ``beat`` before each step, which may end the play by an exception."""

    def __init__(self, beat: Callable[[int], None]) -> None:
        self._beat = beat

    def before(self, stage: PlayState, move: Move) -> None:  # noqa: ARG002  a follower may look at the stage
        """Tell that a step begins."""
        self._beat(move.number)


def empty_conditions(
    store: Store,
    package: Package,
    scenario: Scenario,
    calendars: Mapping[str, WorkingCalendar],
    operations: Mapping[str, Operation],
    *,
    beat: Callable[[int], None] = lambda _number: None,
) -> tuple[EmptyCondition, ...]:
    """Play ``scenario`` once more on the empty ``store``; return the ways that were not taken because a name was empty.

    Of ways with the same condition those count whose decision the season came to. ``beat`` is called before each step
    and may end the play by an exception.
    """
    conditions: dict[str, list[tuple[Diagram, Flow]]] = {}
    for diagram in package.diagrams.values():
        for flow in diagram.flows.values():
            if flow.condition:
                conditions.setdefault(flow.condition, []).append((diagram, flow))
    found: dict[str, dict[str, None]] = {}

    def watch(text: str, paths: tuple[str, ...]) -> None:
        if text in conditions:
            found.setdefault(text, {}).update(dict.fromkeys(paths))

    watched = WatchedFunctions(FUNCTIONS, watch, empty=True)
    play(store, package, scenario, calendars, operations, watched, follower=_Beating(beat))
    reached = passed_through(store) if found else frozenset()
    told = (
        _told(package, diagram, flow, tuple(names))
        for text, names in found.items()
        for diagram, flow in _come_to(conditions[text], reached)
    )
    return tuple(islice(told, _SHOWN))


def _come_to(ways: list[tuple[Diagram, Flow]], reached: Visited) -> Iterator[tuple[Diagram, Flow]]:
    """Yield the ways whose decision was ``reached``; all where none was, as one that found no way at all is not kept."""
    there = [(diagram, flow) for diagram, flow in ways if (diagram.process_id, flow.source) in reached]
    yield from there or ways


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
