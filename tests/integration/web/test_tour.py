"""The tour of the demonstration: each sentence leads, as the person it names, to a page that shows what it says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.cli.main import laurel
from service.store import CaseFilter, Transaction
from service.web.demo.routes import tour_steps
from tests.support.demonstration import demonstration

ROOT = Path(__file__).parents[3]
SHOWN = {
    (1, 0): ("乌鲁木齐", "克孜勒苏", "甘州", "伊宁", "庆元"),
    (2, 0): ("申报", "公示", "还剩", ".ics", "/regulation"),
    (3, 0): ("您现在要做的", "填写申报材料"),
    (4, 0): ("工作台", "王建国", "审查异议形式", "还剩", "申报进展"),
    (4, 1): ("赵明", "审核申报材料"),
    (5, 0): ("办理日志", "催办"),
    (6, 0): ("投票", "选票", "表决"),
    (6, 1): ("沈一鸣", "评分"),
    (6, 2): ("江晓月", "年度监督检查"),
    (7, 0): ("在办", "逾期", "异常"),
    (8, 0): ("林设计", "新建"),
    (8, 1): ("何复核",),
}
"""Words on the page to which a way of a step leads, of which (6, 0) need only show one."""
PRESSES = 7
"""What “several times” is."""
WAYS = [(number, way) for number, step in enumerate(tour_steps(), 1) for way in range(len(step.ways))]


def _post(client: FlaskClient, **data: object) -> str:
    """Post to the tour as the bar's form does; returns the text of the page it leads to."""
    mark = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/portal").text)
    assert mark
    sent = {name: str(value) for name, value in data.items()} | {"csrf_token": mark[1]}
    return client.post("/demo/tour", data=sent, follow_redirects=True).text


def test_the_readme_has_the_same_list() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    listed = re.findall(r"^\d\. (.+)$", text.partition("## Five minutes")[2].partition("\n![")[0], re.M)
    assert listed == [step.words.en for step in tour_steps()]


@pytest.mark.parametrize(("step", "way"), WAYS)
def test_what_the_sentence_says_is_on_the_page(demo: Flask, step: int, way: int) -> None:
    page = _post(demo.test_client(), step=step, way=way)
    found = [words in page for words in SHOWN[step, way]]
    assert any(found) if (step, way) == (6, 0) else all(found), dict(zip(SHOWN[step, way], found, strict=True))
    assert f"导览 {step}/{len(tour_steps())}" in page


def test_the_bar_begins_with_the_first_step_and_turns_to_the_next(demo: Flask) -> None:
    client = demo.test_client()
    assert "导览 1/9" in client.get("/portal").text
    assert "导览 2/9" in _post(client, step=2)
    for written in ("99", "9" * 5000, "²"):
        client.set_cookie("laurel_demo_tour", written)
        assert "导览 1/9" in client.get("/portal").text


def test_a_step_or_a_way_that_is_none_is_refused(demo: Flask) -> None:
    assert "导览没有这一步" in _post(demo.test_client(), step=10)
    assert "不通往那里" in _post(demo.test_client(), step=9, way=0)


def test_the_clock_that_the_fifth_sentence_names_does_what_it_says(tmp_path: Path) -> None:
    app = demonstration(tmp_path)
    client, store = app.test_client(), app.extensions["laurel.desk"].store
    assert "到下一个到期日" in client.get("/portal").text
    with store.read() as tx:
        running = {
            row.id for case in range(1, 400) for row in tx.notices.select(case_id=case) if row.state == "running"
        }
        reminded, ended = _reminded(tx), _lapsed(tx)
    assert running
    mark = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/portal").text)
    assert mark
    for _ in range(PRESSES):
        client.post("/demo/clock", data={"to": "next", "csrf_token": mark[1]})
    with store.read() as tx:
        assert any(tx.notices.get(one).state != "running" for one in running), "notices end"
        assert _reminded(tx) > reminded, "reminders go out"
        assert _lapsed(tx) == ended
    client.post("/demo/clock", data={"days": "9", "csrf_token": mark[1]})
    with store.read() as tx:
        assert _lapsed(tx) > ended, "what was not submitted lapses"
    store.close()


def _lapsed(tx: Transaction) -> int:
    return sum(case.outcome == "lapsed" for case in tx.cases.search(CaseFilter(None, "application")))


def _reminded(tx: Transaction) -> int:
    return sum(event.action == "reminded" for case in range(1, 400) for event in tx.history.newest(case))


def test_the_commands_of_the_last_sentence_are_commands() -> None:
    named = set(re.findall(r"laurel (\w+)", tour_steps()[-1].words.en))
    assert named == {"coverage", "simulate", "window"}
    assert named <= set(laurel.list_commands(click.Context(laurel)))


def test_the_season_of_the_last_sentence_goes_on_to_the_award() -> None:
    (scenario,) = re.findall(r"laurel simulate (\S+\.yaml)", tour_steps()[-1].words.en)
    command = [sys.executable, "-m", "service.app", "simulate", str(ROOT / scenario)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (told.returncode, "获奖登记" in told.stdout, "奖励已取消" in told.stdout) == (0, True, True), told.stderr
