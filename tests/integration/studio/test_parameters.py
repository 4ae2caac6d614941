"""Parameters of a draft: changed with what follows said before, refused beyond the law, other entries untouched."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file, view_draft
from service.casework.studio.law.clauses import change_clause
from service.casework.studio.parameters.change_parameter import (
    ParameterRefused,
    TypedParameter,
    drop_parameter,
    propose_parameter,
    save_parameter,
)
from service.domain.errors import Conflict, Invalid, NotFound
from tests.support.browsers import Browse
from tests.support.lakeside import DIAGRAM, KEY, PARAMETERS, Lakeside

DECISION = TypedParameter("decision_working_days", "受理决定期限", "working_days", "LS-4", "stated", "7", maximum="10")


def text(town: Lakeside, draft: int) -> str:
    return open_file(town.desk, town.designer, draft, PARAMETERS).content.decode()


def test_where_the_law_says_exactly_one_value_another_is_refused_with_the_article(town: Lakeside, draft: int) -> None:
    """The designer of an amended regulation types the bounds anew together with the value."""
    stands = text(town, draft).replace("    maximum: 10\n    value: 10\n", "    exactly: 10\n")
    opened = open_file(town.desk, town.designer, draft, PARAMETERS)
    save_file(town.desk, town.designer, draft, PARAMETERS, stands.encode(), opened.hash)
    exact = replace(DECISION, value="12", minimum="10", maximum="10")
    with pytest.raises(Invalid, match="第四条不得多于10"):
        propose_parameter(town.desk, town.designer, draft, exact)
    change_clause(town.desk, town.designer, draft, "LS-4", {"summary": "办公室12个工作日内决定是否受理。"})
    amended = propose_parameter(town.desk, town.designer, draft, replace(exact, minimum="12", maximum="12"))
    assert amended.change.after == amended.change.before.replace("    exactly: 10\n", "    exactly: 12\n")
    later = replace(exact, minimum="12", maximum="12", since="2027-01-01")
    change = propose_parameter(town.desk, town.designer, draft, later).change
    written = {line.strip() for line in set(change.after.splitlines()) - set(change.before.splitlines())}
    assert {"minimum: 12", "maximum: 12"} < written, "from a day on, and the ten days until then stay as they were"


def test_a_value_before_is_not_in_the_way_of_one_that_an_amendment_shortens(town: Lakeside, draft: int) -> None:
    """The title lasts three years from 2027 on: the follow-up, five years until then, may become three from that day."""
    stands = text(town, draft) + (
        "  award_validity_years:\n    name: 称号有效期\n    name_en: Validity\n    unit: years\n    clauses: [LS-5]\n"
        "    source: default\n    question: 几年？\n    values: [{from: 2020-01-01, value: 5}, {from: 2027-01-01, value: 3}]\n"
        "  follow_up_years:\n    name: 跟踪年限\n    name_en: Follow-up\n    unit: years\n    clauses: [LS-5]\n"
        "    source: default\n    question: 几年？\n    value: 5\n"
    )
    opened = open_file(town.desk, town.designer, draft, PARAMETERS)
    save_file(town.desk, town.designer, draft, PARAMETERS, stands.encode(), opened.hash)
    years = TypedParameter("follow_up_years", "跟踪年限", "years", "LS-5", "default", question="几年？")
    with pytest.raises(Invalid, match="永远不会发生"):
        propose_parameter(town.desk, town.designer, draft, replace(years, value="4", since="2027-01-01"))
    propose_parameter(town.desk, town.designer, draft, replace(years, value="3", since="2027-01-01"))


@pytest.mark.parametrize(
    ("value", "minimum", "maximum"), [("12", "", ""), ("12", "15", "15"), ("12", "9", "15"), ("10", "15", "15")]
)
def test_bounds_that_are_not_the_value_are_no_way_around_exactly_one(
    town: Lakeside, draft: int, value: str, minimum: str, maximum: str
) -> None:
    stands = text(town, draft).replace("    maximum: 10\n    value: 10\n", "    exactly: 10\n")
    opened = open_file(town.desk, town.designer, draft, PARAMETERS)
    save_file(town.desk, town.designer, draft, PARAMETERS, stands.encode(), opened.hash)
    change_clause(town.desk, town.designer, draft, "LS-4", {"summary": "办公室决定是否受理。"})
    typed = replace(DECISION, value=value, minimum=minimum, maximum=maximum)
    with pytest.raises(Invalid, match=r"第四条不得多于10|须是同一个数"):
        propose_parameter(town.desk, town.designer, draft, typed)


def test_a_changed_value_is_one_changed_line(town: Lakeside, draft: int) -> None:
    before = text(town, draft)
    proposal = propose_parameter(town.desk, town.designer, draft, DECISION)
    assert proposal.difference is not None
    assert [
        (one.subject.zh, [(f.label.zh, f.left, f.right) for f in one.fields]) for one in proposal.difference.records
    ] == [("“受理决定期限”", [("取值", "10", "7")])]
    assert text(town, draft) == before
    save_parameter(town.desk, town.designer, draft, DECISION)
    assert text(town, draft) == before.replace("value: 10\n", "value: 7\n")
    assert package_of(town.desk, draft).award.parameters["decision_working_days"].value_on(date(2026, 3, 2)) == 7


def test_what_follows_is_said_before(town: Lakeside, draft: int) -> None:
    town.start()
    proposal = propose_parameter(town.desk, town.designer, draft, DECISION)
    assert proposal.running == 1
    assert "决定是否受理" in {user.name for user in proposal.readers}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"value": "11"}, "第四条不得多于10"),
        ({"value": "0"}, "落空"),
        ({"value": ""}, "不能空着：第四条写明了它"),
        ({"value": "", "since": "2027-01-01"}, "不能空着：第四条写明了它"),
        ({"value": "很多"}, "读不出来"),
        ({"clauses": "LS-99"}, "没有“LS-99”"),
        ({"since": "明年"}, "不是日期，请写成例如 2027-01-01。"),
        ({"value": "1.5"}, "整数"),
        ({"minimum": "9", "maximum": "7"}, "下限大于上限"),
    ],
)
def test_what_the_law_does_not_allow_is_refused_with_the_article(
    town: Lakeside, draft: int, wrong: dict[str, str], said: str
) -> None:
    with pytest.raises(Invalid) as refused:
        save_parameter(town.desk, town.designer, draft, replace(DECISION, **wrong))
    assert said in refused.value.message.zh


def test_every_field_that_cannot_be_read_is_named_at_once(town: Lakeside, draft: int) -> None:
    with pytest.raises(ParameterRefused) as refused:
        propose_parameter(town.desk, town.designer, draft, replace(DECISION, value="七", since="下个月", maximum="多"))
    assert [one.field for one in (refused.value, *refused.value.others)] == ["value", "since", "maximum"]


def test_a_value_from_a_day_on(town: Lakeside, draft: int) -> None:
    save_parameter(town.desk, town.designer, draft, replace(DECISION, since="2027-01-01"))
    parameter = package_of(town.desk, draft).award.parameters["decision_working_days"]
    assert [parameter.value_on(day) for day in (date(2026, 12, 31), date(2027, 1, 1))] == [10, 7]
    assert parameter.maximum == 10


def test_a_parameter_comes_and_goes_unless_something_reads_it(town: Lakeside, draft: int) -> None:
    before = text(town, draft)
    media = TypedParameter("notice_media", "公示媒体", "list", "LS-5", "default", "网站\n报纸", question="没有写明。")
    save_parameter(town.desk, town.designer, draft, media, new=True)
    assert package_of(town.desk, draft).award.parameters["notice_media"].value_on(date(2026, 3, 2)) == ["网站", "报纸"]
    with pytest.raises(Invalid, match="已经有了"):
        save_parameter(town.desk, town.designer, draft, media, new=True)
    drop_parameter(town.desk, town.designer, draft, "notice_media")
    assert text(town, draft) == before
    with pytest.raises(Conflict, match="正在使用"):
        drop_parameter(town.desk, town.designer, draft, "decision_working_days")
    with pytest.raises(NotFound):
        save_parameter(town.desk, town.designer, draft, media)


ROWS = """  award_places:
    name: 各奖项名额
    name_en: Places
    unit: table
    clauses: [LS-4]
    source: stated
    value: [{tier: star, places: 2}]
  consulted_departments:
    name: 征求意见的部门
    name_en: Consulted
    unit: list
    clauses: [LS-4]
    source: default
    question: 向谁征求意见没有写明。
    value: []
