"""Rows of a scenario as forms: the words of a step, typed inputs for what its form asks, the rest as it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.casework.simulate.records import KINDS
from service.casework.simulate.scenario_text import as_typed, flow
from service.casework.simulate.step_words import verb_words
from service.catalog import Package
from service.catalog.scenario_words import VERBS
from service.catalog.source.yaml import YamlMistake, parse_yaml, plain
from service.domain.errors import Invalid, LaurelError
from service.domain.text import Text

_OWN = ("at", "as", "case", "name", "parent", "for")
_FIRST = ("at", "as", "case")
_FORMS = ("complete", "each", "start", "lodge", "action", "public")
_INPUTS = {"number": "number", "datetime": "date"}
_CHOOSING = ("radio", "select")
_TEXTS = ("textfield", "textarea", *_CHOOSING)


@dataclass(frozen=True, slots=True)
class Answer:
    """An input for a field of the step's form; ``options`` are (value, label), ``type`` is the input's."""

    key: str
    label: str
    type: str
    value: str
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RowForm:
    """A row as inputs: ``word`` is the verb of a step or the kind of an expectation, ``what`` its value."""

    word: str
    what: str
    own: Mapping[str, str]
    answers: tuple[Answer, ...]
    refused: bool
    rest: str


def row_form(package: Package, rows: str, row: Mapping[str, Any]) -> RowForm:
    """Return ``row`` of list ``rows`` as inputs."""
    words = VERBS if rows == "steps" else KINDS
    word = next((w for w in words if w in row), "complete" if rows == "steps" else "outcome")
    own = {key: as_typed(row[key]) for key in _OWN if key in row}
    typed = word in _FORMS and isinstance(row.get("with") or {}, Mapping)
    answers = tuple(_answers(package, word, row)) if typed else ()
    known = {word, "refused", *_OWN, *(("with",) if typed else ())}
    rest = {key: value for key, value in row.items() if key not in known}
    return RowForm(word, as_typed(row.get(word)), own, answers, bool(row.get("refused")), flow(rest) if rest else "")


def read_row(package: Package, rows: str, typed: Mapping[str, str]) -> dict[str, Any]:
    """Return the row that a post says; raises Invalid for what is no YAML."""
    word = typed.get("word", "")
    if word not in (VERBS if rows == "steps" else KINDS):
        raise Invalid(Text("请选择做什么。", "Choose what is done."))
    own = {key: typed[key].strip() for key in _OWN if typed.get(key, "").strip()}
    if "at" in own:
        own["at"] = own["at"].replace("T", " ")
    row: dict[str, Any] = {key: value for key, value in own.items() if key in _FIRST}
    row[word] = _read(typed.get("what", ""))
    row |= own
    given = {
        key.removeprefix("with."): value for key, value in typed.items() if key.startswith("with.") and value.strip()
    }
    if given:
        kinds = _components(package, word, row)
        row["with"] = {key: _typed(kinds.get(key, {}), value) for key, value in given.items()}
    if typed.get("refused"):
        row["refused"] = True
    rest = _read(typed.get("rest", "")) if typed.get("rest", "").strip() else {}
    if not isinstance(rest, Mapping):
        raise Invalid(Text("“其余”应写成 {名称: 值} 的样子。", "The rest is written as {name: value}."))
    return {**row, **rest}


def day_typed(text: str) -> date:
    """Return the first day of a scenario as typed; raises Invalid."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid(Text("请填写开始日期，例如 2026-03-02。", "Enter the first day, such as 2026-03-02.")) from None


def words_of_verbs() -> tuple[tuple[str, Text], ...]:
    """Return what a step may do, in words."""
    return tuple((verb, verb_words(verb)) for verb in VERBS if verb != "calendar")


def _answers(package: Package, word: str, row: Mapping[str, Any]) -> Iterator[Answer]:
    given = row.get("with") or {}
    components = _components(package, word, row)
    for key, component in components.items():
        value = given.get(key)
        label = str(component.get("label") or component.get("dateLabel") or key)
        kind = str(component.get("type"))
        options = tuple(
            (str(o.get("value")), str(o.get("label", o.get("value")))) for o in component.get("values") or ()
        )
        if kind in _CHOOSING and options and not isinstance(value, list):
            yield Answer(key, label, "select", as_typed(value), options)
        elif kind == "checkbox":
            yield Answer(key, label, "select", as_typed(value), (("true", "是"), ("false", "否")))
        elif kind in _INPUTS and not isinstance(value, Mapping | list):
            only_date = kind == "datetime" and component.get("subtype", "date") != "date"
            yield Answer(key, label, "text" if only_date else _INPUTS[kind], as_typed(value))
        else:
            yield Answer(key, label, "text", as_typed(value))
    for key, value in given.items():
        if key not in components:
            yield Answer(str(key), str(key), "text", as_typed(value))


def _components(package: Package, word: str, row: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the top fields, groups and lists of the form that the step fills in, by key."""
    form = _form_of(package, word, str(row.get(word)))
    if not form or "{" in form or not package.has_form(form):
        return {}
    try:
        schema = package.form(form)
    except LaurelError:  # the check says what is wrong with the form
        return {}
    return {
        str(c.get("key") or c.get("path")): c for c in schema.get("components", ()) if c.get("key") or c.get("path")
    }


def _form_of(package: Package, word: str, what: str) -> str:
    if word in ("start", "lodge"):
        info = package.award.processes.get(what)
        return (info.start_form or "") if info else ""
    if word in ("action", "public"):
        action = package.award.actions.get(what)
        return (action.form or "") if action else ""
    found = (d.elements[what].form for d in package.diagrams.values() if what in d.elements)
    return next(found, "")


def _typed(component: Mapping[str, Any], text: str) -> Any:
    return text.strip() if component.get("type") in _TEXTS else _read(text)


def _read(text: str) -> Any:
    """Return a value as YAML says it; a text that is none stands for itself."""
    stripped = text.strip()
    if not stripped.startswith(("{", "[")) and (": " in stripped or "\n" in stripped):
        return stripped
    try:
        found = parse_yaml(f"value: {stripped}\n".encode(), "row.yaml")
    except YamlMistake as mistake:
        raise Invalid(
            Text(f"“{stripped[:60]}”写得不完整：括号或引号没有成对。", f"“{stripped[:60]}” lacks a bracket or quote.")
        ) from mistake
    value: Any = plain(found)
    return value["value"] if isinstance(value, Mapping) else value
