"""A season that failed says which way was not taken because a name was empty, and where it would get its value."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.casework.simulate.playing.empty_conditions import empty_conditions
from service.casework.simulate.stage.empty_store import empty_store
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.scenarios.play_scenarios import ScenarioFile, Suite, play_suite, read_file
from service.casework.studio.scenarios.run_scenarios import run_scenarios, view_job
from service.casework.studio.work.jobs import Run, Stopped
from service.catalog import Package, build_catalog
from service.catalog.tree import read_tree
from service.domain.text import Text
from tests.support.browsers import Browser, make_app
from tests.support.lakeside import DIAGRAM, KEY, Lakeside
from tests.support.waiting import until

SEASON = f"processes/{KEY}/scenarios/accepted.yaml"
MINIATURE = Path(__file__).parents[2] / "data" / "miniature"
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


def twice_asked() -> tuple[Package, ScenarioFile]:
    """The miniature where a decision after the notice asks the same as the one on acceptance, and its season."""
    files = dict(read_tree(MINIATURE))
    asked = f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{CONDITION}</bpmn:conditionExpression>'
    old = '<bpmn:sequenceFlow id="published" sourceRef="publish" targetRef="done" />'
    later = (
        '<bpmn:exclusiveGateway id="later" name="公示以后" default="no_way" />'
        '<bpmn:sequenceFlow id="published" sourceRef="publish" targetRef="later" />'
        f'<bpmn:sequenceFlow id="one_way" sourceRef="later" targetRef="done">{asked}</bpmn:sequenceFlow>'
        '<bpmn:sequenceFlow id="no_way" sourceRef="later" targetRef="done" />'
    )
    diagram = files[DIAGRAM].decode()
    assert old in diagram
    files[DIAGRAM] = diagram.replace(old, later).replace('>decision = "accept"<', f">{CONDITION}<").encode()
    return build_catalog(files).package(KEY), read_file(files, SEASON)


def test_of_decisions_that_ask_the_same_the_one_that_the_season_came_to_is_named(town: Lakeside) -> None:
    package, file = twice_asked()
    assert file.scenario is not None
    with empty_store() as store:
        found = empty_conditions(store, package, file.scenario, town.desk.calendars, town.desk.operations)
    assert [one.element for one in found] == ["accepted"]


class StopsInTheSecondPlay(Run):
    """A job that somebody stops once the season was played and is looked into."""

    checks = 0

    def beat(self, done: int, total: int, doing: Text) -> None:
        """Go on."""

    def check(self) -> None:
        """Stop after as many checks as the season has steps."""
        StopsInTheSecondPlay.checks += 1
        if StopsInTheSecondPlay.checks > 4:
            raise Stopped


def test_looking_into_a_failed_season_can_be_stopped(town: Lakeside) -> None:
    package, file = twice_asked()
    assert file.scenario is not None
    assert len(file.scenario.moves) == 4
    with pytest.raises(Stopped):
        play_suite(town.desk, Suite(0, 0, package, (file,)), StopsInTheSecondPlay(town.desk.store, 0))
