"""The pieces of a form that come from patterns, with what is made of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from service.catalog.patterns.patterns import FORMS, PatternMistake, fill_form
from service.catalog.source.json import JsonMistake, parse_json
from service.catalog.tree import below, stem

FROM = "from_pattern"
_SLOT = re.compile(r"\$\{([\w.]+)\}")


def made_of_patterns(files: Mapping[str, bytes], path: str, schema: Any) -> dict[str, Any]:
    """Return by place (``/components/3``, "" for the whole form) what each piece taken from a pattern becomes.

    What cannot be made is left out; filling the whole form says why.
    """
    found: dict[str, Any] = {}
    for place, piece in _pieces(schema, ""):
        with suppress(PatternMistake, JsonMistake):
            found[place] = fill_form(files, path, piece)
    return found


def patterns_offered(files: Mapping[str, bytes]) -> dict[str, tuple[str, ...]]:
    """Return the patterns of forms by name, each with its slots in order."""
    found = {}
    for path in sorted(below(files, FORMS, ".json")):
        slots = dict.fromkeys(_SLOT.findall(files[path].decode("utf-8", "replace")))
        found[stem(path)] = tuple(slot for slot in slots if slot != "place" and not slot.startswith("role."))
    return found


def takers_of_pattern(files: Mapping[str, bytes], name: str) -> tuple[str, ...]:
    """Return the forms that take pattern ``name``, other patterns included."""
    word = f'"{FROM}": "{name}"'
    return tuple(sorted(path for path, data in files.items() if path.endswith(".json") and word.encode() in data))


def is_pattern(content: bytes, path: str) -> bool:
    """Tell whether the whole form ``path`` comes from a pattern."""
    with suppress(JsonMistake):
        if not path.endswith(".json") or FROM.encode() not in content:
            return False
        schema = parse_json(content, path)
        return isinstance(schema, dict) and FROM in schema
    return False


def _pieces(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        if FROM in value:
            yield place, value
        for key, item in value.items():
            yield from _pieces(item, f"{place}/{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _pieces(item, f"{place}/{index}")
