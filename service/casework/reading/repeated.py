"""Elements at which one case may stand several times at once: their tasks and waits are more than their cases."""

from __future__ import annotations

from collections import Counter

from service.catalog import Diagram, Kind, Package

_FORKS = (Kind.PARALLEL, Kind.INCLUSIVE)


def may_repeat(package: Package, process: str) -> bool:
    """Return whether one case may stand at an element of the diagram more than once."""
    return process in package.derived("repeated diagrams", lambda: _repeated(package))


def _repeated(package: Package) -> frozenset[str]:
    """Return the diagrams with a fork or a loop over several, those called in several places, and what they call."""
    called = Counter(call.called for diagram in package.processes.values() for call in diagram.calls)
    found = {ident for ident, diagram in package.processes.items() if called[ident] > 1 or _forks(diagram)}
    queue = list(found)
    while queue:
        diagram = package.processes.get(queue.pop())
        fresh = {call.called for call in diagram.calls} - found if diagram else set()
        found |= fresh
        queue += fresh
    return frozenset(found)


def _forks(diagram: Diagram) -> bool:
    """Return whether several tokens may run on the diagram at once."""
    return any(
        element.multi
        or element.kind in _FORKS
        or (element.attached_to and not element.interrupting)
        or element.event_subprocess
        for element in diagram.elements.values()
    )
