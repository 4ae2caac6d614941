"""What the public will see stands before the last press that posts it; nothing is posted by looking."""

from __future__ import annotations

import re

import pytest

from service.catalog import build_catalog
from service.store.models import NoticeRow, TaskRow
from tests.support.browsers import Browse
from tests.support.lakeside import Lakeside
from tests.support.rule_examples import TREE


@pytest.fixture
def task(town: Lakeside) -> TaskRow:
    case = town.start()
    with town.desk.store.read() as tx:
        (found,) = tx.tasks.open_of_case(case)
    return found


def posted(town: Lakeside, task: TaskRow) -> list[NoticeRow]:
    with town.desk.store.read() as tx:
        return list(tx.notices.select(case_id=task.case_id))


def test_what_the_public_will_see_is_shown_before_it_is_posted(town: Lakeside, browse: Browse, task: TaskRow) -> None:
    office = browse("office")
    typed = {"decision": "accept", "version": str(task.version), "do": "submit"}
    shown = office.post(f"/tasks/{task.id}", typed, page=f"/tasks/{task.id}")
    assert shown.status_code == 200
    assert posted(town, task) == []
    page = re.sub(r"<[^>]+>", " ", shown.text)
    for words in (
        "发布前请看一遍",
        "受理公示",
        "first木作坊的申报予以受理，现予公示。",
        "2026年3月3日",
        "2026年3月9日",
        "确认发布",
    ):
        assert words in page, words
    keys = re.findall(r'name="knowing" value="([^"]+)"', shown.text)
    assert len(keys) == 1
    done = office.post(f"/tasks/{task.id}", typed | {"knowing": keys[0]}, page=f"/tasks/{task.id}")
    assert done.status_code == 302
    (notice,) = posted(town, task)
    assert (notice.title, notice.state) == ("受理公示", "running")


def test_another_notice_than_was_looked_at_is_shown_again(town: Lakeside, browse: Browse, task: TaskRow) -> None:
    office = browse("office")
    typed = {"decision": "accept", "version": str(task.version), "do": "submit", "knowing": "notice-of-yesterday"}
    assert "发布前请看一遍" in office.post(f"/tasks/{task.id}", typed, page=f"/tasks/{task.id}").text
    assert posted(town, task) == []


def test_several_notices_are_shown_before_they_are_posted_together(town: Lakeside, browse: Browse) -> None:
    together = b'name="form" value="decide" /><spiffworkflow:property name="bulk" value="yes" />'
    files = {path: text.replace(b'name="form" value="decide" />', together) for path, text in TREE.items()}
    town.deploy(build_catalog(files).package("lakeside/star_award"))
    with town.desk.store.read() as tx:
        tasks = [tx.tasks.open_of_case(case)[0] for case in (town.start(), town.start())]
    office = browse("office")
    typed = {"task": [str(task.id) for task in tasks], "decision": "accept"}
    shown = office.post("/tasks/bulk/complete", typed)
    assert shown.status_code == 200
    assert [posted(town, task) for task in tasks] == [[], []]
    page = re.sub(r"<[^>]+>", " ", shown.text)
    assert page.count("予以受理，现予公示。") == 2
    assert "确认发布" in page
    keys = re.findall(r'name="knowing" value="([^"]+)"', shown.text)
    other = {"knowing": "notice-of-yesterday"}
    assert office.post("/tasks/bulk/complete", typed | other).status_code == 200
    assert office.post("/tasks/bulk/complete", typed | {"knowing": keys}).status_code == 302
    assert [notice.title for task in tasks for notice in posted(town, task)] == ["受理公示"] * 2


def test_a_decision_that_ends_the_case_is_asked_about_without_a_notice(
    town: Lakeside, browse: Browse, task: TaskRow
) -> None:
    office = browse("office")
    typed = {"decision": "refuse", "reason": "条件不符", "version": str(task.version), "do": "submit"}
    asked = office.post(f"/tasks/{task.id}", typed, page=f"/tasks/{task.id}").text
    assert ("提交之后办件即告结束" in asked, "发布前请看一遍" in asked) == (True, False)
    (key,) = re.findall(r'name="knowing" value="([^"]+)"', asked)
    done = office.post(f"/tasks/{task.id}", typed | {"knowing": key}, page=f"/tasks/{task.id}")
    assert done.status_code == 302
    assert posted(town, task) == []
