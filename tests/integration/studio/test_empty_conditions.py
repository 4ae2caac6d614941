"""A season that failed says which way was not taken because a name was empty, and where it would get its value."""

from __future__ import annotations

from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.scenarios.run_scenarios import run_scenarios, view_job
from tests.support.browsers import Browser, make_app
from tests.support.lakeside import DIAGRAM, KEY, Lakeside
from tests.support.waiting import until

SEASON = f"processes/{KEY}/scenarios/accepted.yaml"
CONDITION = 'decide.reason = "ok" and case.stage = "decided" and decision = "accept"'


def test_a_way_not_taken_for_want_of_a_value_is_explained(town: Lakeside) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "空值")
    opened = open_file(town.desk, town.designer, draft, DIAGRAM)
    content = opened.content.replace(b'>decision = "accept"<', f">{CONDITION}<".encode())
    save_file(town.desk, town.designer, draft, DIAGRAM, content, opened.hash)
    job = run_scenarios(town.desk, town.designer, draft, (SEASON,))
    until(lambda: view_job(town.desk, town.designer, draft, job).over)
    page = Browser(make_app(town), town, "designer").get(f"/studio/drafts/{draft}/scenarios/view?path={SEASON}").text
    told = page.partition('class="empty-ways"')[2].partition("</ul>")[0]
    assert "判断“是否受理”没有走“受理”" in told, page
    assert "“decide.reason”是空的（任务“决定是否受理”填写的“" in told
    assert "“case.stage”是空的（流程里没有哪一步写它）" in told
