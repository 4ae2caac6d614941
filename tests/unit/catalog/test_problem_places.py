"""A problem names what lies there by its label, or by what it connects; the id stays beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from service.catalog import Problem
from tests.unit.catalog.conftest import DIAGRAM, PARAMETERS, TABLE, Change

Check = Callable[[Mapping[str, bytes]], list[Problem]]


def only(found: list[Problem]) -> Problem:
    assert len(found) == 1
    return found[0]


def test_a_flow_is_named_by_what_it_connects(changed: Change, problems_of: Check) -> None:
    flow = '<bpmn:sequenceFlow id="decided" sourceRef="decide" targetRef="accepted" />'
    condition = "<bpmn:conditionExpression>exam.result = &quot;met&quot;</bpmn:conditionExpression></bpmn:sequenceFlow>"
    problem = only(problems_of(changed(DIAGRAM, flow, flow.replace(" />", f">{condition}"))))
    assert (problem.rule, problem.element) == ("ignored_condition", "decide")
    assert problem.message.zh == "连线“从‘决定是否受理’到‘是否受理’”从“决定是否受理”流出，其条件会被忽略。"
    assert problem.message.en.startswith("The condition on flow “from ‘决定是否受理’ to ‘是否受理’” out of")
    assert problem.place is not None
    assert problem.place.zh == "任务“决定是否受理”"


@pytest.mark.parametrize(
    ("file", "old", "new", "element", "place"),
    [
        (DIAGRAM, ' name="决定是否受理"', "", "decide", "“条件是否具备”之后未命名的任务"),
        (DIAGRAM, "exam.result", "ezam.result", "is_eligible", "从‘条件是否具备’到‘决定是否受理’的连线（具备或未查明）"),
        (PARAMETERS, "value: 10", "value: 11", "parameters.decision_working_days.values", "参数“受理决定期限”"),
        (TABLE, "apply.founded", "apply.grounded", "founded_long_enough", "第 1 行“成立年限”"),
    ],
)  # fmt: skip
def test_a_place_is_called_as_people_see_it(
    changed: Change, problems_of: Check, file: str, old: str, new: str, element: str, place: str
) -> None:
    found = next(problem for problem in problems_of(changed(file, old, new)) if problem.element == element)
    assert found.place is not None
    assert found.place.zh == place


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (DIAGRAM, 'name="routes" value="decision"', 'name="routes" value="verdict"',
         "“verdict” of the fields that later decisions read (routes) is no field of form “决定是否受理” (decide)."),  # a task has the same id
        (TABLE, "apply.founded", "apply.grounded", "是否符合: form “申报” (apply) has no “grounded”."),
    ],
)  # fmt: skip
def test_a_form_is_named_by_its_title(
    changed: Change, problems_of: Check, file: str, old: str, new: str, message: str
) -> None:
    assert message in [problem.message.en for problem in problems_of(changed(file, old, new))]


def test_a_formula_is_called_as_the_panel_calls_it_in_both_languages(changed: Change, problems_of: Check) -> None:
    problem = only(problems_of(changed(DIAGRAM, 'exam.result != "not_met"', 'ezam.result = "met"')))
    assert (problem.message.zh, problem.message.en) == (
        "条件：这里不能读取“ezam”。",
        "condition: “ezam” cannot be read here.",
    )
    due = only(problems_of(changed(DIAGRAM, 'name="due" value="', 'name="due" value="nothing + ')))
    assert due.message.zh.startswith("法定期限：")
    assert due.message.en.startswith("statutory limit:")
