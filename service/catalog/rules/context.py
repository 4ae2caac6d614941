"""The context of rules: the package and what is derived from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from service.catalog.award import ProcessInfo
from service.catalog.bpmn.model import Diagram, Element
from service.catalog.forms.forms import FormMistake, form_keys, keys_of_file, parse_form
from service.catalog.law.law import Law
from service.catalog.package import Package
from service.catalog.problems import Problem, Severity, did_you_mean
from service.catalog.scoring.scoring import CONSENSUS, SCORE
from service.domain.errors import Invalid
from service.domain.text import Text


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """A package under check.

    ``diagrams`` are those that are looked at now, by path: all, or one. ``kinds`` maps a process id to the kinds of case
    that run it (directly or through calls), ``schemas`` form ids to schemas, ``keys`` form ids to the top-level keys they
    submit, ``filled_in`` forms to the keys and names of the kinds of case in which they are filled in. ``memory`` holds
    what was found before, by all that it depends on: who checks a changed package hands on that of the package before.
    """

    package: Package
    diagrams: Mapping[str, Diagram]
    kinds: Mapping[str, tuple[ProcessInfo, ...]]
    schemas: Mapping[str, dict[str, Any]]
    keys: Mapping[str, frozenset[str]]
    filled_in: Mapping[str, Mapping[str, str]]
    memory: dict[object, Any] = field(default_factory=dict)
    _pieces: tuple[object, ...] = ()

    def elements(self) -> Iterator[tuple[Diagram, Element]]:
        """Yield every element that is looked at, with its diagram."""
        for diagram in self.diagrams.values():
            for element in diagram.elements.values():
                yield diagram, element

    def only(self, diagram: Diagram) -> Checked:
        """Return the same package with one diagram to look at."""
        return replace(self, diagrams={diagram.file: diagram})

    def once(self, what: object, find: Callable[[], Found], diagram: Diagram | None = None) -> Found:
        """Return what ``find`` finds, which depends on the pieces that are no diagrams and, where given, on ``diagram``."""
        runs = tuple(kind.key for kind in self.kinds.get(diagram.process_id, ())) if diagram else ()
        key = (what, diagram, runs, self._pieces)
        if key not in self.memory:
            self.memory[key] = find()
        result: Found = self.memory[key]
        return result

    def once_alone(self, what: object, diagram: Diagram, find: Callable[[], Found]) -> Found:
        """Return what ``find`` finds, which depends on ``diagram`` alone."""
        key = (what, diagram)
        if key not in self.memory:
            self.memory[key] = find()
        result: Found = self.memory[key]
        return result

    def for_now(self, what: object, find: Callable[[], Found]) -> Found:
        """Return what ``find`` finds, which may depend on the whole package."""
        package, value = self.memory.get(what, (None, None))
        if package is not self.package:
            value = find()
            self.memory[what] = (self.package, value)
        result: Found = value
        return result


Found = TypeVar("Found")


def prepare_check(package: Package, memory: dict[object, Any] | None = None) -> Checked:
    """Compute what the rules share; ``memory`` is that of an earlier check."""
    pieces = frozenset((path, content) for path, content in package.files.items() if not path.endswith(".bpmn"))
    kinds, schemas = _map_kinds(package), dict(_iterate_schemas(package))
    read = ((ident, package.forms[ident]) for ident in schemas)
    keys = {ident: keys_of_file(package.files[path], path) for ident, path in read} | dict(_iterate_sheet_keys(package))
    filled_in = _filled_in(package, kinds)
    token = frozenset((form, *sorted(by)) for form, by in filled_in.items())
    depends = (package.key, pieces, token, frozenset(package.operations))
    cache = {} if memory is None else memory
    if depends in cache:  # the very same object: to compare thousands of keys by their contents takes long
        depends = cache[depends]
    else:
        cache[depends] = depends
    return Checked(package, package.diagrams, kinds, schemas, keys, filled_in, cache, depends)


def _filled_in(package: Package, kinds: Mapping[str, tuple[ProcessInfo, ...]]) -> dict[str, dict[str, str]]:
    kinds_by_form: dict[str, dict[str, str]] = {}
    award = package.award
    for diagram in package.diagrams.values():
        for element in diagram.elements.values():
            for kind in kinds.get(diagram.process_id, ()) if element.form else ():
                kinds_by_form.setdefault(element.form, {})[kind.key] = kind.name
    for kind in award.processes.values():
        kinds_by_form.setdefault(kind.start_form or "", {})[kind.key] = kind.name
    for action in award.actions.values():
        if (of := award.processes.get(action.process)) is not None:
            kinds_by_form.setdefault(action.form or "", {})[of.key] = of.name
    return kinds_by_form


def _iterate_schemas(package: Package) -> Iterator[tuple[str, dict[str, Any]]]:
    for ident, path in package.forms.items():
        try:
            yield ident, parse_form(package.files[path], path)
        except FormMistake:
            continue


def _iterate_sheet_keys(package: Package) -> Iterator[tuple[str, frozenset[str]]]:
    for ident in package.parts.scoring:
        for form in (f"{SCORE}{ident}", f"{CONSENSUS}{ident}"):
            with suppress(Invalid):  # the file's own problem is reported when it is checked
                yield form, form_keys(package.form(form))


def _map_kinds(package: Package) -> dict[str, tuple[ProcessInfo, ...]]:
    kinds_by_process: dict[str, list[ProcessInfo]] = {}
    for kind in package.award.processes.values():
        waiting, seen = [kind.process], set[str]()
        while waiting:
            process = waiting.pop()
            diagram = package.processes.get(process)
            if process in seen or diagram is None:
                continue
            seen.add(process)
            kinds_by_process.setdefault(process, []).append(kind)
            waiting.extend(call.called for call in diagram.calls)
    return {process: tuple(kinds) for process, kinds in kinds_by_process.items()}


def build_error_problem(
    file: str, element: str, rule: str, zh: str, en: str, remedy: Text, *, word: str = ""
) -> Problem:
    """Make an error; ``word`` is the name or text that is wrong."""
    return Problem(file, element, rule, Text(zh, en), remedy, word=word)


def build_warning_problem(
    file: str, element: str, rule: str, zh: str, en: str, remedy: Text, *, word: str = ""
) -> Problem:
    """Make a warning; ``word`` is the name or text that is wrong, or what to write instead."""
    return Problem(file, element, rule, Text(zh, en), remedy, Severity.WARNING, word=word)


def unknown_clause(file: str, place: str, clause: str, law: Law) -> Problem:
    """Make the error of a clause that does not stand in the register."""
    zh, en = f"条款登记中没有“{clause}”。", f"The register has no clause “{clause}”."
    remedy = did_you_mean(clause, law.clauses)
    return build_error_problem(file, place, "unknown_clause", zh, en, remedy, word=clause)


def is_shared(file: str) -> bool:
    """Tell whether a file belongs to the shared pieces."""
    return file.startswith(("processes/shared/", "forms/shared/"))
