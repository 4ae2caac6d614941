"""The assistant of experts' bars: who has an interest, a colleague on the panel or too little practice is not drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.draft_tree import grown
from service.casework.studio.drafts.start_city import start_city
from service.casework.studio.law.assist_clause import propose_assistance, write_assistance
from service.casework.studio.law.change_clause import change_clause
from service.casework.studio.law.typed_fields import TypedAssistance
from service.catalog import Basis
from service.catalog.assistants.expert_bars import limits_read
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.coverage.matrix import ClauseStatus, matrix
from service.catalog.new_city.steps import CityStep
from service.catalog.parameters.parameter_entries import set_value
from service.domain.errors import Invalid
from tests.integration.studio.test_drawn_clauses import AWARD, KEY, OUTLINE, SEASON, fails, played, tree
from tests.support.browsers import Browser, make_app
from tests.support.lakeside import Lakeside

APPLICATION = f"{AWARD}/application.bpmn"
SCORED = replace(OUTLINE, steps=(CityStep.SCORING, CityStep.APPROVAL), government="兰山县人民政府")


def bar(limit: str, value: str = "", **more: str) -> TypedAssistance:
    return TypedAssistance(
        AssistKind.EXPERT_BAR, "LN-2", "", value=value, scenario=SEASON, answers={"limit": limit}, **more
    )


@pytest.mark.parametrize(
    ("limit", "value", "ident", "looser"),
    [
        ("interest", "5", "interest_lookback_years", 4),
        ("employer", "1", "most_of_one_employer", 3),
        ("practice", "6", "least_practice_years", 5),
    ],
)
def test_who_is_barred_is_not_drawn_and_the_scenario_line_needs_it(
    town: Lakeside, limit: str, value: str, ident: str, looser: int
) -> None:
    draft = start_city(town.desk, town.designer, SCORED)
    typed = bar(limit, value)
    before = tree(town, draft)
    shown = propose_assistance(town.desk, town.designer, draft, typed)
    assert tree(town, draft).revision == before.revision, "nothing is written before it is confirmed"
    assert shown.expectation, shown.remark
    write_assistance(town.desk, town.designer, draft, typed)
    errors = [p for p in check_draft(town.desk, town.designer, draft).problems if p.severity.name == "ERROR"]
    assert [(p.file, p.message.zh) for p in errors] == []
    after = tree(town, draft)
    assert after.package.award.parameters[ident].clauses == ("LN-2",)
    [line] = [line for line in matrix([after.package]).lines if line.clause.id == "LN-2"]
    assert line.status is ClauseStatus.CARRIED_OUT
    path = next(change.path for change in shown.changes if "proves: [LN-2]" in change.after)
    assert [unmet.message.zh for unmet in played(town, after.package, after.filled, path).unmet] == []
    assert [unmet.message.zh for unmet in played(town, after.package, after.filled, SEASON).unmet] == []
    text = set_value(after.files[f"{AWARD}/parameters.yaml"].decode(), ident, looser)
    changed = grown(town.desk, KEY, after, {**after.files, f"{AWARD}/parameters.yaml": text.encode()})
    assert fails(town, changed, path), "by a looser rule a panel is formed"


def test_an_interest_without_years_in_the_text_is_looked_back_as_usual_and_marked_as_not_stated(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, SCORED)
    write_assistance(town.desk, town.designer, draft, bar("interest"))
    held = tree(town, draft).package.award.parameters["interest_lookback_years"]
    assert (held.values[-1].value, held.source) == (3, Basis.DEFAULT)
    opened = tree(town, draft).package.element("lanshan_application", "open_review")
    assert opened.operation is not None
    assert opened.operation.parameters["lookback_years"] == "param.interest_lookback_years"
    assert "LN-2" in opened.clauses
    call = tree(town, draft).package.element("lanshan_application", "review")
    assert "LN-2" in call.slots["recusal"]


def test_two_bars_stand_beside_each_other_and_rest_after_rounds_has_no_scenario(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, SCORED)
    write_assistance(town.desk, town.designer, draft, bar("practice", "6"))
    shown = propose_assistance(town.desk, town.designer, draft, bar("rounds", "2"))
    assert (shown.expectation, bool(shown.remark)) == ("", True)
    write_assistance(town.desk, town.designer, draft, bar("rounds", "2"))
    opened = tree(town, draft).package.element("lanshan_application", "open_review").operation
    assert opened is not None
    assert opened.parameters["rotation_rounds"] == "param.rounds_before_rest"
    assert opened.parameters["condition"] == '"expert.experience_years >= " + string(param.least_practice_years)'


def test_a_parameter_whose_name_begins_like_another_is_read_by_itself(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, SCORED)
    write_assistance(town.desk, town.designer, draft, bar("practice", "6"))
    package = tree(town, draft).package
    assert limits_read(package, "least_practice_years") == ("practice",)
    assert limits_read(package, "least_practice") == ()


def test_a_bar_of_experts_asks_which_and_needs_a_panel(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, SCORED)
    with pytest.raises(Invalid, match="请回答“哪一种限制”"):
        propose_assistance(town.desk, town.designer, draft, replace(bar("interest", "3"), answers={}))
    with pytest.raises(Invalid, match="请填写取值"):
        propose_assistance(town.desk, town.designer, draft, bar("employer"))
    plain = start_city(town.desk, town.designer, replace(OUTLINE, id="lanling", name="兰陵县"))
    with pytest.raises(Invalid, match="没有找到专家评审"):
        propose_assistance(town.desk, town.designer, plain, replace(bar("interest", "3"), scenario=""))


def test_two_limits_of_one_clause_are_read_and_written_one_after_another(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, SCORED)
    text = "评审专家与申报组织有利害关系的，应当回避。同一单位的评审专家不得超过1名。"
    change_clause(town.desk, town.designer, draft, "LN-2", {"text": text})
    browser, here = Browser(make_app(town), town, "designer"), f"/studio/drafts/{draft}/clauses/LN-2/assist"
    page = browser.get(here).text
    assert "条文写了这几种限制" in page
    assert page.count("还没有写") == 2
    assert '<option value="interest" selected>' in page
    sent = {"kind": "expert_bar", "parameter": "", "name": "", "unit": "years", "value": "", "limit": "interest"}
    answer = browser.post(here, {**sent, "confirm": "yes"})
    assert answer.headers["Location"].endswith("/clauses/LN-2/assist?kind=expert_bar&tier=employer")
    page = browser.get(answer.headers["Location"]).text
    assert '<option value="employer" selected>' in page
    assert page.count("还没有写") == 1
    shown = propose_assistance(town.desk, town.designer, draft, replace(bar("employer", "1"), scenario=""))
    assert shown.departing is None
    browser.post(here, {**sent, "unit": "count", "value": "1", "limit": "employer", "confirm": "yes"})
    held = tree(town, draft).package.award.parameters
    assert [held[ident].name for ident in ("interest_lookback_years", "most_of_one_employer")] == [
        "利害关系回溯年限",
        "评审组中同一单位至多几名",
    ]
    assert "还没有写" not in browser.get(f"{here}?kind=expert_bar").text
