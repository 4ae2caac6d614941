"""Values with which a clause could never happen, and numbers written past a bound."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from service.catalog import Basis, Parameter, Unit, build_catalog
from service.catalog.check import check_catalog
from service.catalog.parameters.parameters import DatedValue
from service.catalog.parameters.vacuous import why_vacuous
from service.domain.text import Text
from tests.support.rule_examples import TREE

TABLE = "processes/lakeside/star_award/eligibility.dmn"
DIAGRAM = "processes/lakeside/star_award/application.bpmn"


def parameter(ident: str, unit: Unit, value: Any, **said: Any) -> Parameter:
    dated = (DatedValue(date(2026, 1, 1), value),)
    return Parameter(ident, Text(ident, ident), unit, Basis.STATED, ("LS-1",), dated, **said)


def reason(unit: Unit, value: Any, ident: str = "x", known: tuple[Parameter, ...] = (), **said: Any) -> str:
    found = why_vacuous({one.id: one for one in known}, parameter(ident, unit, value, **said), value)
    return found.zh if found else ""


@pytest.mark.parametrize("value", ["> 1", ">= 0", "= 1", "> 3/2"])
def test_a_vote_nobody_can_win_or_everybody_wins_is_refused(value: str) -> None:
    assert reason(Unit.TEXT, value, "vote_threshold")


@pytest.mark.parametrize("value", ["> 1/2", ">= 2/3", ">= 1", "plurality", "> 0", None])
def test_a_vote_that_can_be_won_is_not(value: str | None) -> None:
    assert reason(Unit.TEXT, value, "vote_threshold") == ""


@pytest.mark.parametrize(
    ("value", "refused"), [("3/2", True), (1.2, True), (-0.1, True), ("2/3", False), (0, False), (1, False)]
)
def test_a_share_lies_between_none_and_all(value: Any, refused: bool) -> None:
    assert bool(reason(Unit.FRACTION, value)) is refused


def test_bounds_that_cross_leave_no_value() -> None:
    assert "没有任何取值" in reason(Unit.COUNT, 3, minimum=4, maximum=2)
    assert reason(Unit.COUNT, 3, minimum=3, maximum=3) == ""


def test_a_period_within_another_is_not_longer_from_either_side() -> None:
    valid = parameter("award_validity_years", Unit.YEARS, 3)
    reminder = parameter("re_evaluation_reminder_calendar_days", Unit.CALENDAR_DAYS, 400)
    assert "永远不会发生" in reason(Unit.CALENDAR_DAYS, 1200, reminder.id, (valid,))
    assert reason(Unit.CALENDAR_DAYS, 90, reminder.id, (valid,)) == ""
    assert "永远不会发生" in reason(Unit.YEARS, 1, valid.id, (reminder,))
    assert reason(Unit.YEARS, None, valid.id, (reminder,)) == ""


def test_what_begins_does_not_begin_after_its_last_day() -> None:
    last = parameter("regulation_last_day", Unit.DATE, date(2028, 12, 31))
    assert "永远不会发生" in reason(Unit.DATE, date(2029, 1, 1), "effective_date", (last,))
    assert reason(Unit.DATE, date(2028, 1, 1), "effective_date", (last,)) == ""


@pytest.mark.parametrize(
    ("path", "old", "new", "told"),
    [
        (TABLE, 'duration("P" + string(param.min_years) + "Y")', 'duration("P2Y")', True),
        (TABLE, 'duration("P" + string(param.min_years) + "Y")', 'duration("P4Y")', False),
        (TABLE, 'duration("P" + string(param.min_years) + "Y")', 'duration("P2D")', False),
        (DIAGRAM, "workdays(param.decision_working_days)", "workdays(11)", True),
        (DIAGRAM, "workdays(param.decision_working_days)", "workdays(10)", False),
        (DIAGRAM, "workdays(param.decision_working_days)", "caldays(11)", False),
    ],
)
def test_a_number_written_past_the_bound_of_its_clause_is_told_with_the_article(
    path: str, old: str, new: str, told: bool
) -> None:
    content = TREE[path].decode()
    assert old in content
    files = {**TREE, path: content.replace(old, new).encode()}
    found = [p for p in check_catalog(build_catalog(files)) if p.rule == "literal_beyond_law"]
    assert bool(found) is told
    assert all("第" in problem.message.zh for problem in found)
