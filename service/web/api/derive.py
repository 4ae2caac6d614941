"""Marshmallow schemas derived from annotations: bodies from parameters, answers from results.

A parameter or field without `service.domain.values.bounds` is what its type says. Of a dataclass every field leaves, unless
`offer` names those that do; a type that has no JSON is an error, so that nothing leaves by accident.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
import types
from collections.abc import Collection, Mapping
from datetime import date, datetime
from enum import Enum
from functools import cache, cached_property, lru_cache
from itertools import takewhile
from types import MappingProxyType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from marshmallow import EXCLUDE, RAISE, Schema, fields, post_load, validate

from service.domain.values import bounds
from service.web.api.schema_fields import Base64, Day, InstantWithOffset, Place, Several, TrueOrFalse, Utf8Text

_NOTHING = inspect.Parameter.empty
_SIMPLE: Mapping[Any, tuple[type[fields.Field[Any]], type[fields.Field[Any]]]] = {
    bool: (TrueOrFalse, fields.Boolean),
    int: (fields.Integer, fields.Integer),
    float: (fields.Float, fields.Float),
    str: (fields.String, fields.String),
    date: (Day, fields.Date),
    datetime: (InstantWithOffset, fields.AwareDateTime),
    bytes: (Base64, Base64),
    Any: (fields.Raw, fields.Raw),
    object: (fields.Raw, fields.Raw),
}
"""By its type the field that reads what was sent, and the one that writes an answer."""
_UNDERWAY: set[tuple[Any, bool]] = set()
"""Classes that a schema is being derived of, which may hold themselves."""
_OFFERED: dict[Any, tuple[str, type[Answer]]] = {}


class Body(Schema):
    """What programs send: an unknown name is an error; whole dataclasses are made of what was read."""

    class Meta:
        """Refuse what nobody reads."""

        unknown = RAISE

    kind: type | None = None
    parts: Mapping[str, fields.Field[Any]] = {}
    spread: Mapping[str, type[Body]] = {}

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Any:
        for name, schema in self.spread.items():
            assert schema.kind is not None
            names = {field.attribute or key for key, field in schema.parts.items()}
            data[name] = schema.kind(**{key: data.pop(key) for key in names if key in data})
        return data if self.kind is None else self.kind(**data)


class Answer(Schema):
    """What programs get."""

    class Meta:
        """Leave out what is not described."""

        unknown = EXCLUDE


class Remembered(Answer):
    """An answer about a thing of which there are few, told again and again: it is written once."""

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:
        """Return what is written of ``obj``, as a mapping of its own."""
        return super().dump(obj, many=many) if many else dict(self._cached_dump(obj))

    @cached_property
    def _cached_dump(self) -> Any:
        return lru_cache(maxsize=4096)(super().dump)


def offer(kind: Any, names: str, base: type[Answer] = Answer) -> None:
    """Let only ``names`` of a class leave: fields and properties, as ``name`` or ``name=path.to.it``."""
    _OFFERED[kind] = names, base


def derive_body(title: str, parameters: Mapping[str, tuple[Any, Any]], docstring: str = "") -> type[Body] | None:
    """Return the schema of a body that holds ``parameters`` (annotation and default by name); None if there are none.

    What the ``docstring`` says of one of them describes it.
    """
    declared: dict[str, Any] = {}
    spread: dict[str, type[Body]] = {}
    for name, (hint, default) in parameters.items():
        bare, marks, _ = _unwrap_hint(hint)
        if bounds.INSIDE in marks:
            continue
        if bounds.SPREAD in marks:
            spread[name] = _body_of(bare)
            declared |= spread[name].parts
        else:
            key = next((mark.name for mark in marks if isinstance(mark, bounds.Named)), name)
            declared[key] = _build_field(hint, sent=True, default=default, attribute=name if key != name else None)
    shared = {name for schema in spread.values() for name in schema.parts}
    _describe_fields(docstring, {name: field for name, field in declared.items() if name not in shared})
    return type(title, (Body,), {**declared, "parts": declared, "spread": spread}) if declared else None


def derive_answer(title: str, result: Any, names: str | None) -> tuple[type[Schema] | None, bool]:
    """Return the schema of an answer, and whether the result stands under the only name of it.

    ``names`` are those of a result's parts that leave, "" for none of them; what is no dataclass stands under its one name.
    """
    if result in (None, types.NoneType) or names == "":
        return None, False
    if not _is_record(result):
        assert names is not None, f"{title} answers with {result}, which needs a name"
        return type(title, (Answer,), {names: _build_field(result, sent=False, attribute="result")}), True
    return (_answer_of(result) if names is None else _build_answer(title, result, names, Answer)), False


def _is_record(hint: Any) -> bool:
    kind = get_origin(hint) or hint
    return isinstance(kind, type) and (dataclasses.is_dataclass(kind) or hasattr(kind, "_fields"))


def _unwrap_hint(hint: Any) -> tuple[Any, tuple[Any, ...], bool]:
    """Return an annotation without what is said of it, what is said, and whether it may be null."""
    marks: tuple[Any, ...] = ()
    nullable = False
    while True:
        origin = get_origin(hint)
        if origin is Annotated:
            hint, *more = get_args(hint)
            marks += tuple(more)
        elif origin in (Union, types.UnionType):
            rest = [each for each in get_args(hint) if each is not types.NoneType]
            if len(rest) > 1:
                return hint, marks, nullable
            hint, nullable = rest[0], True
        else:
            return hint, marks, nullable


def _build_field(hint: Any, *, sent: bool, default: Any = _NOTHING, **more: Any) -> fields.Field[Any]:
    """Return the field that reads or writes a value of an annotated type."""
    bare, marks, nullable = _unwrap_hint(hint)
    options: dict[str, Any] = {"allow_none": nullable, **more}
    checks: list[Any] = []
    for mark in marks:
        if isinstance(mark, bounds.Length):
            checks.append(validate.Length(mark.least, mark.most))
        elif isinstance(mark, bounds.Between):
            checks.append(validate.Range(mark.least, mark.most))
        elif isinstance(mark, bounds.OneOf):
            checks.append(validate.OneOf(mark.words))
        elif isinstance(mark, bounds.Meaning | str):
            options.setdefault("metadata", {})["description"] = mark if isinstance(mark, str) else mark.text
        elif isinstance(mark, bounds.Example) and sent:
            options.setdefault("metadata", {})["example"] = mark.value
        elif isinstance(mark, bounds.Default) and sent:
            options["load_default"] = mark.make
    if sent and default is not _NOTHING:
        options["load_default"] = default
    options["required"] = "load_default" not in options
    if bounds.AS_TEXT in marks:
        return Utf8Text(validate=checks, **options)
    options["validate"] = checks if sent else [check for check in checks if isinstance(check, validate.OneOf)]
    return _build_typed_field(bare, sent, options)


def _build_typed_field(kind: Any, sent: bool, options: dict[str, Any]) -> fields.Field[Any]:
    if kind is int:
        return fields.Integer(strict=sent, **options)
    if kind in _SIMPLE:
        return _SIMPLE[kind][0 if sent else 1](**options)
    if _is_record(kind):
        derive = _body_of if sent else _answer_of
        if (kind, sent) not in _UNDERWAY:  # at once, so that what has no JSON is noticed when the program starts
            derive(kind)
        return fields.Nested(lambda: make_schema(derive(kind)), **options)
    origin, parts = get_origin(kind) or kind, get_args(kind)
    if isinstance(origin, type):
        if issubclass(origin, Enum):
            return fields.Enum(origin, by_value=fields.String, **options)
        if issubclass(origin, tuple) and parts and parts[-1] is not Ellipsis:
            return Place(**options)
        if issubclass(origin, Mapping):
            key, value = parts or (str, Any)
            several = _build_field(value, sent=sent) if value is not Any else None
            return fields.Dict(keys=_build_field(key, sent=sent and key is not int), values=several, **options)
        if issubclass(origin, Collection) and parts:
            return (Several if sent else fields.List)(_build_field(parts[0], sent=sent), **options)
    raise TypeError(f"{kind} has no JSON: mark it Inside, or name by `offer` what leaves")


@cache
def _body_of(kind: Any) -> type[Body]:
    _UNDERWAY.add((kind, True))
    hints = _hints_of(kind)
    parameters = {name: (hints[name], each.default) for name, each in inspect.signature(kind).parameters.items()}
    defaults = {field.name: field.default_factory for field in dataclasses.fields(kind)}
    for name, (hint, default) in parameters.items():
        if default is not _NOTHING and defaults[name] is not dataclasses.MISSING:
            parameters[name] = hint, defaults[name]
    schema = derive_body(f"{kind.__name__}Body", parameters, inspect.getdoc(kind) or "")
    assert schema is not None
    schema.kind = kind
    return schema


@cache
def _answer_of(kind: Any) -> type[Answer]:
    _UNDERWAY.add((kind, False))
    names, base = _OFFERED.get(kind, (None, Answer))
    if names is None:
        hints = _hints_of(kind)
        names = " ".join(name for name, hint in hints.items() if bounds.INSIDE not in _unwrap_hint(hint)[1])
    return _build_answer(kind.__name__, kind, names, base)


def _build_answer(title: str, kind: Any, names: str, base: type[Answer]) -> type[Answer]:
    declared, whole = {}, get_origin(kind) or kind
    for part in names.split():
        name, _, path = part.partition("=")
        hint, broken = _follow_path(kind, path or name)
        more = {"dump_default": None} if broken else {}
        declared[name] = _build_field(hint | None if broken else hint, sent=False, attribute=path or None, **more)
    docstring = inspect.getdoc(whole) or ""
    generated = docstring.startswith(f"{whole.__name__}(")  # by the dataclass itself
    _describe_fields(docstring, declared)
    about = {} if generated else {"description": describe(docstring, declared)}
    return type(title, (base,), {**declared, "Meta": type("Meta", (base.Meta,), about)})


_NAME = re.compile(r"``?([^`]+)``?")
_SENTENCE, _PART = re.compile(r"(?<=\.)\s+"), re.compile(r"(?<=[;:])\s+")
_IN_PYTHON = {"the actor": "the caller", "``actor``": "the caller", "None": "null"}


def describe(docstring: str, names: Collection[str], renamed: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return what a docstring says to programs, in Markdown.

    It is written for callers in Python: who acts is their caller, names are ``renamed`` to those that are sent, and a
    sentence ends before it comes to a name that is none of ``names``.
    """
    paragraphs = []
    for paragraph in docstring.split("\n\n"):
        text = re.sub(r"the actor\b|``actor``|\bNone\b", lambda word: _IN_PYTHON[word[0]], " ".join(paragraph.split()))
        text = _NAME.sub(lambda name: f"`{renamed.get(name[1], name[1])}`", text)
        kept = " ".join(filter(None, (_keep_told(each, names) for each in _SENTENCE.split(text))))
        paragraphs.append(kept if not kept or kept.endswith((".", "?")) else f"{kept}.")
    return "\n\n".join(filter(None, paragraphs))


