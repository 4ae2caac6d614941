"""Write a document's changed parts into its file; everything that was not changed keeps its lines."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any

import orjson
from ruamel.yaml.comments import CommentedSeq
from ruamel.yaml.scalarstring import SingleQuotedScalarString

from service.catalog.source.flow_style import flow_list, flow_row
from service.catalog.source.formatting import dump_yaml, load_yaml
from service.catalog.source.yaml import parse_yaml, to_plain_value
from service.domain.errors import Invalid
from service.domain.text import Text

_PLAIN = ("id", "layout", "include", "as", "form", "document")


def document_as_json(content: bytes, file: str) -> dict[str, Any]:
    """Return what the file of a document says; raises YamlMistake, or Invalid where it is no mapping."""
    document = to_plain_value(parse_yaml(content, file))
    if not isinstance(document, dict):
        raise Invalid(Text(f"{file} 不是文书。", f"{file} is no document."))
    return document


def write_document(content: bytes, data: Mapping[str, Any], file: str) -> bytes:
    """Return the file of a document saying ``data``; what it said before in the same words keeps its place and form.

    Raises YamlMistake and Invalid.
    """
    before = document_as_json(content, file)
    document = load_yaml(content.decode())
    for key in [key for key in before if key not in data]:
        del document[key]
    for key, value in data.items():
        if key not in before or before[key] != value:
            document[key] = _merge_value(document.get(key), before.get(key), value, key)
    text = dump_yaml(document).encode()
    parse_yaml(text, file)
    return text


def _merge_value(old_node: Any, before: Any, value: Any, key: str) -> Any:
    """Return ``value`` for the file, with the parts of ``old_node`` (which said ``before``) that it says still."""
    if isinstance(value, list) and isinstance(before, list):
        return _merge_list(old_node, before, value, key)
    if isinstance(value, dict) and isinstance(before, dict):
        for gone in [name for name in before if name not in value]:
            del old_node[gone]
        for name, item in value.items():
            if name not in before or before[name] != item:
                old_node[name] = _merge_value(old_node.get(name), before.get(name), item, name)
        return old_node
    return value if type(old_node) is str and isinstance(value, str) and value else _to_file_value(value, key)


def _merge_list(old_nodes: Any, before: list[Any], value: list[Any], key: str) -> Any:
    ours, theirs = [_serialize_item(item) for item in before], [_serialize_item(item) for item in value]
    result: list[Any] = []
    for tag, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        same = tag == "replace" and b - a == d - c
        for offset in range(d - c):
            if tag == "equal":
                result.append(old_nodes[a + offset])
            elif same:
                result.append(_merge_value(old_nodes[a + offset], before[a + offset], value[c + offset], key))
            else:
                result.append(_to_file_value(value[c + offset], key))
    old_nodes[:] = result
    return old_nodes


def _serialize_item(item: Any) -> bytes:
    return orjson.dumps(item)


def _to_file_value(value: Any, key: str) -> Any:
    """Return a value as such files have it: texts in quotation marks, rows and lists of words on one line."""
    if isinstance(value, str):
        bare = key in _PLAIN or key == "clauses"
        return value if bare and value else SingleQuotedScalarString(value)
    if isinstance(value, dict):
        return flow_row({name: _to_file_value(item, name) for name, item in value.items()})
    if isinstance(value, list):
        listed = [_to_file_value(item, key) for item in value]
        return flow_list(listed) if key in ("clauses", "columns") else CommentedSeq(listed)
    return value
