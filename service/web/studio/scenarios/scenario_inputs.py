"""Values of a scenario as inputs of a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from service.casework.simulate.scenarios.scenario_text import as_typed, flow
from service.casework.simulate.scenarios.shapes import Like, ValueShape
from service.casework.simulate.scenarios.words import vote_words
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
_YES = (("true", Text("是", "yes")), ("false", Text("否", "no")))
_VOTED = ValueShape("value", Text("投票", "Votes"), Like.VOTE)
_MAPPINGS = (Like.GROUP, Like.PAIRS)


@dataclass(frozen=True, slots=True)
class RowInput:
    """An input called ``name``; ``written`` where its value fits no input and stands as a file writes it."""

    name: str
    shape: ValueShape
    value: str = ""
    options: tuple[tuple[str, Text], ...] = ()
    chosen: tuple[str, ...] = ()
    inner: tuple[RowInput, ...] = ()
    rows: tuple[tuple[RowInput, ...], ...] = ()
    written: bool = False
    words: Text | None = None
    """Its value as people read it, where it is shown in words."""

    @property
    def says(self) -> bool:
        """Whether anything stands in it."""
        return bool(self.value or self.chosen or self.rows or any(one.says for one in self.inner))


def input_of(shape: ValueShape, value: Any, name: str) -> RowInput:
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
    if shape.like is Like.TEXTS:
        texts = value if isinstance(value, list) else [] if value is ABSENT or value is None else [value]
        return RowInput(name, shape, rows=tuple((_text(f"{name}.{n}", one),) for n, one in enumerate(texts)))
    if shape.like is Like.LISTED:
        words = value if isinstance(value, list) else []
        return RowInput(name, shape, rows=tuple((_one(shape, f"{name}.{n}", one),) for n, one in enumerate(words)))
    if shape.like is Like.SEVERAL and shape.options:
        chosen = tuple(map(str, value)) if isinstance(value, list) else ()
        return RowInput(name, shape, options=_with_held(shape, chosen), chosen=chosen or _none(value))
    text = shown_in(shape, value)
    if shape.like is Like.VOTE:
        return RowInput(name, shape, text, words=vote_words(text))
    options = _YES if shape.like is Like.YES else shape.options
    if shape.like in (Like.CHOICE, Like.YES):
        options = _with_held(ValueShape(shape.key, shape.label, shape.like, options), (text,) if text else ())
    return RowInput(name, shape, text, options)


def shown_in(shape: ValueShape, value: Any) -> str:
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


def _fits(shape: ValueShape, value: Any) -> bool:
    if value is ABSENT or value is None:
        return True
    if shape.like in _MAPPINGS:
        known = {one.key for one in shape.inner}
        return isinstance(value, Mapping) and (shape.like is Like.PAIRS or shape.key == "with" or value.keys() <= known)
    if shape.like is Like.ROWS:
        known = {one.key for one in shape.inner}
        return isinstance(value, list) and all(isinstance(row, Mapping) and row.keys() <= known for row in value)
    if shape.like is Like.TEXTS:
        return all(not isinstance(one, Mapping | list) for one in (value if isinstance(value, list) else [value]))
    if shape.like in (Like.WORDS, Like.SEVERAL, Like.LISTED):
        return isinstance(value, list) and all(_word(one) for one in value)
    if shape.like is Like.FILE:
        return isinstance(value, str) and value.startswith(FILE)
    if shape.like is Like.CHOICE:
        return not isinstance(value, list)
    return not isinstance(value, Mapping | list)


def _word(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and "\n" not in str(value)


def _inner(shape: ValueShape, held: Mapping[str, Any], name: str) -> Iterator[RowInput]:
    for one in shape.inner:
        yield input_of(one, held.get(one.key, ABSENT), f"{name}.{one.key}")


def _pair(shape: ValueShape, name: str, key: str, value: Any) -> tuple[RowInput, ...]:
    first = ValueShape("name", Text("名称", "Name"), Like.TEXT, shape.options)
    return input_of(first, key.strip(), f"{name}.name"), input_of(said_of(shape), value, f"{name}.value")


def _text(name: str, value: Any) -> RowInput:
    return input_of(ValueShape("text", Text("文字", "Text"), Like.LONG), value, name)


def _one(shape: ValueShape, name: str, value: Any) -> RowInput:
    return input_of(ValueShape("one", shape.label, Like.CHOICE, shape.options), value, name)


def said_of(shape: ValueShape) -> ValueShape:
    """Return the shape of what is said of a name: how the members voted, or whatever a value says."""
    return _VOTED if shape.key in ("vote", "hall") else ValueShape("value", Text("内容", "What"), Like.SCALAR)


def _with_held(shape: ValueShape, held: tuple[str, ...]) -> tuple[tuple[str, Text], ...]:
    known = {value for value, _ in shape.options}
    return (*shape.options, *((one, _plainly(one)) for one in held if one not in known and one != NONE_OF_THEM))


def _plainly(word: str) -> Text:
    if word == NOTHING.zh:
        return NOTHING
    said = word.removeprefix("{expert: ").removesuffix("}")
    return Text(said, said)


def _none(value: Any) -> tuple[str, ...]:
    return () if value is ABSENT else (NONE_OF_THEM,) if value == [] else (NOTHING.zh,) if value is None else ()
