"""Rows of a scenario as forms: inputs of their own for whatever has one, the rest as a file writes it under “more”."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from service.casework.simulate.expecting.expected_shapes import expected_shapes
from service.casework.simulate.expecting.records import KINDS
from service.casework.simulate.scenarios.scenario import names_of_parameters
from service.casework.simulate.scenarios.scenario_text import format_flow_yaml
from service.casework.simulate.scenarios.shapes import ValueShape, step_shapes
from service.casework.simulate.scenarios.words import RowWords, verb_words
from service.catalog import Package, Parameter, Unit
from service.catalog.parameters.value_words import value_words
from service.catalog.scenarios.expectation_words import KEYS
from service.catalog.scenarios.scenario_words import VERBS
from service.catalog.settings.settings import typed_value
from service.domain.errors import Invalid
from service.domain.text import Text
from service.domain.values.typed_times import read_day
from service.web.frame.posted.typed_lines import LineColumn, bars_of, pairs_of
from service.web.studio.scenarios.scenario_inputs import (
    ABSENT,
    COUNT,
    SHOW_AGAIN,
    WRITTEN,
    RowInput,
    input_of,
    read_input,
    read_scalar,
)

_FIRST_OF = {"steps": "complete", "expect": "outcome"}
_CONTROLS = frozenset({"word", "inner", "base", "do", "rest", "csrf_token", "_add", "_remove"})
PERCENT = "percent"
_APART = {
    "steps": ("because", "fields", "proves", "every", "refused"),
    "expect": ("proves", "times", "no", "why"),
}
"""What most rows do not say: shown below the others."""


@dataclass(frozen=True, slots=True)
class RowForm:
    """A row as inputs: ``word`` is the verb of a step or the kind of an expectation, ``inner`` that of one between steps.

    ``about`` comes first, then ``beside``, the fields of a form under ``filled``, ``apart`` what is seldom said; ``rest`` is
    what has no input.
    """

    word: str
    inner: str
    about: tuple[RowInput, ...]
    beside: tuple[RowInput, ...]
    filled: tuple[RowInput, ...]
    apart: tuple[RowInput, ...]
    rest: str


def row_form(words: RowWords, rows: str, row: Mapping[str, Any]) -> RowForm:
    """Return ``row`` of list ``rows`` as inputs."""
    word = word_of(rows, row)
    if rows == "steps" and word == "expect":
        expectation = row["expect"] if isinstance(row.get("expect"), Mapping) else {}
        within = row_form(words, "expect", expectation)
        at = input_of(_get_shapes(words, "steps", "until", row)[1], row.get("at", ABSENT), "at")
        rest = _format_rest({key: value for key, value in row.items() if key not in ("at", "expect")})
        both = _format_rest({**({"expect": _read_rest(within.rest)} if within.rest else {}), **_read_rest(rest)})
        return RowForm(word, within.word, within.about, (at, *within.beside), (), within.apart, both)
    shapes = _get_shapes(words, rows, word, row)
    fields = {key: value for key, value in row.items() if key != word or value != ""}
    inputs = [input_of(shape, fields.get(shape.key, ABSENT), shape.key) for shape in shapes]
    filled = next((row_input for row_input in inputs if row_input.shape.key == "with"), None)
    beside = [row_input for row_input in inputs if row_input.shape.key not in (word, "with", *_APART[rows])]
    unread = {key: value for key, value in row.items() if key not in {row_input.shape.key for row_input in inputs}}
    return RowForm(
        word,
        "",
        tuple(row_input for row_input in inputs if row_input.shape.key == word),
        (*beside, *((filled,) if filled and filled.written else ())),
        filled.inner if filled else (),
        tuple(row_input for row_input in inputs if row_input.shape.key in _APART[rows]),
        _format_rest({**unread, **_unknown_fields(row, filled)}),
    )


def read_row(words: RowWords, rows: str, typed: MultiDict[str, str], old_row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row that a post says; what is as it was shown stays as ``old_row``. Raises Invalid for what cannot be read."""
    word = typed.get("word", "")
    if word not in (VERBS if rows == "steps" else KINDS):
        raise Invalid(Text("请选择做什么。", "Choose what is done."))
    rest = _read_rest(typed.get("rest", ""))
    if not isinstance(rest, Mapping):
        raise Invalid(Text("“更多”应写成 {名称: 值} 的样子。", "“More” is written as {name: value}."))
    if rows == "steps" and word == "expect":
        return _read_expectation_between(words, typed, old_row, rest)
    read = {}
    for shape in _get_shapes(words, rows, word, _as_posted(typed, old_row)):
        value = read_input(shape, typed, shape.key, old_row.get(shape.key, ABSENT))
        if value is not ABSENT and not (shape.key in ("refused", "no") and value is False):
            read[shape.key] = value
    if word not in read:
        read[word] = ""
    return _in_order(_with_rest(read, rest), word, old_row)


