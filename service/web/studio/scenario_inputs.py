"""Values of a scenario as inputs of a page, and back: what is left as it was shown keeps the value that the file says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from service.casework.simulate.scenario_text import as_typed, flow, plain_values
from service.casework.simulate.shapes import Like, Shape
from service.catalog.source.yaml import YamlMistake, parse_yaml, plain
from service.domain.errors import Invalid
from service.domain.text import Text

ABSENT: Any = object()
"""What a row does not say."""
WRITTEN = "~"
"""Ends the name of an input that holds a value as a scenario file writes it."""
COUNT = "#"
"""Ends the name of the input that counts rows."""
NOTHING = Text("（清空）", "(empty)")
"""Stands for a value that is said to be nothing, which is not the same as saying nothing of it."""
NONE_OF_THEM = "[]"
FILE = "file:"
MOST_ROWS = 200
_YES = (("true", Text("是", "yes")), ("false", Text("否", "no")))
_MAPPINGS = (Like.GROUP, Like.PAIRS)


@dataclass(frozen=True, slots=True)
class RowInput:
    """An input called ``name``; ``written`` where its value fits no input and stands as a file writes it."""

    name: str
    shape: Shape
    value: str = ""
    options: tuple[tuple[str, Text], ...] = ()
    chosen: tuple[str, ...] = ()
    inner: tuple[RowInput, ...] = ()
    rows: tuple[tuple[RowInput, ...], ...] = ()
    written: bool = False

    @property
    def says(self) -> bool:
        """Whether anything stands in it."""
        return bool(self.value or self.chosen or self.rows or any(one.says for one in self.inner))


def input_of(shape: Shape, value: Any, name: str) -> RowInput:
    """Return the input ``name`` of ``shape`` that shows ``value``, ABSENT for none."""
    if not _fits(shape, value):
        return RowInput(name + WRITTEN, shape, as_typed(value), written=True)
    if shape.like is Like.GROUP:
        held = value if isinstance(value, Mapping) else {}
        return RowInput(name, shape, inner=tuple(_inner(shape, held, name)))
    if shape.like is Like.ROWS:
        given = value if isinstance(value, list) else []
        rows = tuple(tuple(_inner(shape, row, f"{name}.{n}")) for n, row in enumerate(given))
        return RowInput(name, shape, rows=rows)
    if shape.like is Like.PAIRS:
        pairs = value.items() if isinstance(value, Mapping) else ()
        rows = tuple(_pair(shape, f"{name}.{n}", str(key), held) for n, (key, held) in enumerate(pairs))
        return RowInput(name, shape, rows=rows)
    if shape.like is Like.SEVERAL and shape.options:
        chosen = tuple(map(str, value)) if isinstance(value, list) else ()
        return RowInput(name, shape, options=_with_held(shape, chosen), chosen=chosen or _none(value))
    text = shown_in(shape, value)
    options = _YES if shape.like is Like.YES else shape.options
    if shape.like in (Like.CHOICE, Like.YES):
        options = _with_held(Shape(shape.key, shape.label, shape.like, options), (text,) if text else ())
    return RowInput(name, shape, text, options)


def read_input(shape: Shape, typed: MultiDict[str, str], name: str, held: Any) -> Any:
    """Return the value that was typed into input ``name``, ABSENT for none; ``held`` is the value that was shown."""
    if name + WRITTEN in typed:
        text = typed[name + WRITTEN]
        return _kept(held, text, as_typed) or (read_scalar(text) if text.strip() else ABSENT)
    reader = _READERS.get(shape.like)
    if reader is not None and not (shape.like is Like.SEVERAL and not shape.options):
        return reader(shape, typed, name, held)
    if name not in typed:
        return ABSENT
    text = typed[name]
    if held is not ABSENT and _same(shown_in(shape, held), text):
        return held
    return _new(shape, text.replace("\r\n", "\n").strip())


def shown_in(shape: Shape, value: Any) -> str:
    """Return a value as its input shows it."""
    if value is ABSENT:
        return ""
    if value is None:
        return NOTHING.zh
    if shape.like is Like.FILE:
        return str(value).removeprefix(FILE)
    if isinstance(value, list):
        return "\n".join(map(as_typed, value)) or NONE_OF_THEM
    if shape.like is Like.SCALAR and isinstance(value, str) and read_scalar(value) != value:
        return flow(value)
    return as_typed(value)


def read_scalar(text: str) -> Any:
    """Return a value as YAML says it; a text that is none stands for itself. Raises Invalid for an open bracket."""
    stripped = text.strip()
    if not stripped.startswith(("{", "[", "'", '"')) and (": " in stripped or "\n" in stripped or " #" in stripped):
        return stripped
    try:
        found = parse_yaml(f"value: {stripped}\n".encode(), "row.yaml")
    except YamlMistake as mistake:
        raise Invalid(
            Text(f"“{stripped[:60]}”写得不完整：括号或引号没有成对。", f"“{stripped[:60]}” lacks a bracket or quote.")
        ) from mistake
    value: Any = plain(found)
    return value["value"] if isinstance(value, Mapping) else value


def _fits(shape: Shape, value: Any) -> bool:
    if value is ABSENT or value is None:
        return True
    if shape.like in _MAPPINGS:
        known = {one.key for one in shape.inner}
        return isinstance(value, Mapping) and (shape.like is Like.PAIRS or shape.key == "with" or value.keys() <= known)
    if shape.like is Like.ROWS:
        known = {one.key for one in shape.inner}
        return isinstance(value, list) and all(isinstance(row, Mapping) and row.keys() <= known for row in value)
    if shape.like in (Like.WORDS, Like.SEVERAL):
        single = isinstance(value, str | int) and not isinstance(value, bool) and shape.single
        return single or (isinstance(value, list) and all(_word(one) for one in value))
    if shape.like is Like.FILE:
        return isinstance(value, str) and value.startswith(FILE)
    if shape.like is Like.CHOICE:
        return not isinstance(value, list)
    return not isinstance(value, Mapping | list)


def _word(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and "\n" not in str(value)


def _inner(shape: Shape, held: Mapping[str, Any], name: str) -> Iterator[RowInput]:
    for one in shape.inner:
        yield input_of(one, held.get(one.key, ABSENT), f"{name}.{one.key}")


def _pair(shape: Shape, name: str, key: str, value: Any) -> tuple[RowInput, ...]:
    first = Shape("name", Text("名称", "Name"), Like.TEXT, shape.options)
    return input_of(first, key, f"{name}.name"), input_of(_said(shape), value, f"{name}.value")


def _said(shape: Shape) -> Shape:
    """Return the shape of what is said of a name: letters of a vote are a text, whatever they look like."""
    return Shape("value", Text("内容", "What"), Like.TEXT if shape.key in ("vote", "hall") else Like.SCALAR)


def _with_held(shape: Shape, held: tuple[str, ...]) -> tuple[tuple[str, Text], ...]:
    known = {value for value, _ in shape.options}
    return (*shape.options, *((one, _plainly(one)) for one in held if one not in known and one != NONE_OF_THEM))


def _plainly(word: str) -> Text:
    if word == NOTHING.zh:
        return NOTHING
    said = word.removeprefix("{expert: ").removesuffix("}")
    return Text(said, said)


def _none(value: Any) -> tuple[str, ...]:
    return () if value is ABSENT else (NONE_OF_THEM,) if value == [] else (NOTHING.zh,) if value is None else ()


def _kept(held: Any, text: str, say: Callable[[Any], str]) -> Any:
    """Return what was held where the text is as it was shown, None otherwise."""
    return held if held is not ABSENT and _same(say(held), text) else None


def _same(one: str, other: str) -> bool:
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()


def _new(shape: Shape, text: str) -> Any:
    if not text:
        return ABSENT
    if text in (NOTHING.zh, NOTHING.en):
        return None
    if shape.like in (Like.WORDS, Like.SEVERAL):
        if text == NONE_OF_THEM:
            return []
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        return lines[0] if shape.single and len(lines) == 1 else lines
    if shape.like is Like.FILE:
        return f"{FILE}{text.removeprefix(FILE)}"
    if shape.like is Like.YES:
        return text == "true"
    if shape.like is Like.CHOICE:
        return read_scalar(text) if text.startswith("{") else text
    return text if shape.like in (Like.TEXT, Like.LONG) else _measured(shape, text)


def _measured(shape: Shape, text: str) -> Any:
    """Return a number, a day or an instant as typed; raises Invalid that names the input."""
    if shape.like is Like.SCALAR:
        return read_scalar(text)
    if shape.like is Like.MOMENT:
        return read_scalar(text) if len(text) <= 10 else text.replace("T", " ") if shape.key == "at" else text
    found = read_scalar(text)
    expected = date if shape.like is Like.DAY else int | float
    if isinstance(found, expected) and not isinstance(found, bool):
        return found
    if "$" in text:
        return text
    name = f"“{shape.label.zh}”", f"“{shape.label.en}”"
    if shape.like is Like.DAY:
        raise Invalid(Text(f"{name[0]}请写成 2026-03-02。", f"Write {name[1]} as 2026-03-02."))
    raise Invalid(Text(f"{name[0]}应是数字。", f"{name[1]} is a number."))


def _read_group(shape: Shape, typed: MultiDict[str, str], name: str, held: Any) -> Any:
    return _mapping(shape, typed, name, held) or (held if held == {} else ABSENT)


def _mapping(shape: Shape, typed: MultiDict[str, str], name: str, held: Any) -> dict[str, Any]:
    """Return what the parts say: those that were held in their order, then the others."""
    before = held if isinstance(held, Mapping) else {}
    read = {one.key: read_input(one, typed, f"{name}.{one.key}", before.get(one.key, ABSENT)) for one in shape.inner}
    order = [*(key for key in before if key in read), *(key for key in read if key not in before)]
    return {key: read[key] for key in order if read[key] is not ABSENT}


def _read_rows(shape: Shape, typed: MultiDict[str, str], name: str, held: Any) -> Any:
    before = held if isinstance(held, list) else []
    rows = []
    for n in _numbers(typed, name):
        row = before[n] if n < len(before) and isinstance(before[n], Mapping) else {}
        rows.append(_mapping(shape, typed, f"{name}.{n}", row))
    return rows if rows or isinstance(held, list) else ABSENT


def _read_pairs(shape: Shape, typed: MultiDict[str, str], name: str, held: Any) -> Any:
    before = held if isinstance(held, Mapping) else {}
    found: dict[str, Any] = {}
    for n in _numbers(typed, name):
        key = typed.get(f"{name}.{n}.name", "").strip()
        value = read_input(_said(shape), typed, f"{name}.{n}.value", before.get(key, ABSENT))
        if key and value is not ABSENT:
            found[key] = value
    return found or (held if held == {} else ABSENT)


def _numbers(typed: MultiDict[str, str], name: str) -> Iterator[int]:
    """Yield the numbers of the rows that were posted, without the one whose button removes it."""
    count = typed.get(name + COUNT, "0")
    removed = typed.get("_remove", "")
    for n in range(min(int(count), MOST_ROWS) if count.isascii() and count.isdecimal() else 0):
        if removed != f"{name}.{n}":
            yield n
    if typed.get("_add") == name and count.isascii() and count.isdecimal():
        yield int(count)


def _read_several(shape: Shape, typed: MultiDict[str, str], name: str, held: Any) -> Any:
    if name + COUNT not in typed:
        return ABSENT
    ticked = [one for one in typed.getlist(name) if one not in (NONE_OF_THEM, NOTHING.zh)]
    if isinstance(held, list) and ticked == [str(one) for one in held if str(one) in ticked] and len(ticked) == len(held):
        return held
    if ticked:
        return ticked
    return [] if NONE_OF_THEM in typed.getlist(name) else None if NOTHING.zh in typed.getlist(name) else ABSENT


_READERS: Mapping[Like, Callable[[Shape, MultiDict[str, str], str, Any], Any]] = {
    Like.GROUP: _read_group,
    Like.ROWS: _read_rows,
    Like.PAIRS: _read_pairs,
    Like.SEVERAL: _read_several,
}
