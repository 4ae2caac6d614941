"""What an amended number of a clause means for the parameters that cite it: 5个工作日 became 7, so does the parameter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.catalog.law.law import Clause
from service.catalog.law_text.amend import ClauseChange
from service.catalog.law_text.numbers import LawNumber, numbers_in
from service.catalog.parameters.parameters import Parameter, Unit
from service.catalog.parameters.units import is_number


@dataclass(frozen=True, slots=True)
class AmendedValue:
    """A parameter whose value, minimum or maximum is the number ``old`` of a clause that becomes ``new``."""

    parameter: Parameter
    old: int
    new: int
    value: bool
    bounds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftValue:
    """A parameter that has a number of a clause, in the ``words`` of its old text, which the new one does not say."""

    parameter: Parameter
    words: str


def amended_values(parameters: Mapping[str, Parameter], change: ClauseChange) -> Iterator[AmendedValue]:
    """Yield the parameters citing a clause of which exactly one number in their unit changes, and which has it."""
    if change.before is None or change.after is None:
        return
    for parameter in parameters.values():
        if change.before.id not in parameter.clauses or parameter.unit is Unit.FRACTION:
            continue
        before, after = (_numbers(clause, parameter.unit) for clause in (change.before, change.after))
        moved = {pair for pair in zip(before, after, strict=False) if pair[0] != pair[1]}
        if len(before) != len(after) or len(moved) != 1:
            continue
        ((old, new),) = moved
        last = parameter.values[-1].value if parameter.values else None
        bounds = tuple(key for key in ("minimum", "maximum") if _is(getattr(parameter, key), old))
        if _is(last, old) or bounds:
            yield AmendedValue(parameter, old, new, _is(last, old), bounds)


def left_values(parameters: Mapping[str, Parameter], change: ClauseChange) -> Iterator[LeftValue]:
    """Yield the parameters whose number an amended clause says no more and of which `amended_values` does not say what follows.

    The unit became another one (7天, 10个工作日), a share another, or several numbers took the place of one: somebody decides.
    """
    if change.before is None or change.after is None:
        return
    followed = {one.parameter.id for one in amended_values(parameters, change)}
    before, after = (numbers_in(clause.text or clause.summary) for clause in (change.before, change.after))
    said = {(number.unit, number.value) for number in after}
    gone = [number for number in before if (number.unit, number.value) not in said]
    for parameter in parameters.values():
        if change.before.id in parameter.clauses and parameter.id not in followed:
            number = next((number for number in gone if _has(parameter, number)), None)
            if number is not None:
                yield LeftValue(parameter, number.words)


def _has(parameter: Parameter, number: LawNumber) -> bool:
    values = [parameter.values[-1].value if parameter.values else None, parameter.minimum, parameter.maximum]
    if number.unit is Unit.FRACTION:
        return any(str(number.value) in re.findall(r"\d+/\d+", str(value)) for value in values)
    return parameter.unit is number.unit and any(_is(value, int(number.value)) for value in values)


def _is(value: object, number: int) -> bool:
    return is_number(value) and value == number


def _numbers(clause: Clause, unit: Unit) -> list[int]:
    return [int(number.value) for number in numbers_in(clause.text or clause.summary) if number.unit is unit]
