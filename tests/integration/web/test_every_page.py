"""Every page opens for whom it is meant, in both languages, and is refused with a sentence to others."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest

from service.casework.access.actor import DESIGNER
from tests.support.browsers import Browse, Browser
from tests.support.desks import PACKAGE, Bench
from tests.support.records import hold_seat

OFFERED = re.compile(r'href="(/(?:cases|tasks|notes|start)[^"#]*)"')

PAGES = {
    "visitor": ["/portal", "/portal/testville", f"/portal/{PACKAGE}/regulation",
                "/personal-information", "/personal-information/testville", "/register-organisation", "/register-organisation/testville",
                "/sign-in", "/api/v1/openapi.json", "/api/v1/notices"],
    "applicant": ["/tasks", "/cases", "/start", f"/start/{PACKAGE}/application", "/cases/1", "/tasks/1", "/inbox", "/password", "/seats",
                  "/cases/1/forms/1", "/cases/1/actions/withdraw", "/cases/1/process", "/cases/1/diagram.bpmn", "/cases/1/diagram.json",
                  "/notices/1"],
    "office": ["/tasks", "/tasks/done", "/deputies", "/monitor/report?part=ratings", "/home", "/cases/1/notes", "/tasks/2/delegate", "/tasks/asked",
               "/tasks/passed-on", "/registrations",
               "/tasks/bulk/rest?do=complete&task=2",
               "/tasks?scope=visible&due=late&q=x", "/tasks/2", "/cases", "/cases/1", "/cases/1/process", "/cases/1/forms/2", "/monitor", "/monitor/timers",
               f"/monitor/report?part=heat&package={PACKAGE}&process=testville_application", "/notices/1/correct", "/tasks/new?scope=mine&since=0",
               "/api/v1/tasks", "/api/v1/tasks/2", "/api/v1/cases", "/api/v1/cases/1", "/api/v1/definitions", "/api/v1/notices/1"],
    "admin": ["/people", "/people/new", "/people/bodies", "/people/1", "/people/requests", "/account",
              "/account/second-factor", "/account/sessions", "/account/data", "/account/passkeys", "/deputies", "/permissions", "/monitor",
              "/account/identity",
              "/cases/1/interventions?kind=suspend", "/cases/1", "/cases/1/interventions",
              "/cases/1/interventions?kind=change_due", "/monitor/incidents", "/monitor/interventions?kind=suspend", "/tasks?scope=visible"],
}  # fmt: skip


@pytest.fixture
def season(bench: Bench) -> Bench:
    """An application whose notice is running."""
    bench.decided()
    return bench


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("who", PAGES)
def test_every_page_opens_for_whom_it_is_meant(season: Bench, browse: Browse, who: str, language: str) -> None:
    browser = browse(None if who == "visitor" else who)
    browser.get(f"/language?to={language}")
    for path in PAGES[who]:
        answer = browser.get(path)
        assert answer.status_code == 200, (path, answer.status_code, re.sub(r"\s+", " ", answer.text)[:1500])
        assert answer.headers["Cache-Control"] == "no-store", path
        if "<html" in answer.text:
            assert brand(answer.text) == {"zh": "测试市质量奖", "en": "Testville Prize"}[language], path


def brand(page: str) -> str:
    """Return what the header of a page says."""
    return page.partition('class="brand"')[2].partition("</a>")[0].rpartition(">")[2]


def test_pages_offer_nothing_that_the_reader_may_not_do(season: Bench, browse: Browse) -> None:
    office, admin = browse("office").get("/monitor").text, browse("admin").get("/monitor").text
    assert 'href="/monitor/interventions"' not in office
    assert 'href="/monitor/interventions"' in admin
    assert browse("office").get("/monitor/interventions").status_code == 403
    notice = {who: browse(who).get("/notices/1").text for who in ("office", "admin")}
    refused = browse("admin").get("/notices/1/correct").status_code == 403
    assert "/notices/1/correct" in notice["office"]
    assert refused is ("/notices/1/correct" not in notice["admin"])


def test_who_designs_is_offered_no_list_of_cases_and_no_notes(season: Bench, browse: Browse) -> None:
    with season.desk.store.write() as tx:
        seat = season.office.seats[0]
        hold_seat(tx, season.people["stranger"], seat.body_id, seat.jurisdiction, DESIGNER, season.clock.now())
        (held,) = [one for one in tx.memberships.select(person_id=season.people["stranger"]) if one.role != DESIGNER]
        tx.memberships.change(held.id, until=season.clock.now())
    who = browse("stranger")
    offered = {href for page in ("/tasks", "/inbox", "/portal") for href in OFFERED.findall(who.get(page).text)}
    offered |= set(OFFERED.findall(who.letters()))
    refused = {path for path in offered if who.get(path).status_code == 403}
    assert "/tasks/done" in offered
    assert refused == set()


@pytest.mark.parametrize(
    ("login", "place"),
    [
        ("admin", "/monitor/report?part=heat"),
        ("office", "/cases/{case}/process"),
        ("admin", f"/law/{PACKAGE}/diagrams/testville_application"),
        (None, f"/portal/{PACKAGE}/regulation"),
    ],
)
def test_a_page_with_a_diagram_has_its_picture(
    bench: Bench, browse: Callable[..., Browser], login: str | None, place: str
) -> None:
    case = bench.started()
    reader = browse(login)
    page = reader.get(place.format(case=case))
    assert page.status_code == 200
    found = re.search(r'<noscript><img src="([^"]+)" alt="([^"]+)"></noscript>', page.text)
    assert found, "an empty box without script"
    drawn = reader.get(unescape(found[1]))
    assert (drawn.status_code, drawn.mimetype) == (200, "image/svg+xml")
    assert drawn.text.startswith("<svg")
    assert drawn.text.count("<text") > 3
