"""Values of a scenario as inputs of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from service.casework.simulate.scenarios.scenario_text import as_typed, format_flow_yaml
from service.casework.simulate.scenarios.shapes import Like, ValueShape
from service.casework.simulate.scenarios.words import vote_letters, vote_words
from service.catalog.source.yaml import YamlMistake, parse_yaml, to_plain_value
from service.domain.errors import Invalid
from service.domain.text import Text
from service.domain.values.typed_numbers import whole_number

ABSENT: Any = object()
"""What a row does not say."""
WRITTEN = "~"
"""Ends the name of an input that holds a value as a scenario file writes it."""
COUNT = "#"
"""Ends the name of the input that counts rows."""
NULL, NONE_OF_THEM = "null", "[]"
"""Stand for a value that is said to be nothing, which is not the same as saying nothing of it, and for an empty list."""
_NULL_WORDS = Text("（清空）", "(empty)")
_TYPED_NULL = frozenset({NULL, _NULL_WORDS.zh, _NULL_WORDS.en})
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
        return bool(self.value or self.chosen or self.rows or any(part.says for part in self.inner))


def input_of(shape: ValueShape, value: Any, name: str) -> RowInput:
    """Return the input ``name`` of ``shape`` that shows ``value``, ABSENT for none."""
    if not _can_show(shape, value):
        return RowInput(name + WRITTEN, shape, as_typed(value), written=True)
    if shape.like is Like.GROUP:
        values = value if isinstance(value, Mapping) else {}
        return RowInput(name, shape, inner=tuple(_iterate_inner(shape, values, name)))
    if shape.like is Like.ROWS:
        items = value if isinstance(value, list) else []
        rows = tuple(tuple(_iterate_inner(shape, row, f"{name}.{n}")) for n, row in enumerate(items))
        return RowInput(name, shape, rows=rows)
    if shape.like is Like.PAIRS:
        pairs = value.items() if isinstance(value, Mapping) else ()
        rows = tuple(_build_pair(shape, f"{name}.{n}", str(key), entry) for n, (key, entry) in enumerate(pairs))
        return RowInput(name, shape, rows=rows)
    if shape.like is Like.TEXTS:
        texts = value if isinstance(value, list) else [] if value is ABSENT or value is None else [value]
        return RowInput(
            name, shape, rows=tuple((_build_text_input(f"{name}.{n}", item),) for n, item in enumerate(texts))
        )
    if shape.like is Like.LISTED:
        words = value if isinstance(value, list) else []
        return RowInput(
            name, shape, rows=tuple((_build_choice_input(shape, f"{name}.{n}", item),) for n, item in enumerate(words))
        )
    if shape.like is Like.SEVERAL and shape.options:
        chosen = tuple(map(str, value)) if isinstance(value, list) else ()
        return RowInput(name, shape, options=_add_current_options(shape, chosen), chosen=chosen or _choose_none(value))
    text = format_input_value(shape, value)
    if shape.like is Like.VOTE:
        return RowInput(name, shape, text, words=_NULL_WORDS if value is None else vote_words(text))
    options = _YES if shape.like is Like.YES else shape.options
    if shape.like in (Like.CHOICE, Like.YES):
        options = _add_current_options(ValueShape(shape.key, shape.label, shape.like, options), (text,) if text else ())
    return RowInput(name, shape, text, options, words=_NULL_WORDS if value is None else None)


def format_input_value(shape: ValueShape, value: Any) -> str:
    """Return a value as its input shows it."""
    if value is ABSENT:
        return ""
    if value is None:
        return NULL
    if shape.like is Like.FILE:
        return str(value).removeprefix(FILE)
    if isinstance(value, list):
        return "\n".join(map(as_typed, value)) or NONE_OF_THEM
    if shape.like is Like.SCALAR and isinstance(value, str) and read_scalar(value) != value:
        return format_flow_yaml(value)
    return as_typed(value)


def read_scalar(text: str) -> Any:
    """Return a value as YAML says it; a text that is none stands for itself. Raises Invalid for an open bracket."""
    stripped = text.strip()
    if not stripped.startswith(("{", "[", "'", '"')) and (": " in stripped or "\n" in stripped or " #" in stripped):
        return stripped
    try:
        document = parse_yaml(f"value: {stripped}\n".encode(), "row.yaml")
    except YamlMistake as mistake:
        raise Invalid(
            Text(f"“{stripped[:60]}”写得不完整：括号或引号没有成对。", f"“{stripped[:60]}” lacks a bracket or quote.")
        ) from mistake
    value: Any = to_plain_value(document)
    return value["value"] if isinstance(value, Mapping) else value


def _can_show(shape: ValueShape, value: Any) -> bool:
    if value is ABSENT or value is None:
        return True
    if shape.like in _MAPPINGS:
        keys = {part.key for part in shape.inner}
        return isinstance(value, Mapping) and (shape.like is Like.PAIRS or shape.key == "with" or value.keys() <= keys)
    if shape.like is Like.ROWS:
        keys = {part.key for part in shape.inner}
        return isinstance(value, list) and all(isinstance(row, Mapping) and row.keys() <= keys for row in value)
    if shape.like is Like.TEXTS:
        return all(not isinstance(item, Mapping | list) for item in (value if isinstance(value, list) else [value]))
    if shape.like in (Like.WORDS, Like.SEVERAL, Like.LISTED):
        return isinstance(value, list) and all(_is_word(item) for item in value)
    if shape.like is Like.FILE:
        return isinstance(value, str) and value.startswith(FILE)
    if shape.like is Like.CHOICE:
        return not isinstance(value, list)
    return not isinstance(value, Mapping | list)


def _is_word(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and "\n" not in str(value)


def _iterate_inner(shape: ValueShape, values: Mapping[str, Any], name: str) -> Iterator[RowInput]:
    for part in shape.inner:
        yield input_of(part, values.get(part.key, ABSENT), f"{name}.{part.key}")


def _build_pair(shape: ValueShape, name: str, key: str, value: Any) -> tuple[RowInput, ...]:
    first = ValueShape("name", Text("名称", "Name"), Like.TEXT, shape.options)
    return input_of(first, key.strip(), f"{name}.name"), input_of(get_statement_shape(shape), value, f"{name}.value")


def _build_text_input(name: str, value: Any) -> RowInput:
    return input_of(ValueShape("text", Text("文字", "Text"), Like.LONG), value, name)


def _build_choice_input(shape: ValueShape, name: str, value: Any) -> RowInput:
    return input_of(ValueShape("one", shape.label, Like.CHOICE, shape.options), value, name)


def get_statement_shape(shape: ValueShape) -> ValueShape:
    """Return the shape of what is said of a name: how the members voted, or whatever a value says."""
    return _VOTED if shape.key in ("vote", "hall") else ValueShape("value", Text("内容", "What"), Like.SCALAR)


def _add_current_options(shape: ValueShape, current_values: tuple[str, ...]) -> tuple[tuple[str, Text], ...]:
    option_values = {value for value, _ in shape.options}
    return (
        *shape.options,
        *(
            (value, _to_plain_text(value))
            for value in current_values
            if value not in option_values and value != NONE_OF_THEM
        ),
    )


def _to_plain_text(word: str) -> Text:
    if word == NULL:
        return _NULL_WORDS
    text = word.removeprefix("{expert: ").removesuffix("}")
    return Text(text, text)


def _choose_none(value: Any) -> tuple[str, ...]:
    return () if value is ABSENT else (NONE_OF_THEM,) if value == [] else (NULL,) if value is None else ()


SHOW_AGAIN = "form"
"""What a post does that only asks to see the form again."""
MOST_ROWS = 200
"""So many rows of one list are read."""


def read_input(shape: ValueShape, typed: MultiDict[str, str], name: str, old_value: Any) -> Any:
    """Return the value that was typed into input ``name``, ABSENT for none; ``old_value`` is the value that was shown."""
    if name + WRITTEN in typed:
        text = typed[name + WRITTEN]
        return _find_unchanged(old_value, text, as_typed) or (
            _read_leniently(read_scalar, text, typed) if text.strip() else ABSENT
        )
    reader = _READERS.get(shape.like)
    if reader is not None and not (shape.like is Like.SEVERAL and not shape.options):
        return reader(shape, typed, name, old_value)
    if name not in typed:
        return ABSENT
    text = typed[name]
    if old_value is not ABSENT and _is_same(format_input_value(shape, old_value), text):
        return old_value
    return _read_leniently(lambda text: _parse_value(shape, text), text.replace("\r\n", "\n").strip(), typed)


def _read_leniently(read: Callable[[str], Any], text: str, typed: MultiDict[str, str]) -> Any:
    """Return what ``text`` says; where the form is only shown again, what cannot be read stays as it was typed."""
    try:
        return read(text)
    except Invalid:
        if _going_on(typed):
            return text
        raise


def _find_unchanged(old_value: Any, text: str, say: Callable[[Any], str]) -> Any:
    """Return what was held where the text is as it was shown, None otherwise."""
    return old_value if old_value is not ABSENT and _is_same(say(old_value), text) else None


def _is_same(text: str, other: str) -> bool:
    return text.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()


def _parse_value(shape: ValueShape, text: str) -> Any:
    if not text:
        return ABSENT
    if text in _TYPED_NULL:
        return None
    if shape.like in (Like.WORDS, Like.SEVERAL):
        if text == NONE_OF_THEM:
            return []
        return [line.strip() for line in text.split("\n") if line.strip()]
    if shape.like is Like.FILE:
        return f"{FILE}{text.removeprefix(FILE)}"
    if shape.like is Like.YES:
        return text == "true"
    if shape.like is Like.CHOICE:
        return read_scalar(text) if text.startswith("{") else text
    if shape.like is Like.VOTE:
        return text if "$" in text else vote_letters(text)
    return text if shape.like in (Like.TEXT, Like.LONG) else _parse_measure(shape, text)


def _parse_measure(shape: ValueShape, text: str) -> Any:
    """Return a number, a day or an instant as typed; raises Invalid that names the input."""
    if shape.like is Like.SCALAR:
        return read_scalar(text)
    if shape.like is Like.MOMENT:
        return read_scalar(text) if len(text) <= 10 else text.replace("T", " ") if shape.key == "at" else text
    value = read_scalar(text)
    expected = date if shape.like is Like.DAY else int | float
    if isinstance(value, expected) and not isinstance(value, bool):
        return value
    if "$" in text:
        return text
    name = f"“{shape.label.zh}”", f"“{shape.label.en}”"
    if shape.like is Like.DAY:
        raise Invalid(Text(f"{name[0]}请写成 2026-03-02。", f"Write {name[1]} as 2026-03-02."))
    raise Invalid(Text(f"{name[0]}应是数字。", f"{name[1]} is a number."))


def _read_group(shape: ValueShape, typed: MultiDict[str, str], name: str, old_value: Any) -> Any:
    return _read_mapping(shape, typed, name, old_value) or (old_value if old_value == {} else ABSENT)


def _read_mapping(shape: ValueShape, typed: MultiDict[str, str], name: str, old_value: Any) -> dict[str, Any]:
    """Return what the parts say: those that were held in their order, then the others."""
    before = old_value if isinstance(old_value, Mapping) else {}
    read = {
        part.key: read_input(part, typed, f"{name}.{part.key}", before.get(part.key, ABSENT)) for part in shape.inner
    }
    order = [*(key for key in before if key in read), *(key for key in read if key not in before)]
    return {key: read[key] for key in order if read[key] is not ABSENT}


def _read_rows(shape: ValueShape, typed: MultiDict[str, str], name: str, old_value: Any) -> Any:
    before = old_value if isinstance(old_value, list) else []
    rows = []
    for n in _iterate_numbers(typed, name):
        row = before[n] if n < len(before) and isinstance(before[n], Mapping) else {}
        rows.append(_read_mapping(shape, typed, f"{name}.{n}", row))
    return rows if rows or isinstance(old_value, list) else ABSENT


def _read_pairs(shape: ValueShape, typed: MultiDict[str, str], name: str, old_value: Any) -> Any:
    before = old_value if isinstance(old_value, Mapping) else {}
    pairs: dict[str, Any] = {}
    for place, n in enumerate(_iterate_numbers(typed, name), 1):
        key = typed.get(f"{name}.{n}.name", "").strip()
        value = read_input(get_statement_shape(shape), typed, f"{name}.{n}.value", before.get(key, ABSENT))
        if _going_on(typed):  # pairs that are not filled in yet stay on the page, told apart by blanks
            pairs[key or " " * place] = "" if value is ABSENT else value
        elif key and value is not ABSENT:
            pairs[key] = value
    return pairs or (old_value if old_value == {} else ABSENT)


def _read_texts(_shape: ValueShape, typed: MultiDict[str, str], name: str, old_value: Any) -> Any:
    before = (
        old_value if isinstance(old_value, list) else [] if old_value is ABSENT or old_value is None else [old_value]
    )
    texts, going_on = [], _going_on(typed)
    for n in _iterate_numbers(typed, name):
        text = typed.get(f"{name}.{n}", "").replace("\r\n", "\n")
        same = n < len(before) and _is_same(as_typed(before[n]), text)
        if same or text.strip() or going_on:
            texts.append(before[n] if same else text)
    if isinstance(old_value, list) and texts == before:
        return old_value
    return ABSENT if not texts else texts[0] if len(texts) == 1 and not going_on else texts


def _read_listed(_shape: ValueShape, typed: MultiDict[str, str], name: str, old_value: Any) -> Any:
    values = [typed.get(f"{name}.{n}", "").strip() for n in _iterate_numbers(typed, name)]
    if not _going_on(typed):
        values = [value for value in values if value]
    if isinstance(old_value, list) and values == [str(item) for item in old_value]:
        return old_value
    return values or ABSENT


def _going_on(typed: Mapping[str, str]) -> bool:
    """Tell whether a post only asks to see the form again: with a row more or less, or with what belongs to a choice."""
    return "_add" in typed or "_remove" in typed or typed.get("do") == SHOW_AGAIN


def _iterate_numbers(typed: MultiDict[str, str], name: str) -> Iterator[int]:
    """Yield the numbers of the rows that were posted, without the one whose button removes it."""
    count = whole_number(typed.get(name + COUNT, "0"))
    removed = typed.get("_remove", "")
    for n in range(min(count or 0, MOST_ROWS)):
        if removed != f"{name}.{n}":
            yield n
    if typed.get("_add") == name and count is not None:
        yield count


def _read_several(_shape: ValueShape, typed: MultiDict[str, str], name: str, old_value: Any) -> Any:
    if name + COUNT not in typed:
        return ABSENT
    ticked = [item for item in typed.getlist(name) if item not in (NONE_OF_THEM, NULL)]
    if (
        isinstance(old_value, list)
        and ticked == [str(item) for item in old_value if str(item) in ticked]
        and len(ticked) == len(old_value)
    ):
        return old_value
    if ticked:
        return ticked
    return [] if NONE_OF_THEM in typed.getlist(name) else None if NULL in typed.getlist(name) else ABSENT


_READERS: Mapping[Like, Callable[[ValueShape, MultiDict[str, str], str, Any], Any]] = {
    Like.GROUP: _read_group,
    Like.ROWS: _read_rows,
    Like.PAIRS: _read_pairs,
    Like.SEVERAL: _read_several,
    Like.TEXTS: _read_texts,
    Like.LISTED: _read_listed,
}
