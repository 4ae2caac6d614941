"""Who signs in lands where their work is; an empty place says what comes next."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from service.casework.people.sessions import acting_as
from service.casework.queries.home import own_place, view_home
from service.web.demo.cities import personas
from service.web.frame.current import DESK
from tests.integration.web.test_demo import play
from tests.support.demonstration import demonstration


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = demonstration(tmp_path_factory.mktemp("home"))
    yield app
    app.extensions[DESK].store.close()


@pytest.mark.parametrize(
    ("login", "place"),
    [
        ("designer", "/studio"),
        ("org.03", r"/cases/\d+"),  # one running application: the application itself
        ("org.11", "/home"),  # none yet
        ("office.wang", "/home"),
        ("tianshan.zhao", "/home"),
        ("government.tian", "/home"),
        ("yn.expert.2", "/home"),
        ("admin", "/monitor"),
    ],
)
def test_each_lands_at_their_own_work(demo: Flask, login: str, place: str) -> None:
    actor = acting_as(demo.extensions[DESK], login)
    assert actor is not None
    assert re.fullmatch(place, own_place(demo.extensions[DESK], actor))


def test_a_member_with_one_open_ballot_lands_on_it(demo: Flask) -> None:
    desk = demo.extensions[DESK]
    members = [persona.login for persona in personas() if persona.city == "ganzhou"]
    found = set()
    for login in members:
        actor = acting_as(desk, login)
        if actor is not None and own_place(desk, actor).startswith("/ballots/"):
            found.add(login)
    assert found


def test_the_office_sees_its_round_and_what_comes_next(demo: Flask) -> None:
    desk = demo.extensions[DESK]
    actor = acting_as(desk, "office.wang")
    assert actor is not None
    home = view_home(desk, actor)
    assert sum(len(column.cards) for column in home.rounds[0].columns) == home.rounds[0].applied > 20
    assert home.scope == "body"  # nothing claimed yet
    assert "异议" in home.tasks[0].title  # three working days; the examinations have no limit
    assert home.tasks[0].limit.last_day is not None
    page = play(demo, "office.wang").get("/home").text
    assert "本单位待认领" in page
    assert "申报进展" in page


def test_an_empty_place_says_what_comes_next(demo: Flask) -> None:
    desk = demo.extensions[DESK]
    actor = acting_as(desk, "government.tian")
    assert actor is not None
    home = view_home(desk, actor)
    assert not home.tasks
    assert home.coming
    assert home.coming[0].limit.last_day is not None
    page = play(demo, "government.tian").get("/home").text
    assert "现在没有需要您办理的事项" in page
    assert home.coming[0].case in page


@pytest.mark.parametrize("login", ["fagai.chen", "expert.1"])
def test_who_oversees_nothing_is_told_where_the_round_stands(demo: Flask, login: str) -> None:
    desk = demo.extensions[DESK]
    actor = acting_as(desk, login)
    assert actor is not None
    [stands] = view_home(desk, actor).under_way
    page = play(demo, login).get("/home").text
    assert f"<strong>{stands.now.name}</strong>" in page
    assert all(stage.name in page for stage in stands.after)
    assert "/board" not in page  # whom a case waits for is for those who oversee it


def test_figures_are_those_of_the_list_they_open(demo: Flask) -> None:
    client = play(demo, "yn.expert.2")
    page = client.get("/home").text
    figures = dict(
        re.findall(r'<a class="figure[^"]*" href="/tasks\?scope=mine(?:&amp;due=(\w+))?"><b>(\d+)</b>', page)
    )
    assert int(figures[""]) > 0
    for due, count in figures.items():
        listed = client.get(f"/tasks?scope=mine&due={due}").text
        assert listed.count("data-row=") == int(count), due


def test_a_place_of_one_s_own_costs_few_statements(demo: Flask) -> None:
    desk = demo.extensions[DESK]
    for login, most in (("office.wang", 11), ("org.11", 8), ("yn.expert.2", 12)):
        actor = acting_as(desk, login)
        assert actor is not None
        view_home(desk, actor)
        with desk.store.statements() as seen:
            view_home(desk, actor)
        assert len([sql for sql, _ in seen if not sql.startswith("PRAGMA")]) <= most, login


def test_an_applicant_finds_the_notices_of_its_round_and_its_entry_in_the_register(demo: Flask) -> None:
    found = set()
    for persona in (one for one in personas() if one.city == "qingyuan" and one.login.startswith("qy.org")):
        browser = play(demo, persona.login)
        for case in re.findall(r'href="(/cases/\d+)"', browser.get("/cases").text):
            page = browser.get(case).text
            entry = re.search(r'href="(/register/\w+/\d+)"', page)
            found.add(("结果在哪里查" in page, entry is not None))
            if entry:
                assert f'href="{case}"' in browser.get(entry[1]).text, "its entry leads back to its case and papers"
    assert {(True, True), (True, False)} <= found


def test_everybody_in_the_demonstration_has_something_to_do_or_is_said_to_watch(demo: Flask) -> None:
    desk, idle, watching = demo.extensions[DESK], [], []
    for persona in personas():
        actor = acting_as(desk, persona.login)
        assert actor is not None
        home = view_home(desk, actor) if own_place(desk, actor) == "/home" else None
        if home is not None and not (home.tasks or home.called or home.ballots or home.applicant):
            (watching if persona.watches and home.rounds else idle).append(persona.login)
    assert idle == []
    assert watching == [persona.login for persona in personas() if persona.watches]
    chosen = play(demo, watching[0]).get("/home").text
    assert re.search(r"<option[^>]*selected>[^<]*看本届进展</option>", chosen)
