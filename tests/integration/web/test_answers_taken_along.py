"""The answers of a self-check go along into the application; of a visitor nothing is stored on the way."""

from __future__ import annotations

import html
import re
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import timedelta

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.casework.people.factors.passwords import hash_password
from service.casework.people.factors.sessions import change_session
from service.web.frame.requests.carried_answers import LASTS
from service.web.frame.requests.carried_text import AT, CarriedAnswers, packed, read_answers, unpacked
from service.web.frame.requests.cookies import ANSWERS, SESSION
from service.web.frame.requests.current import DESK
from tests.integration.web.test_demo import play
from tests.support.demonstration import demonstration

CHECK = "/portal/urumqi/quality_award/check"
START = "/start/urumqi/quality_award/application?parent=1"
FOUNDED = {
    "organisation.established_on": "2001-05-06",
    "organisation.district": "tianshan",
    "evidence.self_evaluation_report": "true",
}
PASSWORD = "一个足够长的口令-2026"


def mark(page: str) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found
    return found[1]


def taken(client: FlaskClient) -> tuple[int, str, str]:
    """Check oneself, press the button that takes the answers along; returns status, place led to, and page."""
    token = mark(client.get(CHECK).text)
    result = client.post(CHECK, data={**FOUNDED, "do": "submit", "csrf_token": token}).text
    form = result.partition(f'action="{CHECK}/take"')[2].partition("</form>")[0]
    hidden = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
    assert hidden["organisation.established_on"] == "2001-05-06"
    assert "evidence.self_evaluation_report" not in hidden  # a box that stands for a file is no file
    answer = client.post(f"{CHECK}/take", data=hidden)
    return answer.status_code, answer.headers.get("Location", ""), answer.text


def settled(client: FlaskClient, choice: str = "take") -> str:
    """Press a button of the offer that stands on the page that starts the application; return that page as it is then."""
    page = client.get(START).text
    assert "自查的回答已带入" not in page, "nothing is filled in that nobody asked for"
    action = f'action="{CHECK}/offered"'
    assert action in page
    back = html.unescape(page.partition(action)[2].partition('name="next" value="')[2].partition('"')[0])
    answer = client.post(f"{CHECK}/offered", data={"csrf_token": mark(page), "next": back, "do": choice})
    assert (answer.status_code, answer.headers["Location"]) == (302, START)
    return client.get(START).text


def filled(client: FlaskClient) -> str:
    """Start the application, and return the page of the task to fill it in."""
    page = client.get(START).text
    assert "自查的回答已带入" in page
    unit = re.search(r'<option value="(\w+)"[^>]*>[^<]*天山区', page)
    assert unit
    begun = client.post(
        START,
        data={
            "csrf_token": mark(page), "parent": "1", "channel": "online", "district": "tianshan", "voluntary": "true",
            "audit_unit": unit[1],
        },
    )  # fmt: skip
    assert begun.status_code == 302, re.sub(r"<[^>]+>", " ", begun.text.partition("<main")[2])[:600]
    case = client.get(begun.headers["Location"]).text
    task = re.search(r'href="(/tasks/\d+)"', case.partition("您现在要做的")[2])
    assert task
    return client.get(task[1]).text + client.get(task[1]).text


def test_who_is_signed_in_finds_them_in_the_application(demo: Flask) -> None:
    client = play(demo, "org.11")
    status, where, _ = taken(client)
    assert (status, where) == (302, START)
    assert '<option value="tianshan" selected>' in client.get(START).text, "the place is asked once"
    page = filled(client)
    assert page.count('value="2001-05-06"') == 2  # at first, and again as a draft
    assert page.count("自查的回答已带入") == 1


def test_a_visitor_signs_in_first_and_nothing_is_stored_before(demo: Flask) -> None:
    desk = demo.extensions[DESK]
    with desk.store.write() as tx:
        person = tx.people.by_login("org.12")
        assert person is not None
        tx.people.change(person.id, password=hash_password(PASSWORD))
    client = demo.test_client()
    with desk.store.statements() as seen:
        status, _, page = taken(client)
    assert not [sql for sql, _ in seen if sql.startswith(("INSERT", "UPDATE")) and "attempt" not in sql]
    assert (status, "带入申报表" in page) == (200, True)
    kept = html.unescape(page.split('name="kept" value="')[1].split('"')[0])
    form = {"login": "org.12", "password": PASSWORD, "next": START, "kept": kept, "csrf_token": mark(page)}
    assert client.post("/sign-in", data=form).headers["Location"] == START
    settled(client)
    assert 'value="2001-05-06"' in filled(client)


