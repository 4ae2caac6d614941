"""Describe a form: its fields, the types of its variables, its blank values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from service.domain.forms.expressions import FormExpression
from service.domain.forms.model import (
    NO_TEXT,
    Computed,
    FormNode,
    Group,
    Input,
    InputType,
    Option,
    Path,
    Rows,
    format_dotted_path,
    key_of,
    same_object,
)
from service.domain.text import Text

_FEEL = {
    InputType.NUMBER: "number",
    InputType.DATE: "date",
    InputType.TIME: "time",
    InputType.DATETIME: "date and time",
    InputType.CHECKBOX: "boolean",
    InputType.CHECKLIST: "list<string>",
    InputType.TAGLIST: "list<string>",
    InputType.UPLOAD: "list<context<id: string, name: string, size: number>>",
}


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """One field; in rows the path has ``[]`` (``staff[].name``); ``type`` None is a computed field.

    ``options`` are what may be chosen; ``hidden_when``, ``locked_when`` and ``required_when`` are conditions in FEEL over the
    form's fields and the context that comes with them: while one of the first is true the field is not asked, ``required`` or not, and while one of
    ``locked_when`` is, it stays as it is. ``digits`` are those behind the point (0: a whole number), ``format`` is what a
    text must be (email, phone), ``least_rows`` how many rows the list has at least in which it stands. In rows conditions
    call the row in which the field stands “this”, the one around it “parent”, and the number of the row, from 1, “i”.
    """

    path: str
    key: str
    label: Text
    type: InputType | None
    required: bool = False
    clauses: tuple[str, ...] = ()
    personal: bool = False
    secret: str | None = None
    purpose: Text = NO_TEXT
    person: str | None = None
    stops_files: str | None = None
    options: tuple[Option, ...] = ()
    hidden_when: tuple[str, ...] = ()
    required_when: str | None = None
    minimum: str | None = None
    maximum: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    locked_when: tuple[str, ...] = ()
    digits: int | None = None
    format: str | None = None
    least_rows: int | None = None


def _list_fixed_options(node: Input) -> tuple[Option, ...]:
    return () if isinstance(node.options, FormExpression) else node.options


def field_infos(
    nodes: tuple[FormNode, ...],
    path: Path = (),
    hidden_when: tuple[str, ...] = (),
    options_of: Callable[[Input], tuple[Option, ...]] = _list_fixed_options,
    least_rows: int | None = None,
) -> Iterator[FieldInfo]:
    """Yield every field in the order of the page; ``hidden_when`` are the conditions of what they stand in.

    ``options_of`` gives the options of a choice: those that stand in the form, unless told otherwise.
    """
    for node in nodes:
        hidden = (*hidden_when, node.hide.expression.text) if node.hide else hidden_when
        if isinstance(node, Group):
            yield from field_infos(
                node.children, (*path, node.path) if node.path else path, hidden, options_of, least_rows
            )
        elif isinstance(node, Rows):
            yield from field_infos(node.children, (*path, f"{node.path}[]"), hidden, options_of, node.min_rows)
        elif isinstance(node, Input | Computed):
            yield replace(_describe_field(node, (*path, node.key), hidden, options_of), least_rows=least_rows)


def _fixed_length(bound: int | FormExpression | None) -> int | None:
    return None if isinstance(bound, FormExpression) else bound


def _fixed_number(bound: Decimal | FormExpression | None) -> str | None:
    return str(bound) if isinstance(bound, Decimal) else None


def _describe_field(
    node: Input | Computed,
    path: Path,
    hidden_when: tuple[str, ...],
    options_of: Callable[[Input], tuple[Option, ...]],
) -> FieldInfo:
    if isinstance(node, Computed):
        return FieldInfo(format_dotted_path(path), node.key, node.label, None, clauses=node.clauses)
    return FieldInfo(
        format_dotted_path(path),
        node.key,
        node.label,
        node.type,
        node.required,
        node.clauses,
        node.personal,
        node.secret,
        node.purpose,
        node.person,
        node.stops_files,
        options_of(node),
        hidden_when,
        node.required_if.expression.text if node.required_if else None,
        _fixed_number(node.minimum),
        _fixed_number(node.maximum),
        _fixed_length(node.min_length),
        _fixed_length(node.max_length),
        tuple(_condition_text(each) for each in (node.readonly, node.disabled) if each),
        node.digits,
        node.form_of,
    )


def _condition_text(condition: bool | FormExpression) -> str:
    return condition.expression.text if isinstance(condition, FormExpression) else "true"


def variable_types(nodes: tuple[FormNode, ...]) -> dict[str, str]:
    """Return the FEEL type of every top-level variable; computed ones are ``Any``."""
    return {key_of(node): _describe_type(node) for node in same_object(nodes)}


def _describe_type(node: Input | Computed | Group | Rows) -> str:
    if isinstance(node, Input):
        return _FEEL.get(node.type, "string")
    if isinstance(node, Computed):
        return "Any"
    inner = ", ".join(f"{key}: {kind}" for key, kind in variable_types(node.children).items())
    return f"list<context<{inner}>>" if isinstance(node, Rows) else f"context<{inner}>"


def blank_values(nodes: tuple[FormNode, ...]) -> dict[str, object]:
    """Return the values a new form starts with: defaults, empty groups, the initial rows."""
    values: dict[str, object] = {}
    for node in same_object(nodes):
        if isinstance(node, Group) and node.path is not None:
            values[node.path] = blank_values(node.children)
        elif isinstance(node, Rows):
            values[node.path] = [blank_values(node.children) for _ in range(max(node.initial, node.min_rows))]
        elif isinstance(node, Input) and node.default not in (None, ""):
            values[node.key] = _format_default(node.default)
    return values


def _format_default(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else value
