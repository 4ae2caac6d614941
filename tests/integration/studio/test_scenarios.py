"""Scenarios of a draft: played under its rules beside the requests, with results in words and a drawn season."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlencode

import pytest

from service.casework.simulate.playing.scenario_result import How
from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file, view_draft
from service.casework.studio.jobs import JobState, stop_job, view_job
from service.casework.studio.publication.publish_draft import next_starts
from service.casework.studio.scenarios.run_scenarios import (
    describe_plays,
    find_touched,
    list_scenarios,
    on_record,
    plays_of,
    run_scenarios,
    stopped_for,
    view_scenario,
)
from service.store import Store
from tests.support.browsers import Browser, make_app
from tests.support.example_town import FOLDER, ExampleTown, make_example_town

CLEAN = f"{FOLDER}/scenarios/clean_season.yaml"


def test_a_scenario_plays_under_the_rules_of_the_draft(example: ExampleTown) -> None:
    """As published it passes; after the draft makes the notice longer, the step after the notice no longer comes in time."""
    first = example.finished(run_scenarios(example.desk, example.designer, example.draft, (CLEAN,)))
    assert first.state is JobState.DONE
    line = view_scenario(example.desk, example.designer, example.draft, CLEAN).line
    assert line.passed
    assert not line.stale
    assert not find_touched(example.desk, example.designer, example.draft), "the draft changes nothing yet"
    page = Browser(make_app(example), example, "designer").get(f"/studio/drafts/{example.draft}/publish").text
    assert ("草稿还没有改动" in page, 'value="submit"' in page) == (True, False)
    longer(example)
    assert CLEAN in find_touched(example.desk, example.designer, example.draft)
    assert view_scenario(example.desk, example.designer, example.draft, CLEAN).line.stale
    shown = Browser(make_app(example), example, "designer").get(f"/studio/drafts/{example.draft}/publish").text
    assert ("改动前运行过 1 个，0 个不符，结果已过时" in shown, "没有做过推演" in shown) == (True, False)
    with example.desk.store.read() as tx:
        plays = plays_of(tx, example.draft, tree_of(example.desk, tx, example.draft))
    recorded = describe_plays(plays)
    assert recorded is not None
    assert "改动前运行过 1 个，0 个不符，结果已过时" in recorded.zh
    assert on_record(plays)[CLEAN] == "met before"
    result = example.played(CLEAN)
    assert not result.passed
    failed = result.unmet[0]
    assert failed.how is How.UNMET
    assert failed.element == "submit_list"
    browser, draft = Browser(make_app(example), example, "designer"), f"/studio/drafts/{example.draft}"
    assert "1 个情景未通过" in browser.get(f"{draft}/problems").text, "not only that its files are in order"
    assert "1 个情景未通过" in browser.get(f"{draft}/publish").text, "before it is submitted, too"
    check_draft(example.desk, example.designer, example.draft)
    assert "1 个情景未通过" in browser.get(draft).text


def longer(example: ExampleTown) -> None:
    """Make the notice of the winners twelve working days."""
    notice = "minimum: 10\n    value: 10\n  winners_notice_media"
    example.change(f"{FOLDER}/parameters.yaml", notice, notice.replace("value: 10", "value: 12"))


def test_all_scenarios_run_and_end_with_a_verdict(example: ExampleTown) -> None:
    """A run ends with a verdict of each."""
    two = sorted(line.file.path for line in list_scenarios(example.desk, example.designer, example.draft).lines)[:2]
    job = example.finished(run_scenarios(example.desk, example.designer, example.draft, two))
    assert (job.state, job.done, job.total) == (JobState.DONE, 2, 2)
    found = list_scenarios(example.desk, example.designer, example.draft)
    assert [line.file.path for line in found.played if line.passed] == two
    browser, page = Browser(make_app(example), example, "designer"), f"/studio/drafts/{example.draft}/scenarios"
    title = found.played[0].file.title
    narrowed = browser.get(f"{page}?{urlencode({'q': title})}").text
    assert (narrowed.count("/scenarios/view?") >= 1, found.played[1].file.title in narrowed) == (True, False)
    assert "没有符合的情景" in browser.get(f"{page}?q=nothing-of-the-kind").text


def test_a_run_can_be_stopped(example: ExampleTown) -> None:
    """A run that is stopped is over at once, and plays nothing any more."""
    job = run_scenarios(example.desk, example.designer, example.draft)
    stop_job(example.desk, example.designer, example.draft, job)
    assert view_job(example.desk, example.designer, example.draft, job).state is JobState.STOPPED
    assert example.finished(job).done == 0
    assert list_scenarios(example.desk, example.designer, example.draft).played == ()


KEPT = ("clean_season", "returned_and_struck", "withdrawn")
FORM = {
    "type": "default",
    "id": "second_look",
    "schemaVersion": 19,
    "properties": {"title": "复核"},
    "components": [
        {"type": "textarea", "id": "field_opinion", "key": "opinion", "label": "复核意见", "validate": {"required": True}},
        {
            "type": "radio",
            "id": "field_agreed",
            "key": "agreed",
            "label": "是否同意",
            "validate": {"required": True},
            "values": [{"label": "同意", "value": "yes"}, {"label": "不同意", "value": "no"}],
        },
    ],
}  # fmt: skip


def with_task(text: str, flow: str, element: str, name: str, role: str = "office") -> str:
    """Return a diagram with a task with the form of a second look put into one of its flows."""
    head, _, tail = text.partition(f'<bpmn:sequenceFlow id="{flow}"')
    target = tail.split('targetRef="', 1)[1].split('"', 1)[0]
    tail = tail.replace(f'targetRef="{target}"', f'targetRef="{element}"', 1)
    properties = "".join(
        f'<spiffworkflow:property name="{key}" value="{value}" />'
        for key, value in (("role", role), ("form", "second_look"))
    )
    task = (
        f'<bpmn:userTask id="{element}" name="{name}"><bpmn:extensionElements><spiffworkflow:properties>{properties}'
        "</spiffworkflow:properties></bpmn:extensionElements></bpmn:userTask>"
        f'<bpmn:sequenceFlow id="{element}_goes_on" sourceRef="{element}" targetRef="{target}" />'
    )
    return f'{head}{task}<bpmn:sequenceFlow id="{flow}"{tail}'


@pytest.fixture
def stopped(sqlite_store: Store, tmp_path: Path) -> ExampleTown:
    """A draft of the stopped city with three of its scenarios, and a form that nothing uses yet."""
    town = make_example_town(sqlite_store, tmp_path / "tree")
    listed = [f for f in view_files(town) if "/scenarios/" in f and not f.endswith(tuple(f"{n}.yaml" for n in KEPT))]
    for path in listed:
        opened = open_file(town.desk, town.designer, town.draft, path)
        save_file(town.desk, town.designer, town.draft, path, None, opened.hash)
    form = json.dumps(FORM, ensure_ascii=False, indent=2).encode()
    save_file(town.desk, town.designer, town.draft, f"{FOLDER}/forms/second_look.json", form, None)
    return town


def view_files(town: ExampleTown) -> list[str]:
    return [file.path for file in view_draft(town.desk, town.designer, town.draft).files]


def draw(town: ExampleTown, diagram: str, flow: str, element: str, name: str) -> None:
    """Put a task into a flow of a diagram of the draft."""
    path = f"{FOLDER}/{diagram}.bpmn"
    opened = open_file(town.desk, town.designer, town.draft, path)
    text = with_task(opened.content.decode(), flow, element, name)
    save_file(town.desk, town.designer, town.draft, path, text.encode(), opened.hash)


def test_a_step_that_no_scenario_does_is_named(stopped: ExampleTown) -> None:
    """Drawn after acceptance, it breaks the season, and the page of the scenario names it."""
    draw(stopped, "qualification", "decide_acceptance_to_accepted", "second_look", "复核受理")
    broken = stopped.played(CLEAN)
    assert not broken.passed
    view = view_scenario(stopped.desk, stopped.designer, stopped.draft, CLEAN)
    assert view.line.file.scenario is not None
    assert stopped_for(view.package, view.line.file.scenario, broken) == ("复核受理",)
    page = Browser(make_app(stopped), stopped, "designer").get(
        f"/studio/drafts/{stopped.draft}/scenarios/view?path={CLEAN}"
    )
    assert "办件停在“复核受理”，情景里没有人办这一步。" in page.text
    with stopped.desk.store.write() as tx:
        tx.package_drafts.change(stopped.draft, state="review")
    page = Browser(make_app(stopped), stopped, "designer").get(
        f"/studio/drafts/{stopped.draft}/scenarios/view?path={CLEAN}"
    )
    assert "办件停在“复核受理”，情景里没有人办这一步。" in page.text, "whoever reviews it reads the same"


def ask_for_patents(stopped: ExampleTown) -> None:
    """Let the form of the application demand a number that no scenario gives."""
    path = f"{FOLDER}/forms/apply.json"
    opened = open_file(stopped.desk, stopped.designer, stopped.draft, path)
    assert opened.content is not None
    form = json.loads(opened.content)
    form["components"].append(
        {
            "type": "number", "id": "field_patents", "key": "patents", "label": "专利数",
            "validate": {"required": True, "min": 0, "max": 500},
        }
    )  # fmt: skip
    content = json.dumps(form, ensure_ascii=False, indent=2).encode()
    save_file(stopped.desk, stopped.designer, stopped.draft, path, content, opened.hash)


def test_a_required_field_that_no_scenario_gives_is_named(stopped: ExampleTown) -> None:
    """A field that became required stops the season and is named."""
    ask_for_patents(stopped)
    result = stopped.played(CLEAN)
    assert "专利数" in result.unmet[0].messages[0].zh


def test_after_a_publication_whoever_may_starts_the_round(sqlite_store: Store, tmp_path: Path) -> None:
    """The page of the publication leads the office to the start of a round, and tells others who starts it."""
    stopped = make_example_town(sqlite_store, tmp_path / "tree")
    package = view_draft(stopped.desk, stopped.designer, stopped.draft).package
    [office] = next_starts(stopped.cast["office"], package)
    assert (office.process, office.may, office.href) == ("round", True, "/start/example_city/quality_award/round")
    [designer] = next_starts(stopped.designer, package)
    assert not designer.may
    with stopped.desk.store.write() as tx:
        tx.package_drafts.change(stopped.draft, state="published")
    told = Browser(make_app(stopped), stopped, "designer").get(f"/studio/drafts/{stopped.draft}/publish").text
    assert f"由{office.roles[0].zh}启动“{office.name.zh}”" in told
    assert office.href not in told
