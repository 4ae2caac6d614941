"""The check of a package together with the engine's own."""

from __future__ import annotations

from typing import Any

from service.catalog import Package, Problem, Severity, errors_of
from service.catalog.check import check_package
from service.catalog.rules.places import add_place
from service.engine import refused


def check_whole(package: Package, memory: dict[object, Any] | None = None) -> tuple[Problem, ...]:
    """Return every problem of ``package``, errors first; the library is asked for diagrams that keep every rule.

    ``memory`` holds what was found of this package before one of its files changed: the rest is not looked at again.
    """
    cache = {} if memory is None else memory
    problems = check_package(package, cache)
    if not errors_of(problems):
        for path, content in package.diagram_files.items():
            if (path, content) not in cache:
                cache[path, content] = tuple(add_place(package, p) for p in refused({path: content}))
            problems += cache[path, content]
    return tuple(sorted(problems, key=lambda p: (p.severity is not Severity.ERROR, p.file, p.element or "")))
