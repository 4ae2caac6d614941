"""Form schemas (form-js) for checks and citations: fields, keys, clauses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from service.catalog.bpmn.model import split_words
from service.catalog.forms.form_structure import FormFault, form_faults
from service.catalog.source.json import JsonMistake, parse_json
from service.catalog.source.newest import by_file, of_newest
from service.domain.errors import Invalid
from service.domain.text import Text

_SILENT = {"text"}


@dataclass(frozen=True, slots=True)
class FormField:
    """A field: ``path`` is where its value stands (``org.name``), ``id`` the component's id; ``beside`` what is read with it."""

    id: str
    path: str
    type: str
    label: str
    options: tuple[str, ...]
    clauses: tuple[str, ...]
    conditions: tuple[str, ...]
    beside: tuple[str, ...] = ()


class FormMistake(Invalid):
    """The file is not a form schema."""

    code = "form"

    def __init__(self, message: Text, faults: tuple[FormFault, ...] = ()) -> None:
        super().__init__(message)
        self.faults = faults


def parse_form(content: bytes, file: str) -> dict[str, Any]:
    """Return the schema as a fresh dict; raises FormMistake."""
    _require_form(content, file)
    schema: dict[str, Any] = orjson.loads(content)
    return schema


@of_newest(by_file)
def _require_form(content: bytes, file: str) -> None:
    """Look at a form's content once, however often its schema is asked for."""
    try:
        schema = parse_json(content, file)
    except JsonMistake as mistake:
        raise FormMistake(mistake.message) from mistake
    faults = tuple(form_faults(schema))
    if faults:
        first = faults[0]
        where = f"{file} {first.component}："
        raise FormMistake(Text(f"{where}{first.message.zh}", f"{where} {first.message.en}"), faults)


def form_fields(schema: Mapping[str, Any]) -> tuple[FormField, ...]:
    """Return every component of a form, groups and lists included, in order."""
    return tuple(_iterate_fields(schema.get("components", []), ""))


@of_newest(by_file)
def fields_of_file(content: bytes, file: str) -> tuple[FormField, ...]:
    """Return `form_fields` of the form in ``file``; raises FormMistake."""
    return form_fields(parse_form(content, file))


def form_places(schema: Mapping[str, Any]) -> frozenset[str]:
    """Return the paths of a form's fields, groups and lists; what stands in the rows of a list is left out."""
    fields = form_fields(schema)
    lists = tuple(f"{field.path}." for field in fields if field.type == "dynamiclist")
    return frozenset(f.path for f in fields if f.path and f.type not in _SILENT and not f.path.startswith(lists))


@of_newest(by_file)
def places_of_file(content: bytes, file: str) -> frozenset[str]:
    """Return `form_places` of the form in ``file``; raises FormMistake."""
    return form_places(parse_form(content, file))


def form_keys(schema: Mapping[str, Any]) -> frozenset[str]:
    """Return the top-level keys of what the form submits."""
    return frozenset(
        field.path.partition(".")[0] for field in form_fields(schema) if field.path and field.type not in _SILENT
    )


@of_newest(by_file)
def keys_of_file(content: bytes, file: str) -> frozenset[str]:
    """Return `form_keys` of the form in ``file``; raises FormMistake."""
    return form_keys(parse_form(content, file))


def form_clauses(schema: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the clauses that the form as a whole cites."""
    return _list_clauses(schema)


def _iterate_fields(components: Any, prefix: str) -> Iterator[FormField]:
    for item in components if isinstance(components, list) else ():
        if not isinstance(item, dict):
            continue
        component_path = str(item.get("path") or item.get("key") or "")
        path = ".".join(part for part in (prefix, component_path) if part)
        yield FormField(
            str(item.get("id", "")),
            path if component_path else "",
            str(item.get("type", "")),
            str(item.get("label") or item.get("dateLabel") or item.get("text") or ""),
            tuple(str(option.get("value")) for option in item.get("values") or () if isinstance(option, dict)),
            _list_clauses(item),
            tuple(_iterate_conditions(item)),
            _list_words(item, "beside"),
        )
        yield from _iterate_fields(item.get("components"), path)


def _list_clauses(item: Mapping[str, Any]) -> tuple[str, ...]:
    return _list_words(item, "clauses")


def _list_words(item: Mapping[str, Any], name: str) -> tuple[str, ...]:
    properties = item.get("properties")
    return split_words(str(properties.get(name, ""))) if isinstance(properties, dict) else ()


def _iterate_conditions(item: Mapping[str, Any]) -> Iterator[str]:
    conditional = item.get("conditional")
    candidates = [conditional.get("hide") if isinstance(conditional, dict) else None, item.get("expression")]
    for text in candidates:
        if isinstance(text, str) and text.startswith("="):
            yield text[1:].strip()
