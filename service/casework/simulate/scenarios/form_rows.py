"""Rows of a scenario that fill in one form: whether they give a field, and one value for all that do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from service.casework.simulate.scenarios.row_shapes import form_of
from service.casework.simulate.scenarios.scenario_text import flow
from service.catalog import Package
from service.catalog.scenarios.scenario_words import VERBS
from service.catalog.source.format_yaml import load_yaml

_ROWS = "[]"


@dataclass(frozen=True, slots=True)
class RowsFilled:
    """How many rows of a scenario fill a form in (``asked``), and in how many of these a field was put (``filled``).

    ``refused`` counts those that must be refused just because the field is empty: they stay as they are.
    """

    asked: int = 0
    filled: int = 0
    refused: int = 0


def form_of_row(package: Package, row: Any) -> str:
    """Return the form that a row of ``steps`` fills in, "" for none."""
    verb = next((word for word in VERBS if word in row), "")
    return form_of(package, verb, str(row.get(verb))) if verb else ""


def rows_lacking(row: Any, path: str) -> bool:
    """Tell whether a row leaves the field at ``path`` (``staff[].photo``) out; an empty value is given, too."""
    return any(True for given in _given(row) for _ in _lacking(given, path.split("."))) or row.get("with") is None


def fill_rows(document: Any, package: Package, form: str, path: str, value: Any) -> RowsFilled:
    """Put ``value`` at ``path`` into every row of ``document`` that fills in ``form`` and leaves it out.

    A card that several rows name is filled in once; what stands is never changed.
    """
    asked = filled = refused = 0
    for row in document.get("steps") or ():
        if form_of_row(package, row) != form:
            continue
        asked += 1
        if path in map(str, row.get("fields") or ()):
            refused += 1
            continue
        before = flow(row)
        if row.get("with") is None:
            row["with"] = load_yaml("{}\n")
        for given in _given(row):
            for held, key, rest in list(_lacking(given, path.split("."))):
                held[key] = load_yaml(flow(_nested(rest, value)) + "\n")
        filled += flow(row) != before
    return RowsFilled(asked, filled, refused)


def _given(row: Any) -> list[Any]:
    found = row.get("with")
    return [one for one in (found if isinstance(found, list) else [found]) if isinstance(one, Mapping)]


def _lacking(held: Any, way: list[str]) -> Iterator[tuple[Any, str, list[str]]]:
    """Yield the mappings in which a part of ``way`` is not there, with that part and the way below it."""
    part, rest = way[0], way[1:]
    if not rest:
        if part not in held:
            yield held, part, []
        return
    if part.endswith(_ROWS):
        for one in held.get(part.removesuffix(_ROWS)) or ():
            if isinstance(one, Mapping):
                yield from _lacking(one, rest)
        return
    inner = held.get(part)
    if isinstance(inner, Mapping):
        yield from _lacking(inner, rest)
    elif inner is None and part not in held and not any(one.endswith(_ROWS) for one in rest):
        yield held, part, rest


def _nested(way: list[str], value: Any) -> Any:
    """Return ``value`` within the groups of ``way`` that are not there yet."""
    for part in reversed(way):
        value = {part: value}
    return value
