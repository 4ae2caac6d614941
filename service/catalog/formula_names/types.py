"""Types of the names that a package declares, for the inference of formulas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from service.catalog.formula_names.names import FormulaName
from service.catalog.parameters.parameters import Parameter, Unit
from service.catalog.parameters.units import is_number
from service.domain.feel import FeelSyntaxError, StaticType
from service.domain.feel.parser import parse_type
from service.domain.feel.spans import Span
from service.domain.feel.static_types import (
    BOOLEAN,
    NUMBER,
    STRING,
    UNKNOWN,
    context_of,
    declared_type,
    join_types,
    list_of,
    of_kind,
    text_of_options,
)
from service.domain.feel.values import ValueKind
from service.domain.text import Text


@lru_cache(maxsize=512)
def type_of_declared(declared: str) -> StaticType:
    """Return the type of what records keep of a value declared as ``declared``; unknown for ``any`` and a misspelt one."""
    try:
        return declared_type(parse_type(declared), is_stored_as_json=True)
    except FeelSyntaxError:
        return UNKNOWN


def types_of_names(names: Iterable[FormulaName], *, are_all: bool) -> Mapping[str, StaticType]:
    """Return the types of ``names``; ``are_all`` says that what is inside them are all entries there are."""
    return {name.name: type_of_name(name, are_all=are_all) for name in names}


def type_of_name(name: FormulaName, *, are_all: bool) -> StaticType:
    """Return the type of one name with what is inside it."""
    if name.entries:
        inside = context_of(types_of_names(name.entries, are_all=are_all), is_closed=are_all)
        return list_of(inside) if name.is_list else inside
    if name.choices:
        offered = text_of_options(value for value, _ in name.choices)
        return list_of(offered) if name.is_list else offered
    static_type = type_of_declared(name.type)
    return replace(static_type, span=name.span, most_signs=name.most_signs, is_box=name.is_box)


def type_of_parameter(parameter: Parameter) -> StaticType:
    """Return the type of a setting, whatever value a city may give it."""
    values = [dated.value for dated in parameter.values if dated.value is not None]
    if parameter.unit is Unit.CHOICE and parameter.choices:
        words = [word for word in parameter.choices if isinstance(word, str)]
        return text_of_options(words) if len(words) == len(parameter.choices) else UNKNOWN
    static_type, python_types = _OF_UNITS.get(parameter.unit, (NUMBER, (int, float)))
    texts = [value for value in values if isinstance(value, str)]
    if parameter.unit is Unit.FRACTION and texts:  # 2/3 is kept as it is written, which no number compares with
        return join_types((text_of_options(texts), *([NUMBER] if len(texts) < len(values) else ())))
    fits = all(
        isinstance(value, python_types) and isinstance(value, bool) is (static_type is BOOLEAN) for value in values
    )
    if not fits:
        return UNKNOWN
    static_type = replace(static_type, unit=_COUNTED.get(parameter.unit))
    numbers = [Decimal(str(value)) for value in (*values, *parameter.choices) if is_number(value)]
    if static_type.kinds == NUMBER.kinds and numbers:
        static_type = replace(static_type, span=Span(min(numbers), max(numbers), is_chosen=True, is_setting=True))
    return join_types((static_type, _UNSET)) if any(dated.value is None for dated in parameter.values) else static_type


_COUNTED: Mapping[Unit, Text] = {
    Unit.WORKING_DAYS: Text("工作日", "working days"), Unit.CALENDAR_DAYS: Text("日", "calendar days"),
    Unit.MONTHS: Text("月", "months"), Unit.YEARS: Text("年", "years"), Unit.YUAN: Text("元", "yuan"),
    Unit.FRACTION: Text("比例", "shares"), Unit.POINTS: Text("分", "points"),
}  # fmt: skip
"""What the numbers of a setting count, where it matters for a period; a mere count may be of anything."""
_UNSET = text_of_options(["none"])
"""How a setting may say that it has no value, besides null."""
_OF_UNITS: Mapping[Unit, tuple[StaticType, tuple[type, ...]]] = {
    Unit.BOOLEAN: (BOOLEAN, (bool,)),
    Unit.DATE: (of_kind(ValueKind.STRING, ValueKind.DATE), (str, date)),
    Unit.TEXT: (STRING, (str,)),
    Unit.CHOICE: (STRING, (str,)),
    Unit.LIST: (list_of(UNKNOWN), (list, tuple)),
    Unit.TABLE: (list_of(UNKNOWN), (list, tuple)),
}
"""What settings of a unit are, and in what their values are written; others are numbers."""