"""


def test_a_value_that_is_rows_is_edited_row_by_row_and_keeps_its_shape(
    town: Lakeside, draft: int, browse: Browse
) -> None:
    opened = open_file(town.desk, town.designer, draft, PARAMETERS)
    save_file(town.desk, town.designer, draft, PARAMETERS, (text(town, draft) + ROWS).encode(), opened.hash)
    browser, place = browse("designer"), f"/studio/drafts/{draft}/parameters/award_places"
    page = browser.get(place).text
    assert "{" not in page.partition('name="value.0.tier"')[2][:400]
    fields = {"name": "各奖项名额", "unit": "table", "clauses": "LS-4", "source": "stated", "value#": "1"}
    row = {"value.0.tier": "star", "value.0.places": "2"}
    assert browser.post(place, {**fields, **row}).status_code == 200, "what stands there is taken as it is"
    asked = browser.post(place, {**fields, **row, "value.0.places": "3"}).text
    assert "写入草稿" in asked
    assert "取值界限</dt>" not in asked.partition("写入草稿")[0], (
        "the button stands in sight, what is known of it below"
    )
    assert 'name="value.1.places"' in browser.post(place, {**fields, **row, "_add": "value"}).text
    two = {**fields, "value#": "2", **row, "value.1.tier": "star"}
    assert "第2行缺少“名额”" in browser.post(place, two).text
    assert browser.post(place, {**two, "value.1.places": "5", "confirm": "yes"}).status_code == 302
    assert "value: [{tier: star, places: 2}, {tier: star, places: 5}]" in text(town, draft)
    for wrong, told in (("9", "是一行一项的表|应填写各栏"), ("tier: star", "第1行缺少“名额”")):
        typed = TypedParameter("award_places", "各奖项名额", "table", "LS-4", "stated", wrong)
        with pytest.raises(Invalid, match=told):
            propose_parameter(town.desk, town.designer, draft, typed)
    page = browser.get(f"/studio/drafts/{draft}/parameters/consulted_departments").text
    assert 'type="checkbox" name="value" value="office">' in page, "bodies are chosen by name"
    fields = {"name": "征求意见的部门", "unit": "list", "clauses": "LS-4", "source": "default", "question": "向谁？"}
    chosen = {**fields, "value#": "1", "value": ["office"], "confirm": "yes"}
    answer = browser.post(f"/studio/drafts/{draft}/parameters/consulted_departments", chosen)
    assert answer.status_code == 302, answer.text
    assert "value: [office]" in text(town, draft)


CITY, AWARD = "processes/lakeside/jurisdiction.yaml", f"processes/{KEY}/award.yaml"


@pytest.fixture
def here(draft: int) -> str:
    return f"/studio/drafts/{draft}"


def test_a_role_and_a_body_are_declared_and_the_page_shows_them(browse: Browse, town: Lakeside, draft: int) -> None:
    designer, here = browse("designer"), f"/studio/drafts/{draft}/basics"
    assert "办公室" in designer.get(here).text
    made = designer.post(f"{here}/roles", {"new": "yes", "id": "", "name": "监督员", "name_en": "Supervisor"})
    assert made.status_code == 302
    body = {"new": "yes", "id": "watch", "name": "湖滨县监督组", "kind": "supervisor", "roles": ["jian_du_yuan"]}
    assert designer.post(f"{here}/bodies", body).status_code == 302
    place = package_of(town.desk, draft).jurisdiction
    assert place.roles["jian_du_yuan"].name == "监督员"
    assert place.bodies[-1].roles == ("jian_du_yuan",)
    assert "湖滨县监督组" in designer.get(here).text
    assert designer.post(f"{here}/bodies", {"id": "watch", "do": "up"}).status_code == 302
    assert package_of(town.desk, draft).jurisdiction.bodies[-1].id != "watch"
    assert designer.post(f"{here}/bodies", {"id": "watch", "do": "remove"}).status_code == 302
    assert "watch" not in open_file(town.desk, town.designer, draft, CITY).content.decode()


def test_a_kind_of_case_is_changed_and_the_rest_keeps_its_bytes(browse: Browse, town: Lakeside, draft: int) -> None:
    designer, here = browse("designer"), f"/studio/drafts/{draft}/basics/processes"
    before = open_file(town.desk, town.designer, draft, AWARD).content.decode()
    page = designer.get(f"{here}?id=application")
    assert 'name="facts"' in page.text
    kind = package_of(town.desk, draft).award.processes["application"]
    facts = "\n".join(f"{name}: {word}" for name, word in kind.facts.items())
    typed = {
        "id": "application", "name": "申报书", "name_en": kind.name_en, "process": kind.process,
        "started_by": list(kind.started_by), "start_form": kind.start_form or "", "title": kind.title,
        "start_condition": kind.start_condition or "", "clauses": " ".join(kind.clauses), "facts": facts,
        **({"one_per_subject": "yes"} if kind.one_per_subject else {}),
    }  # fmt: skip
    assert designer.post(here, typed).status_code == 302
    after = open_file(town.desk, town.designer, draft, AWARD).content.decode()
    changed = [(a, b) for a, b in zip(before.splitlines(), after.splitlines(), strict=True) if a != b]
    assert len(changed) == 1
    assert "申报书" in changed[0][1]


def test_what_cannot_be_read_is_said_and_nothing_typed_is_lost(browse: Browse, town: Lakeside, draft: int) -> None:
    designer, here = browse("designer"), f"/studio/drafts/{draft}/basics"
    refused = designer.post(f"{here}/roles", {"new": "yes", "id": "designer", "name": "自设的设计师"})
    assert refused.status_code == 422
    assert "系统自带的角色" in refused.text
    assert "自设的设计师" in refused.text
    assert designer.get(f"{here}/nothing").status_code == 404
    assert designer.get(f"{here}/roles?id=nobody").status_code == 404
    assert "designer" not in package_of(town.desk, draft).jurisdiction.roles


def test_a_scenario_begins_blank_and_its_head_is_typed(browse: Browse, town: Lakeside, here: str, draft: int) -> None:
    designer = browse("designer")
    refused = designer.post(f"{here}/scenarios", {"title": "一届", "start": "明天"})
    assert refused.status_code == 422
    assert "请填写开始日期" in refused.text
    made = designer.post(f"{here}/scenarios", {"title": "一届 没有人申报", "start": "2026-03-02", "name": "nobody"})
    path = f"processes/{KEY}/scenarios/nobody.yaml"
    assert made.location.endswith("nobody.yaml")
    assert (
        designer.post(f"{here}/scenarios", {"title": "甲", "start": "2026-03-02", "name": "nobody"}).status_code == 409
    )
    opened = open_file(town.desk, town.designer, draft, path)
    head = {
        "path": path, "base": opened.hash, "do": "head", "title": "一届，没有人申报", "start": "2026-03-03",
        "organisations": "甲｜湖滨重工有限公司\n丙｜王师傅｜{kind: individual}", "parameters": "decision_working_days: 3",
        "clauses": "LS-4", "days": "2027-01-01 2027-01-03 元旦\n补班 2027-01-09\n2028",
    }  # fmt: skip
    assert designer.post(f"{here}/scenarios/edit", head).status_code == 302
    said = open_file(town.desk, town.designer, draft, path).content.decode()
    assert said == (
        "title: 一届，没有人申报\nclauses: [LS-4]\nstart: 2026-03-03\norganisations:\n  甲: {name: 湖滨重工有限公司}\n"
        "  丙: {name: 王师傅, kind: individual}\nparameters: {decision_working_days: 3}\ncalendar_years:\n"
        "  2027: {days_off: [{name: 元旦, from: 2027-01-01, to: 2027-01-03}], make_up: [2027-01-09]}\n"
        "  2028: {days_off: [], make_up: []}\n"
    )
    now = open_file(town.desk, town.designer, draft, path)
    bad = designer.post(f"{here}/scenarios/edit", {**head, "base": now.hash, "days": "元旦放假"})
    assert bad.status_code == 422
    assert "元旦放假" in bad.text
    assert designer.post(f"{here}/scenarios/edit", {**head, "base": now.hash}).status_code == 302
    assert open_file(town.desk, town.designer, draft, path).content.decode() == said


def test_what_nothing_uses_is_removed_and_what_is_used_says_where(
    browse: Browse, town: Lakeside, here: str, draft: int
) -> None:
    designer = browse("designer")
    for path, says in (
        (DIAGRAM, "按它办理"),
        (f"processes/{KEY}/eligibility.dmn", "按它判断"),
    ):
        held = open_file(town.desk, town.designer, draft, path)
        refused = designer.post(f"{here}/remove", {"path": path, "base": held.hash})
        assert refused.status_code == 409
        assert says in refused.text
    scenario = next(f for f in view_draft(town.desk, town.designer, draft).files if f.kind.value == "scenario")
    gone = designer.post(f"{here}/remove", {"path": scenario.path, "base": scenario.hash})
    assert gone.status_code == 302
    assert scenario.path not in {f.path for f in view_draft(town.desk, town.designer, draft).files}
