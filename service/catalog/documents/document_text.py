"""Write a document's changed parts into its file; everything that was not changed keeps its lines."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any

import orjson
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import SingleQuotedScalarString

from service.catalog.source.formatting import dump_yaml, load_yaml
from service.catalog.source.yaml import parse_yaml, plain
from service.domain.errors import Invalid
from service.domain.text import Text

_PLAIN = ("id", "layout", "include", "as", "form", "document")


def document_as_json(content: bytes, file: str) -> dict[str, Any]:
    """Return what the file of a document says; raises YamlMistake, or Invalid where it is no mapping."""
    found = plain(parse_yaml(content, file))
    if not isinstance(found, dict):
        raise Invalid(Text(f"{file} 不是文书。", f"{file} is no document."))
    return found


def write_document(content: bytes, said: Mapping[str, Any], file: str) -> bytes:
    """Return the file of a document saying ``said``; what it said before in the same words keeps its place and form.

    Raises YamlMistake and Invalid.
    """
    before = document_as_json(content, file)
    document = load_yaml(content.decode())
    for key in [key for key in before if key not in said]:
        del document[key]
    for key, value in said.items():
        if key not in before or before[key] != value:
            document[key] = _changed(document.get(key), before.get(key), value, key)
    text = dump_yaml(document).encode()
    parse_yaml(text, file)
    return text


def _changed(kept: Any, before: Any, value: Any, key: str) -> Any:
    """Return ``value`` for the file, with the parts of ``kept`` (which said ``before``) that it says still."""
    if isinstance(value, list) and isinstance(before, list):
        return _list(kept, before, value, key)
    if isinstance(value, dict) and isinstance(before, dict):
        for gone in [name for name in before if name not in value]:
            del kept[gone]
        for name, item in value.items():
            if name not in before or before[name] != item:
                kept[name] = _changed(kept.get(name), before.get(name), item, name)
        return kept
    return value if type(kept) is str and isinstance(value, str) and value else _fresh(value, key)


def _list(kept: Any, before: list[Any], value: list[Any], key: str) -> Any:
    ours, theirs = [_word(item) for item in before], [_word(item) for item in value]
    result: list[Any] = []
    for tag, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        same = tag == "replace" and b - a == d - c
        for offset in range(d - c):
            if tag == "equal":
                result.append(kept[a + offset])
            elif same:
                result.append(_changed(kept[a + offset], before[a + offset], value[c + offset], key))
            else:
                result.append(_fresh(value[c + offset], key))
    kept[:] = result
    return kept


def _word(item: Any) -> bytes:
    return orjson.dumps(item)


def _fresh(value: Any, key: str) -> Any:
    """Return a value as such files have it: texts in quotation marks, rows and lists of words on one line."""
    if isinstance(value, str):
        bare = key in _PLAIN or key == "clauses"
        return value if bare and value else SingleQuotedScalarString(value)
    if isinstance(value, dict):
        made = CommentedMap((name, _fresh(item, name)) for name, item in value.items())
        made.fa.set_flow_style()
        return made
    if isinstance(value, list):
        listed = CommentedSeq(_fresh(item, key) for item in value)
        if key in ("clauses", "columns"):
            listed.fa.set_flow_style()
        return listed
    return value
