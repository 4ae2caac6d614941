"""What is refused stands in the book: an entry a minute of each person and kind of act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from service.store import Store
from service.store.models import ActRow, IncidentRow
from service.web.frame.requests.current import DESK
from service.web.frame.requests.refusals import ACTS, VISITOR_ACTS, VISITORS, _Entered, enter_refusals
from tests.support.browsers import Browser, make_app
from tests.support.desks import Bench, make_bench
from tests.support.log import broken_in
from tests.support.officers import officer
from tests.support.statements import statements_of
from tests.unit.web.test_pace import Watch


@pytest.fixture
def bench(store: Store) -> Bench:
    """The small award on both databases."""
    return make_bench(store)


@pytest.fixture
def watch() -> Watch:
    return Watch()


def refused(bench: Bench) -> list[ActRow]:
    with bench.desk.store.read() as tx:
        return [row for row in tx.acts.select(after=0, limit=1_000) if row.outcome != "done"]


def opened(bench: Bench, watch: Watch, login: str | None) -> Browser:
    app = make_app(bench)
    enter_refusals(app, watch)
    return Browser(app, bench, login)


def test_what_an_applicant_may_not_do_is_entered_once_a_minute(bench: Bench, watch: Watch) -> None:
    browser = opened(bench, watch, "applicant")
    assert [browser.get("/people").status_code for _ in range(5)] == [403] * 5
    (first,) = refused(bench)
    assert (first.chain, first.action, first.outcome) == ("refusal", "people.view", "not_allowed")
    assert (first.person_id, first.origin) == (bench.people["applicant"], "127.0.0.1")
    watch.now += 61
    assert browser.get("/people").status_code == 403
    assert len(refused(bench)) == 2


def test_forged_forms_and_fields_that_nobody_describes_are_entered(bench: Bench, watch: Watch) -> None:
    browser = opened(bench, watch, "office")
    assert browser.client.post("/account", data={"email": "a@example.cn"}).status_code == 403
    answer = browser.send("POST", "/api/v1/tasks/1/urge", {"words": "", "role": "admin"})
    assert (answer.status_code, answer.json["errors"][0]["path"]) == (422, "role")
    assert [(row.action, row.outcome) for row in refused(bench)] == [
        ("profile.change", "stale_form"),
        ("task.urge", "invalid"),
    ]


def test_a_case_of_another_city_or_organisation_is_refused_and_entered_with_its_number(
    bench: Bench, watch: Watch
) -> None:
    case_id = bench.started()
    officer(bench, "system_admin", "elsewhere")
    for login in ("stranger", "system_admin"):
        browser = opened(bench, watch, login)
        assert browser.get(f"/cases/{case_id}").status_code == 403
        row = refused(bench)[-1]
        assert (row.chain, row.person_id, row.outcome) == ("refusal", bench.people[login], "not_allowed")
        assert row.data["asked"] == {"case_id": case_id}
    assert broken_in(bench.desk) == []


def test_visitors_are_entered_by_their_address_and_who_must_sign_in_is_not(bench: Bench, watch: Watch) -> None:
    browser = opened(bench, watch, None)
    assert browser.get("/tasks").status_code == 302
    assert refused(bench) == []
    assert browser.client.post("/sign-in", data={}).status_code == 403
    (row,) = refused(bench)
    assert (row.person_id, row.origin, row.outcome) == (None, "127.0.0.1", "stale_form")


def test_what_is_let_in_asks_the_database_nothing_more(bench: Bench, watch: Watch) -> None:
    browser = opened(bench, watch, "office")
    costs = []
    for _ in range(2):
        browser.get("/tasks")
        with statements_of(bench.desk.store) as seen:
            assert browser.get("/tasks").status_code == 200
        costs.append(len(seen))
        assert not [sql for sql, _ in seen if "act_head" in sql]
        assert browser.get("/people").status_code == 403
    assert costs[0] == costs[1], "what was refused within this minute is not entered by what comes after it"


def test_acts_of_the_book_that_are_refused_are_entered_with_whom_they_concerned(bench: Bench, watch: Watch) -> None:
    browser, own = opened(bench, watch, "admin"), bench.people["admin"]
    before = len(refused(bench))
    for _ in range(6):
        sent = browser.post(f"/people/{own}/second-factor/remove", {"reason": "甲" * 4_000})
        assert sent.status_code == 403, sent.text
    (first,) = refused(bench)[before:]
    assert (first.action, first.person_id, first.outcome) == ("rights.change", own, "not_allowed")
    assert len(first.data["reason"]) < 400
    assert broken_in(bench.desk) == []


def test_what_a_page_shows_as_refused_is_entered_with_its_address(bench: Bench) -> None:
    officer(bench, "administrator", "elsewhere")
    said = {"zh": "收件服务器不接受邮箱", "en": "an address is refused"}
    with bench.desk.store.write() as tx:
        incident = IncidentRow(
            jurisdiction="testville", kind="mail", what=said, consequence=said, remedy=said, since=bench.clock.now()
        )
        tx.incidents.open(incident)
    browser = Browser(make_app(bench), bench, "administrator")
    assert browser.post("/monitor/incidents/1/settle", {"act": "one"}).status_code == 302
    (row,) = refused(bench)
    assert (row.action, row.outcome, row.origin) == ("incident.retry", "not_allowed", "127.0.0.1")


def test_where_the_book_cannot_be_written_the_answer_stands_and_the_log_has_a_line(
    sqlite_url: str, open_store: Callable[[str], Store], watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    bench = make_bench(open_store(sqlite_url))
    browser = opened(bench, watch, "applicant")
    file = sqlite_url.removeprefix("sqlite:///")
    away = replace(bench.desk, store=open_store(f"sqlite:///file:{file}?mode=ro&uri=true"))
    browser.app.extensions[DESK] = away
    assert [browser.get("/people").status_code for _ in range(3)] == [403] * 3
    told = [record.getMessage() for record in caplog.records if "not in the book" in record.getMessage()]
    assert len(told) == 1, "not with every refusal"
    assert told[0].startswith("a refusal of people.view is not in the book: 系统正处于只读状态")


def test_a_database_that_cannot_be_reached_makes_a_refusal_no_failure(sqlite_store: Store, watch: Watch) -> None:
    bench = make_bench(sqlite_store)
    browser = opened(bench, watch, None)
    store = Store(
        "postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=1", bench.desk.store.files.root or Path()
    )
    browser.app.extensions[DESK] = replace(bench.desk, store=store)
    assert browser.client.post("/sign-in", data={}).status_code == 403


def test_a_flood_of_visitors_is_bounded_and_hides_no_person(watch: Watch) -> None:
    entered = _Entered(watch)
    visitors = [(f"10.0.{n // 250}.{n % 250}", f"action.{act}") for n in range(1_000) for act in range(5)]
    assert sum(entered.admits(*one) for one in visitors) == VISITORS
    assert sum(entered.admits(1, f"action.{n}") for n in range(500)) == ACTS
    assert entered.admits(2, "people.view")
    watch.now += 61
    assert [entered.admits("10.0.0.1", f"action.{n}") for n in range(5)] == [True] * VISITOR_ACTS + [False] * 2
