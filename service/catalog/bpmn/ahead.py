"""Elements ahead of an element: their order, the timers that end there, the names still to be written."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from service.catalog.bpmn.model import Diagram, Element, Flow, Kind

DEPTH = 12
"""How deep calls are followed; a diagram that calls itself has no end."""


@dataclass(frozen=True, slots=True)
class Order:
    """The elements ahead of one, each behind all that lead to it, and the flows that lead back."""

    sequence: tuple[str, ...]
    back: frozenset[tuple[str, str]]


@lru_cache(maxsize=4096)
def order_from(diagram: Diagram, parent: str, start: str) -> Order:
    """Return what lies ahead of ``start`` in its scope, by flows and by timers that interrupt."""
    return in_order(start, lambda ident: _list_next(diagram, parent, ident), diagram.elements)


def in_order(start: str, next_of: Callable[[str], Iterable[str]], node_ids: Container[str]) -> Order:
    """Return what can be reached from ``start``, by depth-first search over what is ``node_ids``."""
    back: set[tuple[str, str]] = set()
    open_: set[str] = {start}
    done: list[str] = []
    seen = {start}
    stack = [(start, iter(next_of(start)))]
    while stack:
        ident, followers = stack[-1]
        follower = next(followers, None)
        if follower is None:
            stack.pop()
            open_.discard(ident)
            done.append(ident)
        elif follower in open_:
            back.add((ident, follower))
        elif follower not in seen and follower in node_ids:
            seen.add(follower)
            open_.add(follower)
            stack.append((follower, iter(next_of(follower))))
    return Order(tuple(reversed(done)), frozenset(back))


def _list_next(diagram: Diagram, parent: str, ident: str) -> list[str]:
    flows = [flow.target for flow in list_outgoing_flows(diagram, ident) if flow.parent == parent]
    return flows + [boundary.id for boundary in list_interrupting_timers(diagram, ident)]


@lru_cache(maxsize=8192)
def list_outgoing_flows(diagram: Diagram, ident: str) -> tuple[Flow, ...]:
    """Return the flows that leave an element."""
    return diagram.outgoing(ident)


@lru_cache(maxsize=8192)
def list_interrupting_timers(diagram: Diagram, ident: str) -> tuple[Element, ...]:
    """Return the interrupting timers attached to an element."""
    return tuple(
        e for e in diagram.of(Kind.BOUNDARY) if e.attached_to == ident and e.timer is not None and e.interrupting
    )


def writes_after(diagram: Diagram, ident: str, processes: Mapping[str, Diagram]) -> frozenset[str]:
    """Return the names that are written by ``ident`` and whatever lies ahead of it."""
    return _collect_written_names(diagram, diagram.elements[ident].parent, ident, Processes(processes), 0)


class Processes:
    """The diagrams of a package, to be a key of a cache by identity."""

    __slots__ = ("of",)

    def __init__(self, of: Mapping[str, Diagram]) -> None:
        self.of = of

    def __hash__(self) -> int:
        return id(self.of)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Processes) and other.of is self.of


@lru_cache(maxsize=16384)
def is_plain(diagram: Diagram, ident: str, processes: Processes, depth: int = 0) -> bool:
    """Say whether an element neither waits for time, nor ends at one, nor holds anything that does."""
    element = diagram.elements[ident]
    if (
        list_interrupting_timers(diagram, ident)
        or element.timer is not None
        or (element.kind is Kind.USER_TASK and element.due)
    ):
        return False
    if element.kind.is_scope:
        return all(is_plain(diagram, e.id, processes, depth) for e in diagram.elements.values() if e.parent == ident)
    inner = processes.of.get(element.called) if element.kind is Kind.CALL and depth < DEPTH else None
    return inner is None or all(is_plain(inner, e, processes, depth + 1) for e in inner.elements)


@lru_cache(maxsize=4096)
def may_end(diagram: Diagram, parent: str, start: str, processes: Processes, depth: int) -> bool:
    """Say whether anything ahead of ``start`` has a day of its own or a timer that interrupts it."""
    for ident in order_from(diagram, parent, start).sequence:
        element = diagram.elements[ident]
        if ident != start and (
            list_interrupting_timers(diagram, ident) or (element.kind is Kind.USER_TASK and element.due)
        ):
            return True
        inner = diagram if element.kind.is_scope else processes.of.get(element.called)
        if ident == start or inner is None or depth >= DEPTH:
            continue
        scope = element.id if element.kind.is_scope else ""
        begin = next((e.id for e in inner.of(Kind.START) if e.parent == scope), None)
        if begin is not None and may_end(inner, scope, begin, processes, depth + 1):
            return True
    return False


@lru_cache(maxsize=4096)
def _collect_written_names(
    diagram: Diagram, parent: str, start: str, processes: Processes, depth: int
) -> frozenset[str]:
    names: set[str] = set()
    for ident in order_from(diagram, parent, start).sequence:
        element = diagram.elements[ident]
        names.update(name.rsplit(".", 1)[-1] for name in element.routes)
        names.update(name for name in (element.message_variable,) if name)
        if element.operation is not None:
            names.update(name for name in (element.operation.result,) if name)
            names.add("case")  # an operation may record facts of the case
        if element.multi is not None:
            names.update(name for name in (element.multi.outputs, element.multi.output) if name)
        inner = processes.of.get(element.called) if element.kind is Kind.CALL else None
        if inner is not None and depth < DEPTH:
            begin = next((e.id for e in inner.of(Kind.START) if not e.parent), None)
            names.update(_collect_written_names(inner, "", begin, processes, depth + 1) if begin else ())
            names.update(inner.outputs)
        if element.kind.is_scope:
            begin = next((e.id for e in diagram.of(Kind.START) if e.parent == element.id), None)
            names.update(_collect_written_names(diagram, element.id, begin, processes, depth + 1) if begin else ())
    return frozenset(names)
