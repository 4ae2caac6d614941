"""Processes with those that they call, and what lies ahead through calls."""

from __future__ import annotations

from collections.abc import Mapping

from service.catalog.bpmn.model import Diagram, Element, Kind
from service.catalog.package import Package

_POST = "notice.post"
_WAITS = frozenset({Kind.USER_TASK, Kind.RECEIVE_TASK, Kind.CATCH})


def with_called(package: Package, process: str) -> frozenset[str]:
    """Return ``process`` with every one it calls, directly or not: found once for a version of the package."""
    return package.derived(("called", process), lambda: frozenset(_called_from(package, process)))


def _called_from(package: Package, process: str) -> set[str]:
    seen: set[str] = set()
    queue = [process]
    while queue:
        ident = queue.pop()
        if ident in seen or ident not in package.processes:
            continue
        seen.add(ident)
        queue += [call.called for call in package.processes[ident].calls]
    return seen


def may_post_notice(package: Package, process: str, element: str) -> bool:
    """Tell whether a notice may be posted after ``element`` before anybody acts or anything is waited for."""
    return package.derived(("posts a notice", process, element), lambda: _posts_next(package, process, element))


def _posts_next(package: Package, process: str, element: str) -> bool:
    diagrams = {diagram.process_id: diagram for diagram in package.diagrams.values()}
    waiting = (
        [(diagrams[process], found) for found in _after(diagrams[process], element)] if process in diagrams else []
    )
    seen: set[tuple[str, str]] = set()
    while waiting:
        diagram, here = waiting.pop()
        if (diagram.process_id, here.id) in seen:
            continue
        seen.add((diagram.process_id, here.id))
        if here.operation is not None and here.operation.operation == _POST:
            return True
        if here.kind in _WAITS:
            continue
        waiting += _onward(diagrams, diagram, here)
    return False


def _onward(diagrams: Mapping[str, Diagram], diagram: Diagram, here: Element) -> list[tuple[Diagram, Element]]:
    called = diagrams.get(here.called) if here.kind is Kind.CALL and here.called else None
    if called is not None:
        return [(called, start) for start in called.of(Kind.START) if not start.parent]
    if here.kind.is_scope:
        return [(diagram, start) for start in diagram.of(Kind.START) if start.parent == here.id]
    if here.kind is not Kind.END:
        return [(diagram, found) for found in _after(diagram, here.id)]
    if here.parent:
        return [(diagram, found) for found in _after(diagram, here.parent)]
    callers = ((other, call) for other in diagrams.values() for call in other.of(Kind.CALL))
    return [
        (other, found)
        for other, call in callers
        if call.called == diagram.process_id
        for found in _after(other, call.id)
    ]


def _after(diagram: Diagram, element: str) -> list[Element]:
    return [diagram.elements[flow.target] for flow in diagram.outgoing(element)]
