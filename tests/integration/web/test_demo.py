"""The demonstration: seasons prepared by the real use cases, people to play, a clock to move."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import groupby
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.casework.access.actor import SYSTEM, Actor
from service.casework.audit.intact import differing_rows
from service.casework.desk.demo_clock import START
from service.casework.due.run_item import run_item
from service.casework.people.factors.sessions import acting_as, find_session, open_session
from service.casework.queries.own_place.home import view_home
from service.casework.queries.tasks.list_tasks import TaskQuery, list_tasks
from service.casework.reading.contacts import contacts_of
from service.casework.reading.home_place import only_applies
from service.casework.reading.published import published
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.share_draft import share_draft
from service.casework.studio.pieces.try_table import try_table
from service.casework.studio.pieces.view_table import view_table
from service.cli.play_file import play_file
from service.domain.calendar import local_date
from service.domain.errors import Invalid, NotAllowed
from service.store import CaseFilter, NewWork
from service.store.repositories.review.ballots import NOT_VOTED
from service.web.demo.cities import PROJECT, DemoCity, Persona, cities, personas
from service.web.demo.seasons import DemoClock, HalfPrepared, load_demo
from tests.support.demonstration import demonstration, prepared

EVERY_KIND = [next(one) for _, one in groupby(personas(), key=lambda p: (p.city, p.group))]
"""One person of every group of every city."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = demonstration(tmp_path_factory.mktemp("demo"))
    yield app
    app.extensions["laurel.desk"].store.close()


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
    assert [c.id for c in cities()] == ["urumqi", "kizilsu", "ganzhou", "yining", "qingyuan"]
    assert len({p.login for p in personas()}) == len({p.name for p in personas()}) == len(personas())
    assert max(len(p.what) for p in personas() if p.city == "urumqi" and p.group == "申报组织") >= 40
    with desk.store.read() as tx:
        cases = tx.cases.children(_rounds(demo)["urumqi"][0])
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


@pytest.mark.parametrize("city", cities(), ids=lambda c: c.id)
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


@pytest.mark.parametrize("city", cities(), ids=lambda city: city.id)
def test_every_office_has_a_days_work_and_no_more(demo: Flask, city: DemoCity) -> None:
    office = next(one["login"] for one in city.people["staff"] if one["role"] == "office")
    assert 10 <= _waiting(demo, next(p for p in city.personas() if p.login == office)) <= 30


@pytest.mark.parametrize("name", ["conditions", "not_effective"])
def test_scenarios_of_the_city_pass_in_a_draft_of_the_demonstration(demo: Flask, name: str) -> None:
    """What the demonstration sets itself, its telephone and a day of effect, is not what such a scenario looks at."""
    desk = demo.extensions["laurel.desk"]
    with desk.store.read() as tx:
        package = desk.packages.current("ganzhou/quality_award", tx)
        told = contacts_of(desk, tx, published(desk, tx), "ganzhou")["ganzhou"].words
    assert "0936-0000100" in told
    folder = PROJECT / "processes" / "ganzhou" / "quality_award" / "scenarios"
    assert play_file(folder / f"{name}.yaml", package).unmet == ()


def test_a_sitting_of_an_earlier_round_is_over_with_minutes_and_counts(demo: Flask) -> None:
    desk = demo.extensions["laurel.desk"]
    with desk.store.read() as tx:
        held = [one for case in range(1, 300) for one in tx.sittings.of_case(case) if one.state == "closed"]
        [sitting] = held
        came = [one.state for one in tx.sittings.members(sitting.id)]
        counted = [b for b in tx.ballots.of_case(sitting.case_id) if b.state == "counted"]
    assert came == ["present"] * 7
    assert "表决结果见计票记录" in sitting.words
    assert len(counted) == 2


def test_a_correction_is_pending_an_objection_runs_and_a_ballot_waits_to_be_counted(demo: Flask) -> None:
    desk = demo.extensions["laurel.desk"]
    person = acting_as(desk, "admin")
    assert person is not None
    for title in ("按补正通知书更正申报材料", "审查异议形式"):
        assert [title in task.title for task in list_tasks(desk, person, TaskQuery("visible", text=title)).lines] != []
    with desk.store.read() as tx:
        [ballot] = [one for case in range(1, 300) for one in tx.ballots.of_case(case) if one.state == "open"]
        roll = tx.ballots.roll(ballot.id)
    assert 0 < sum(1 for row in roll if row.state != NOT_VOTED) < len(roll)


