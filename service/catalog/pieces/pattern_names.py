"""What patterns and their open places are called: by what is made of them, since a pattern leaves its own name open."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from service.catalog.package import Package
from service.catalog.patterns.patterns import DIAGRAMS, FORMS, pattern_of
from service.catalog.pieces.pattern_pieces import takers_of_pattern
from service.catalog.pieces.piece_kinds import title_in, title_of
from service.catalog.source.json import JsonMistake, parse_json
from service.catalog.tree import stem
from service.catalog.wording.word_lists import pattern_words

_LABELS = ("label", "dateLabel", "text")
_GAP = re.compile(r"\$\{([\w.]+)\}")
_SAYS_NOTHING = re.compile(r"[\w.\s${}]*", re.ASCII)


def pattern_name(files: Mapping[str, bytes], package: Package, path: str) -> str:
    """Return what the pattern at ``path`` is called: its title, what this place or another makes of it, its first label."""
    own = title_in(files[path], path)
    if not _SAYS_NOTHING.fullmatch(own):
        return own
    if stem(path) in pattern_words():
        return untitled(path)
    named = (
        _made_forms(files, path, package.key.partition("/")[0])
        if path.startswith(f"{FORMS}/")
        else _made_diagrams(files, package, path)
    )
    return next((name for name in named if not _SAYS_NOTHING.fullmatch(name)), untitled(path))


def untitled(path: str) -> str:
    """Return what a shared piece is called that leaves its own name open, its stem where nobody says it.

    A name is listed by the stem of the file, or by the whole name of a file that is called so only where the place at
    hand makes nothing of it.
    """
    known = pattern_words().get(stem(path)) or pattern_words().get(path.rpartition("/")[2])
    return known.zh if known else stem(path)


def slot_places(pattern: Any) -> Mapping[str, str]:
    """Return by slot of a pattern of forms the key of the component whose words or settings it fills in."""
    found: dict[str, str] = {}
    for component in _components(pattern):
        key = str(component.get("key") or component.get("path") or component.get("id") or "")
        inside = {name: value for name, value in component.items() if name != "components"}
        for slot in _GAP.findall(str(inside)):
            found.setdefault(slot, key)
    return found


def first_label(value: Any) -> str:
    """Return how a pattern calls its first component, its slots aside; "" where the place says so."""
    if isinstance(value, list):
        return next((label for item in value if (label := first_label(item))), "")
    if not isinstance(value, dict):
        return ""
    own = next((str(value[key]) for key in _LABELS if not {"$", "{"} & set(str(value.get(key, "$")))), "")
    return own or first_label(value.get("components"))


def _made_forms(files: Mapping[str, bytes], path: str, city: str) -> Iterator[str]:
    takers = sorted(takers_of_pattern(files, stem(path)), key=lambda taker: city not in taker.split("/"))
    if '"type": "default"' in files[path].decode("utf-8", "replace"):
        for taker in takers:
            with suppress(JsonMistake):
                made = parse_json(files[taker], taker)
                yield str(made.get("form_title") or made.get("title") or "") if isinstance(made, dict) else ""
    with suppress(JsonMistake):
        yield first_label(parse_json(files[path], path))
    for taker in takers:
        with suppress(JsonMistake):
            yield from _handed(parse_json(files[taker], taker), stem(path))


def _handed(value: Any, name: str) -> Iterator[str]:
    """Yield the words that a form hands to pattern ``name``, Chinese ones."""
    if isinstance(value, dict):
        if value.get("from_pattern") == name:
            yield from (said for key, said in value.items() if isinstance(said, str) and re.search(r"[一-鿿]", said))
        for inner in value.values():
            yield from _handed(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _handed(inner, name)


def _made_diagrams(files: Mapping[str, bytes], package: Package, path: str) -> Iterator[str]:
    if not path.startswith(f"{DIAGRAMS}/"):
        return
    for made in (*package.diagrams, *(table.file for table in package.parts.tables.values())):
        if pattern_of(files, made) == path:
            yield title_of(package, made)


def _components(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            if isinstance(inner, list):
                for one in inner:
                    yield from _components(one)
