"""Values of a file as people read them: lists line by line, options with their words, no brackets and quotes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from service.catalog.merge.words import field_word

_LINE = 40
"""How many characters a list may have to stand on one line."""
_OPTION = {"label", "value"}
_TONGUES = {"zh", "en"}


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
    said = [f"{field_word(str(name)).zh}：{worded(item, depth + 1)}" for name, item in value.items()]
    return "\n".join(said) if depth == 0 else "，".join(said)
