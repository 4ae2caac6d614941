"""The demonstration: seasons prepared by the real use cases, people to play, a clock to move."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from service.casework.access.actor import Actor
from service.casework.audit.intact import differing_rows
from service.casework.desk.clock import START
from service.casework.people.factors.sessions import acting_as
from service.casework.queries.own_place.home import view_home
from service.casework.queries.own_place.signs import list_signs, view_sign
from service.casework.queries.tasks.task_form import view_task_form
from service.casework.queries.tasks.task_list import TaskQuery, list_tasks
from service.casework.reading.home_place import only_applies
from service.casework.tasks.ask_sign import ask_sign
from service.casework.tasks.complete import complete_task
from service.casework.tasks.give_sign import give_sign
from service.domain.calendar import local_date
from service.domain.errors import Invalid
from service.store import CaseFilter, NewWork, Occupied
from service.web.demo.cities import DemoCity, Persona, list_demo_cities, list_personas
from service.web.demo.seasons import DemoClock, HalfPrepared, load_demo
from service.web.forms import render_readable
from tests.support.demonstration import demonstration, prepared


def play(app: Flask, login: str) -> FlaskClient:
    client = app.test_client()
    mark = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/portal").text)
    assert mark
    answer = client.post("/demo/play", data={"person": login, "csrf_token": mark[1]})
    assert answer.status_code == 302
    return client


def test_the_seasons_are_lifelike_and_loaded_once(demo: Flask) -> None:
    desk = demo.extensions["laurel.desk"]
    assert prepared()[1] == ()
    assert load_demo(desk) is False
    assert [c.id for c in list_demo_cities()] == ["urumqi", "kizilsu", "ganzhou", "yining", "qingyuan"]
    assert len({p.login for p in list_personas()}) == len({p.name for p in list_personas()}) == len(list_personas())
    assert max(len(p.what) for p in list_personas() if p.city == "urumqi" and p.group == "申报组织") >= 40
    with desk.store.read() as tx:
        cases = tx.cases.select(parent_id=_rounds(demo)["urumqi"][0])
        assert {c.outcome for c in cases} >= {None, "withdrawn"}
        assert len(cases) == 25
        assert all(tx.history.verify(c.id) is None for c in cases)
    assert local_date(desk.clock.now()).isoformat() == "2026-03-19"


def _rounds(app: Flask) -> dict[str, list[int]]:
    """Return the running rounds of every city."""
    found = defaultdict(list)
    with app.extensions["laurel.desk"].store.read() as tx:
        for row in tx.cases.search(CaseFilter(None, "round", live=True)):
            found[row.jurisdiction].append(row.id)
    return found


def _waiting(app: Flask, persona: Persona) -> int:
    """Return how many tasks wait for somebody and their body."""
    counts = list_tasks(app.extensions["laurel.desk"], _actor(app, persona), TaskQuery()).counts
    return counts.mine + counts.body


def _actor(app: Flask, persona: Persona) -> Actor:
    actor = acting_as(app.extensions["laurel.desk"], persona.login)
    assert actor is not None, persona.login
    return actor


def test_what_the_seasons_wrote_is_as_it_was_recorded(demo: Flask) -> None:
    """Every row that decides is the one its newest event tells of."""
    desk = demo.extensions["laurel.desk"]
    with desk.store.snapshot() as tx:
        assert [*differing_rows(desk, tx)] == []


@pytest.mark.parametrize("city", list_demo_cities(), ids=lambda c: c.id)
def test_every_city_has_a_round_under_way_and_work_for_its_people(demo: Flask, city: DemoCity) -> None:
    assert len(_rounds(demo)[city.id]) == 1
    """Who has no task at this stage and is only called to a sitting is offered as such in the bar."""
    desk, only_called = demo.extensions["laurel.desk"], set()
    for persona in (p for p in city.personas() if p.city and not _waiting(demo, p)):
        actor = _actor(demo, persona)
        home = view_home(desk, actor)
        if only_applies(actor):
            assert home.cases or home.place, persona.name
        elif not (home.to_sign or home.invited):
            assert home.called, persona.name
            only_called.add(persona.login)
    assert only_called == {p.login for p in city.personas() if p.only}
    page = play(demo, city.people["staff"][0]["login"]).get("/home").text
    assert all(f"（{p.only.zh}）</option>" in page for p in city.personas() if p.only)


MENUS = {
    "org.05": "我的申报 消息 公示", "expert.1": "待办 会议 消息", "leading.he": "待办 会议 消息", "tianshan.zhao": "待办 办件 消息",
    "fagai.chen": "待办 办件 消息", "government.tian": "待审 名单 消息", "qy.zhou": "待办 届次 日志", "designer": "设计 条款",
    "office.wang": "工作台 待办 办件 专家与会议 公示 管理", "admin": "监控 办件 版本 系统 人员与权限 日志与核验",
}  # fmt: skip


@pytest.mark.parametrize("login", MENUS)
def test_a_menu_has_the_places_of_its_reader_and_each_page_is_one_press_beyond(demo: Flask, login: str) -> None:
    client = play(demo, login)
    first = html.fromstring(client.get("/account").text)
    assert " ".join(a.text for a in first.xpath("//div[@class='places']//ul//a")) == MENUS[login]
    for place in first.xpath("//div[@class='places']//ul//a/@href"):
        page = html.fromstring(client.get(place).text)
        assert len(page.xpath("//div[@class='places']//a[@aria-current]")) == 1, place
        beside_place = page.xpath("//nav[@class='sub-places']//a/@href")
        assert len(beside_place) <= 6, place
        for beside in beside_place:
            assert client.get(beside, follow_redirects=True).status_code == 200, beside


def post(client: FlaskClient, path: str, data: dict[str, str]) -> TestResponse:
    mark = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/people").text)
    assert mark
    return client.post(path, data={**data, "csrf_token": mark[1]})


def test_every_open_task_and_every_case_opens_for_the_administrator(demo: Flask) -> None:
    client = play(demo, "admin")
    desk = demo.extensions["laurel.desk"]
    with desk.store.read() as tx:
        rounds = [row for found in _rounds(demo).values() for row in found]
        cases = [*rounds, *(c.id for row in rounds for c in tx.cases.select(parent_id=row))]
        tasks = [t.id for c in cases for t in tx.tasks.open_of_case(c)]
        forms = [(c, f.id) for c in cases for f in tx.forms.of_case(c)[-2:]]
    assert min(len(rounds), len(cases) - len(rounds), len(tasks), len(forms)) > 4
    for path in (
        *(f"/cases/{c}" for c in cases), *(f"/cases/{c}/process" for c in rounds), *(f"/tasks/{t}" for t in tasks),
        *(f"/cases/{c}/forms/{f}" for c, f in forms),
    ):  # fmt: skip
        answer = client.get(path)
        assert answer.status_code == 200 or "/ballots/" in answer.headers.get("Location", ""), path


def test_time_passes_by_working_days_and_due_work_is_done(demo: Flask) -> None:
    client = play(demo, "office.wang")
    desk = demo.extensions["laurel.desk"]
    mark = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/tasks").text)
    assert mark
    client.post("/demo/clock", data={"days": "2", "csrf_token": mark[1]})
    assert local_date(desk.clock.now()).isoformat() == "2026-03-24"  # 20 to 22 March are Eid al-Fitr
    client.post("/demo/clock", data={"to": "next", "csrf_token": mark[1]})
    assert "期间各城市共自动办理" in client.get("/tasks").text
    assert desk.clock.now() >= desk.clock.now().replace(microsecond=0)


def test_what_fails_while_the_clock_moves_is_told_and_tried_again(demo: Flask) -> None:
    client = play(demo, "office.wang")
    desk = demo.extensions["laurel.desk"]
    mark = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/tasks").text)
    assert mark
    with desk.store.write() as tx:
        tx.work.enqueue_many([NewWork("no_such_work", None, "broken", {}, desk.clock.now())], desk.clock.now())
    too_far = client.post("/demo/clock", data={"days": "71", "csrf_token": mark[1]})
    assert too_far.status_code == 422
    assert "一次最多前进60个工作日" in too_far.text
    assert client.post("/demo/clock", data={"to": "next", "csrf_token": mark[1]}).status_code == 302
    assert "有 1 次没有办成，没有留下半成的结果" in client.get("/tasks").text
    with desk.store.write() as tx:
        waiting = tx.work.find(effect_key="broken")
        assert (waiting.state, waiting.attempts) == ("waiting", 1)
        tx.work.cancel(["broken"], desk.clock.now())


def test_of_a_busy_database_it_is_said_how_far_the_clock_went(demo: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = play(demo, "office.wang")
    mark = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/tasks").text)
    assert mark
    free = [(0, 0)]

    def do_due_work() -> tuple[int, int]:
        if free:
            return free.pop()
        raise Occupied

    monkeypatch.setattr("service.web.demo.routes._do_due_work", do_due_work)
    assert client.post("/demo/clock", data={"days": "30", "csrf_token": mark[1]}).status_code == 302
    assert "数据库正忙，时间只走到" in client.get("/tasks").text
    free.append((0, 0))
    assert client.post("/demo/clock", data={"to": "next", "csrf_token": mark[1]}).status_code == 302
    reached = client.get("/tasks").text
    assert ("时间已到" in reached, "只走到" in reached) == (True, False), "it is where it was to go"


def test_the_clock_never_goes_back_and_survives_a_restart(tmp_path: Path) -> None:
    clock = DemoClock(tmp_path / "clock")
    then = clock.now()
    later = then.replace(year=2027)
    clock.move_to(later)
    clock.move_to(then)
    assert clock.now() >= later
    assert DemoClock(tmp_path / "clock").now() >= later


@pytest.mark.parametrize("kept", ["", "yesterday", "nan", "1e400", "日"])
def test_a_damaged_clock_is_refused_with_its_file_and_the_remedy(tmp_path: Path, kept: str) -> None:
    (tmp_path / "clock").write_text(kept, "utf-8")
    with pytest.raises(Invalid, match=r"clock.*make demo-reset"):
        DemoClock(tmp_path / "clock")


def test_a_government_reads_the_votes_where_it_decides(demo: Flask) -> None:
    with demo.extensions["laurel.desk"].store.read() as tx:
        (vote,) = (row for row in tx.ballots.select(state="counted") if row.title == "撤销区政府质量奖称号")
        (task,) = (row for row in tx.tasks.open_of_case(vote.case_id) if row.element == "decide_revocation")
    page = play(demo, "gz.fu").get(f"/tasks/{task.id}").text
    assert ("赞成6，反对1，弃权0" in page, f"/ballots/{vote.id}" in page) == (True, True)
    case = play(demo, "gz.gao").get(f"/cases/{vote.case_id}").text
    assert "已计票：赞成6，反对1，弃权0" in case


def test_nobody_outside_the_season_can_be_played(demo: Flask) -> None:
    client = demo.test_client()
    mark = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/portal").text)
    assert mark
    assert client.post("/demo/play", data={"person": "root", "csrf_token": mark[1]}).status_code == 404


def test_without_demonstration_mode_there_are_no_such_routes(browse: Callable) -> None:
    visitor = browse()
    assert visitor.post("/demo/play", {"person": "admin"}).status_code == 404
    assert "demo-bar" not in visitor.get("/portal").text


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = demonstration(tmp_path_factory.mktemp("demo"))
    yield app
    app.extensions["laurel.desk"].store.close()


def test_a_clock_that_cannot_be_kept_stays_where_it_was(tmp_path: Path) -> None:
    clock = DemoClock(tmp_path / "clock")
    start = clock.now()
    clock.move_to(start + timedelta(days=3))
    kept = (tmp_path / "clock").read_text()
    (tmp_path / ".clock.new").mkdir()
    with pytest.raises(OSError, match="directory"):
        clock.move_to(start + timedelta(days=30))
    assert clock.now() < start + timedelta(days=4)
    assert (tmp_path / "clock").read_text() == kept


def test_a_season_whose_preparation_was_broken_off_is_not_passed_off_as_whole(demo: Flask, tmp_path: Path) -> None:
    clock = DemoClock(tmp_path / "never-moved")
    half = replace(demo.extensions["laurel.desk"], clock=clock)
    with pytest.raises(HalfPrepared, match="make demo-reset"):
        load_demo(half)
    with half.store.write() as tx:
        tx.operation.hold_restored(START, {"saved_at": START.isoformat(), "cause": "演练"})
        left_at = tx.history.newest_at()
    assert left_at is not None
    assert load_demo(half) is False  # restored from a backup, which holds no clock
    assert clock.moved
    assert clock.now() >= left_at
    with half.store.write() as tx:
        assert tx.operation.end_hold(1)


def test_who_signs_a_panel_reads_names_before_and_after_it_takes_effect(demo: Flask) -> None:
    desk = demo.extensions["laurel.desk"]
    office, signer = acting_as(desk, "yn.jin"), acting_as(desk, "yn.muhtar")
    assert office is not None
    assert signer is not None
    with desk.store.read() as tx:
        task = tx.tasks.find("id", form="choose_panel", jurisdiction="yining", state="open", signs_open=None)
    panel = view_task_form(desk, office, task.id).stored["candidates"][:3]
    ask_sign(desk, office, task.id, None, [signer.signed_in_id], "after")
    chosen = {"experts": [one["value"] for one in panel], "leader": panel[0]["value"], "reason": "熟悉行业"}
    complete_task(desk, office, task.id, None, chosen)
    sign = next(line.id for line in list_signs(desk, signer).asked if line.task_id == task.id)
    names = "、".join(one["label"] for one in panel)
    assert names in render_readable(view_sign(desk, signer, sign).read)
    give_sign(desk, signer, sign, agree=True)
    assert names in render_readable(view_sign(desk, signer, sign).read)
