"""What every rule sees: the package and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

from service.catalog.award import ProcessInfo
from service.catalog.bpmn.model import Diagram, Element
from service.catalog.forms import FormMistake, form_keys, parse_form
from service.catalog.package import Package
from service.catalog.problems import Problem, Severity
from service.catalog.scoring import CONSENSUS, SCORE
from service.domain.errors import Invalid
from service.domain.text import Text


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """A package under check.

    ``kinds`` maps a process id to the kinds of case that run it (directly or through calls),
    ``schemas`` form ids to schemas, ``keys`` form ids to the top-level keys they submit.
    """

    package: Package
    kinds: Mapping[str, tuple[ProcessInfo, ...]]
    schemas: Mapping[str, dict[str, Any]]
    keys: Mapping[str, frozenset[str]]

    def elements(self) -> Iterator[tuple[Diagram, Element]]:
        """Yield every element with its diagram."""
        for diagram in self.package.diagrams.values():
            for element in diagram.elements.values():
                yield diagram, element


Rule: TypeAlias = Callable[[Checked], Iterator[Problem]]


def prepare(package: Package) -> Checked:
    """Compute what the rules share."""
    schemas = dict(_schemas(package))
    keys = {ident: form_keys(schema) for ident, schema in schemas.items()}
    return Checked(package, _kinds(package), schemas, keys | dict(_sheets(package)))


def _schemas(package: Package) -> Iterator[tuple[str, dict[str, Any]]]:
    for ident, path in package.forms.items():
        try:
            yield ident, parse_form(package.files[path], path)
        except FormMistake:
            continue


def _sheets(package: Package) -> Iterator[tuple[str, frozenset[str]]]:
    for ident in package.parts.scoring:
        for form in (f"{SCORE}{ident}", f"{CONSENSUS}{ident}"):
            with suppress(Invalid):  # the file's own problem is reported when it is checked
                yield form, form_keys(package.form(form))


def _kinds(package: Package) -> dict[str, tuple[ProcessInfo, ...]]:
    found: dict[str, list[ProcessInfo]] = {}
    for kind in package.award.processes.values():
        waiting, seen = [kind.process], set[str]()
        while waiting:
            process = waiting.pop()
            diagram = package.processes.get(process)
            if process in seen or diagram is None:
                continue
            seen.add(process)
            found.setdefault(process, []).append(kind)
            waiting.extend(call.called for call in diagram.calls)
    return {process: tuple(kinds) for process, kinds in found.items()}


def error(file: str, element: str, rule: str, zh: str, en: str, remedy: Text) -> Problem:
    """Make an error."""
    return Problem(file, element, rule, Text(zh, en), remedy)


def warning(file: str, element: str, rule: str, zh: str, en: str, remedy: Text) -> Problem:
    """Make a warning."""
    return Problem(file, element, rule, Text(zh, en), remedy, Severity.WARNING)


def is_shared(file: str) -> bool:
    """Tell whether a file belongs to the shared pieces."""
    return file.startswith(("processes/shared/", "forms/shared/"))
