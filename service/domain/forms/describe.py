"""Describe a form: its fields, the types of its variables, its blank values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from service.domain.forms.model import (
    NO_TEXT,
    Computed,
    FormNode,
    Group,
    Input,
    InputType,
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
    """One field; in rows the path has ``[]`` (``staff[].name``); ``type`` None is a computed field."""

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


def field_infos(nodes: tuple[FormNode, ...], path: Path = ()) -> Iterator[FieldInfo]:
    """Yield every field in the order of the page."""
    for node in same_object(nodes):
        node_path = (*path, key_of(node))
        if isinstance(node, Group):
            yield from field_infos(node.children, node_path)
        elif isinstance(node, Rows):
            yield from field_infos(node.children, (*path, f"{node.path}[]"))
        elif isinstance(node, Computed):
            yield FieldInfo(format_dotted_path(node_path), node.key, node.label, None, clauses=node.clauses)
        else:
            yield FieldInfo(
                format_dotted_path(node_path),
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
            )


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
