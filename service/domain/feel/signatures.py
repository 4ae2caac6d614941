"""Signatures of functions: of which kinds arguments are, and what comes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from service.domain.feel.functions_temporal import DAYS_OF_WEEK, MONTHS_OF_YEAR
from service.domain.feel.static_types import UNKNOWN, StaticType, join_types, list_of, of_kind, text_of_options
from service.domain.feel.values import ValueKind

_DAY = "date|date and time|string"
"""What the functions of statutory time take as a day: records keep it as a text."""
_BOUND = "number|string|date|time|date and time|days and time duration|years and months duration|range"
_SIGNATURES: Mapping[str, str] = {
    "abs": "number|days and time duration|years and months duration -> same",
    "all": "boolean* -> boolean",
    "any": "boolean* -> boolean",
    "append": "any, any… -> joined",
    "ceiling": "number, number -> number",
    "concatenate": "any… -> concatenated",
    "contains": "string, string -> boolean",
    "context": "list -> context",
    "context merge": "list -> context",
    "context put": "context, string|list, any -> context",
    "count": "list -> number",
    "date": "string|date|date and time -> date; number, number, number -> date",
    "date and time": "string|date|date and time -> date and time; date|date and time, time -> date and time; "
    "date and time, string -> date and time",
    "day of week": "date|date and time -> day of week",
    "day of year": "date|date and time -> number",
    "decimal": "number, number -> number",
    "distinct values": "any -> same list",
    "duration": "string -> days and time duration|years and months duration",
    "ends with": "string, string -> boolean",
    "even": "number -> boolean",
    "exp": "number -> number",
    "flatten": "any -> list",
    "floor": "number, number -> number",
    "get entries": "context -> list",
    "get value": "context, string|list -> entry",
    "index of": "any, any -> list",
    "insert before": "any, number, any -> list",
    "is": "any, any -> boolean",
    "list contains": "any, any -> boolean",
    "list replace": "any, number|function, any -> list",
    "log": "number -> number",
    "lower case": "string -> string",
    "matches": "string, string, string -> boolean",
    "max": "any… -> least or most",
    "mean": "number* -> number",
    "median": "number* -> number",
    "min": "any… -> least or most",
    "mode": "number* -> list",
    "modulo": "number, number -> number",
    "month of year": "date|date and time -> month of year",
    "not": "boolean -> boolean",
    "number": "string, string, string -> number",
    "odd": "number -> boolean",
    "product": "number* -> number",
    "range": "string -> range",
    "remove": "any, number -> same list",
    "replace": "string, string, string, string -> string",
    "reverse": "any -> same list",
    "round down": "number, number -> number",
    "round half down": "number, number -> number",
    "round half up": "number, number -> number",
    "round up": "number, number -> number",
    "sort": "any, function -> same list",
    "split": "string, string -> list",
    "sqrt": "number -> number",
    "starts with": "string, string -> boolean",
    "stddev": "number* -> number",
    "string": "any -> string",
    "string join": "string*, string -> string",
    "string length": "string -> number",
    "sublist": "any, number, number -> same list",
    "substring": "string, number, number -> string",
    "substring after": "string, string -> string",
    "substring before": "string, string -> string",
    "sum": "number* -> number",
    "time": "string|time|date|date and time -> time; number, number, number, days and time duration -> time",
    "union": "any… -> concatenated",
    "upper case": "string -> string",
    "week of year": "date|date and time -> number",
    "years and months duration": "date|date and time, date|date and time -> years and months duration",
    **dict.fromkeys(
        ("after", "before", "coincides", "during", "finished by", "finishes", "includes", "meets", "met by", "overlaps",
         "overlaps after", "overlaps before", "started by", "starts"),
        f"{_BOUND}, {_BOUND} -> boolean",
    ),
    "workdays": f"number, {_DAY}, string -> date and time",
    "caldays": f"number, {_DAY}, string, string -> date and time",
    "day_end": f"{_DAY}, string -> date and time",
    "years": f"number, {_DAY} -> date and time",
    "months": f"number, {_DAY}, string -> date and time",
    "workdays before": f"number, {_DAY} -> date and time",
    "caldays before": f"number, {_DAY} -> date and time",
    "workdays between": f"{_DAY}, {_DAY} -> number",
    "today": "-> date",
    "now": "-> date and time",
}  # fmt: skip
"""Parameters → result, ways of calling apart by ``;``. ``number*`` are numbers one by one or in a list, ``…`` repeats."""
_SCALARS = frozenset({ValueKind.NUMBER, ValueKind.STRING, ValueKind.BOOLEAN})
_LISTS = frozenset({ValueKind.LIST})
DAY_KINDS = frozenset(ValueKind(part) for part in _DAY.split("|"))
"""What a function takes as a day."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """The kinds that an argument may be of; none are any. Those of its items, where it ``has_items``."""

    kinds: frozenset[ValueKind]
    has_items: bool = False

    def takes(self, argument: StaticType) -> bool:
        """Say whether an argument of a type can be of use: the only item of a list stands for itself."""
        if not self.kinds or not argument.is_determined or argument.is_null:
            return True
        if self.kinds == _LISTS:  # of anything else a list is made, which counts one: never what is meant
            return not argument.kinds <= _SCALARS
        item = argument.element if ValueKind.LIST in argument.kinds else None
        if ValueKind.LIST in argument.kinds:
            return not self.has_items or item is None or item.is_null or item.may_be(*self.kinds)
        return argument.may_be(*self.kinds)


@dataclass(frozen=True, slots=True)
class Signature:
    """One way of calling a function; the last parameter stands for any number of arguments where it ``repeats``."""

    parameters: tuple[Parameter, ...]
    result: str
    repeats: bool = False

    def accepts(self, count: int, *, alone: bool) -> bool:
        """Say whether so many arguments mean this way: of several ways, the one with so many parameters, or one more."""
        most = len(self.parameters)
        return self.repeats or (count <= most and (alone or count in (most, max(most - 1, 2))))

    def parameter(self, place: int) -> Parameter | None:
        """Return the parameter that the argument at ``place`` fills; None where it has none."""
        if place < len(self.parameters):
            return self.parameters[place]
        return self.parameters[-1] if self.repeats and self.parameters else None

    def result_of(self, arguments: Sequence[StaticType]) -> StaticType:
        """Return the type of the result."""
        made = _RESULTS.get(self.result)
        return of_kind(*_parse_kinds(self.result)) if made is None else made(arguments)


@cache
def signatures_of(name: str) -> tuple[Signature, ...]:
    """Return the ways of calling a function; none for one that is not described."""
    return tuple(_parse_signature(text) for text in _SIGNATURES.get(name, "").split(";") if text)


def _parse_signature(text: str) -> Signature:
    before, _, result = text.partition("->")
    parts = [part.strip() for part in before.split(",") if part.strip()]
    parameters = tuple(Parameter(_parse_kinds(part.rstrip("*…")), part.endswith("*")) for part in parts)
    return Signature(parameters, result.strip(), bool(parts) and parts[-1].endswith(("*", "…")))


def _parse_kinds(text: str) -> frozenset[ValueKind]:
    return frozenset() if text == "any" else frozenset(ValueKind(part.strip()) for part in text.split("|"))


def _items_of(argument: StaticType) -> StaticType:
    """Return what a list holds, or what is taken for a list of itself."""
    if argument.kinds == _LISTS:
        return argument.element or UNKNOWN
    return UNKNOWN if argument.may_be(ValueKind.LIST) else argument


def _same_list(arguments: Sequence[StaticType]) -> StaticType:
    return list_of(_items_of(arguments[0]) if arguments else UNKNOWN)


def _infer_appended_list(arguments: Sequence[StaticType]) -> StaticType:
    return list_of(join_types((_items_of(arguments[0]), *arguments[1:]))) if arguments else list_of(UNKNOWN)


def _infer_concatenation(arguments: Sequence[StaticType]) -> StaticType:
    return list_of(join_types(_items_of(argument) for argument in arguments))


def _infer_extreme(arguments: Sequence[StaticType]) -> StaticType:
    return _items_of(arguments[0]) if len(arguments) == 1 else join_types(arguments)


def _infer_same(arguments: Sequence[StaticType]) -> StaticType:
    return of_kind(*arguments[0].kinds) if arguments else UNKNOWN


def _infer_unknown(_arguments: Sequence[StaticType]) -> StaticType:
    return UNKNOWN


_RESULTS: Mapping[str, Callable[[Sequence[StaticType]], StaticType]] = {
    "entry": _infer_unknown,
    "same": _infer_same,
    "same list": _same_list,
    "joined": _infer_appended_list,
    "concatenated": _infer_concatenation,
    "least or most": _infer_extreme,
    "day of week": lambda _: text_of_options(DAYS_OF_WEEK),
    "month of year": lambda _: text_of_options(MONTHS_OF_YEAR),
}
"""What comes of a function whose result is of the type of its arguments, or one of certain words."""
