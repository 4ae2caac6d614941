"""Words that people are looked for by stand in no address: not in a form, a link, a redirect or a program's request."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote_plus, urlsplit

import pytest
from flask import request
from lxml import html

from service.casework.access.actor import SYSTEM_ADMINISTRATOR, Actor, Seat
from service.casework.archives.masks import Masks
from service.casework.desk.clock import VirtualClock
from service.casework.desk.desk import Desk
from service.store import Store
from service.web.frame.requests.sought import HEADER, WORDS
from tests.support.browsers import Browser, make_app
from tests.support.crawl import Crawl
from tests.support.desks import Bench
from tests.support.half_seasons import season
from tests.support.officers import officer

Browse = Callable[..., Browser]
TEMPLATES = Path(__file__).parents[3] / "service/web/templates"
NAMED_NOBODY = (
    "{{ action }}", "/register", "/monitor/retention", "/monitor/timers", "/monitor", "/law/compare", "{{ base }}/", "{{ option.url|replace(",
    "{{ '/portal/' ~ jurisdiction if jurisdiction else '/portal' }}",
)  # fmt: skip
"""What is asked for by an address: filters by choice and day, articles, and what is public to everybody."""


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
    [form] = [one for one in found.forms if one.get("role") == "search" and WORDS in one.fields]
    assert (form.method, form.action) == ("POST", "/sought")
    form.fields[WORDS] = words
    answer = browser.client.post(form.action, data=dict(form.form_values()))
    assert answer.status_code == 303
    return answer.headers["Location"]


def addresses(page: str) -> list[str]:
    found = html.fromstring(page).xpath("//@href | //@src | //@action | //@formaction | //@hx-get")
    return [unquote_plus(one) for one in found if not one.startswith("#")]


@pytest.mark.parametrize(
    ("login", "page", "words"),
    [
        ("office", "/tasks?scope=visible", "周小平"), ("office", "/tasks/done", "周小平"),
        ("office", "/tasks/passed-on", "周小平"), ("office", "/cases?live=1", "周小平"),
        ("office", "/search", "周小平"), ("office", "/experts", "周小平"), ("admin", "/people", "13912345678"),
        ("admin", "/book", "周小平"), ("admin", "/monitor/interventions?kind=suspend", "周小平"),
    ],
)  # fmt: skip
def test_a_name_that_is_typed_stands_in_no_address(browse: Browse, login: str, page: str, words: str) -> None:
    who = browse(login)
    to = typed_into(who, page, words)
    narrowed = who.get(to)
    assert narrowed.status_code == 200
    assert words not in unquote_plus(to)
    assert [one for one in addresses(narrowed.text) if words in one] == []
    assert words in narrowed.text, "the field goes on to say what was looked for"
    assert typed_into(who, page, words) == to, "an address that serves as a bookmark"
    kept = {name: value for name, value in parse_qs(urlsplit(page).query).items() if name != WORDS}
    assert {name: parse_qs(urlsplit(to).query).get(name) for name in kept} == kept


def test_what_is_typed_narrows_the_list_as_its_address_does_from_then_on(bench: Bench, browse: Browse) -> None:
    admin = browse("admin")
    with bench.desk.store.read() as tx:
        wanted = tx.people.person(bench.people["second"])
    assert wanted
    found = admin.get(typed_into(admin, "/people", wanted.login)).text
    assert re.findall(r'<tr><td><a href="/people/(\d+)"', found) == [str(wanted.id)]
    link = re.search(r'href="(/people\.xlsx\?q=~[^"]+)"', found)
    assert link
    assert admin.get(link[1]).status_code in (200, 302)


def test_somebody_else_s_address_says_nothing(browse: Browse) -> None:
    to = typed_into(browse("admin"), "/people", "周小平")
    spoilt = to[:-4] + ("AAAA" if not to.endswith("AAAA") else "BBBB")
    for who, address in ((browse("office"), to.replace("/people", "/cases")), (browse("admin"), spoilt)):
        answer = who.get(address)
        assert answer.status_code == 422
        assert "打不开" in answer.text
        assert "周小平" not in answer.text


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
    assert bars == {"law", "studio", "styleguide", "styleguide.html"}


def test_no_address_of_a_season_names_anybody(sqlite_url: str, open_store: Callable[[str], Store]) -> None:
    """Every address that pages offer or lead to while a season is looked through, as a log of accesses would hold it."""
    stage = season("yining/quality_award", "clean", open_store(sqlite_url), 4)
    values: set[str] = set()
    with stage.desk.store.read() as tx:
        for case in range(1, 40):
            rows = tx.forms.of_case(case)
            values |= set(Masks([(stage.desk.packages.form(stage.package, row.form), row.data) for row in rows]).values)
        people = tx.people.everybody()
    values |= {value for p in people for value in (p.name, p.email, p.telephone) if value}
    assert len(values) > 5
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
