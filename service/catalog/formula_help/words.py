"""The words that a formula may use at its place: names with what is inside them, and functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from service.catalog.feel import FUNCTIONS
from service.catalog.formula_help.form_names import form_names
from service.catalog.formula_help.form_place import form_of
from service.catalog.formula_help.names import FormulaName, by_name
from service.catalog.formula_help.places import names_at
from service.catalog.formula_help.record_names import CASE_NAMES, OTHER_NAMES, RECORD_NAMES, SUBMISSION_NAMES
from service.catalog.manual.functions import EXAMPLES
from service.catalog.package import Package
from service.catalog.parameters import Parameter, Unit
from service.catalog.rules.scopes import Names
from service.catalog.source.yaml import YamlMap, YamlValue, parse_yaml
from service.domain.feel import FunctionSet
from service.domain.forms.expressions import FUNCTIONS as FORM_FUNCTIONS
from service.domain.text import Text

_UNITS = {
    Unit.BOOLEAN: "boolean", Unit.DATE: "date", Unit.TEXT: "string", Unit.CHOICE: "string", Unit.LIST: "list", Unit.TABLE: "list",
}  # fmt: skip
_VARIABLE, _PARAMETERS = Text("流程中的值", "value of the process"), Text("参数", "settings")


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
    callable: FunctionSet = FUNCTIONS


@lru_cache(maxsize=32)
def words_at(package: Package, file: str, element: str, field: str) -> Words:
    """Return the words of a place; raises like ``names_at``."""
    scope = names_at(package, file, element, field)
    known = by_name(_everything(package, file))
    found = (
        _fitting(known.get(name) or FormulaName(name), scope)
        for name in sorted(scope.known - frozenset(scope.elsewhere))
    )
    callable_ = FORM_FUNCTIONS if form_of(package, file) else FUNCTIONS
    return Words(tuple(found), tuple(one for one in functions() if one.name in callable_), scope, callable_)


def _fitting(name: FormulaName, scope: Names) -> FormulaName:
    """Return ``name`` with exactly those parts that may be read here."""
    parts = scope.parts.get(name.name)
    if parts is None:
        return name
    inside = by_name(name.entries)
    more = () if name.is_list else (inside.get(part) or FormulaName(part) for part in sorted(parts - inside.keys()))
    return replace(name, entries=(*(e for e in name.entries if name.is_list or e.name in parts), *more))


def _everything(package: Package, file: str) -> Iterator[FormulaName]:
    """Yield every name that is known in the package, the nearest first."""
    diagram = package.diagrams.get(file)
    if diagram is not None:
        yield from _variables(diagram.variables)
    if (form := form_of(package, file)) is not None:
        yield from _with_rows(form_names(package, form))
    yield FormulaName("param", "context", _PARAMETERS, tuple(_parameter(p) for p in package.award.parameters.values()))
    facts = {key: tuple(_facts(package, key)) for key in package.award.processes}
    for ident in package.forms:
        label = Text(f"表单“{_title(package, ident)}”", f"form {ident}")
        of_case = (*facts[ident], *CASE_NAMES) if ident in facts else ()
        yield FormulaName(ident, "context", label, (*form_names(package, ident), *SUBMISSION_NAMES, *of_case))
    yield FormulaName("case", "context", Text("本办件", "this case"), _case_facts(package, file, facts))
    for key, kind in package.award.processes.items():
        label = Text(f"上级办件“{kind.text.zh}”", f"the case above, {kind.text.en}")
        yield FormulaName(key, "context", label, (*facts[key], *CASE_NAMES))
    yield from RECORD_NAMES
    yield from OTHER_NAMES
    for other in package.diagrams.values():
        yield from _variables(other.variables)


def _with_rows(names: tuple[FormulaName, ...]) -> Iterator[FormulaName]:
    """Yield the fields of a form, then those of the rows in it, which are read there by their own names."""
    yield from names
    for name in names:
        yield from _with_rows(name.entries)


def _variables(variables: Mapping[str, str]) -> Iterator[FormulaName]:
    return (FormulaName(name, kind, _VARIABLE) for name, kind in variables.items())


def _case_facts(package: Package, file: str, facts: Mapping[str, tuple[FormulaName, ...]]) -> tuple[FormulaName, ...]:
    diagram = package.diagrams.get(file)
    first = [key for key, kind in package.award.processes.items() if diagram and kind.process == diagram.process_id]
    order = [*first, *(key for key in facts if key not in first)]
    return tuple(by_name([*(name for key in order for name in facts[key]), *CASE_NAMES]).values())


def _parameter(parameter: Parameter) -> FormulaName:
    return FormulaName(parameter.id, _UNITS.get(parameter.unit, "number"), parameter.text)


def _facts(package: Package, key: str) -> Iterator[FormulaName]:
    said = _remarks(package.files[package.award_file], package.award_file).get(key, {})
    for name, kind in package.award.processes[key].facts.items():
        remark = said.get(name, "")
        yield FormulaName(name, kind, Text(remark, remark) if remark else Text("办件的事实", "fact of the case"))


@lru_cache(maxsize=64)
def _remarks(content: bytes, file: str) -> Mapping[str, Mapping[str, str]]:
    """Return what award.yaml remarks behind each fact, by kind of case: its comment is its meaning in Chinese."""
    lines = content.decode().splitlines()
    found: dict[str, dict[str, str]] = {}
    for key, kind in _entries(_entry(parse_yaml(content, file), "processes")).items():
        facts = _entry(kind, "facts")
        if isinstance(facts, YamlMap):
            found[key] = {name: lines[line - 1].partition(" #")[2].strip() for name, line in facts.lines.items()}
    return found


def _entry(found: YamlValue, key: str) -> YamlValue:
    return _entries(found).get(key)


def _entries(found: YamlValue) -> Mapping[str, YamlValue]:
    return found.entries if isinstance(found, YamlMap) else {}


def _title(package: Package, ident: str) -> str:
    schema = package.form(ident)
    return str((schema.get("properties") or {}).get("title") or ident)


@lru_cache(maxsize=1)
def functions() -> tuple[FunctionWord, ...]:
    """Return every function with its help, those of time first."""
    return tuple(_functions())


def _functions() -> Iterable[FunctionWord]:
    for example in EXAMPLES:
        function = FUNCTIONS.get(example.name)
        if function is not None:
            needed = function.required if function.required is not None else len(function.parameters)
            yield FunctionWord(example.name, function.parameters[:needed], example.does, example.expression)
