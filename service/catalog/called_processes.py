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
        [(diagrams[process], next_element) for next_element in _list_following(diagrams[process], element)]
        if process in diagrams
        else []
    )
    seen: set[tuple[str, str]] = set()
    while waiting:
        diagram, element_ahead = waiting.pop()
        if (diagram.process_id, element_ahead.id) in seen:
            continue
        seen.add((diagram.process_id, element_ahead.id))
        if element_ahead.operation is not None and element_ahead.operation.operation == _POST:
            return True
        if element_ahead.kind in _WAITS:
            continue
        waiting += _list_onward(diagrams, diagram, element_ahead)
    return False


def _list_onward(diagrams: Mapping[str, Diagram], diagram: Diagram, element: Element) -> list[tuple[Diagram, Element]]:
    called = diagrams.get(element.called) if element.kind is Kind.CALL and element.called else None
    if called is not None:
        return [(called, start) for start in called.of(Kind.START) if not start.parent]
    if element.kind.is_scope:
        return [(diagram, start) for start in diagram.of(Kind.START) if start.parent == element.id]
    if element.kind is not Kind.END:
        return [(diagram, next_element) for next_element in _list_following(diagram, element.id)]
    if element.parent:
        return [(diagram, next_element) for next_element in _list_following(diagram, element.parent)]
    callers = ((other, call) for other in diagrams.values() for call in other.of(Kind.CALL))
    return [
        (other, next_element)
        for other, call in callers
        if call.called == diagram.process_id
        for next_element in _list_following(other, call.id)
    ]


def _list_following(diagram: Diagram, element: str) -> list[Element]:
    return [diagram.elements[flow.target] for flow in diagram.outgoing(element)]