def test_the_administrator_finds_one_incident_and_one_late_case(demo: Flask) -> None:
    desk = demo.extensions["laurel.desk"]
    with desk.store.read() as tx:
        [row] = tx.incidents.list_open([city.id for city in cities()])
        asked = TaskQuery("visible", due="late")
        person = tx.people.by_login("admin")
    assert (row.jurisdiction, "guanzheng@baishan.invalid" in row.what["zh"]) == ("qingyuan", True)
    assert person is not None
    session = find_session(desk, open_session(desk, person.id, 1))
    assert session is not None
    late = list_tasks(desk, session.actor, asked).lines
    assert [task.title for task in late] == ["落实纠正措施"]
    page = play(demo, "admin").get("/monitor/incidents").text
    assert "改正此人的邮箱" in page


def test_the_incident_comes_again_until_its_cause_is_gone_and_then_is_healed(tmp_path: Path) -> None:
    app = demonstration(tmp_path)
    desk, client = app.extensions["laurel.desk"], play(app, "admin")

    def retried() -> list[str]:
        with desk.store.read() as tx:
            [row] = tx.incidents.list_open(["qingyuan"])
        post(client, f"/monitor/incidents/{row.id}/retry", {})
        while (item := desk.store.claim(desk.clock.now(), "test")) is not None:
            run_item(desk, SYSTEM, item)
        with desk.store.read() as tx:
            return [str(i.what["zh"]) for i in tx.incidents.list_open(["qingyuan"])]

    assert len(retried()) == 1
    with desk.store.read() as tx:
        person = tx.people.by_login("qy.org.03")
    assert person is not None
    wrong = post(client, f"/people/{person.id}/profile", {"name": person.name, "email": "guanzheng@baishan"})
    assert "不是邮箱地址" in wrong.text
    post(client, f"/people/{person.id}/profile", {"name": person.name, "email": "guanzheng@baishan.example.cn"})
    assert retried() == []
    desk.store.close()


def post(client: FlaskClient, path: str, data: dict[str, str]) -> TestResponse:
    mark = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/people").text)
    assert mark
    return client.post(path, data={**data, "csrf_token": mark[1]})


def test_a_city_is_chosen_and_the_bar_offers_its_people(demo: Flask) -> None:
    client = play(demo, "office.wang")
    mark = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/tasks").text)
    assert mark
    answer = client.post("/demo/city", data={"city": "ganzhou", "csrf_token": mark[1]})
    page = client.get(answer.headers["Location"]).text
    assert "高秀兰" in page
    assert "王建国" not in page
    assert "甘州区" in page
    assert re.search('value="yining"[^>]*aria-', demo.test_client().get("/portal/yining").text), "as its portal"


@pytest.mark.parametrize("person", EVERY_KIND, ids=lambda p: p.login)
def test_everybody_can_be_played_and_every_first_page_opens(demo: Flask, person: Persona) -> None:
    client = play(demo, person.login)
    own = ("/studio", "/law") if person.login.startswith("designer") else ("/cases",)
    for path in ("/tasks", *own, "/inbox", "/portal"):
        page = client.get(path)
        assert page.status_code == 200, path
        assert person.name in page.text, path


