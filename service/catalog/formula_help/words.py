"""The words that a formula may use at its place: names with what is inside them, and functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from service.catalog.bpmn.model import Diagram
from service.catalog.feel import FUNCTIONS
from service.catalog.formula_help.places import form_of, names_at, types_at
from service.catalog.formula_names.names import FormulaName, by_name
from service.catalog.formula_names.package_names import UNTOLD, package_names
from service.catalog.formula_names.record_names import OTHER_NAMES, RECORD_NAMES, form_names
from service.catalog.manual.functions import EXAMPLES
from service.catalog.package import Package
from service.catalog.rules.scopes import Names
from service.domain.feel import FunctionSet, TypeScope
from service.domain.forms.expressions import FUNCTIONS as FORM_FUNCTIONS
from service.domain.text import Text

_VARIABLE = Text("流程中的值", "value of the process")


@dataclass(frozen=True, slots=True)
class FunctionWord:
    """A function: its parameters, what it does, and an example."""

    name: str
    parameters: tuple[str, ...]
    does: Text
    example: str


@dataclass(frozen=True, slots=True)
class Words:
    """What may be written at a place; ``callable`` are the functions themselves."""

    names: tuple[FormulaName, ...]
    functions: tuple[FunctionWord, ...]
    scope: Names
    types: TypeScope
    callable: FunctionSet = FUNCTIONS


@lru_cache(maxsize=32)
def words_at(package: Package, file: str, element: str, field: str) -> Words:
    """Return the words of a place; raises like ``names_at``."""
    scope = names_at(package, file, element, field)
    names = by_name(_iterate_all_names(package, file))
    scope_names = (
        _restrict_parts(names.get(name) or FormulaName(name), scope)
        for name in sorted(scope.known - frozenset(scope.elsewhere))
    )
    types = types_at(package, file, element, scope)
    callable_ = FORM_FUNCTIONS if form_of(package, file) else FUNCTIONS
    return Words(
        tuple(scope_names),
        tuple(function_word for function_word in list_function_words() if function_word.name in callable_),
        scope,
        types,
        callable_,
    )


def _restrict_parts(name: FormulaName, scope: Names) -> FormulaName:
    """Return ``name`` with exactly those parts that may be read here."""
    parts = scope.parts.get(name.name)
    if parts is None:
        return name
    inside = by_name(name.entries)
    more = () if name.is_list else (inside.get(part) or FormulaName(part) for part in sorted(parts - inside.keys()))
    return replace(name, entries=(*(e for e in name.entries if name.is_list or e.name in parts), *more))


def _iterate_all_names(package: Package, file: str) -> Iterator[FormulaName]:
    """Yield every name that is known in the package, the nearest first."""
    diagram = package.diagrams.get(file)
    if diagram is not None:
        yield from _iterate_variables(diagram)
    if (form := form_of(package, file)) is not None:
        yield from _with_rows(form_names(package, form))
    diagram_first = diagram.process_id if diagram is not None else ""
    yield from package_names(package, diagram_first)
    yield from RECORD_NAMES
    yield from OTHER_NAMES
    for other in package.diagrams.values():
        yield from _iterate_variables(other)


def _with_rows(names: tuple[FormulaName, ...]) -> Iterator[FormulaName]:
    """Yield the fields of a form, then those of the rows in it, which are read there by their own names."""
    yield from names
    for name in names:
        yield from _with_rows(name.entries)


def _iterate_variables(diagram: Diagram) -> Iterator[FormulaName]:
    meanings = diagram.meanings
    for name, kind in diagram.variables.items():
        yield FormulaName(name, kind, meanings[name].text if name in meanings and meanings[name].text.zh else _VARIABLE)


@lru_cache(maxsize=1)
def list_function_words() -> tuple[FunctionWord, ...]:
    """Return every function with its help, those of time first."""
    return tuple(_iterate_functions())


def _iterate_functions() -> Iterable[FunctionWord]:
    for example in EXAMPLES:
        function = FUNCTIONS.get(example.name)
        if function is not None:
            needed = function.required if function.required is not None else len(function.parameters)
            yield FunctionWord(example.name, function.parameters[:needed], example.does, example.expression)


def called(package: Package, paths: Iterable[str]) -> tuple[Text, ...]:
    """Return what each dotted path is called, each once; one that nothing names is called by itself."""
    names = package.derived("names of facts", lambda: by_name([*package_names(package, values=False), *RECORD_NAMES]))
    return tuple(dict.fromkeys(_called(path, names) for path in paths))


def without_values(package: Package, paths: Iterable[str]) -> Text | None:
    """Return in a sentence which facts have no value, None for none."""
    names = called(package, paths)
    if not names:
        return None
    zh, en = "、".join(f"“{name.zh}”" for name in names), ", ".join(f"“{name.en}”" for name in names)
    return Text(f"没有值的是{zh}", f"without a value: {en}")


def _called(path: str, names: Mapping[str, FormulaName]) -> Text:
    label, inside = Text("", ""), names
    for part in path.split("."):
        name = inside.get(part.partition("[")[0])
        if name is None or not name.label.zh or name.label == UNTOLD:
            return Text(path, path)
        label, inside = name.label, by_name(name.entries)
    return label
