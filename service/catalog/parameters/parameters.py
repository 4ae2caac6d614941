"""Parameters: dated values with unit, citation and legal bounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from service.catalog.parameters.vocabulary import complete_parameter_fields
from service.catalog.source.fields import Fields
from service.catalog.source.freeze import freeze, thaw
from service.catalog.source.yaml import YamlMap
from service.domain.errors import NotFound
from service.domain.text import HasName, Text


class Unit(StrEnum):
    """What a value counts."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    MONTHS = "months"
    YEARS = "years"
    COUNT = "count"
    YUAN = "yuan"
    FRACTION = "fraction"
    POINTS = "points"
    BOOLEAN = "boolean"
    DATE = "date"
    TEXT = "text"
    CHOICE = "choice"
    LIST = "list"
    TABLE = "table"


class Basis(StrEnum):
    """Where a value comes from: the text states it, or the text is silent and the city chose."""

    STATED = "stated"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A value and the first day on which it holds.

    ``former``: it holds under a wording of its clauses that an amendment has changed from the next value on. Today's wording
    and its bounds do not judge it.
    """

    since: date
    value: Any
    former: bool = False


@dataclass(frozen=True, slots=True)
class Parameter(HasName):
    """One setting of a procedure; ``values`` are in order of their days.

    ``key`` is its name in the common vocabulary, "" where it has none; ``minimum`` and ``maximum``
    are legal bounds; ``question`` is what the text leaves open; ``labels`` say what a choice means;
    ``of`` is the scale: of points the full marks, of a fraction the word for what it is a share of;
    ``touches`` are the clauses besides ``clauses`` that come out differently by another choice; ``bodies`` names the
    bodies that its lists hold.
    """

    id: str
    text: Text
    unit: Unit
    source: Basis
    clauses: tuple[str, ...]
    values: tuple[DatedValue, ...]
    key: str = ""
    minimum: Any = None
    maximum: Any = None
    choices: tuple[Any, ...] = ()
    question: str = ""
    labels: Mapping[str, Text] = field(default_factory=lambda: MappingProxyType({}))
    touches: tuple[str, ...] = ()
    bodies: Mapping[str, Text] = field(default_factory=lambda: MappingProxyType({}))
    of: Any = None

    @property
    def judged(self) -> tuple[DatedValue, ...]:
        """The values that today's wording judges: all but those of a wording before, which another value follows."""
        return tuple(dated for dated in self.values if not dated.former or dated is self.values[-1])

    def value_on(self, day: date) -> Any:
        """Return the value in force on ``day``: the latest that has begun, the first one before any has.

        Lists and tables come as fresh ordinary lists and dicts. Raises NotFound without any value.
        """
        if not self.values:
            raise NotFound(Text(f"参数“{self.id}”没有取值。", f"Parameter “{self.id}” has no value."))
        begun = [dated for dated in self.values if dated.since <= day]
        return thaw((begun[-1] if begun else self.values[0]).value)

    def with_set(self, chosen: Iterable[DatedValue]) -> Parameter:
        """Return this parameter with what a city chose laid over its values; on the same day the choice wins."""
        by_day = {dated.since: dated for dated in (*self.values, *chosen)}
        return replace(self, values=tuple(by_day[day] for day in sorted(by_day)))


def read_parameters(fields: Fields, vocabulary: Mapping[str, YamlMap]) -> Mapping[str, Parameter]:
    """Read parameters.yaml, completed by what the ``vocabulary`` says of the parameters it names."""
    since = fields.day("from") or date.min
    rows = fields.named("parameters")
    parameters = {
        ident: _read_parameter(ident, complete_parameter_fields(row, vocabulary.get(ident)), since)
        for ident, row in rows
    }
    fields.done()
    return parameters


def _read_parameter(ident: str, fields: Fields, since: date) -> Parameter:
    exactly = fields.value("exactly")
    parameter = Parameter(
        ident,
        fields.both(),
        fields.choice("unit", Unit),
        fields.choice("source", Basis, Basis.STATED),
        fields.texts("clauses"),
        _read_values(fields, since),
        fields.text("key", ""),
        fields.value("minimum") if exactly is None else exactly,
        fields.value("maximum") if exactly is None else exactly,
        tuple(freeze(item) for item in _to_list(fields.value("choices"))),
        fields.text("question", ""),
        _read_labels(fields.mapping("labels")),
        fields.texts("touches"),
        of=fields.value("of"),
    )
    fields.done()
    return parameter


def _read_labels(fields: Fields) -> Mapping[str, Text]:
    labels = ((word, fields.bilingual(word)) for word in fields.node.entries)
    return MappingProxyType({word: text for word, text in labels if text is not None})


def _read_values(fields: Fields, since: date) -> tuple[DatedValue, ...]:
    """Return the dated values: those listed or, from the day of the file on, the only one."""
    if not fields.has("values"):
        return (_read_dated_value(fields, since, "exactly" if fields.has("exactly") else "value"),)
    dated_values = []
    for row in fields.rows("values", required=True):
        former = row.flag("former")
        dated_values.append(replace(_read_dated_value(row, row.day("from") or date.min, "value"), former=former))
        row.done()
    return tuple(dated_values)


def _read_dated_value(fields: Fields, since: date, key: str) -> DatedValue:
    if not fields.has(key):
        message = Text(f"缺少“{key}”。", f"“{key}” is missing.")
        fields.problem(key, "missing_key", message, Text("补上取值。", "Add the value."))
    return DatedValue(since, freeze(fields.value(key)))


def _to_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
