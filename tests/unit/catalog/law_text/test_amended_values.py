"""What an amended number means for parameters: a value that follows, or one that somebody decides."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from service.catalog.law.law import Clause
from service.catalog.law_text.amend import ClauseAct, ClauseChange
from service.catalog.law_text.amended_values import amended_values, left_values
from service.catalog.parameters.parameters import Basis, DatedValue, Parameter, Unit
from service.domain.text import Text


def clause(words: str) -> Clause:
    return Clause("SL-1", "第一条", "other", words, None, None)


def found(before: str, after: str, unit: Unit, value: Any) -> tuple[list[int], list[str]]:
    """The new values of a parameter, and the old words that somebody decides about."""
    parameter = Parameter(
        "x", Text("参数", "Parameter"), unit, Basis.STATED, ("SL-1",), (DatedValue(date.min, value),), minimum=value
    )
    change = ClauseChange(ClauseAct.CHANGE, "", clause(before), clause(after))
    values = [one.new for one in amended_values({"x": parameter}, change)]
    return values, [one.words for one in left_values({"x": parameter}, change)]


@pytest.mark.parametrize(
    ("before", "after", "unit", "value", "expected"),
    [
        ("公示7天。", "公示10天。", Unit.CALENDAR_DAYS, 7, ([10], [])),
        ("公示7天。", "公示10个工作日。", Unit.CALENDAR_DAYS, 7, ([], ["7天"])),
        ("每届不超过3个。", "每届金奖不超过2个、银奖不超过4个。", Unit.COUNT, 3, ([], ["3个"])),
        ("超过三分之二同意。", "超过半数同意。", Unit.TEXT, "> 2/3", ([], ["三分之二"])),
        ("超过三分之二同意。", "超过半数同意。", Unit.TEXT, "> 1/2", ([], [])),
        ("公示7天。", "在网站公示7天。", Unit.CALENDAR_DAYS, 7, ([], [])),
        ("公示7天。", "公示10个工作日。", Unit.CALENDAR_DAYS, 5, ([], [])),
    ],
)
def test_a_number_that_the_text_no_longer_says_is_told(
    before: str, after: str, unit: Unit, value: Any, expected: tuple[list[int], list[str]]
) -> None:
    assert found(before, after, unit, value) == expected
