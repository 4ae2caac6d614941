"""The pages of a draft speak in names: where a problem lies, who must still be appointed, and the way back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest

from service.casework.people.rights.seats import EVERYWHERE, NewSeat, give
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.share_draft import share_draft
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.publication.publish_draft import publish_draft
from service.casework.studio.publication.review_draft import review_draft
from service.casework.studio.publication.submit_draft import submit_draft
from tests.support.browsers import Browser
from tests.support.lakeside import DIAGRAM, KEY, LAW, Lakeside

Browse = Callable[..., Browser]
CITY = "processes/lakeside/jurisdiction.yaml"
SCENARIO = "processes/lakeside/star_award/scenarios/refused.yaml"


@pytest.fixture
def draft(town: Lakeside) -> int:
    ident = open_draft(town.desk, town.designer, KEY, "名称与角色")
    share_draft(town.desk, town.designer, ident, shared=True)
    return ident


def change(town: Lakeside, draft: int, path: str, old: str, new: str) -> None:
    opened = open_file(town.desk, town.designer, draft, path)
    assert old in opened.content.decode()
    save_file(town.desk, town.designer, draft, path, opened.content.decode().replace(old, new).encode(), opened.hash)


def shown(page: str) -> str:
    """Return what a page says in the size of its text, without what stands in small."""
    return re.sub(r"<[^>]+>", "", re.sub(r"<small.*?</small>|<(script|style).*?</\1>", "", page, flags=re.DOTALL))


def test_a_problem_is_shown_by_names_with_the_id_in_small(town: Lakeside, browse: Browse, draft: int) -> None:
    change(town, draft, DIAGRAM, 'exam.result != "not_met"', "ezam.result = 1")
    page = browse("designer").get(f"/studio/drafts/{draft}/problems").text
    assert "从‘条件是否具备’到‘决定是否受理’的连线" in shown(page)
    assert "is_eligible" not in shown(page)
    assert "is_eligible" in page
    told = browse("designer").get(f"/api/v1/drafts/{draft}/problems").json
    assert told is not None
    assert told["problems"][0]["place"]["en"].startswith("the flow from ‘条件是否具备’")


def test_a_publication_tells_which_roles_nobody_holds(town: Lakeside, browse: Browse, draft: int) -> None:
    change(town, draft, CITY, "roles: [office]", "roles: [office, clerk]")
    change(town, draft, CITY, "name_en: Office}", "name_en: Office}\n  clerk: {name: 登记员, name_en: Registrar}")
    change(town, draft, DIAGRAM, 'name="role" value="office"', 'name="role" value="clerk"')
    submit_draft(town.desk, town.designer, draft, "改由登记员办理。")
    review_draft(town.desk, town.checker, draft, approved=True, reason="同意。")
    publish_draft(town.desk, town.designer, draft)
    page = f"/studio/drafts/{draft}/publish"
    said = browse("admin").get(page).text
    assert "登记员" in said.split("data-unheld")[1].split("</div>")[0]
    assert 'href="/people?place=lakeside">到“人员”里任命湖滨县的这些角色' in said
    said = browse("designer").get(page).text
    assert "请管理员在“人员”里任命" in said
    assert "到“人员”里任命" not in said
    with town.desk.store.write() as tx:
        office = tx.people.body_by_key("lakeside", "office")
        assert office is not None
        give(tx, town.people["checker"], NewSeat("lakeside", "clerk", office.id), town.clock.now())
    assert "data-unheld" not in browse("designer").get(page).text


def test_what_was_changed_is_told_without_its_file(town: Lakeside, browse: Browse, draft: int) -> None:
    change(town, draft, LAW, "湖滨", "湖畔")
    change(town, draft, SCENARIO, "title: ", "title: 湖畔")
    for page in (f"/studio/drafts/{draft}", f"/studio/drafts/{draft}/history"):
        said = browse("designer").get(page).text
        assert "湖畔成立不满三年，书面说明理由" in said
        assert ".yaml" not in shown(said)


def test_before_it_begins_a_version_names_its_day_and_the_roles_that_begin_with_it(
    town: Lakeside, browse: Browse, draft: int
) -> None:
    change(town, draft, CITY, "roles: [office]", "roles: [office, clerk]")
    change(town, draft, CITY, "name_en: Office}", "name_en: Office}\n  clerk: {name: 登记员, name_en: Registrar}")
    change(town, draft, DIAGRAM, 'name="role" value="office"', 'name="role" value="clerk"')
    change(town, draft, LAW, "立本奖。, inf", "立本奖。本办法自2026年6月1日起施行。, inf")
    submit_draft(town.desk, town.designer, draft, "改由登记员办理。")
    review_draft(town.desk, town.checker, draft, approved=True, reason="同意。")
    page = f"/studio/drafts/{draft}/publish"
    said = browse("designer").get(page).text
    assert "登记员" in said.split("生效以后才列在“人员”里")[1].split("</div>")[0]
    assert "第一条写明自 2026-06-01 起施行" in said
    assert 'value="2026-06-01"' in said.split('name="from"')[1].split(">")[0]
    publish_draft(town.desk, town.designer, draft, date(2026, 6, 1))
    for place in (page, "/studio"):
        said = browse("designer").get(place).text
        assert "已排定自 2026-06-01 起生效" in said
        assert "已通过，待发布" not in said


def test_what_is_missing_in_a_draft_leads_back_to_the_draft(browse: Browse, draft: int) -> None:
    designer = browse("designer")
    answer = designer.get(f"/studio/drafts/{draft}/diagrams/edit?path=processes/lakeside/none.bpmn")
    assert answer.status_code == 404
    assert f'href="/studio/drafts/{draft}">回到这份草稿' in answer.text
    assert 'href="/tasks">返回待办' not in answer.text
    answer = designer.get("/studio/drafts/999")
    assert answer.status_code == 404
    assert 'href="/studio">返回设计' in answer.text


def test_who_does_not_design_is_led_back_to_the_tasks(town: Lakeside, browse: Browse, draft: int) -> None:
    town.applicant("first")
    answer = browse("first").get(f"/studio/drafts/{draft}/publish")
    assert answer.status_code == 403
    assert 'href="/tasks">返回待办' in answer.text
    assert f'href="/studio/drafts/{draft}"' not in answer.text
    assert 'href="/studio"' not in answer.text


def test_a_designer_of_all_places_is_not_shown_as_one_of_a_place(town: Lakeside, browse: Browse) -> None:
    with town.desk.store.write() as tx:
        office = tx.people.body_by_key("lakeside", "office")
        assert office is not None
        give(tx, town.people["designer"], NewSeat(EVERYWHERE, "designer", office.id), town.clock.now())
    assert "流程设计人员 · 所有地方" in browse("admin").get("/people").text


def test_choices_patterns_and_roles_are_shown_by_their_names(browse: Browse, draft: int) -> None:
    designer, here = browse("designer"), f"/studio/drafts/{draft}"
    assert "built-in method" not in designer.get(f"{here}/scoring/edition").text
    forms = shown(re.sub(r'<span class="code.*?</span>', "", designer.get(f"{here}/forms").text))
    assert "${" not in forms
    shared = shown(re.sub(r'<span class="code.*?</span>', "", designer.get(f"{here}/shared").text))
    assert "${" not in shared
    facts = designer.get(f"{here}/basics/processes/entry?id=application").text
    assert "string（文字）" in facts
