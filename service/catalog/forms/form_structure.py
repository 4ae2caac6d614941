"""Structural soundness of a form schema, checked before it is read: types of values, known keys."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from service.catalog.problems import did_you_mean
from service.domain.text import Text, english_key

DEEPEST = 24
"""Levels of components within components; the deepest form of a package has three."""

RULES = {
    "form": "A form is a mapping with a list of components.",
    "unknown_key": "Its keys and properties are known ones.",
    "mistyped": "Each value is of the kind that its key needs.",
    "too_deep": f"Components nest at most {DEEPEST} levels deep.",
}
"""The rules told here, a sentence each: a form that breaks one is not read any further."""

_FORM = {
    "type": str, "id": str, "schemaVersion": int, "properties": dict, "components": list, "exporter": dict,
    "executionPlatform": str, "executionPlatformVersion": str, "versionTag": str,
}  # fmt: skip
_COMPONENT = {
    "type": str, "id": str, "key": str, "path": str, "label": str, "text": str, "description": str, "dateLabel": str,
    "timeLabel": str, "subtype": str, "validate": dict, "properties": dict, "conditional": dict, "layout": dict,
    "appearance": dict, "values": list, "components": list, "accept": str, "valuesExpression": str, "valuesKey": str,
    "computeOn": str, "expression": str, "isRepeating": bool, "allowAddRemove": bool, "defaultRepetitions": int,
    "showOutline": bool, "disableCollapse": bool, "nonCollapsedItems": int, "readonly": (bool, str), "disabled": bool,
    "decimalDigits": int, "increment": (int, float, str), "serializeToString": bool, "defaultValue": object, "multiple": (bool, str),
    "searchable": bool, "use24h": bool, "timeInterval": int, "timeSerializingFormat": str, "disallowPassedDates": bool,
    "action": str, "alt": str, "source": str, "height": int, "verticalAlignment": str, "groups": list, "content": str,
    "url": str, "columns": list, "columnsExpression": str, "dataSource": str, "rowCount": int, "endpointKey": str,
}  # fmt: skip
_VALIDATE = {
    "required": bool, "maxLength": (int, str), "minLength": (int, str), "min": (int, float, str), "max": (int, float, str),
    "pattern": str, "patternErrorMessage": str, "validationType": str,
}  # fmt: skip
_PROPERTY = re.compile(
    r"(title|label|text|help|purpose|description|patternErrorMessage|ruleMessage(_\d+)?)(_en)?|rule(_\d+)?"
    r"|maxBytes|maxCount|maxRows|minRows|variables|unseen|personal|unique|check|secret|requiredIf|clauses|record|unticked|typed|corrects|asks_correction|normal|person|beside|assessed|staff|stops_files"
)
_ALLOWED_PROPERTIES = (
    "title", "title_en", "label_en", "text_en", "help", "help_en", "purpose", "purpose_en", "description_en", "rule", "ruleMessage", "ruleMessage_en",
    "maxBytes", "maxCount", "maxRows", "minRows", "variables", "unseen", "personal", "unique", "check", "secret", "requiredIf",
    "clauses", "record", "unticked", "typed", "corrects", "asks_correction", "normal", "person", "beside", "assessed", "staff", "stops_files",
    "patternErrorMessage_en",
)  # fmt: skip
_WORDS: dict[object, Text] = {
    str: Text("文字", "a text"), int: Text("整数", "a whole number"), bool: Text("true 或 false", "true or false"),
    dict: Text("键值映射", "a mapping"), list: Text("列表", "a list"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FormFault:
    """What is wrong at ``component`` (its id, or where it stands), under which rule, and the remedy."""

    component: str
    rule: str
    message: Text
    remedy: Text


def form_faults(schema: object) -> Iterator[FormFault]:
    """Yield everything that keeps a form from being read; none means that it can be."""
    if not isinstance(schema, dict) or not isinstance(schema.get("components"), list):
        yield FormFault(
            "components", "form",
            Text("不是表单：缺少 components 列表。", "This is no form: the list of components is missing."),
            Text("重新从表单编辑器导出。", "Export it again from the form editor."),
        )  # fmt: skip
        return
    yield from _check_settings(schema, _FORM, str(schema.get("id", "")))
    yield from _check_properties(schema.get("properties"), str(schema.get("id", "")))
    yield from _check_components(schema["components"], "components", 1)


def _check_components(components: Any, where: str, depth: int) -> Iterator[FormFault]:
    if depth > DEEPEST:
        yield FormFault(
            where, "too_deep",
            Text(f"组件嵌套超过 {DEEPEST} 层。", f"Components are nested more than {DEEPEST} levels deep."),
            Text("拆成几个表单或减少嵌套。", "Split the form or nest less."),
        )  # fmt: skip
        return
    for number, item in enumerate(components if isinstance(components, list) else ()):
        if not isinstance(item, dict):
            yield _build_type_fault(where, f"{where}.{number}", item, dict)
            continue
        name = item["id"] if isinstance(item.get("id"), str) and item["id"] else f"{where}.{number}"
        yield from _check_settings(item, _COMPONENT, name)
        yield from _check_settings(item.get("validate"), _VALIDATE, name)
        yield from _check_settings(item.get("conditional"), {"hide": str}, name)
        yield from _check_properties(item.get("properties"), name)
        yield from _check_values(item.get("values"), name)
        yield from _check_components(item.get("components"), f"{where}.{number}.components", depth + 1)


def _check_values(options: Any, name: str) -> Iterator[FormFault]:
    for option in options if isinstance(options, list) else ():
        if isinstance(option, dict):
            yield from _check_settings(option, {"label": str, "value": str, "label_en": str}, name)
        else:
            yield _build_type_fault(name, "values", option, dict)


def _check_properties(properties: Any, name: str) -> Iterator[FormFault]:
    for key, value in properties.items() if isinstance(properties, dict) else ():
        if not _PROPERTY.fullmatch(english_key(key)):
            yield _build_unknown_fault(name, f"properties.{key}", did_you_mean(key, _ALLOWED_PROPERTIES))
        if not isinstance(value, str | int | bool):
            yield _build_type_fault(name, f"properties.{key}", value, str)


def _check_settings(settings: Any, kinds_by_key: Mapping[str, Any], name: str) -> Iterator[FormFault]:
    for key, value in settings.items() if isinstance(settings, dict) else ():
        kind = kinds_by_key.get(key) or kinds_by_key.get(english_key(key))
        if kind is None:
            yield _build_unknown_fault(name, key, did_you_mean(key, kinds_by_key))
        elif kind is not object and value is not None and not _is_of_kind(value, kind):
            yield _build_type_fault(name, key, value, kind)


def _is_of_kind(value: object, kind: Any) -> bool:
    kinds = kind if isinstance(kind, tuple) else (kind,)
    if isinstance(value, bool):
        return bool in kinds
    if isinstance(value, str) and bool in kinds and value in ("true", "false"):
        return True
    return isinstance(value, kinds)


def _build_unknown_fault(name: str, key: str, remedy: Text) -> FormFault:
    return FormFault(name, "unknown_key", Text(f"没有名为“{key}”的设置。", f"There is no setting “{key}”."), remedy)


def _build_type_fault(name: str, key: str, value: object, kind: Any) -> FormFault:
    first = kind[0] if isinstance(kind, tuple) else kind
    word = _WORDS.get(first, Text("数字或文字", "a number or a text"))
    value_text = repr(value)[:40]
    return FormFault(
        name, "mistyped",
        Text(f"“{key}”应是{word.zh}，现为 {value_text}。", f"“{key}” should be {word.en}; it is {value_text}."),
        Text("在表单编辑器中改正。", "Correct it in the form editor."),
    )  # fmt: skip