def test_answers_for_another_place_are_not_shown(demo: Flask) -> None:
    client = play(demo, "qy.org.04")
    taken(client)
    page = client.get("/start/urumqi/quality_award/application?parent=1").text
    assert "自查的回答" not in page or "天山" in page
    own = client.get("/").headers["Location"]
    task = re.search(r'href="(/tasks/\d+)"', client.get(own).text)
    assert task
    assert "自查的回答" not in client.get(task[1]).text


def answered_by_somebody(demo: Flask) -> FlaskClient:
    """A browser in which a visitor answered and went away, and another person signed in by another page."""
    client = demo.test_client()
    taken(client)
    page = client.get("/portal").text
    assert client.post("/demo/play", data={"person": "org.09", "csrf_token": mark(page)}).status_code == 302
    return client


def test_who_signs_in_next_is_asked_and_nothing_of_it_is_stored_before(demo: Flask) -> None:
    client, desk = demo.test_client(), demo.extensions[DESK]
    taken(client)
    page = client.get("/portal").text
    with desk.store.statements() as seen:
        client.post("/demo/play", data={"person": "org.09", "csrf_token": mark(page)})
        offer = client.get(START).text
    assert "2001-05-06" not in str([values for _, values in seen])
    said = re.sub(r"<[^>]+>", "", offer.partition(f'action="{CHECK}/offered"')[2].partition("</form>")[0])
    assert "登录前有人在" in said
    assert "填写了自查，答了 2 项" in said
    assert 'value="2001-05-06"' not in offer
    assert '<option value="tianshan" selected>' not in offer
    assert "自查的回答已带入" in settled(client)
    assert client.get_cookie(ANSWERS) is None


def test_what_is_not_theirs_is_dropped_with_one_press(demo: Flask) -> None:
    client = answered_by_somebody(demo)
    page = settled(client, "drop")
    assert (client.get_cookie(ANSWERS), "自查" in page.partition("<main")[2]) == (None, False)


def test_signing_out_drops_them(demo: Flask) -> None:
    client = answered_by_somebody(demo)
    client.post("/sign-out", data={"csrf_token": mark(client.get(START).text)})
    assert client.get_cookie(ANSWERS) is None


def test_after_two_hours_the_browser_has_none_any_more(demo: Flask) -> None:
    desk = demo.extensions[DESK]
    client = answered_by_somebody(demo)
    given = desk.clock.now()
    for passed, offered in ((LASTS - timedelta(minutes=5), True), (LASTS + timedelta(minutes=1), False)):
        answers = CarriedAnswers("urumqi/quality_award", "application", START, (("a", "b"),), given - passed)
        client.set_cookie(ANSWERS, packed(answers.text()))
        assert (f'action="{CHECK}/offered"' in client.get(START).text) is offered
    unstamped = orjson.dumps([pair for pair in orjson.loads(answers.text()) if pair[0] != AT]).decode()
    client.set_cookie(ANSWERS, packed(unstamped))
    assert f'action="{CHECK}/offered"' not in client.get(START).text, "nobody knows how old they are"


def test_the_browser_keeps_them_for_two_hours_and_reads_nothing_else(demo: Flask) -> None:
    client = demo.test_client()
    taken(client)
    cookie = client.get_cookie(ANSWERS)
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site, cookie.max_age) == (True, "Lax", 7200)
    page = client.get("/register-organisation/urumqi").text
    assert "带上自查的回答" in page, "who comes there by another way is offered them too"
    assert 'name="take" value="yes">' in page, "and takes none along that they did not choose"
    text = unpacked(cookie.value)
    assert (packed(text), read_answers(text) is not None) == (cookie.value, True)
    bomb = urlsafe_b64encode(zlib.compress(b"[" * 50_000_000)).decode()
    assert [unpacked(one) for one in ("", "x", "AAAA", cookie.value[:-8], bomb)] == [""] * 5
    assert packed("".join(map(chr, range(0x4E00, 0x9000)))) == ""
    assert packed("长" * 25_000) == "", "what is not read back is not kept"


def kept_on(page: str) -> str:
    return html.unescape(page.split('name="kept" value="')[1].split('"')[0])


