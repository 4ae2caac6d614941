"""The demonstration: a season prepared by the real use cases, people to play, a clock to move."""

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

import handlers
from service.casework.assemble import desk_over
from service.catalog.calendars import bundled_calendars, load_calendars
from service.domain.calendar import local_date
from service.sdk import operations
from service.store import Store
from service.web import create_app
from service.web.demo import DemoClock, HalfPrepared, load_demo, personas
from tests.support.browsers import settings_for_tests


class _Notes(logging.Handler):
    """Collects what the loader could not do."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    handlers.load()
    folder = tmp_path_factory.mktemp("demo")
    store = Store(f"sqlite:///{folder}/laurel.db", folder / "files", durable=False)
    store.migrate()
    clock = DemoClock(folder / "clock")
    desk = desk_over(store, load_calendars(bundled_calendars()), operations(), clock=clock)
    notes = _Notes()
    logging.getLogger("laurel.demo").addHandler(notes)
    application = create_app(desk, settings_for_tests(LAUREL_DEMO="1"))
    assert notes.said == []
    yield application
    logging.getLogger("laurel.demo").removeHandler(notes)
    store.close()


def play(app: Flask, login: str) -> FlaskClient:
    client = app.test_client()
    mark = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/portal").text)
    assert mark
    answer = client.post("/demo/play", data={"person": login, "csrf_token": mark[1]})
    assert answer.status_code == 302
    return client


def test_the_season_is_lifelike_and_loaded_once(demo: Flask) -> None:
    desk = demo.extensions["laurel.desk"]
    assert load_demo(desk) is False
    assert len(personas()) == 26
    assert max(len(p.what) for p in personas() if p.group == "申报组织") >= 40
    with desk.store.read() as tx:
        cases = tx.cases.children(1)
        assert {c.outcome for c in cases} >= {None, "withdrawn"}
        assert len(cases) == 9
        assert all(tx.history.verify(c.id) is None for c in cases)
    assert local_date(desk.clock.now()).isoformat() == "2026-03-19"


@pytest.mark.parametrize("person", personas(), ids=lambda p: p.login)
def test_everybody_can_be_played_and_every_first_page_opens(demo: Flask, person) -> None:
    client = play(demo, person.login)
    for path in ("/tasks", "/cases", "/inbox", "/portal"):
        page = client.get(path)
        assert page.status_code == 200, path
    assert person.name in client.get("/tasks").text


def test_every_open_task_and_every_case_opens_for_the_administrator(demo: Flask) -> None:
    client = play(demo, "admin")
    desk = demo.extensions["laurel.desk"]
    with desk.store.read() as tx:
        cases = [1, *(c.id for c in tx.cases.children(1))]
        tasks = [t.id for c in cases for t in tx.tasks.of_case(c)]
        forms = [(c, f.id) for c in cases for f in tx.forms.of_case(c)]
    for path in (
        *(f"/cases/{c}" for c in cases), *(f"/cases/{c}/diagram" for c in cases), *(f"/tasks/{t}" for t in tasks),
        *(f"/cases/{c}/forms/{f}" for c, f in forms),
    ):  # fmt: skip
        assert client.get(path).status_code == 200, path


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


def test_the_clock_never_goes_back_and_survives_a_restart(tmp_path: Path) -> None:
    clock = DemoClock(tmp_path / "clock")
    then = clock.now()
    later = then.replace(year=2027)
    clock.move_to(later)
    clock.move_to(then)
    assert clock.now() >= later
    assert DemoClock(tmp_path / "clock").now() >= later


def test_a_season_whose_preparation_was_broken_off_is_not_passed_off_as_whole(demo: Flask, tmp_path: Path) -> None:
    half = replace(demo.extensions["laurel.desk"], clock=DemoClock(tmp_path / "never-moved"))
    with pytest.raises(HalfPrepared, match="make demo-reset"):
        load_demo(half)


def test_nobody_outside_the_season_can_be_played(demo: Flask) -> None:
    client = demo.test_client()
    mark = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/portal").text)
    assert mark
    assert client.post("/demo/play", data={"person": "root", "csrf_token": mark[1]}).status_code == 404


def test_without_demonstration_mode_there_are_no_such_routes(browse: Callable) -> None:
    visitor = browse()
    assert visitor.post("/demo/play", {"person": "admin"}).status_code == 404
    assert "demo-bar" not in visitor.get("/portal").text
