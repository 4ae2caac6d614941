"""Values of a file as people read them: lists line by line, options with their words, no brackets and quotes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from service.catalog.differences.words import FIELDS, field_word
from service.catalog.wording.word_lists import entry_words

_LINE = 40
"""How many characters a list may have to stand on one line."""
_OPTION = {"label", "value"}
_TONGUES = {"zh", "en"}
_DATED, _FORMER = {"from", "value"}, "former"


def worded(value: Any, depth: int = 0) -> str:
    """Return a value in words; true and false stay as they are, since their words depend on the reader's language."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "—"
    if isinstance(value, Mapping):
        return _mapping(value, depth)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _list(value, depth)
    return str(value)


def _list(value: Sequence[Any], depth: int) -> str:
    lines = [worded(item, depth + 1) for item in value]
    short = "、".join(lines)
    if len(short) <= _LINE and "\n" not in short and not any(mark in short for mark in "。；，"):
        return short
    return "\n".join(lines) if depth == 0 else "；".join(line.replace("\n", "；") for line in lines)


def _mapping(value: Mapping[str, Any], depth: int) -> str:
    if _OPTION <= value.keys() <= {*_OPTION, "label_en"}:
        return f"{value['label']}（{value['value']}）"
    if value.keys() == _TONGUES:
        return f"{value['zh']} / {value['en']}"
    if _DATED <= value.keys() <= {*_DATED, _FORMER}:
        former = "（修改前的条文）" if value.get(_FORMER) else ""
        return f"自 {value['from']} 起：{worded(value['value'], depth + 1)}{former}"
    said = [f"{name}：{worded(item, depth + 1)}" for name, item in zip(_keys(value), value.values(), strict=True)]
    return "\n".join(said) if depth == 0 else "，".join(said)


def _keys(value: Mapping[str, Any]) -> list[str]:
    """Return what the keys of a mapping are called: of a row of a parameter as its columns are, without their examples."""
    columns = entry_words()
    if value.keys() <= columns.keys() and not value.keys() <= FIELDS.keys():
        return [columns[name].zh.partition("（")[0] for name in value]
    return [field_word(str(name)).zh for name in value]