def registered(client: FlaskClient, page: str, kept: str, **changed: str) -> str:
    """Register an organisation of 乌鲁木齐 from a page that asks for it; returns the answer."""
    body = re.findall(r'<option value="(\d+)"', page)[0]
    form = {
        "csrf_token": mark(page), "kept": kept, "name": "自查后注册的公司", "code": "91650100MA7790001Y", "contact": "周平",
        "telephone": "0991-1234567", "email": "zhou@example.cn", "body": body, "acknowledged": "yes", **changed,
    }  # fmt: skip
    return client.post("/register-organisation/urumqi", data=form).text


def test_an_organisation_without_an_account_registers_and_finds_them_in_its_application(demo: Flask) -> None:
    client, desk = demo.test_client(), demo.extensions[DESK]
    _, _, page = taken(client)
    assert 'action="/register-organisation/urumqi/answers"' in page
    again = {"login": "nobody", "password": "wrong", "next": START, "kept": kept_on(page), "csrf_token": mark(page)}
    page = client.post("/sign-in", data=again).text
    assert "登录已失效" not in page, "nobody was signed in before"
    asks = {"kept": kept_on(page), "csrf_token": mark(page)}
    page = client.post("/register-organisation/urumqi/answers", data=asks).text
    assert "带上自查的回答" in page
    refused = registered(client, page, kept_on(page), take="yes", email="")
    assert kept_on(refused) == kept_on(page), "what is wrong in the form loses no answer"
    assert "自查的回答已随申请保存" in registered(client, page, kept_on(page), take="yes")

    with desk.store.read() as tx:
        (row,) = tx.registrations.select(code="91650100MA7790001Y", jurisdiction="urumqi", state="waiting")
    assert "2001-05-06" in row.answers
    office = play(demo, "office.wang")
    office.post(f"/registrations/{row.id}/accept", data={"csrf_token": mark(office.get("/registrations").text)})
    with desk.store.read() as tx:
        mail = tx.mail.find(effect_key=f"registration:{row.id}:result")
    link = re.search(r"password#(\S+)", mail.text if mail else "")
    assert link
    word = {"code": link[1], "telephone": "0991-1234567", "new": PASSWORD, "again": PASSWORD, "csrf_token": mark(page)}
    page = client.post("/register-organisation/password", data=word).text
    assert "自查的回答带入申报表" in page
    with desk.store.read() as tx:
        assert tx.registrations.get(row.id).answers == ""
    form = {"login": "91650100ma7790001y", "password": PASSWORD, "next": START, "kept": kept_on(page)}
    assert client.post("/sign-in", data={**form, "csrf_token": mark(page)}).headers["Location"] == START
    settled(client)
    assert 'value="2001-05-06"' in filled(client)


def test_a_registration_keeps_only_answers_that_its_place_asked_for_and_who_asks_takes_along(demo: Flask) -> None:
    client, desk = demo.test_client(), demo.extensions[DESK]
    _, _, page = taken(client)
    kept = kept_on(page)
    assert "带上自查的回答" not in client.post(
        "/register-organisation/ganzhou/answers", data={"kept": kept, "csrf_token": mark(page)}
    ).text  # fmt: skip
    page = client.get("/register-organisation/urumqi").text
    assert "已随申请保存" not in registered(client, page, kept, email="a@example.cn")
    assert "已随申请保存" not in registered(client, page, "[[1]]", email="b@example.cn", take="yes")
    with desk.store.read() as tx:
        assert {
            row.answers
            for row in tx.registrations.select(code="91650100MA7790001Y", jurisdiction="urumqi", state="waiting")
        } == {""}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = demonstration(tmp_path_factory.mktemp("taken"))
    yield app
    app.extensions[DESK].store.close()


@pytest.mark.parametrize(
    "at", ["9999-12-31T23:00:00+00:00", "0001-01-01T00:00:00+14:00", "2026-03-02", "2126-03-02T01:00:00Z"]
)
def test_no_time_that_a_browser_says_breaks_the_page(demo: Flask, at: str) -> None:
    client = answered_by_somebody(demo)
    own = [
        ("_carried_for", f"urumqi/quality_award application {START}"),
        ("_carried_at", at),
        ("organisation.district", "tianshan"),
    ]
    client.set_cookie(ANSWERS, packed(orjson.dumps(own).decode()))
    page = client.get(START)
    assert (page.status_code, f'action="{CHECK}/offered"' in page.text) == (200, False)
    desk = demo.extensions[DESK]
    token = client.get_cookie(SESSION)
    assert token is not None
    change_session(desk, token.value, lambda details: details.update(offered_answers=orjson.dumps(own).decode()))
    assert client.get(START).status_code == 200
