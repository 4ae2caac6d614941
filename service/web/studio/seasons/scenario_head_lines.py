"""The lists in the head of a scenario as rows: its fictional applicants, and the parameters that it changes."""

from __future__ import annotations

from collections.abc import Mapping

from service.casework.simulate.scenarios.scenario import names_of_parameters
from service.catalog import Package, Parameter, Unit
from service.catalog.parameters.value_words import value_words
from service.catalog.settings.settings import typed_value
from service.domain.text import Text
from service.web.frame.posted.typed_lines import LineColumn, bars_of, pairs_of

_KINDS = (
    ("", Text("组织", "organisation")),
    ("individual", Text("个人", "person")),
)
_BY_UNIT = {Unit.BOOLEAN: "yes", Unit.DATE: "date"}
_TYPED = (Unit.TEXT, Unit.CHOICE, Unit.FRACTION, Unit.LIST, Unit.TABLE)


def head_lines(package: Package) -> Mapping[str, Mapping[str, str]]:
    """Return the attributes of the text areas of a head by their names."""
    applicants = bars_of(
        (
            LineColumn(Text("简称", "Short name")),
            LineColumn(Text("名称", "Name")),
            LineColumn(Text("统一社会信用代码", "Credit code"), key="uscc"),
            LineColumn(Text("组织还是个人", "Organisation or person"), "choice", _KINDS, key="kind"),
        )
    )
    known = package.award.parameters
    called = names_of_parameters(package)
    names = LineColumn(
        Text("参数", "Parameter"), "choice", tuple((called[key], one.text) for key, one in known.items())
    )
    values = {called[key]: _value(one) for key, one in known.items()}
    changed = pairs_of(names, LineColumn(Text("值", "Value")), values)
    return {"organisations": applicants.attributes(), "parameters": changed.attributes()}


def _value(parameter: Parameter) -> LineColumn:
    words = Text("值", "Value")
    if parameter.choices:
        options = tuple((typed_value(choice), value_words(parameter, choice)) for choice in parameter.choices)
        return LineColumn(words, "choice", options)
    return LineColumn(words, _BY_UNIT.get(parameter.unit, "text" if parameter.unit in _TYPED else "number"))