def _keep_told(sentence: str, names: Collection[str]) -> str:
    parts = _PART.split(sentence)
    told = [*takewhile(lambda part: all(n in names or not n.isidentifier() for n in _NAME.findall(part)), parts)]
    return sentence if len(told) == len(parts) else " ".join(told).rstrip(";:") + "." * bool(told)


_OF_FIELD = re.compile(
    r"(?:^|(?<=[.;,] ))(?:and )?(``\w+``(?:(?:,| and|, and) ``\w+``)*)(?::| is| are|) (?!or )(.+?)(?=[.;](?: |$)|,(?: and)? ``\w+`` |$)"
)
"""What a docstring says of fields: their names at the beginning of a clause, and the clause."""


def _describe_fields(docstring: str, declared: Mapping[str, fields.Field[Any]]) -> None:
    renamed = {field.attribute: name for name, field in declared.items() if field.attribute}
    by_name = {**declared, **{attribute: declared[name] for attribute, name in renamed.items()}}
    for found, clause in _OF_FIELD.findall(" ".join(docstring.split())):
        names = _NAME.findall(found)
        meaning = describe(f"{found}: {clause}" if len(names) > 1 else clause, by_name, renamed)
        for field in (by_name[name] for name in names if name in by_name and meaning):
            field.metadata = {"description": meaning, **field.metadata}


