"""Who asks too often is refused with a sentence, and nothing is done; others go on."""

import logging
from collections.abc import Callable

import pytest

from service.casework.people.factors.sessions import open_session
from service.settings import read_settings
from service.web.frame.requests.request_pace import limit_requests
from tests.support.browsers import Browser, make_app, settings_for_tests
from tests.support.desks import Bench
from tests.unit.web.test_pace import Watch


@pytest.fixture
def watch() -> Watch:
    return Watch()


def limited(bench: Bench, watch: Watch, **limits: str) -> Callable[[str | None], Browser]:
    """Return what opens browsers of an application with ``limits`` and the clock ``watch``."""
    app = make_app(bench)
    limit_requests(app, settings_for_tests(**limits), watch)
    return lambda login: Browser(app, bench, login)


def test_one_person_waits_and_another_goes_on(bench: Bench, watch: Watch, caplog: pytest.LogCaptureFixture) -> None:
    browse = limited(bench, watch, LAUREL_REQUESTS_PER_PERSON="6")
    office, other = browse("office"), browse("second")
    with caplog.at_level(logging.WARNING, "laurel.web"):
        answers = [office.get("/tasks") for _ in range(9)]
    assert [answer.status_code for answer in answers] == [200] * 6 + [429] * 3
    assert answers[-1].headers["Retry-After"] == "10"
    assert "请返回上一页，10 秒后再试" in answers[-1].text
    assert [record.getMessage() for record in caplog.records] == ["too many requests: person"], "one line, and no name"
    assert other.get("/tasks").status_code == 200
    watch.now += 10
    assert office.get("/tasks").status_code == 200


def test_pages_and_calls_of_one_person_are_counted_together(bench: Bench, watch: Watch) -> None:
    browse = limited(bench, watch, LAUREL_REQUESTS_PER_PERSON="3")
    office, client = browse("office"), browse(None).client
    headers = {"Authorization": f"Bearer {open_session(bench.desk, bench.people['office'], 12)}"}
    assert office.get("/tasks").status_code == 200
    assert [client.get("/api/v1/tasks", headers=headers).status_code for _ in range(3)] == [200, 200, 429]
    refused = client.get("/api/v1/tasks", headers=headers)
    assert (refused.json["code"], refused.headers["Retry-After"]) == ("too_many_requests", "20")
    assert office.get("/tasks").status_code == 429


def test_an_address_waits_before_anybody_looks_who_asks(bench: Bench, watch: Watch) -> None:
    browse = limited(bench, watch, LAUREL_REQUESTS_PER_ADDRESS="5")
    visitor, office = browse(None), browse("office")
    assert [visitor.get("/portal").status_code for _ in range(6)] == [200] * 5 + [429]
    assert office.get("/tasks").status_code == 429
    assert office.get("/tasks", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 200
    assert visitor.get("/livez").status_code == 200, "supervisors are always answered"


def test_the_addresses_of_one_line_are_one_sender(bench: Bench, watch: Watch) -> None:
    visitor = limited(bench, watch, LAUREL_REQUESTS_PER_ADDRESS="2")(None)

    def ask(address: str) -> int:
        return visitor.get("/portal", environ_base={"REMOTE_ADDR": address}).status_code

    assert [ask(f"2001:db8:1:2::{n}") for n in range(3)] == [200, 200, 429]
    assert ask("2001:db8:1:3::1") == 200, "another line"


def test_what_decides_is_done_no_faster_than_it_can_be_read(bench: Bench, watch: Watch) -> None:
    browse = limited(bench, watch, LAUREL_ACTS_PER_PERSON="60")
    admin = browse("admin")
    there = f"/people/{bench.people['office']}/active"
    mark = admin.mark()
    told = [admin.client.post(there, data={"csrf_token": mark, "active": "x"}).status_code for _ in range(32)]
    assert told[:30].count(429) == 0
    assert told[30:] == [429, 429]
    assert admin.get("/people").status_code == 200, "reading goes on"
    watch.now += 1
    assert admin.client.post(there, data={"csrf_token": mark, "active": "x"}).status_code != 429


def test_it_is_on_by_itself_and_off_in_a_demonstration(bench: Bench, watch: Watch) -> None:
    assert read_settings({}).requests == (6000, 1200, 120)
    browse = limited(bench, watch, LAUREL_REQUESTS_PER_ADDRESS="1", LAUREL_DEMO="1")
    assert [browse(None).get("/portal").status_code for _ in range(4)] == [200] * 4
