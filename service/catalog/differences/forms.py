"""Forms as records: components by id, what they hold beside."""

from __future__ import annotations

from typing import Any

from service.catalog.differences.records import ROOT, Gathered, Key, NoRecords, Record, Records
from service.catalog.source.json import as_json_file, parse_json

COMPONENT = "component"
_INSIDE = "components"


def take_apart(content: bytes, file: str) -> Records:
    """Return the records of a form; raises JsonMistake and NoRecords."""
    value = parse_json(content, file)
    if not isinstance(value, dict):
        raise NoRecords(file)
    found = Gathered()
    _add(found, value, ROOT, None)
    return found.done()


def _add(found: Gathered, value: Any, key: Key, parent: Key | None) -> None:
    inside = value.get(_INSIDE) if isinstance(value, dict) else None
    if not isinstance(inside, list):
        found.add(key, Record(parent, as_json_file(value), value))
        return
    own = {name: None if name == _INSIDE else item for name, item in value.items()}
    found.add(key, Record(parent, as_json_file(own), value, ranked=True))
    for item in inside:
        _add(found, item, _key(found, item), key)


def _key(found: Gathered, item: Any) -> Key:
    """Return how a component is known: by its id or key, or as the next one of its pattern."""
    if isinstance(item, str):
        return (COMPONENT, item)
    about = item if isinstance(item, dict) else {}
    name = about.get("id") or about.get("key")
    if name:
        return (COMPONENT, str(name))
    if not about.get("from_pattern"):
        raise NoRecords("a component without id")
    before = sum(key[:2] == (COMPONENT, about["from_pattern"]) for key in found.items)
    return (COMPONENT, about["from_pattern"], str(before + 1))
