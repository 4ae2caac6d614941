"""Who comes too late for what follows is told before it is too late, and once more before it is sent."""

from __future__ import annotations

import re
from datetime import date

import pytest

from service.casework.queries.tasks.task_list import TaskQuery, list_tasks
from service.casework.queries.tasks.view_task import view_task
from service.casework.simulate.stage.stage import PlayState
from service.casework.simulate.stage.verbs import DOERS
from service.store import Store
from tests.support.browsers import browser_of
from tests.support.half_seasons import season


@pytest.fixture
def stage(sqlite_store: Store) -> PlayState:
    """An applicant of the last week: the internal notice of five working days cannot end before the call closes."""
    return season("urumqi/quality_award", "late", sqlite_store, 3)


def task_of(stage: PlayState):
    with stage.desk.store.read() as tx:
        (task,) = tx.tasks.open_of_case(stage.case("甲"))
    return task


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def test_task_list_and_case_name_the_last_useful_day(stage: PlayState) -> None:
    task = task_of(stage)
    me = browser_of(stage, "甲")
    for page in (f"/tasks/{task.id}", "/tasks", f"/cases/{task.case_id}"):
        shown = plain(me.get(page).text)
        assert "已赶不上后续期限" in shown, page
        assert "请在2026年3月23日前提交（含当日）；晚了就赶不上2026年3月31日" in shown, page
        assert "2026年3月31日24时截止的“报送申报材料”（内部公示须满5个工作日）" in shown, page
    limit = view_task(stage.desk, stage.cast.actor("甲"), task.id).limit
    assert limit.reason is not None
    assert limit.reason.zh.endswith("依据：第十一条第（二）项第一段。"), limit.reason.zh
    assert limit.reason.en.endswith("Basis: Art. 11(2), part 1."), limit.reason.en
    assert (limit.last_day, limit.law, limit.missed) == (date(2026, 3, 23), date(2026, 3, 31), True)


def test_the_start_page_names_it_before_anything_is_begun(stage: PlayState) -> None:
    round_id = stage.case("届次") if "届次" in stage.cases else next(iter(stage.cases.values()))
    start = f"/start/urumqi/quality_award/application?parent={round_id}"
    shown = plain(browser_of(stage, "乙").get(start).text)
    assert "请在2026年3月23日前提交（含当日）；晚了就赶不上2026年3月31日" in shown
    with stage.desk.store.read() as tx:
        assert not tx.cases.select(parent_id=round_id, subject_id=stage.cast.actor("乙").seats[0].body_id), (
            "it was tried"
        )


def test_a_submission_that_comes_too_late_is_asked_about_before_it_is_sent(stage: PlayState) -> None:
    task = task_of(stage)
    me = browser_of(stage, "甲")
    me.get(f"/tasks/{task.id}")
    typed = {"version": task_of(stage).version, "do": "submit"}
    asked = me.post(f"/tasks/{task.id}", typed)
    assert asked.status_code == 422
    assert "还没有提交：现在提交已赶不上后续期限" in plain(asked.text)
    assert "仍然提交" in asked.text
    sent = me.post(f"/tasks/{task.id}", {**typed, "knowing": "late"})
    assert "处需要改正" in plain(sent.text)  # the form itself is looked at now


def test_a_task_without_a_day_of_its_own_is_not_without_limit(stage: PlayState) -> None:
    """The step after the form has no day of its own, and ends with the call all the same."""
    filled = next(m for m in stage.scenario.moves if m.value == "fill_application")
    task, person = task_of(stage), stage.cast.actor("甲")
    DOERS[filled.verb](stage, filled, person)
    stage.drain()
    posting = task_of(stage)
    assert (posting.element, posting.id != task.id) == ("post_internally", True)
    line = next(x for x in list_tasks(stage.desk, person, TaskQuery("body")).lines if x.id == posting.id)
    assert (line.limit.last_day, line.limit.useful) == (date(2026, 3, 23), True)


def test_papers_that_came_in_after_the_closing_day_are_told_at_once(stage: PlayState) -> None:
    """The office enters papers: what came in too late is said before anything of it is typed; the list is the city's own."""
    round_ = stage.case("届次") if "届次" in stage.cases else next(iter(stage.cases.values()))
    start = f"/start/urumqi/quality_award/application?parent={round_}"
    with stage.desk.store.write() as tx:
        elsewhere = tx.bodies.upsert(
            "*", "91650100MA7FFFFF0X", kind="organisation", name="外地组织", registered_in="kizilsu"
        )
        new = tx.bodies.upsert("*", "91650100MA7FFFFF1X", kind="organisation", name="新来组织", registered_in="urumqi")
    office = browser_of(stage, "office")
    form = office.get(start).text
    assert f'<option value="{new}"' in form
    assert f'<option value="{elsewhere}"' not in form
    assert form.count('name="channel"') == 2
    own = browser_of(stage, "乙").get(start).text  # an organisation is not asked what is for staff to say
    assert 'name="channel"' not in own
    assert "网上申报" in own
    begun = browser_of(stage, "乙").post(
        start, {"district": "tianshan", "audit_unit": "tianshan", "voluntary": "true", "do": "submit"}, page=start
    )
    assert begun.status_code == 302, plain(begun.text)
    typed = {"organisation": str(new), "channel": "paper", "received_on": "2026-04-02", "do": "submit"}
    shown = office.post(start, typed, page=start)
    assert shown.status_code == 422
    words = plain(shown.text)
    assert "2026年4月2日收到，在申报截止日（2026年3月31日）之后，登记后将按逾期办理" in words
    assert "仍然登记" in words
    for sent in (typed | {"received_on": "2026-03-31"}, typed | {"knowing": "late"}):
        assert "之后，登记后将按逾期办理" not in plain(office.post(start, sent, page=start).text)