def row_as_typed(words: RowWords, rows: str, typed: MultiDict[str, str], old_row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row that a refused post shows again: what could not be read stands in it as it was typed."""
    form_copy = MultiDict(list(typed.items(multi=True)))
    form_copy["do"], form_copy["rest"] = SHOW_AGAIN, ""
    try:
        return read_row(words, rows, form_copy, old_row)
    except Invalid:
        return dict(old_row) or {_FIRST_OF[rows]: ""}


def filled_words(words: RowWords, row: Mapping[str, Any], say: Callable[[Text], str]) -> Iterator[str]:
    """Yield what a step fills in, field by field as its form calls them; what is no text or choice is left out."""
    form = row_form(words, "steps", row).filled
    for field_input in form:
        if field_input.value and not field_input.written:
            labels = {value: say(called) for value, called in field_input.options}
            text = say(field_input.words) if field_input.words else labels.get(field_input.value, field_input.value)
            role, numbered, _ = text.partition("#")
            if role.isidentifier() and (
                numbered or text == field_input.value
            ):  # a choice that the form does not list, or a person
                text = say(words.terms.word(text))
            yield f"{say(field_input.shape.label)} {text}"


def require_about(rows: str, row: Mapping[str, Any]) -> None:
    """Raise Invalid where a row does not say what it is about."""
    word = word_of(rows, row)
    within = row[word] if rows == "steps" and word == "expect" else None
    if row.get(word) == "" or (isinstance(within, Mapping) and within.get(word_of("expect", within)) == ""):
        raise Invalid(Text("请选择或填写对象，再保存。", "Choose what it is about before you save."))


def word_of(rows: str, row: Mapping[str, Any]) -> str:
    """Return the verb or kind of a row."""
    return next((w for w in (VERBS if rows == "steps" else KINDS) if w in row), _FIRST_OF[rows])


def day_typed(text: str) -> date:
    """Return the first day of a scenario as typed; raises Invalid."""
    try:
        return read_day(text)
    except ValueError:
        raise Invalid(Text("请填写开始日期，例如 2026-03-02。", "Enter the first day, such as 2026-03-02.")) from None


def words_of_verbs() -> tuple[tuple[str, Text], ...]:
    """Return what a step may do, in words."""
    return tuple((verb, verb_words(verb)) for verb in VERBS)


def words_of_kinds() -> tuple[tuple[str, Text], ...]:
    """Return what an expectation may look at, in words."""
    return tuple((kind, KEYS.get(kind, Text(kind, kind))) for kind in KINDS)


def _get_shapes(words: RowWords, rows: str, word: str, row: Mapping[str, Any]) -> tuple[ValueShape, ...]:
    return step_shapes(words, word, row) if rows == "steps" else expected_shapes(words, word, row)


def _as_posted(typed: MultiDict[str, str], old_row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what tells which inputs the page had: the row as it was, and the names that came back."""
    names: dict[str, Any] = {
        key: value for key, value in typed.items() if key not in _CONTROLS and not set(key) & {".", WRITTEN, COUNT}
    }
    if PERCENT + COUNT in typed:
        names[PERCENT] = {}
    elif "\n" in str(names.get(PERCENT, "")).strip():
        names[PERCENT] = []
    return {**old_row, **names}


def _read_expectation_between(
    words: RowWords, typed: MultiDict[str, str], old_row: Mapping[str, Any], rest: Mapping[str, Any]
) -> dict[str, Any]:
    before = old_row.get("expect") if isinstance(old_row.get("expect"), Mapping) else {}
    inner = MultiDict([(key, value) for key, value in typed.items(multi=True) if key not in ("word", "rest", "at")])
    inner["word"] = typed.get("inner", "") or _FIRST_OF["expect"]
    further = rest.get("expect")
    expected = {**read_row(words, "expect", inner, before or {}), **(further if isinstance(further, Mapping) else {})}
    read: dict[str, Any] = {"expect": expected, **{key: value for key, value in rest.items() if key != "expect"}}
    at = read_input(_get_shapes(words, "steps", "until", {})[1], typed, "at", old_row.get("at", ABSENT))
    return _in_order(read if at is ABSENT else {"at": at, **read}, "expect", old_row)


def _in_order(read: dict[str, Any], word: str, old_row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row in the order in which it was written; new ones as files are usually written."""
    if word in old_row:
        return {key: read[key] for key in (*(k for k in old_row if k in read), *(k for k in read if k not in old_row))}
    first = [key for key in ("at", "as", "case") if key in read]
    return {key: read[key] for key in (*first, word, *(k for k in read if k not in first and k != word))}


def _with_rest(read: dict[str, Any], rest: Mapping[str, Any]) -> dict[str, Any]:
    values, further = read.get("with"), rest.get("with")
    if isinstance(values, Mapping) and isinstance(further, Mapping):
        return {**read, **rest, "with": {**values, **further}}
    return {**read, **rest}


def _unknown_fields(row: Mapping[str, Any], filled: RowInput | None) -> dict[str, Any]:
    """Return what a row fills in that the form does not ask for."""
    values = row.get("with")
    if filled is None or filled.written or not isinstance(values, Mapping):
        return {}
    keys = {part.key for part in filled.shape.inner}
    unknown = {key: value for key, value in values.items() if key not in keys}
    return {"with": unknown} if unknown else {}


def _format_rest(unread: Mapping[str, Any]) -> str:
    return format_flow_yaml(unread) if unread else ""


def _read_rest(text: str) -> Any:
    return read_scalar(text) if text.strip() else {}


_KINDS = (
    ("", Text("组织", "organisation")),
    ("individual", Text("个人", "person")),
)
_BY_UNIT = {Unit.BOOLEAN: "yes", Unit.DATE: "date"}
_TYPED = (Unit.TEXT, Unit.CHOICE, Unit.FRACTION, Unit.LIST, Unit.TABLE)


def head_lines(package: Package) -> Mapping[str, Mapping[str, str]]:
    """Return the attributes of the text areas of a head by their names."""
    applicants = bars_of(
        (
            LineColumn(Text("简称", "Short name")),
            LineColumn(Text("名称", "Name")),
            LineColumn(Text("统一社会信用代码", "Credit code"), key="uscc"),
            LineColumn(Text("组织还是个人", "Organisation or person"), "choice", _KINDS, key="kind"),
        )
    )
    parameters = package.award.parameters
    called = names_of_parameters(package)
    names = LineColumn(
        Text("参数", "Parameter"),
        "choice",
        tuple((called[key], parameter.text) for key, parameter in parameters.items()),
    )
    values = {called[key]: _build_value_column(parameter) for key, parameter in parameters.items()}
    changed = pairs_of(names, LineColumn(Text("值", "Value")), values)
    return {"organisations": applicants.attributes(), "parameters": changed.attributes()}


def _build_value_column(parameter: Parameter) -> LineColumn:
    words = Text("值", "Value")
    if parameter.choices:
        options = tuple((typed_value(choice), value_words(parameter, choice)) for choice in parameter.choices)
        return LineColumn(words, "choice", options)
    return LineColumn(words, _BY_UNIT.get(parameter.unit, "text" if parameter.unit in _TYPED else "number"))
