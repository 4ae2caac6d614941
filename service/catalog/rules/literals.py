"""Numbers written into diagrams and tables: they keep to the bounds that the law draws, as parameters do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from service.catalog.bpmn.model import Element
from service.catalog.feel import find_constant_value
from service.catalog.parameters.parameters import Parameter, Unit
from service.catalog.parameters.units import is_number
from service.catalog.problems import Problem
from service.catalog.rules.context import Checked, build_error_problem, build_warning_problem
from service.catalog.rules.formulas import diagram_formulas
from service.catalog.rules.registry import Extent, check
from service.domain.text import Text

_COUNTED = re.compile(r"\b(workdays|caldays|months|years)\(\s*(\d+)\b|\bduration\(\"P(\d+)([YMD])\"\)")
_END_OF_DAY = re.compile(r"\bcaldays\(1,\s*date\([\w.]+\)\s*-\s*duration\(\"P1D\"\)\)")
"""The end of a day that is known, or of the next working day: how long a time runs that ends then is said elsewhere."""
_NEXT_DAY = re.compile(r"[+-]\s*duration\(\"P1D\"\)")
"""The day before or after another one, which is no period."""
_UNITS = {
    "workdays": Unit.WORKING_DAYS,
    "caldays": Unit.CALENDAR_DAYS,
    "months": Unit.MONTHS,
    "years": Unit.YEARS,
    "Y": Unit.YEARS,
    "M": Unit.MONTHS,
    "D": Unit.CALENDAR_DAYS,
}
"""What the number counts, by the function or the letter that it stands with."""
_OF_OPERATIONS = {"working_days": Unit.WORKING_DAYS, "calendar_days": Unit.CALENDAR_DAYS, "places": Unit.COUNT}
_ALONE = (Unit.COUNT, Unit.YUAN, Unit.POINTS)
"""What a cell of a table may count that is a number and nothing else."""


@check(Extent.PROCESS, "literal_beyond_law")
def literals_of_diagrams(checked: Checked) -> Iterator[Problem]:
    """A number beside which a clause is cited is not beyond the bound that a parameter of the same clause has."""
    for diagram in checked.diagrams.values():
        written = [(formula.place, formula.text) for formula in diagram_formulas(checked, diagram)]
        for element in diagram.elements.values():
            numbers = {
                *_in_formulas(text for place, text in written if place == element.id),
                *_iterate_handed_numbers(element),
            }
            for number, unit in sorted(numbers):
                yield from _check_bounds(checked, diagram.file, element.id, element.clauses, number, (unit,))


@check(Extent.PIECES, "literal_beyond_law")
def literals_of_tables(checked: Checked) -> Iterator[Problem]:
    """A number beside which a clause is cited is not beyond the bound that a parameter of the same clause has."""
    for table in {id(table): table for table in checked.package.tables.values()}.values():
        for row in table.rows:
            cited = table.clauses(row)
            for number, unit in sorted(set(_in_formulas((*row.inputs, *row.outputs)))):
                yield from _check_bounds(checked, table.file, row.id, cited, number, (unit,))
            for cell in dict.fromkeys(row.outputs):
                alone = _find_number(cell)
                if alone is not None:
                    yield from _check_bounds(checked, table.file, row.id, cited, alone, _ALONE)


def _in_formulas(texts: Iterable[str]) -> Iterator[tuple[float, Unit]]:
    for text in texts:
        for function, count, length, letter in _COUNTED.findall(_NEXT_DAY.sub("", _END_OF_DAY.sub("", text))):
            yield float(count or length), _UNITS[function or letter]


def _iterate_handed_numbers(element: Element) -> Iterator[tuple[float, Unit]]:
    arguments = element.operation.parameters if element.operation else {}
    for name, unit in _OF_OPERATIONS.items():
        value = _find_number(arguments.get(name, ""))
        if value is not None:
            yield value, unit


def _find_number(formula: str) -> float | None:
    """Return the number that a formula is and nothing else, None for any other."""
    value = find_constant_value(formula) if formula.strip() else None
    return float(value) if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else None


def _check_bounds(
    checked: Checked, file: str, place: str, cited: Iterable[str], number: float, units: tuple[Unit, ...]
) -> Iterator[Problem]:
    """Yield a problem where every parameter of a cited clause that counts the same draws its bound elsewhere.

    With several ``units`` nothing says which of them the number counts: that is a warning, to be looked at.
    """
    parameters, unsure = checked.package.award.parameters.values(), len(units) > 1
    bounded = [p for p in parameters if p.unit in units and _has_bounds(p) and set(p.clauses) & set(cited)]
    if not bounded or any(_is_within_bounds(p, number) for p in bounded) or (unsure and len(bounded) > 1):
        return
    parameter = bounded[0]
    least = is_number(parameter.minimum) and number < parameter.minimum
    bound, zh, en = (parameter.minimum, "不得少于", "at least") if least else (parameter.maximum, "不得多于", "at most")
    article = checked.package.law.article(next(clause for clause in parameter.clauses if clause in set(cited)))
    if unsure:
        yield build_warning_problem(
            file, place, "literal_beyond_law",
            f"写定的“{number:g}”如果就是“{parameter.name}”，便超出{article}的界限：{zh}{bound}。",
            f"“{number:g}”, if it is “{parameter.name_en}”, is beyond {article}: {en} {bound}.",
            Text(f"就是它的，改读 param.{parameter.id}；计的是别的，不用改。", f"Then read param.{parameter.id}; else leave it."),
        )  # fmt: skip
        return
    yield build_error_problem(
        file, place, "literal_beyond_law",
        f"写定的“{number:g}”超出{article}的界限：“{parameter.name}”{zh}{bound}。",
        f"“{number:g}” is beyond {article}: “{parameter.name_en}” is {en} {bound}.",
        Text(f"改读 param.{parameter.id}，或者改成界限以内的数。", f"Read param.{parameter.id}, or write a number within the bound."),
    )  # fmt: skip


def _has_bounds(parameter: Parameter) -> bool:
    return is_number(parameter.minimum) or is_number(parameter.maximum)


def _is_within_bounds(parameter: Parameter, number: float) -> bool:
    low, high = parameter.minimum, parameter.maximum
    return not (is_number(low) and number < low) and not (is_number(high) and number > high)
