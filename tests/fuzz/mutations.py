"""Mistakes that people and other programs make in the files of a package: every key, attribute and element in turn.

A mutant is a file with one thing dropped, repeated, misspelt or given a value of another kind. The order is fixed, so
that a number finds the same mutant again.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
import yaml
from lxml import etree

RETYPED = (None, "", "=(", -1, 10**30, 1.5, True, [], {}, ["x"], {"x": 1}, "甲" * 5000)
RETYPED_JSON = tuple(v for v in RETYPED if v != 10**30)
"""orjson writes no number beyond 64 bits."""
MISSPELT = "MISSPELT"
TEXTS = ("", "不存在", "-1", "9" * 30, "=(", "a b", "\u202e")


@dataclass(frozen=True, slots=True)
class Mutant:
    """``content`` is what ``file`` holds after ``what`` was done to it; None: it is gone."""

    file: str
    what: str
    make: Callable[[], bytes | None]

    @property
    def content(self) -> bytes | None:
        return self.make()

    def __str__(self) -> str:
        return f"{self.file}: {self.what}"


def mutants(file: str, content: bytes) -> Iterator[Mutant]:
    """Yield every mutant of a file, in a fixed order; each is made when it is looked at."""
    yield Mutant(file, "gone", lambda: None)
    yield Mutant(file, "empty", lambda: b"")
    yield Mutant(file, "cut in half", lambda: content[: len(content) // 2])
    yield Mutant(file, "not text", lambda: b"\xff\xfe\x00PK\x03\x04" + content[:100])
    kind = file.rpartition(".")[2]
    if kind in ("bpmn", "dmn"):
        yield from _xml(file, content)
    elif kind in ("yaml", "json"):
        yield from _data(file, content, kind)


def _xml(file: str, content: bytes) -> Iterator[Mutant]:
    for number, node in enumerate(etree.fromstring(content).iter(etree.Element)):
        tag = etree.QName(node).localname
        for what, change in _CHANGES.items():
            if number and (what != "reword" or (node.text or "").strip()):
                label = f"{what} element {number} <{tag} {node.get('id', '')}>"
                yield Mutant(file, label, partial(_changed, content, number, change))
        for name in node.attrib:
            for value in (None, MISSPELT, *TEXTS):
                label = f"{tag}/@{etree.QName(name).localname} of {number} = {value!r:.30}"
                yield Mutant(file, label, partial(_reset, content, number, name, value))


def _changed(content: bytes, number: int, change: Callable[[Any], object]) -> bytes:
    root = etree.fromstring(content)
    change(list(root.iter(etree.Element))[number])
    return _text(root)


def _reset(content: bytes, number: int, name: str, value: str | None) -> bytes:
    root = etree.fromstring(content)
    node = list(root.iter(etree.Element))[number]
    old = node.attrib.pop(name)
    if value is not None:
        node.set(f"{name}x" if value == MISSPELT else name, old if value == MISSPELT else value)
    return _text(root)


def _drop(node: Any) -> None:
    node.getparent().remove(node)


def _repeat(node: Any) -> None:
    node.addnext(copy.deepcopy(node))


def _misspell(node: Any) -> None:
    node.tag = f"{node.tag}x"


def _reword(node: Any) -> None:
    node.text = "=("


_CHANGES = {"drop": _drop, "repeat": _repeat, "misspell": _misspell, "reword": _reword}


def _text(root: Any) -> bytes:
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _data(file: str, content: bytes, kind: str) -> Iterator[Mutant]:
    top = orjson.loads(content) if kind == "json" else yaml.load(content, Loader=yaml.BaseLoader)
    for path in list(_paths(top)):
        word, in_list = "/".join(map(str, path)), isinstance(path[-1], int)
        yield Mutant(file, f"drop {word}", partial(_edited, top, path, _drop_key, kind))
        if in_list:
            yield Mutant(file, f"repeat {word}", partial(_edited, top, path, _repeat_key, kind))
        else:
            yield Mutant(file, f"misspell {word}", partial(_edited, top, path, _misspell_key, kind))
        for value in RETYPED if kind == "yaml" else RETYPED_JSON:
            yield Mutant(file, f"{word} = {value!r:.30}", partial(_edited, top, path, partial(_set_key, value), kind))


def _edited(top: Any, path: tuple[Any, ...], change: Callable[[Any, Any], None], kind: str) -> bytes:
    changed = copy.deepcopy(top)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    change(holder, path[-1])
    if kind == "json":
        return orjson.dumps(changed)
    return yaml.dump(changed, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False).encode()


def _paths(value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in rows:
        yield (*here, key)
        yield from _paths(inner, (*here, key))


def _drop_key(holder: Any, key: Any) -> None:
    del holder[key]


def _repeat_key(holder: Any, key: Any) -> None:
    holder.insert(key, holder[key])


def _misspell_key(holder: Any, key: Any) -> None:
    holder[f"{key}x"] = holder.pop(key)


def _set_key(value: Any, holder: Any, key: Any) -> None:
    holder[key] = value
