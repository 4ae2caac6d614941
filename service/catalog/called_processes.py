"""Which processes a process runs: itself and every one that it calls."""

from __future__ import annotations

from service.catalog.package import Package


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