def test_every_open_task_and_every_case_opens_for_the_administrator(demo: Flask) -> None:
    client = play(demo, "admin")
    desk = demo.extensions["laurel.desk"]
    with desk.store.read() as tx:
        rounds = [row for found in _rounds(demo).values() for row in found]
        cases = [*rounds, *(c.id for row in rounds for c in tx.cases.children(row))]
        tasks = [t.id for c in cases for t in tx.tasks.open_of_case(c)]
        forms = [(c, f.id) for c in cases for f in tx.forms.of_case(c)[-2:]]
    assert min(len(rounds), len(cases) - len(rounds), len(tasks), len(forms)) > 4
    for path in (
        *(f"/cases/{c}" for c in cases), *(f"/cases/{c}/diagram" for c in rounds), *(f"/tasks/{t}" for t in tasks),
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
    assert "期间自动办理" in client.get("/tasks").text
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
        waiting = tx.work.by_key("broken")
        assert (waiting.state, waiting.attempts) == ("waiting", 1)
        tx.work.cancel(["broken"], desk.clock.now())


def test_what_another_worker_was_quicker_to_do_has_not_failed(demo: Flask) -> None:
    client = play(demo, "office.wang")
    desk = demo.extensions["laurel.desk"]
    mark = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/tasks").text)
    assert mark
    taken = "update work_item set state = 'done' where id = new.id;"
    with desk.store._engine.begin() as connection:
        connection.exec_driver_sql(
            "create trigger quicker after update of state on work_item "
            f"when new.effect_key = 'raced' and new.state = 'running' begin {taken} end"
        )
    with desk.store.write() as tx:
        case = _rounds(demo)["urumqi"][0]
        tx.work.enqueue_many([NewWork("barrier", case, "raced", {}, desk.clock.now())], desk.clock.now())
    client.post("/demo/clock", data={"to": "next", "csrf_token": mark[1]})
    with desk.store._engine.begin() as connection:
        connection.exec_driver_sql("drop trigger quicker")
    assert "没有办成" not in client.get("/tasks").text
    with desk.store.read() as tx:
        raced = tx.work.by_key("raced")
    assert (raced.state, raced.attempts) == ("done", 1)


def test_the_clock_never_goes_back_and_survives_a_restart(tmp_path: Path) -> None:
    clock = DemoClock(tmp_path / "clock")
    then = clock.now()
    later = then.replace(year=2027)
    clock.move_to(later)
    clock.move_to(then)
    assert clock.now() >= later
    assert DemoClock(tmp_path / "clock").now() >= later


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


@pytest.mark.parametrize("kept", ["", "yesterday", "nan", "1e400", "日"])
def test_a_damaged_clock_is_refused_with_its_file_and_the_remedy(tmp_path: Path, kept: str) -> None:
    (tmp_path / "clock").write_text(kept, "utf-8")
    with pytest.raises(Invalid, match=r"clock.*make demo-reset"):
        DemoClock(tmp_path / "clock")


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


def test_nobody_outside_the_season_can_be_played(demo: Flask) -> None:
    client = demo.test_client()
    mark = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/portal").text)
    assert mark
    assert client.post("/demo/play", data={"person": "root", "csrf_token": mark[1]}).status_code == 404


def test_without_demonstration_mode_there_are_no_such_routes(browse: Callable) -> None:
    visitor = browse()
    assert visitor.post("/demo/play", {"person": "admin"}).status_code == 404
    assert "demo-bar" not in visitor.get("/portal").text


def test_a_designer_of_the_office_tries_a_table_on_a_real_case(demo: Flask) -> None:
    desk = demo.extensions["laurel.desk"]
    draws, alone = acting_as(desk, "office.li"), acting_as(desk, "designer")
    assert draws is not None
    assert alone is not None
    draft = open_draft(desk, draws, "urumqi/quality_award", "用实际办件试算")
    path = "processes/urumqi/quality_award/eligibility.dmn"
    browser = play(demo, "office.li")
    page = browser.get(f"/studio/drafts/{draft}/tables/edit?path={path}").text
    assert 'data-cases="yes"' in page
    listed = browser.get("/api/v1/cases").json
    assert listed is not None
    here = [one for one in listed["cases"] if one["jurisdiction"] == "urumqi" and one["process"] == "application"]
    case = here[0]
    sheet = view_table(desk, draws, draft, path).sheet
    tried = try_table(desk, draws, draft, path, sheet, case["id"], {})
    assert case["title"] in tried.record.zh
    assert tried.refused is None
    assert any(row.matched for row in tried.rows)
    share_draft(desk, draws, draft, shared=True)
    assert 'data-cases="no"' in play(demo, "designer").get(f"/studio/drafts/{draft}/tables/edit?path={path}").text
    with pytest.raises(NotAllowed):
        try_table(desk, alone, draft, path, sheet, case["id"], {})
