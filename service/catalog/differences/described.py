"""What a record says, field by field, and what it is called."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from service.catalog.differences.records import CELL, COMPONENT, DRAWN, ENTRY, LANE_OF, ROOT, Key, Record, element_of
from service.catalog.differences.words import FIELDS, component_word, field_word, kind_word, section_word
from service.catalog.source.xml import XmlElement, get_local_name, list_child_elements, text_of
from service.catalog.source.yaml import YamlMistake, parse_yaml, to_plain_value
from service.catalog.wording.word_lists import choice_words, entry_words
from service.domain.text import Text

_LONGEST = 60
_MADE_BY_EDITOR = re.compile(r"[A-Z][A-Za-z]+_[0-9a-z]{7}")
"""An id that the editor gives to what is drawn, which says nothing."""
_UNSAID_OF_FORMS = ("components", "id", "schemaVersion", "exporter", "executionPlatform", "executionPlatformVersion")
_UNSAID = ("id", "namespace", "bpmnElement", "dmnElementRef", "isMarkerVisible")


def subject_of(key: Key, record: Record, names: Mapping[Key, str]) -> Text:
    """Return what a record is, with its name, as in 任务“形式审查”; ``names`` are those of all elements."""
    if key == ROOT:
        return Text("文件本身", "The file itself")
    if key[0] == LANE_OF:
        name = names.get(("element", key[1]), key[1])
        return Text(f"“{name}”所在的泳道", f"Lane of “{name}”")
    if key[0] == DRAWN:
        name = names.get(("element", key[1]), key[1])
        return Text(f"“{name}”的图上位置", f"Drawing of “{name}”")
    if key[0] == CELL:
        row, column = (names.get(("element", part), part) for part in key[1:3])
        return Text(f"规则“{row}”的“{column}”一格", f"Cell “{column}” of rule “{row}”")
    if key[0] == COMPONENT:
        kind = component_word(_get_payload(record).get("type", "")) or Text("表单项", "Form field")
        return Text(f"{kind.zh}“{names.get(key, key[1])}”", f"{kind.en} “{names.get(key, key[1])}”")
    if key[0] == ENTRY:
        path, name = "／".join(section_word(part).zh for part in key[1:]), names.get(key, "")
        others = (
            [other for other, element_name in names.items() if element_name == name and other != key] if name else []
        )
        if any(other[:2] == key[:2] for other in others):  # two clauses of one article: which of them
            return Text(f"“{name}”（{key[-1]}）", f"“{name}” ({key[-1]})")
        if others:  # a body and the role of its name
            where = section_word(key[1])
            return Text(f"“{name}”（{where.zh}）", f"“{name}” ({where.en})")
        return Text(f"“{name or path}”", f"“{name or path}”")
    node = element_of(record)
    kind = kind_word(get_local_name(node))
    if get_local_name(node) == "sequenceFlow" and not node.get("name"):
        ends = [names.get(("element", str(node.get(end))), str(node.get(end))) for end in ("sourceRef", "targetRef")]
        return Text(f"从“{ends[0]}”到“{ends[1]}”的{kind.zh}", f"{kind.en} from “{ends[0]}” to “{ends[1]}”")
    return Text(f"{kind.zh}“{names.get(key, key[-1])}”", f"{kind.en} “{names.get(key, key[-1])}”")


def name_of(key: Key, record: Record) -> str:
    """Return the name under which people know a record, its id where it has none."""
    if key[0] == COMPONENT:
        about = _get_payload(record)
        named = about.get("label") or about.get("dateLabel") or about.get("text") or about.get("key")
        return str(named or key[1])[:_LONGEST]
    if key[0] == ENTRY:
        fields = fields_of(key, record)
        return str(fields.get("name") or fields.get("article") or fields.get("title") or "")
    if key[0] in (LANE_OF, DRAWN, CELL) or key == ROOT:
        return key[-1]
    node = element_of(record)
    named = node.get("name") or node.get("label") or text_of(next(iter(list_child_elements(node, "description")), None))
    return str(named or ("未命名" if _MADE_BY_EDITOR.fullmatch(key[-1]) else key[-1]))


def _get_payload(record: Record) -> dict[str, Any]:
    return record.payload if isinstance(record.payload, dict) else {}


def fields_of(key: Key, record: Record) -> dict[str, str]:
    """Return what a record says: field → value, both as text."""
    if key[0] == LANE_OF:
        return {"lane": record.parent[-1] if record.parent else ""}
    if key[0] == COMPONENT or isinstance(record.payload, dict):
        return dict(_iterate_json_fields(record.payload))
    if isinstance(record.payload, str):
        fields = _read_yaml_fields(record.payload)
        return _name_choice(key[-1], fields) if key[:2] == (ENTRY, "parameters") else fields
    place = {"parent": record.parent[-1]} if record.parent and key[0] not in (CELL, DRAWN) else {}
    return {**dict(_iterate_xml_fields(element_of(record))), **place}


def _name_choice(parameter: str, fields: dict[str, str]) -> dict[str, str]:
    """Say what the choice of a parameter is called in its place; one value and dated ones are one field."""
    fields = {"value" if name == "values" else name: value for name, value in fields.items()}
    chosen, words = fields.get("value", ""), choice_words()
    name = words.get(f"{parameter}/{chosen}") or words.get(chosen)
    return {**fields, "value": name.zh} if name else fields


def _iterate_xml_fields(node: XmlElement) -> Iterator[tuple[str, str]]:
    for name, value in node.attrib.items():
        local_name = str(name).rpartition("}")[2]
        if local_name not in _UNSAID and not (local_name == "type" and "}" in str(name)):
            yield local_name, str(value)
    if get_local_name(node) in ("BPMNShape", "DMNShape"):
        yield from (("position", _format_numbers(box)) for box in list_child_elements(node, "Bounds"))
        yield from (
            ("label", _format_numbers(box))
            for label in list_child_elements(node, "BPMNLabel")
            for box in list_child_elements(label, "Bounds")
        )
        return
    if get_local_name(node) in ("BPMNEdge", "DMNEdge"):
        yield "waypoints", " ".join(_format_numbers(point) for point in list_child_elements(node, "waypoint"))
        return
    if (node.text or "").strip():
        yield "text", str(node.text).strip()
    for part in _iterate_parts(node):
        yield from part


def _format_numbers(node: XmlElement) -> str:
    return ",".join(str(value) for value in node.attrib.values())


def _iterate_parts(node: XmlElement) -> Iterator[list[tuple[str, str]]]:
    """Yield what stands in the children of an element that are no records: extensions, events, conditions."""
    for part in list_child_elements(node):
        tag = get_local_name(part)
        if tag == "extensionElements":
            yield list(_iterate_extensions(part))
        elif tag.endswith(("Definition", "Characteristics")):
            inner = [(f"{tag}.{name}", value) for name, value in _iterate_leaf_texts(part)]
            yield inner or [(tag, "✓")]
        elif tag in ("conditionExpression", "documentation", "description", "text", "inputExpression"):
            yield [(tag, text_of(part))]


def _iterate_extensions(node: XmlElement) -> Iterator[tuple[str, str]]:
    for part in list_child_elements(node):
        if get_local_name(part) == "properties":
            yield from ((p.get("name", ""), p.get("value", "")) for p in list_child_elements(part, "property"))
        elif get_local_name(part) == "serviceTaskOperator":
            yield "operation", part.get("id", "")
            parameters = [
                p for group in list_child_elements(part, "parameters") for p in list_child_elements(group, "parameter")
            ]
            yield from ((f"operation.{p.get('id', '')}", p.get("value", "")) for p in parameters)
        else:
            yield get_local_name(part), text_of(part)


def _iterate_leaf_texts(node: XmlElement) -> Iterator[tuple[str, str]]:
    yield from ((str(name).rpartition("}")[2], str(value)) for name, value in node.attrib.items() if name != "id")
    for part in list_child_elements(node):
        yield from [(get_local_name(part), text_of(part))] if not len(part) else _iterate_leaf_texts(part)


def _iterate_json_fields(value: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict):
        yield "text", worded(value)
        return
    for name, item in value.items():
        if name in ("validate", "conditional", "properties") and isinstance(item, dict):
            yield from ((f"{name}.{inner}", worded(inner_value)) for inner, inner_value in item.items())
        elif name == "type" and item != "default":
            kind = component_word(str(item))
            yield name, kind.zh if kind else str(item)
        elif name not in _UNSAID_OF_FORMS and name != "type":
            yield name, worded(item)


def _read_yaml_fields(text: str) -> dict[str, str]:
    """Return what an entry says; its lines as they are where they cannot be read alone."""
    try:
        value = to_plain_value(parse_yaml(textwrap.dedent(text).encode(), "entry"))
    except YamlMistake:
        return {"text": text.strip("\n")}
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    elif isinstance(value, dict) and len(value) == 1:
        value = next(iter(value.values()))
    fields = (
        {name: worded(item) for name, item in value.items()} if isinstance(value, dict) else {"text": worded(value)}
    )
    comments = [line.strip()[1:].strip() for line in text.splitlines() if line.strip().startswith("#")]
    return {**fields, **({"comments": "\n".join(comments)} if comments else {})}


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
    parts = [f"{name}：{worded(item, depth + 1)}" for name, item in zip(_keys(value), value.values(), strict=True)]
    return "\n".join(parts) if depth == 0 else "，".join(parts)


def _keys(value: Mapping[str, Any]) -> list[str]:
    """Return what the keys of a mapping are called: of a row of a parameter as its columns are."""
    columns = entry_words()
    if value.keys() <= columns.keys() and not value.keys() <= FIELDS.keys():
        return [columns[name].zh for name in value]
    return [field_word(str(name)).zh for name in value]
