"""All scenarios brought after a change: a step put into each, a required field filled in everywhere, each in one act."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from service.casework.studio.drafts.restore_revision import restore_revision
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file, view_draft
from service.casework.studio.publication.next_starts import next_starts
from service.casework.studio.scenarios.add_step import StepProposal, propose_step, view_step, write_step
from service.casework.studio.scenarios.fill_entry import EntryChoice, propose_entry, write_entry
from service.casework.studio.scenarios.follow_period import view_days, write_days
from service.casework.studio.scenarios.missing_steps import missing_steps, stopped_for, unfilled_at
from service.casework.studio.scenarios.run_scenarios import view_scenario
from service.casework.studio.work.jobs import MOST_OWN, PROCESS
from service.domain.errors import Conflict, Invalid, NotFound
from service.store import Store
from service.store.rows import StudioJobRow
from tests.support.browsers import Browser, make_app
from tests.support.example_town import FOLDER, ExampleTown, make_example_town

pytestmark = pytest.mark.share(3)

CLEAN = f"{FOLDER}/scenarios/clean_season.yaml"
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
def example(sqlite_store: Store, tmp_path: Path) -> ExampleTown:
    """A draft of the example city with three of its scenarios, and a form that nothing uses yet."""
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


def proposed(town: ExampleTown, element: str, **values: object) -> StepProposal:
    """Look where a task belongs, and return what was found."""
    job = town.finished(propose_step(town.desk, town.designer, town.draft, element, values))
    found = job.result(StepProposal)
    assert found is not None, job.trouble
    return found


def test_a_new_step_is_put_into_every_scenario_at_once(example: ExampleTown) -> None:
    """Drawn after acceptance, it breaks the season; one act puts it where it waits, once for all three, undone as one."""
    draw(example, "qualification", "decide_acceptance_to_accepted", "second_look", "复核受理")
    broken = example.played(CLEAN)
    assert not broken.passed
    view = view_scenario(example.desk, example.designer, example.draft, CLEAN)
    assert view.line.file.scenario is not None
    offered = stopped_for(view.package, view.line.file.scenario, broken)
    assert [one.element for one in offered] == ["second_look"]
    missing = missing_steps(example.desk, example.designer, example.draft)
    assert "second_look" in [one.element for one in missing.steps]
    program, calls = Browser(make_app(example), example, "designer"), f"/api/v1/drafts/{example.draft}/scenarios/step"
    begun = program.send("POST", calls, {"element": "second_look", "values": {"opinion": "属实。"}})
    proposal = example.finished(begun.json["id"]).result(StepProposal)
    assert proposal is not None, begun.text
    found = {line.title: line for line in proposal.lines}
    clean = next(line for line in found.values() if line.path == CLEAN)
    assert clean.placed.passes, clean.placed
    [row] = clean.placed.rows
    assert row.text == (
        "{every: [甲, 乙, 丙], as: office, case: $, complete: second_look, with: {opinion: 属实。, agreed: 'yes'}}"
    )
    assert row.before == 10
    assert row.at == "2026-03-03T09:00+08:00"
    before = open_file(example.desk, example.designer, example.draft, CLEAN).content
    assert before is not None
    revision = view_draft(example.desk, example.designer, example.draft).revision
    chosen = {"paths": [line.path for line in found.values()]}
    written = program.send("POST", f"{calls}/write", chosen).json["paths"]
    assert len(written) == sum(bool(line.placed.rows) for line in found.values()) >= 2
    assert example.played(CLEAN).passed
    after = open_file(example.desk, example.designer, example.draft, CLEAN).content
    assert after is not None
    assert set(before.decode().splitlines()) < set(after.decode().splitlines())
    assert len(after.splitlines()) == len(before.splitlines()) + 1
    restore_revision(example.desk, example.designer, example.draft, revision)
    assert open_file(example.desk, example.designer, example.draft, CLEAN).content == before


def test_a_step_after_a_time_limit_gets_its_day(example: ExampleTown) -> None:
    """After the notice of the winners somebody looks again: on the first working morning, before the list is handed in."""
    draw(example, "round", "notice_result_to_set_frame", "second_look", "复核名单")
    found = {line.path: line.placed for line in proposed(example, "second_look").lines}
    [row] = found[CLEAN].rows
    assert row.text == (
        "{at: 2026-03-27 09:00, as: office, case: 届, complete: second_look, with: {opinion: 复核意见, agreed: 'yes'}}"
    )
    assert found[CLEAN].passes, found[CLEAN]
    untouched = found[f"{FOLDER}/scenarios/withdrawn.yaml"]
    assert untouched.rows or untouched.reason is not None
    example.change(CLEAN, "三类奖项各有一个获奖者", "三类奖项")
    with pytest.raises(Conflict):
        write_step(example.desk, example.designer, example.draft, [CLEAN])
    with pytest.raises(NotFound):
        propose_step(example.desk, example.designer, example.draft, "nowhere")


def ask_for_patents(example: ExampleTown) -> None:
    """Let the form of the application demand a number that no scenario gives."""
    path = f"{FOLDER}/forms/apply.json"
    opened = open_file(example.desk, example.designer, example.draft, path)
    assert opened.content is not None
    form = json.loads(opened.content)
    form["components"].append(
        {
            "type": "number", "id": "field_patents", "key": "patents", "label": "专利数",
            "validate": {"required": True, "min": 0, "max": 500},
        }
    )  # fmt: skip
    content = json.dumps(form, ensure_ascii=False, indent=2).encode()
    save_file(example.desk, example.designer, example.draft, path, content, opened.hash)


def test_one_value_goes_into_every_row_of_a_form(example: ExampleTown) -> None:
    """A field that became required is filled in once for all; what stands stays, and what does not fit is refused."""
    ask_for_patents(example)
    result = example.played(CLEAN)
    assert "专利数" in result.unmet[0].messages[0].zh
    view = view_scenario(example.desk, example.designer, example.draft, CLEAN)
    assert view.line.file.scenario is not None
    unfilled = unfilled_at(example.desk, view.package, view.line.file.scenario, result)
    assert [(one.form, one.path) for one in unfilled] == [("apply", "patents")]
    entries = missing_steps(example.desk, example.designer, example.draft).entries
    assert "patents" in [one.path for one in entries]
    for value, word in ((900, "500"), (None, "请填写")):
        with pytest.raises(Invalid, match=word):
            propose_entry(example.desk, example.designer, example.draft, "apply", "patents", value)
    proposal = propose_entry(example.desk, example.designer, example.draft, "apply", "patents", 7)
    counts = {line.path: line.filled for line in proposal.lines}
    assert counts[CLEAN] == 3
    write_entry(
        example.desk, example.designer, example.draft, "apply", "patents", 7, EntryChoice([CLEAN], proposal.mark)
    )
    with pytest.raises(Conflict, match="预览之后"):
        write_entry(
            example.desk, example.designer, example.draft, "apply", "patents", 7, EntryChoice([CLEAN], proposal.mark)
        )
    assert example.played(CLEAN).passed
    again = propose_entry(example.desk, example.designer, example.draft, "apply", "patents", 8)
    [line] = [line for line in again.lines if line.path == CLEAN]
    assert line.change is None
    assert line.reason is not None


def test_pages_and_programs_bring_all_scenarios(example: ExampleTown) -> None:
    """A designer does both on pages, programs by calls; what is chosen nowhere is said."""
    draw(example, "qualification", "decide_acceptance_to_accepted", "second_look", "复核受理")
    browser = Browser(make_app(example), example, "designer")
    place = f"/studio/drafts/{example.draft}/scenarios"
    assert f"{place}/all/step?element=second_look" in browser.get(place).text
    page = browser.get(f"{place}/all/step?element=second_look").text
    assert "复核意见" in page
    browser.post(f"{place}/all/step", {"element": "second_look", "with.opinion": "属实。", "with.agreed": "yes"})
    job = view_step(example.desk, example.designer, example.draft).job
    assert job is not None
    example.finished(job.id)
    page = browser.get(f"{place}/all/step?element=second_look").text
    assert "写入勾选的情景" in page
    assert "opinion: 属实。" in page
    assert browser.post(f"{place}/all/step/write", {"element": "second_look"}).status_code == 422
    assert browser.post(f"{place}/all/step/write", {"element": "second_look", "path": CLEAN}).status_code == 302
    run = view_scenario(example.desk, example.designer, example.draft, CLEAN)
    assert "second_look" in run.text
    assert "复核受理" in browser.get(f"{place}/all/step?element=decide_acceptance").text
    page = browser.post(f"{place}/all/fill", {"form": "apply", "field": "merit", "value": "做得很好。"}).text
    assert "已经填有，不改" in page
    assert browser.post(f"{place}/all/fill", {"form": "apply", "field": "employees", "value": "多"}).status_code == 422
    api = f"/api/v1/drafts/{example.draft}/scenarios"
    assert "second_look" not in [one["element"] for one in browser.get(f"{api}/missing").get_json()["steps"]]
    answer = browser.send("POST", f"{api}/entry", {"form": "apply", "field": "merit", "value": "做得很好。"})
    assert answer.status_code == 200, answer.text
    assert answer.get_json()["written"] == []
    assert browser.get(f"{api}/step").get_json()["stale"] is True
    assert browser.send("POST", f"{api}/step", {"element": "nowhere"}).status_code == 404
    assert browser.send("POST", f"{api}/step/write", {"paths": [CLEAN]}).status_code == 409


def test_what_was_written_is_said_where_nothing_more_can_be_played(example: ExampleTown) -> None:
    ask_for_patents(example)
    now = datetime.now(UTC)
    with example.desk.store.write() as tx:
        for number in range(MOST_OWN):
            tx.studio_jobs.begin(
                StudioJobRow(
                    draft_id=example.draft, revision=1, key=f"waits {number}", person_id=example.designer.person_id,
                    process=PROCESS, begun_at=now, beat_at=now,
                )
            )  # fmt: skip
    proposal = propose_entry(example.desk, example.designer, example.draft, "apply", "patents", 7)
    typed = {"form": "apply", "field": "patents", "value": "7", "confirm": "1", "path": CLEAN}
    browser, place = Browser(make_app(example), example, "designer"), f"/studio/drafts/{example.draft}/scenarios"
    assert browser.post(f"{place}/all/fill", {**typed, "mark": "another"}).status_code == 409
    assert browser.post(f"{place}/all/fill", {**typed, "mark": proposal.mark}).status_code == 302
    page = browser.get(place).text
    assert "已写入 1 个情景" in page
    assert "这一项没有开始" in page


def test_after_a_publication_whoever_may_starts_the_round(sqlite_store: Store, tmp_path: Path) -> None:
    """The page of the publication leads the office to the start of a round, and tells others who starts it."""
    example = make_example_town(sqlite_store, tmp_path / "tree")
    package = view_draft(example.desk, example.designer, example.draft).package
    [office] = next_starts(example.cast["office"], package)
    assert (office.process, office.may, office.href) == ("round", True, "/start/example_city/quality_award/round")
    [designer] = next_starts(example.designer, package)
    assert not designer.may
    told = Browser(make_app(example), example, "designer").get(f"/studio/drafts/{example.draft}/publish").text
    assert f"由{office.roles[0].zh}启动“{office.name.zh}”" in told
    assert office.href not in told


def test_days_of_a_scenario_follow_a_longer_notice(example: ExampleTown) -> None:
    """Old and new day with the clause are shown, written together, and the scenario passes as before."""
    notice = "minimum: 10\n    values: [{from: 2026-01-01, value: 10}]\n  winners_notice_media"
    example.change(f"{FOLDER}/award.yaml", notice, notice.replace("value: 10", "value: 12"))
    page = Browser(make_app(example), example, "designer")
    here = f"/studio/drafts/{example.draft}/scenarios/all/days"
    with pytest.raises(Conflict):
        write_days(example.desk, example.designer, example.draft, {CLEAN})
    publication = f"/studio/drafts/{example.draft}/publish"
    assert "data-days" not in page.get(publication).text, "nothing is red yet"
    assert not example.played(CLEAN).passed
    assert f'action="{here}"' in page.get(publication).text, "days are offered beside what is red"
    assert page.post(here, {}).status_code == 302
    job = view_days(example.desk, example.designer, example.draft).job
    assert job is not None
    example.finished(job.id)
    proposal = view_days(example.desk, example.designer, example.draft).proposal
    assert proposal is not None
    clean = next(line for line in proposal.lines if line.path == CLEAN)
    assert clean.passes, clean.unmet
    assert ("2026-03-26", "2026-03-30") in {(day.before, day.after) for day in clean.days if day.at_end}
    assert {clause for day in clean.days for clause in day.clauses} == {"SL-12-1"}
    told = page.get(here).text
    assert "2026-03-26 → 2026-03-30" in told
    assert "第十二条" in told
    passing = sum(line.passes for line in proposal.writable)
    assert f"其中 {passing} 个改后通过" in page.get(publication).text
    assert [line["path"] for line in api_days(page, example) if line["days"]] == [one.path for one in proposal.writable]
    calls, chosen = f"/api/v1/drafts/{example.draft}/scenarios/days", {"paths": [CLEAN]}
    assert page.send("POST", f"{calls}/write", chosen).json == chosen
    assert example.played(CLEAN).passed
    assert view_days(example.desk, example.designer, example.draft).stale
    example.finished(page.send("POST", calls, chosen).json["id"])
    assert [(line["path"], line["days"]) for line in api_days(page, example)] == [(CLEAN, [])]


def api_days(page: Browser, example: ExampleTown) -> list[dict[str, Any]]:
    """Return what programs are told of the newest proposal."""
    found: list[dict[str, Any]] = page.get(f"/api/v1/drafts/{example.draft}/scenarios/days").get_json()["lines"]
    return found
