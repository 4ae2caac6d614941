"""What the program finds on the conditions, told to who applies and to who examines it: a question, never a bar."""

from __future__ import annotations

import re
from typing import Any

import pytest
from lxml import html

from service.casework.queries.tasks.task_form import view_task_form
from service.casework.queries.tasks.view_task import view_task
from service.casework.reading.found_by_program import MET, NOT_MET, UNPROVEN
from tests.bench.season import AUDITOR, prepare
from tests.support.counted_person import CountedPerson

QUALITY = "quality_management"
YOUNG = {"routes": ["certified"], "certificate": {"first_certified_on": "2024-06-01", "valid_until": "2027-05-31"}}


class Auditor(CountedPerson):
    """An auditor at the task that waits, and the application that was sent."""

    def __init__(self, folder: Any) -> None:
        self.stage, self.form = prepare(folder, 1)
        self.actor = self.stage.cast.actor(AUDITOR)
        assert self.actor.person_id is not None
        super().__init__(self.stage.desk, self.actor.person_id)
        with self.store.read() as tx:
            open_tasks = [t for case in self.stage.cases.values() for t in tx.tasks.open_of_case(case)]
        self.id = next(t.id for t in open_tasks if t.element == "audit")

    def state(self, quality: dict[str, Any]) -> None:
        """Let the application state ``quality``."""
        with self.store.write() as tx:
            (row,) = [row for row in tx.forms.select(form="application") if row.data.get("quality")]
            tx.forms.change(row.id, data={**row.data, "quality": quality})


@pytest.fixture
def auditor(tmp_path: Any) -> Any:
    found = Auditor(tmp_path)
    yield found
    found.store.close()


def test_an_examiner_who_passes_what_is_found_not_met_is_asked_once(auditor: Auditor) -> None:
    auditor.state(YOUNG)
    page = auditor.client.get(f"/tasks/{auditor.id}").text
    assert "系统查得：不符合" in html.fromstring(page).xpath(
        "string(//fieldset[@id='f-conditions-quality_management'])"
    )
    sent = auditor.filled_in(auditor.id, auditor.form)
    asked = auditor.client.post(f"/tasks/{auditor.id}", data=sent)
    assert asked.status_code == 422
    assert "系统查得的下列申报条件与所填内容不符" in asked.text
    (drawn,) = [form for form in html.fromstring(asked.text).forms if form.action == f"/tasks/{auditor.id}"]
    knowing = [value for name, value in drawn.form_values() if name == "knowing"]
    assert knowing == [f"condition-{QUALITY}-{NOT_MET}"]
    (main,) = drawn.xpath(".//button[@name='do' and contains(@class, 'btn-main')]")
    assert main.text_content() == "仍然提交", "the button that stands out is the one that is needed"
    assert auditor.client.post(f"/tasks/{auditor.id}", data={**sent, "knowing": knowing[0]}).status_code == 302
    case = auditor.client.get(f"/cases/{auditor.task(auditor.id).case_id}").text
    assert re.search("审核意见</a>.*?通过，转社会公示", case, re.DOTALL), (
        "what decided stands first among what is routed"
    )


def test_an_examiner_is_not_asked_who_finds_so_too(auditor: Auditor) -> None:
    auditor.state(YOUNG)
    refusing = {**auditor.form, "conditions": {**auditor.form["conditions"], "quality_management": "not_met"}}
    sent = auditor.filled_in(auditor.id, {**refusing, "conclusion": "refuse", "summary": "体系运行不满三年。"})
    answer = auditor.client.post(f"/tasks/{auditor.id}", data=sent)
    assert "系统查得的下列申报条件与所填内容不符" not in answer.text


def test_an_examiner_who_passes_what_they_marked_themselves_is_asked_once(auditor: Auditor) -> None:
    odd = {"registration": "abnormal", "licences": "none"}
    passing = auditor.filled_in(auditor.id, {**auditor.form, **odd})
    asked = auditor.client.post(f"/tasks/{auditor.id}", data=passing)
    assert asked.status_code == 422
    assert "下列项目您没有认定为符合，办件却要继续往下办" in asked.text
    (drawn,) = [form for form in html.fromstring(asked.text).forms if form.action == f"/tasks/{auditor.id}"]
    knowing = [value for name, value in drawn.form_values() if name == "knowing"]
    assert knowing == ["mark-registration-经营异常"], "what needs none is no doubt"
    insisting = {**passing, "knowing": knowing[0], "do": "submit", "reason_against": " "}
    assert "请写明理由。" in auditor.client.post(f"/tasks/{auditor.id}", data=insisting).text
    anew = auditor.client.post(
        f"/tasks/{auditor.id}", data={**insisting, "do": "anew", "reason_against": "已申请移出。"}
    )
    assert (anew.status_code, ">提交</button>" in anew.text) == (422, True), (
        "who corrects is asked again where it is still so"
    )
    correcting = {**odd, "legality": "correct", "conclusion": "correct", "summary": "登记状态须说明。"}
    sent = auditor.filled_in(auditor.id, {**auditor.form, **correcting})
    assert auditor.client.post(f"/tasks/{auditor.id}", data=sent).status_code == 302, "it does not go ahead"


def test_why_an_examiner_passes_what_they_marked_is_told_to_who_acts_next(auditor: Auditor) -> None:
    passing = auditor.filled_in(auditor.id, {**auditor.form, "registration": "abnormal"})
    mark = "mark-registration-经营异常"
    sent = auditor.client.post(f"/tasks/{auditor.id}", data={**passing, "knowing": mark, "reason_against": "已移出。"})
    assert sent.status_code == 302
    with auditor.store.read() as tx:
        (following,) = tx.tasks.open_of_case(auditor.task(auditor.id).case_id)
    page = auditor.client.get(f"/tasks/{following.id}").text
    assert "登记状态（经营异常），仍然提交的理由：已移出。" in page


def test_conditions_without_an_item_are_told_to_the_examiner(auditor: Auditor) -> None:
    with auditor.store.read():
        view = view_task(auditor.stage.desk, auditor.actor, auditor.id)
    assert view.conditions is not None
    results = {finding.ground: finding.result for finding in view.conditions.find({})}
    assert results[QUALITY] == MET
    assert "organisation_type" in results


def test_an_applicant_is_told_what_the_typed_facts_do_not_meet_or_prove(auditor: Auditor) -> None:
    stage = auditor.stage
    applicant = next(iter(stage.cast.organisations))
    actor = stage.cast.actor(applicant)
    with auditor.store.read() as tx:
        tasks = [task for task in tx.tasks.select() if task.form == "application"]
    with auditor.store.write() as tx:
        tx.tasks.change_where({"id": tasks[0].id}, state="open")
    view = view_task_form(stage.desk, actor, tasks[0].id)
    assert view.conditions is not None
    assert view.conditions.own
    typed = {"quality": YOUNG, "organisation": {"district": "tianshan"}}
    found = {finding.ground: finding for finding in view.conditions.find(typed)}
    assert found[QUALITY].result == NOT_MET
    assert found[QUALITY].sources[0].zh.startswith("首次获证日期 2024年6月1日")
    assert "个月" in found[QUALITY].sources[0].zh
    assert found["organisation_type"].result == UNPROVEN
