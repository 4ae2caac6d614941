"""A search has an address that can be kept and shared; numbers of people stand in none: no form, link or redirect."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote_plus, urlsplit

import pytest
from flask import request
from lxml import html

from service.casework.access.actor import SYSTEM_ADMINISTRATOR, Actor, Seat
from service.casework.archives.gather import Masks
from service.casework.desk.clock import VirtualClock
from service.casework.desk.desk import Desk
from service.store import Store
from service.web.frame.requests.list_query import HEADER, WORDS
from tests.support.browsers import Browse, Browser, make_app
from tests.support.crawl import Crawl
from tests.support.desks import Bench
from tests.support.half_seasons import season
from tests.support.officers import officer

TEMPLATES = Path(__file__).parents[3] / "service/web/templates"
NAMED_NOBODY = (
    "{{ action }}", "/register", "/monitor/retention", "/monitor/timers", "/monitor", "/law/compare", "{{ base }}", "{{ option.url|replace(",
    "{{ '/portal/' ~ jurisdiction if jurisdiction else '/portal' }}", "{{ here }}/parameter", "{{ editors }}/parameters",
    "{{ editors }}/scenarios/edit#expectations", "{{ files }}",
)  # fmt: skip
"""What is asked for by an address: filters by choice and day, articles, parameters and scenarios of drafts, and what is public to everybody."""


@dataclass
class Looked:
    """A season that people look through with a browser."""

    desk: Desk
    clock: VirtualClock
    people: dict[str, int]
    office: Actor


def _of_the_first_body() -> Actor:
    return Actor(None, "", (Seat("*", SYSTEM_ADMINISTRATOR, 1, "", "", "office"),))


def typed_into(browser: Browser, page: str, words: str) -> str:
    """Type ``words`` into the field of search of ``page``, send its form, and return the address that it leads to."""
    found = html.fromstring(browser.get(page).data)
    *_, form = [one for one in found.forms if one.get("role") == "search" and WORDS in one.fields]
    assert (form.method, form.action) == ("POST", "/sought")
    form.fields[WORDS] = words
    answer = browser.client.post(form.action, data=dict(form.form_values()))
    assert answer.status_code == 303
    return answer.headers["Location"]


def addresses(page: str) -> list[str]:
    found = html.fromstring(page).xpath("//@href | //@src | //@action | //@formaction | //@hx-get")
    return [unquote_plus(one) for one in found if not one.startswith("#")]


PAGES = (
    ("office", "/tasks?scope=visible"), ("office", "/tasks/done"), ("office", "/tasks/passed-on"),
    ("office", "/cases?live=1"), ("office", "/search"), ("office", "/experts"), ("admin", "/people"), ("admin", "/book"),
    ("office", "/log"),
    ("admin", "/monitor/interventions?kind=suspend"),
)  # fmt: skip


@pytest.mark.parametrize(("login", "page"), PAGES)
def test_a_search_has_an_address_to_keep_and_to_share(browse: Browse, login: str, page: str) -> None:
    who = browse(login)
    to = typed_into(who, page, "周小平")
    asked = parse_qs(urlsplit(to).query)
    assert asked[WORDS] == ["周小平"]
    assert {name: asked.get(name) for name in parse_qs(urlsplit(page).query)} == parse_qs(urlsplit(page).query)
    assert "周小平" in who.get(to).text, "the field goes on to say what was looked for"
    assert browse(login).get(to).status_code == 200


@pytest.mark.parametrize("words", ["13912345678", "139 1234 5678", "0908-4221234", "65300119800101123X", "1391234"])
@pytest.mark.parametrize(("login", "page"), [PAGES[0], PAGES[4], PAGES[6]])
def test_a_number_of_a_person_stands_in_no_address(browse: Browse, login: str, page: str, words: str) -> None:
    who = browse(login)
    to = typed_into(who, page, words)
    narrowed = who.get(to)
    assert narrowed.status_code == 200
    assert words not in unquote_plus(to)
    assert [one for one in addresses(narrowed.text) if words in one] == []
    assert words in narrowed.text, "the field goes on to say what was looked for"
    shared = browse(login).get(to)
    assert (shared.status_code, words in shared.text) == (422, False), "another session does not know it"
    assert who.get(f"{urlsplit(page).path}?q={quote(words)}").status_code == 422


@pytest.mark.parametrize("words", ["2026-0001", "2026-03-09", "91650100MA7ABCDE12", "天山机械"])
def test_numbers_of_cases_and_organisations_and_days_are_no_secret(browse: Browse, words: str) -> None:
    assert parse_qs(urlsplit(typed_into(browse("office"), "/cases", words)).query)[WORDS] == [words]


def test_what_is_typed_narrows_the_list_as_its_address_does_from_then_on(bench: Bench, browse: Browse) -> None:
    admin = browse("admin")
    with bench.desk.store.read() as tx:
        wanted = tx.people.get(bench.people["second"])
    assert wanted
    found = admin.get(typed_into(admin, "/people", wanted.login)).text
    assert re.findall(r'<tr><td><a href="/people/(\d+)"', found) == [str(wanted.id)]
    link = re.search(r'href="(/people\?q=[^"]+format=xlsx)"', found)
    assert link
    assert admin.get(unescape(link[1])).status_code == 200


def test_a_form_of_search_leads_to_lists_alone(browse: Browse) -> None:
    office = browse("office")
    for elsewhere in ("https://example.cn/tasks", "//example.cn", "/sign-out", "/tasks/1", "/cases#variables", ""):
        answer = office.post("/sought", {"sought_on": elsewhere, WORDS: "周小平"})
        assert answer.status_code == 404, elsewhere
    assert office.post("/sought", {"sought_on": "/tasks"}).headers["Location"] == "/tasks"


@pytest.mark.parametrize("path", ["search", "people", "experts", "cases", "tasks", "tasks/done"])
def test_programs_send_them_in_a_header_and_never_in_the_address(browse: Browse, path: str) -> None:
    who = browse("admin" if path == "people" else "office")
    here = f"/api/v1/{path}"
    assert who.client.get(here, headers={HEADER: quote("周小平")}).status_code == 200
    refused = who.get(f"{here}?q={quote('周小平')}")
    assert (refused.status_code, HEADER in refused.get_json()["detail_zh"]) == (422, True)
    assert "周小平" not in refused.text
    [told] = [
        p for p in who.get("/api/v1/openapi.json").json["paths"][here]["get"]["parameters"] if p["name"] == HEADER
    ]
    assert told["in"] == "header"


def test_every_form_that_asks_by_its_address_names_nobody() -> None:
    asked, bars = set(), set()
    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text("utf-8")
        for tag in re.findall(r"<form\b[^>]*method=\"get\"[^>]*>", text):
            asked.update(re.findall(r'action="([^"]*)"', tag.partition("{% else %}")[2] or tag))
        for called in re.findall(r"ui\.filter_bar\(.*", text):
            if "names=true" not in called:
                bars.add(template.parts[len(TEMPLATES.parts)])
    assert {one for one in asked if not one.startswith(NAMED_NOBODY)} == set()
    assert bars == {"law", "studio"}


def test_no_address_of_a_season_holds_a_telephone(sqlite_store: Store) -> None:
    """Every address that pages offer or lead to while a season is looked through, as a log of accesses would hold it."""
    stage = season("yining/quality_award", "clean", sqlite_store, 4)
    values: set[str] = set()
    with stage.desk.store.read() as tx:
        for case in range(1, 40):
            rows = tx.forms.of_case(case)
            values |= set(Masks([(stage.desk.packages.form(stage.package, row.form), row.data) for row in rows]).values)
        people = tx.people.everybody()
    values = {value for value in values if re.fullmatch(r"[\d-]{7,}[\dXx]?", value)}
    assert values
    place = Looked(stage.desk, stage.clock, {p.login: p.id for p in people}, _of_the_first_body())
    asked: list[str] = []
    app = make_app(place)  # type: ignore[arg-type]
    app.before_request(lambda: asked.append(unquote_plus(request.full_path)))
    officer(place, SYSTEM_ADMINISTRATOR)  # type: ignore[arg-type]
    for login in (SYSTEM_ADMINISTRATOR, people[0].login):
        who = Browser(app, place, login)  # type: ignore[arg-type]
        for value in sorted(values)[:1]:
            for page in ("/people", "/cases", "/search", "/tasks"):
                if who.get(page).status_code == 200:
                    asked += addresses(who.get(typed_into(who, page, value)).text)
        crawl = Crawl(who)
        crawl.run(3)
        asked += map(unquote_plus, crawl.pages)
    assert any(WORDS in parse_qs(urlsplit(one).query) for one in asked)
    assert {value for value in values for one in asked if value in one} == set()
