"""What differs between two folders of a package in words: never the layout, never an id alone.

What means the same is paired, the right side takes the names of the left, and the same comparison as between two states
of one file says the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

import yaml

from service.catalog.bpmn.read import read_processes
from service.catalog.differences.differences import FileDifference, PieceChange, file_difference
from service.catalog.differences.kinds import KINDS
from service.catalog.meaning.form_keys import known_by_key
from service.catalog.meaning.pairs import Pairs, renaming
from service.catalog.meaning.xml_ids import bare, pair_diagrams, pair_tables
from service.catalog.source.json import as_json_file, parse_json
from service.catalog.source.yaml import parse_yaml, plain
from service.catalog.tree import Files
from service.domain.errors import LaurelError

Names = Mapping[str, str]
_PAIRING: Mapping[str, Callable[[bytes, bytes, str], dict[str, str]]] = {".bpmn": pair_diagrams, ".dmn": pair_tables}
_DRAWN = tuple(_PAIRING)
_WORD = re.compile(r"[^\W\d][\w-]*")
_WRITER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
"""Written by libyaml where it is there: most of the time of a comparison went into writing."""


def differences_in_meaning(
    left: Files, right: Files, tell: Callable[[int, int], None] | None = None
) -> tuple[FileDifference, ...]:
    """Return what two packages say differently; ``right`` stands under the paths that ``counterparts`` gives.

    ``tell`` hears before each file how many were compared, and of how many.
    """
    own = {path: _ids(path, left[path], data) for path, data in right.items() if path in left}
    words = _clauses(left, right) | _processes(own, left, right)
    nodes = _unmistakable(names for path, names in own.items() if path.endswith(".bpmn"))
    found = []
    paths = sorted({*left, *right})
    for done, path in enumerate(paths):
        if tell:
            tell(done, len(paths))
        spoken = nodes | words if "/scenarios/" in path else words
        one = _normal(path, left[path], {}, {}) if path in left else None
        other = _normal(path, right[path], own.get(path, {}), spoken) if path in right else None
        difference = file_difference(path, one, other)
        if difference is not None and _says_something(difference):
            found.append(replace(difference, there={new: old for old, new in own.get(path, {}).items()}))
    return tuple(found)


def _unmistakable(namings: Iterable[Names]) -> dict[str, str]:
    """Return the new names of ids that are renamed in one way alone, whichever file they stand in."""
    found: dict[str, set[str]] = {}
    for names in namings:
        for old, new in names.items():
            found.setdefault(old, set()).add(new)
    return {old: next(iter(new)) for old, new in found.items() if len(new) == 1}


def _says_something(found: FileDifference) -> bool:
    whole = found.change is not PieceChange.CHANGED or not found.readable
    return whole or bool(found.records) or PurePosixPath(found.path).suffix not in KINDS


def _ids(path: str, left: bytes, right: bytes) -> dict[str, str]:
    """Return new names for the ids of a diagram or table on the right; none for what cannot be read."""
    pairing = _PAIRING.get(PurePosixPath(path).suffix)
    try:
        return pairing(left, right, path) if pairing else {}
    except LaurelError:
        return {}


def _processes(own: Mapping[str, Names], left: Files, right: Files) -> dict[str, str]:
    """Return new names for the processes and tables of the right side, which other files name."""
    found = {}
    for path, names in own.items():
        if path.endswith(".bpmn") and names:
            process = read_processes(right[path], path)[0].process_id
            found[process] = names.get(process, process)
    cities = [
        next((path.split("/")[1] for path in side if path.endswith("jurisdiction.yaml")), "") for side in (left, right)
    ]
    return {old: new for old, new in found.items() if old != new} | (
        {cities[1]: cities[0]} if cities[0] != cities[1] and all(cities) else {}
    )


def _clauses(left: Files, right: Files) -> dict[str, str]:
    """Return new names for the clauses of the right side: those of the same article and words, then of the same words."""
    path = next((path for path in left if path.endswith("/law.yaml") and path in right), None)
    if path is None:
        return {}
    ours, right = (
        {str(c.get("id")): c for c in _mapping(path, side[path]).get("clauses") or ()} for side in (left, right)
    )
    pairs = Pairs()
    pairs.pair(ours, right, lambda c: (c.get("article"), c.get("summary")), twins=True)
    pairs.pair(ours, right, lambda c: c.get("summary"), twins=False)
    return renaming(pairs.left_of, right, ours)


def _normal(path: str, data: bytes, names: Names, words: Names) -> bytes:
    """Return a file without what means nothing, under other names; as it is where it cannot be read."""
    suffix = PurePosixPath(path).suffix
    if suffix not in KINDS:
        return data
    try:
        text = _said(data, words)
        if suffix in _DRAWN:
            return bare(text, path, names)
        if suffix == ".json":
            return as_json_file(known_by_key(parse_json(text, path)))
        value = _plain(plain(parse_yaml(text, path)))
        if "/scenarios/" in path and isinstance(value, dict):
            value.pop("data", None)  # pieces that the steps repeat, which are read where they stand
        return yaml.dump(value, Dumper=_WRITER, allow_unicode=True, sort_keys=True, width=10_000).encode()
    except LaurelError:
        return data


def _said(data: bytes, words: Names) -> bytes:
    if not words:
        return data
    return _WORD.sub(lambda found: words.get(found[0], found[0]), data.decode()).encode()


def _mapping(path: str, data: bytes) -> dict[str, Any]:
    try:
        value = plain(parse_yaml(data, path))
    except LaurelError:
        return {}
    return value if isinstance(value, dict) else {}


def _plain(value: Any) -> Any:
    """Return a value that can be written again: numbers as they are said."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return float(value) if isinstance(value, Decimal) else value