def collect_names(schema: type[Schema], names: set[str]) -> set[str]:
    """Add the names of the fields of ``schema``, and of those inside them, to ``names``; returns it."""
    for name, field in make_schema(schema).fields.items():
        whole = name not in names
        names.add(name)
        inner = field.inner if isinstance(field, fields.List) else field
        for rule in field.validators:
            names.update(map(str, rule.choices) if isinstance(rule, validate.OneOf) else ())
        if isinstance(inner, fields.Nested) and whole:
            collect_names(type(inner.schema), names)
    return names


def _follow_path(kind: Any, path: str) -> tuple[Any, bool]:
    """Return the annotation at the end of a path of attributes, and whether the path may end before at a null."""
    broken = False
    for step in path.split("."):
        kind, _, nullable = _unwrap_hint(kind)
        broken |= nullable
        kind = _hint_of(kind, step)
    return kind, broken


def _hint_of(kind: Any, name: str) -> Any:
    if kind is Any:  # a column of JSON: what is in it may be missing
        return Any | None
    attribute = inspect.getattr_static(get_origin(kind) or kind, name, None)
    reader = getattr(attribute, "fget", None) or (attribute.func if isinstance(attribute, cached_property) else None)
    if reader is not None and not _is_enum(kind):
        meaning = describe((inspect.getdoc(reader) or "").removeprefix("Return "), ())
        returned = get_type_hints(reader, include_extras=True)["return"]
        return Annotated[returned, meaning] if meaning else returned
    if _is_enum(kind):
        return Annotated[str, bounds.OneOf(tuple(str(getattr(each, name)) for each in kind))]
    return _hints_of(kind)[name]


