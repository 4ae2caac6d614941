"""A problem names what lies there by its label, or by what it connects; the id stays beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from service.catalog import Problem, build_catalog
from service.catalog.bpmn.geometry import Flaw
from service.catalog.names.problem_places import placed
from service.catalog.problems import did_you_mean
from service.domain.text import Text
from tests.unit.catalog.conftest import DIAGRAM, PARAMETERS, TABLE, Change

Check = Callable[[Mapping[str, bytes]], list[Problem]]


def only(found: list[Problem]) -> Problem:
    assert len(found) == 1
    return found[0]


def test_a_flow_is_named_by_what_it_connects(changed: Change, problems_of: Check) -> None:
    flow = '<bpmn:sequenceFlow id="decided" sourceRef="decide" targetRef="accepted" />'
    condition = "<bpmn:conditionExpression>true</bpmn:conditionExpression></bpmn:sequenceFlow>"
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


def test_a_shape_without_a_name_that_is_overlapped_is_called_by_its_neighbour(changed: Change) -> None:
    package = build_catalog(changed(DIAGRAM, ' name="决定是否受理"', "")).package("lakeside/star_award")
    over = Text("“条件是否具备”的名称与“decide”重叠。", "The name of “条件是否具备” overlaps “decide”.")
    problem = Problem(DIAGRAM, "is_eligible", str(Flaw.LABEL), over, over)
    assert placed(package, problem).message.zh == "“条件是否具备”的名称与“条件是否具备”之后未命名的任务重叠。"
    elsewhere = Problem(DIAGRAM, "is_eligible", "unknown_name", over, over)
    assert "“decide”" in placed(package, elsewhere).message.zh, "a value may be called as a task is"


@pytest.mark.parametrize("fact", ["explain", "decided"])
def test_a_fact_called_like_something_drawn_keeps_its_name(changed: Change, fact: str) -> None:
    package = build_catalog(changed(DIAGRAM, "", "")).package("lakeside/star_award")
    said = Text(f"“说明理由”记录事实“{fact}”，没有声明它。", f"“explain” records the fact “{fact}”, not declared.")
    remedy = Text(f"在 facts 中加上“{fact}”和它的类型。", f"Add “{fact}” with its type.")
    found = placed(package, Problem(DIAGRAM, "explain", "fact_not_declared", said, remedy))
    assert (found.message.zh, found.remedy) == (said.zh, remedy)
    assert found.message.en.endswith(f"the fact “{fact}”, not declared.")
    read = Text(f"条件：这里不能读取“{fact}”。", f"condition: “{fact}” cannot be read here.")
    assert placed(package, Problem(DIAGRAM, fact, "undeclared_name", read, read)).message == read


def test_an_id_that_is_meant_stays_an_id(changed: Change, problems_of: Check) -> None:
    found = problems_of(changed(DIAGRAM, 'id="not_eligible"', 'id="1 not"'))
    assert found
    assert "“1 not”" in found[0].message.zh


def test_a_formula_is_called_as_the_panel_calls_it_in_both_languages(changed: Change, problems_of: Check) -> None:
    problem = only(problems_of(changed(DIAGRAM, 'exam.result != "not_met"', 'ezam.result = "met"')))
    assert (problem.message.zh, problem.message.en) == (
        "条件：这里不能读取“ezam”。",
        "condition: “ezam” cannot be read here.",
    )
    due = only(problems_of(changed(DIAGRAM, 'name="due" value="', 'name="due" value="nothing + ')))
    assert due.message.zh.startswith("法定期限：")
    assert due.message.en.startswith("statutory limit:")


def test_a_form_is_called_by_its_title_and_no_other_field_is_guessed(changed: Change, problems_of: Check) -> None:
    """The field conclusion was removed; conditions, which is there, is no slip of it."""
    problem = next(
        p for p in problems_of(changed(TABLE, "apply.founded", "apply.conditions")) if p.rule == "undeclared_fact"
    )
    assert "表单“申报”（apply）中没有“conditions”" in problem.message.zh
    assert "是不是想写" not in did_you_mean("conclusion", ("conditions", "opinion")).zh
    assert did_you_mean("decison", ("decision", "opinion")).zh == "是不是想写“decision”？"
