"""Rows of a scenario that fill in one form: whether they give a field, and one value for all that do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from service.casework.simulate.scenarios.row_shapes import form_of
from service.catalog import Package
from service.catalog.scenarios.scenario_words import VERBS

_ROWS = "[]"


def form_of_row(package: Package, row: Any) -> str:
    """Return the form that a row of ``steps`` fills in, "" for none."""
    verb = next((word for word in VERBS if word in row), "")
    return form_of(package, verb, str(row.get(verb))) if verb else ""


def rows_lacking(row: Any, path: str) -> bool:
    """Tell whether a row leaves the field at ``path`` (``staff[].photo``) out; an empty value is given, too."""
    return any(True for given in _given(row) for _ in _lacking(given, path.split("."))) or row.get("with") is None


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
