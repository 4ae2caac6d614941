"""Check a package completely: the rules of the catalog, and what the library refuses."""

from __future__ import annotations

from service.catalog import Package, Problem, Severity, errors_of
from service.catalog.check import check_package
from service.engine import Engine


def check_whole(engine: Engine, package: Package) -> tuple[Problem, ...]:
    """Return every problem of ``package``, errors first; the engine is asked for diagrams that keep every rule."""
    found = check_package(package)
    if not errors_of(found):
        found += engine.refused(package.diagram_files)
    return tuple(sorted(found, key=lambda p: (p.severity is not Severity.ERROR, p.file, p.element or "")))
