"""Parse JSON with bounds on size and depth."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any

import orjson

from service.catalog.source.yaml import json_words, words_of_double
from service.domain.errors import Invalid
from service.domain.text import Text

MAX_BYTES = 2_000_000
MAX_DEPTH = 60

_STRUCTURE = re.compile(r'("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[\[\]{}]')
_EXPONENT = re.compile(rb"\d[eE][-+]?\d|\d\.0{4}")
_STABLE = (
    orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
)


class JsonMistake(Invalid):
    """The file is not the JSON we accept; ``line`` counts from 1."""

    code = "json"

    def __init__(self, file: str, line: int, what: Text) -> None:
        self.line = line
        super().__init__(Text(f"{file} 第 {line} 行：{what.zh}", f"{file} line {line}: {what.en}"))


def parse_json(content: bytes, file: str) -> Any:
    """Return the value of ``content``; raises JsonMistake with file and line."""
    if len(content) > MAX_BYTES:
        raise JsonMistake(file, 1, Text("文件超过 2 MB，请拆分。", "The file is larger than 2 MB; split it."))
    try:
        value = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        if "depth limit" in error.msg:
            raise JsonMistake(file, error.lineno, _DEEP) from error
        raise JsonMistake(file, error.lineno, json_words(error.msg)) from error
    _require_structure(content.decode("utf-8"), file)
    return value


_DEEP = Text(f"嵌套超过 {MAX_DEPTH} 层。请减少嵌套。", f"Values are nested deeper than {MAX_DEPTH}. Nest less.")


def _require_structure(text: str, file: str) -> None:
    """Raise JsonMistake where a text that is JSON goes too deep, or says a key twice: one of them would be lost."""
    keys: list[set[str]] = []
    for match in _STRUCTURE.finditer(text):
        sign, key = match[0], match[1]
        mistake = None
        if key is None:
            if sign in "[{":
                keys.append(set())
                mistake = _DEEP if len(keys) > MAX_DEPTH else None
            else:
                keys.pop()
        elif match[2] is not None:
            mistake = words_of_double(key[1:-1]) if key in keys[-1] else None
            keys[-1].add(key)
        if mistake is not None:
            raise JsonMistake(file, text.count("\n", 0, match.start()) + 1, mistake)


def as_json_file(value: object) -> bytes:
    """Write a value as JSON in the stable format, as Python's own module does, which takes several times as long.

    What the quick writer would say otherwise is left to it: very large and very small numbers.
    """
    with suppress(TypeError):
        text = orjson.dumps(value, option=_STABLE)
        if not _EXPONENT.search(text):
            return text
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
