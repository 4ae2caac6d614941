"""What administrators of another city can do to a city in which a secret ballot runs: every page, and every form sent."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask

from service.store import Store
from service.store.rows import metadata
from service.web.frame.requests.guarding import OPEN_ENDPOINTS
from tests.integration.web.test_hostile_input import names_read_by_pages
from tests.support.ballots import PACKAGE, TOWN
from tests.support.bare_requests import BareRequests
from tests.support.browsers import PASSWORD, Browser, give_password, make_app
from tests.support.crawl import WORDS, Crawl
from tests.support.insiders import OFFICES, Place, make_place
from tests.support.log import broken_in
from tests.support.officers import officer
from tests.support.samples import sample

THEIRS = "othertown"
"""Where the administrators are; nothing else is there."""
DOING = ("save", "confirm", "close", "remove", "cancel", "publish", "release", "retry", "send", "yes")
"""What buttons of forms say."""
OF_REQUESTS = {"act", "act_head", "attempt", "session", "incident", "work_item"}
"""Tables that every request may write: the book, its pace, its session, and what it tells and looks for."""
OF_THEMSELVES = {"person", "person_setting", "second_factor"}
"""Tables with rows of their own account: each begins with the number of a person."""
TOLD = {"rights_request", "mail", "heartbeat", "wrong_password"}
"""What they ask for in their city and who is told of it, their wrong tries, and that the database was asked whether it takes anything."""
KNOWN = {"jurisdiction": TOWN, "place": TOWN, "package": PACKAGE, "password": PASSWORD, "role": "leading_group"}


@pytest.fixture
def place(sqlite_url: str, open_store: Callable[[str], Store], tmp_path: Path) -> Place:
    """Four of nine members have voted; three people administer another city."""
    found = make_place("votes", open_store(sqlite_url), tmp_path)
    for office in OFFICES:
        officer(found, office, THEIRS, f"other_{office}")  # type: ignore[arg-type]
        give_password(found, f"other_{office}")  # type: ignore[arg-type]
    return found


def forms(app: Flask) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield every address that takes a form, the account of who sends it left out, and three ways to fill in all fields."""
    names = names_read_by_pages()
    for at, rule in enumerate(sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)):
        ours = rule.endpoint in OPEN_ENDPOINTS or rule.rule.startswith(("/account", "/api", "/sign-", "/language"))
        if ours or "POST" not in (rule.methods or ()):
            continue
        chosen = re.sub(r"<any\((\w+)[^)]*\):\w+>", r"\1", rule.rule)
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: KNOWN.get(m[1], "1"), chosen)
        do = DOING[at % len(DOING)]
        for other in ("1", WORDS, "2026-03-20"):
            yield path, {**dict.fromkeys(names, other), **KNOWN, "version": "1", "do": do, "act": do}


def rows(place: Place) -> dict[str, Counter[str]]:
    """Return what stands in the database but for what every request may write."""
    return {
        name: Counter(map(repr, found)) for name, found in place.rows([*metadata.tables.keys() - OF_REQUESTS]).items()
    }


def changed(before: dict[str, Counter[str]], after: dict[str, Counter[str]]) -> tuple[dict[str, Counter[str]], ...]:
    """Return by table the rows that are gone, and those that are new."""
    gone = {name: was - after[name] for name, was in before.items() if was - after[name]}
    return gone, {name: now - before[name] for name, now in after.items() if now - before[name]}


@pytest.mark.parametrize("office", sample(OFFICES, 3))
def test_no_form_that_they_send_touches_the_city(place: Place, office: str) -> None:
    """No row of it is changed or taken out, none is added but of their own account, and the chains hold."""
    who = f"other_{office}"
    app, last = make_app(place), place.newest()  # type: ignore[arg-type]
    before, book = rows(place), place.book(last)
    assert sum(before["ballot_roll"].values()) == 9
    crawl = Crawl(Browser(app, place, who))  # type: ignore[arg-type]
    crawl.run(20)
    requests, answers = BareRequests(Browser(app, place, who)), Counter[int]()  # type: ignore[arg-type]
    for path, form in forms(app):
        answer = requests.send("POST", path, body=urlencode(form).encode())
        answers[answer.status_code] += 1
        assert answer.status_code < 500, (path, answer.get_data(as_text=True)[-600:])
    assert answers[403] > 100
    assert requests.send("GET", "/account").status_code == 200, "they were signed in to the end"
    gone, added = changed(before, rows(place))
    theirs = {name: [*gone.get(name, ()), *added.get(name, ())] for name in OF_THEMSELVES}
    assert [row for found in theirs.values() for row in found if not row.startswith(f"({place.people[who]}, ")] == []
    assert set(gone) <= {"person"}
    assert set(added) <= OF_THEMSELVES | TOLD
    assert (TOWN,) not in place.written("select jurisdiction from rights_request")
    assert place.book(last) == book
    assert broken_in(place.desk) == []
