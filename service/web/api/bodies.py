"""Read the body of an operation: JSON without ambiguity, fields as described; what is wrong is told field by field."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask import request
from marshmallow import Schema, ValidationError

from service.domain.errors import Invalid
from service.domain.text import Text
from service.web.api.derive import make_schema
from service.web.api.schema_fields import Base64
from service.web.frame.requests.request_checks import require_storable_json

_SAID: tuple[tuple[str, str], ...] = (
    (r"Missing data for required field\.", "没有填写"),
    (r"Field may not be null\.", "不能为 null"),
    (r"Unknown field\.", "没有这个字段"),
    (r"Not a valid string\.", "应为文字"),
    (r"Not a valid integer\.", "应为整数"),
    (r"Not a valid number\.", "应为数字"),
    (r"Number too large\.", "数字过大"),
    (r"Not a valid boolean\.", "应为 true 或 false"),
    (r"Not a valid list\.", "应为数组"),
    (r"Not a valid mapping type\.|Invalid input type\.|Invalid type\.", "应为 JSON 对象"),
    (r"Not a valid date\.", "应为日期，如 2026-06-05"),
    (r"Not a valid (?:\w+ )?datetime\.", "应为带时区的时间，如 2026-06-05T09:30:00+08:00"),
    (r"Must be one of: (.*)\.", "应为其中之一：{0}"),
    (r"Length must be between (\d+) and (\d+)\.", "长度应为 {0} 至 {1}"),
    (r"Length must be (\d+)\.", "长度应为 {0}"),
    (r"Shorter than minimum length (\d+)\.", "长度至少为 {0}"),
    (r"Longer than maximum length (\d+)\.", "长度最多为 {0}"),
    (r"Must be greater than or equal to (\S+) and less than or equal to (\S+)\.", "应在 {0} 至 {1} 之间"),
    (r"Must be greater than or equal to (\S+)\.", "不能小于 {0}"),
    (r"Must be less than or equal to (\S+)\.", "不能大于 {0}"),
)
"""What marshmallow says of a field, and the same in Chinese."""

_NO_OBJECT = Text(
    "请求正文应为 JSON 对象（Content-Type: application/json）。",
    "Send a JSON object with Content-Type: application/json.",
)
_BROKEN = Text(
    "请求正文不是完整的 JSON，没有读取。", "The body is no JSON that can be read: something in it is cut off or wrong."
)
_FOREIGN = "Unknown field"
"""Who sends a field that no description names tries what there is: it goes into the book."""


class BodyInvalid(Invalid):
    """A body that is not as described: ``errors`` per field as programs get them, with its place ("seat.role")."""

    def __init__(self, faults: list[tuple[str, Text]]) -> None:
        zh = "；".join(f"{place}：{text.zh}" for place, text in faults)
        en = "; ".join(f"{place}: {text.en}" for place, text in faults)
        super().__init__(Text(f"请求正文有误：{zh}", f"The body is wrong: {en}"))
        self.to_book = any(text.en == _FOREIGN for _, text in faults)
        self.members = {"errors": [{"path": place, **text.as_json()} for place, text in faults]}


class OtherMedia(Invalid):
    """A body of a kind that no operation reads."""

    code = "unsupported_media"

    def __init__(self, kind: str) -> None:
        super().__init__(
            Text(
                f"请求正文的类型是“{kind[:80]}”，这里只收 JSON：请设 Content-Type: application/json。",
                f"The body is of the kind {kind[:80]!r}; only JSON is read here: send Content-Type: application/json.",
            )
        )


def read_body(schema: type[Schema] | None) -> Any:
    """Return the body as ``schema`` reads it, None where an operation takes none; raises Invalid, OtherMedia, BodyInvalid."""
    if schema is None:
        return None
    if request.mimetype and not request.is_json:
        raise OtherMedia(request.mimetype)
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        broken = request.is_json and sent is None and request.get_data().strip() != b"null"
        raise Invalid(_BROKEN if broken else _NO_OBJECT)
    require_storable_json(_without_bytes(sent, schema))
    _require_names_once(request.get_data(), sent)
    try:
        return make_schema(schema).load(sent)
    except ValidationError as error:
        raise BodyInvalid(list(_iterate_faults(error.messages_dict, ""))) from error


def _without_bytes(sent: dict[str, Any], schema: type[Schema]) -> dict[str, Any]:
    """Return a body without the bytes of the file in it: its schema bounds them, and nothing keeps them as text."""
    files = {name for name, field in make_schema(schema).fields.items() if isinstance(field, Base64)}
    return {name: value for name, value in sent.items() if name not in files or not isinstance(value, str)}


def _require_names_once(body: bytes, sent: object) -> None:
    """Raise BodyInvalid where an object says a name twice: readers differ in which of the two they take (RFC 8259, 4).

    A colon follows each name: where a body has no more of them than names were ``sent``, each was said once.
    """
    if body.count(b":") != _names_in(sent):
        json.loads(body, object_pairs_hook=_once_each, parse_int=str, parse_float=str)


def _names_in(value: object) -> int:
    if isinstance(value, dict):
        return len(value) + sum(_names_in(item) for item in value.values() if isinstance(item, dict | list))
    return sum(_names_in(item) for item in value if isinstance(item, dict | list)) if isinstance(value, list) else 0


def _once_each(pairs: list[tuple[str, Any]]) -> None:
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise BodyInvalid([(twice[:80], Text("出现了两次", "it is said twice"))])


def _iterate_faults(messages: Any, place: str) -> Iterator[tuple[str, Text]]:
    """Yield what is wrong with each field; ``messages`` is marshmallow's tree of messages."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            is_internal = name in ("_schema", "key", "value") and bool(place)
            yield from _iterate_faults(inner, place if is_internal else f"{place}.{name}" if place else str(name))
    else:
        for sentence in messages if isinstance(messages, list) else [messages]:
            yield (
                (place, _to_text(str(sentence)))
                if isinstance(sentence, str)
                else next(_iterate_faults(sentence, place))
            )


def _to_text(sentence: str) -> Text:
    for pattern, zh in _SAID:
        match = re.fullmatch(pattern, sentence)
        if match is not None:
            return Text(zh.format(*match.groups()), sentence.rstrip("."))
    return Text(sentence, sentence)
