"""What administrators can do with a browser alone, each by themselves and two together: every page and every form tried."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from service.casework.access.actor import AUDIT_ADMINISTRATOR
from service.store import Store
from tests.support.browsers import Browser, make_app
from tests.support.crawl import Crawl
from tests.support.insiders import OFFICES, Place, make_place
from tests.support.log import broken_in
from tests.support.samples import sample

WHO = [*((office,) for office in OFFICES), *combinations(OFFICES, 2)]
MOST = 60
SECURED = ("ballot", "ballot_roll", "ballot_result", "score_sheet", "stage_score", "panel_member")
"""Votes and scores: no administrator writes any of it, alone or with another."""


@pytest.fixture(params=["votes", "scores"])
def place(request: pytest.FixtureRequest, sqlite_store: Store, tmp_path: Path) -> Place:
    """Four of nine members have voted, or three experts have scored; the three offices are held by three people."""
    return make_place(request.param, sqlite_store, tmp_path)


@pytest.mark.parametrize("offices", sample(WHO, 3), ids=" and ".join)
def test_no_form_of_any_page_touches_a_vote_a_score_or_what_stands_in_the_book(
    place: Place, offices: tuple[str, ...]
) -> None:
    last, secured, passwords, roles = place.newest(), place.rows(SECURED), place.passwords(), place.roles()
    book = place.book(last)
    assert secured["ballot_roll"] or secured["score_sheet"]
    app, sent = make_app(place), 0  # type: ignore[arg-type]
    for office in offices * len(offices):  # what one asks for, the other may confirm
        crawl = Crawl(Browser(app, place, office))  # type: ignore[arg-type]
        crawl.run(MOST)
        sent += len(crawl.sent)
    assert sent > 8
    assert place.rows(SECURED) == secured
    assert place.book(last) == book
    assert broken_in(place.desk) == []
    if len(offices) == 1 or AUDIT_ADMINISTRATOR in offices:  # who watches confirms no right that another asks for
        assert place.roles() == roles
        own = {place.people[office] for office in offices}
        assert {who: kept for who, kept in place.passwords().items() if who not in own and who in passwords} == {
            who: kept for who, kept in passwords.items() if who not in own
        }
