"""Parameters of a draft: changed with what follows said before, refused beyond the law, other entries untouched."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.law.clauses import change_clause
from service.casework.studio.parameters.change_parameter import (
    TypedParameter,
    drop_parameter,
    propose_parameter,
    save_parameter,
)
from service.domain.errors import Conflict, Invalid, NotFound
from tests.support.browsers import Browse
from tests.support.lakeside import KEY, PARAMETERS, Lakeside

DECISION = TypedParameter("decision_working_days", "受理决定期限", "working_days", "LS-4", "stated", "7", maximum="10")


@pytest.fixture
def draft(town: Lakeside) -> int:
    return open_draft(town.desk, town.designer, KEY, "参数")


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
        ({"since": "明年"}, "不是日期"),
        ({"value": "1.5"}, "整数"),
    ],
)
def test_what_the_law_does_not_allow_is_refused_with_the_article(
    town: Lakeside, draft: int, wrong: dict[str, str], said: str
) -> None:
    with pytest.raises(Invalid) as refused:
        save_parameter(town.desk, town.designer, draft, replace(DECISION, **wrong))
    assert said in refused.value.message.zh


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