def _is_enum(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


@cache
def _hints_of(kind: Any) -> Mapping[str, Any]:
    """Return the annotations of a class; of a generic one, which is told of what, with that in their places."""
    origin = get_origin(kind) or kind
    hints = get_type_hints(origin, include_extras=True)
    type_arguments = dict(zip(getattr(origin, "__parameters__", ()), get_args(kind), strict=False))
    return {name: _fill_in(hint, type_arguments) for name, hint in hints.items()} if type_arguments else hints


def _fill_in(hint: Any, type_arguments: Mapping[Any, Any]) -> Any:
    open_ = getattr(hint, "__parameters__", ())
    return hint[tuple(type_arguments[each] for each in open_)] if open_ else type_arguments.get(hint, hint)


_EXAMPLES: Mapping[str, Any] = {
    "base": "0" * 64, "code": "91650100MA7800010B", "content": "<definitions/>", "email": "li.hua@example.cn",
    "employer": "质量协会", "field": "licence", "id": "eligibility", "jurisdiction": "place", "login": "li.hua",
    "name": "李华", "package": "place/quality_award", "password": "一次性的新口令-2026",
    "path": "processes/place/quality_award/eligibility.dmn", "place": "甘肃省兰州市", "process": "application", "reason": "按会议决定办理",
    "role": "office", "telephone": "13800000000", "text": "更正后的内容", "title": "更正", "xml": "<definitions/>",
}  # fmt: skip
"""What may be sent by the name of a text that has no example of its own."""
_OF_KIND: tuple[tuple[type, Any], ...] = (
    (fields.Integer, 1),
    (fields.Boolean, True),
    (fields.Date, "2026-06-05"),
    (fields.Dict, {}),
)


def make_example(schema: type[Schema]) -> dict[str, Any]:
    """Return a body that `schema` reads: what it needs, and what has an example."""
    declared = make_schema(schema).fields.items()
    needed = ((name, field) for name, field in declared if field.required or "example" in field.metadata)
    return {name: _make_example(name, field) for name, field in needed}


def _make_example(name: str, field: fields.Field[Any]) -> Any:
    if "example" in field.metadata:
        return field.metadata["example"]
    if isinstance(field, fields.Nested):
        return make_example(type(field.schema))
    choices = next((rule.choices for rule in field.validators if isinstance(rule, validate.OneOf)), None)
    if choices is not None:
        return next(iter(choices))
    if isinstance(field, fields.List):
        lengths = (rule.min for rule in field.validators if isinstance(rule, validate.Length))
        return [_make_example(name, field.inner)] * int(next(lengths, 0) or 0)
    return next((value for kind, value in _OF_KIND if isinstance(field, kind)), _EXAMPLES.get(name, name))


@cache
def make_schema(schema: type[Schema]) -> Schema:
    """Return a schema, made once: it keeps nothing of what it reads or writes."""
    return schema()
