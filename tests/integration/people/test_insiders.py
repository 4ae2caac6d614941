"""What administrators can do with a browser alone, each by themselves and two together: every page and every form tried."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import handlers
from service.casework.access.actor import (
    AUDIT_ADMINISTRATOR,
    SECURITY_ADMINISTRATOR,
    SYSTEM,
    SYSTEM_ADMINISTRATOR,
    Actor,
)
from service.casework.desk.clock import VirtualClock
from service.casework.desk.desk import Desk
from service.casework.queries.verify_chains import verify_chains
from service.store import Store
from service.store.rows import metadata
from tests.support.ballots import make_hall, paper
from tests.support.browsers import Browser, give_password, make_app
from tests.support.crawl import Crawl
from tests.support.officers import officer
from tests.support.review import BEGIN, DECLARED, SCORED, make_review
from tests.support.turns import in_turn

OFFICES = (SYSTEM_ADMINISTRATOR, SECURITY_ADMINISTRATOR, AUDIT_ADMINISTRATOR)
WHO = [*((office,) for office in OFFICES), *combinations(OFFICES, 2)]
MOST = 60
SECURED = ("ballot", "ballot_roll", "ballot_result", "score_sheet", "stage_score", "panel_member")
"""Votes and scores: no administrator writes any of it, alone or with another."""

RIGHTS = ("membership", "person")
_BOOK = sa.text("select id, chain, seq, hash, data, about, outcome from act where id <= :last order by id")


@dataclass
class Place:
    """Where the three administrators try everything."""

    desk: Desk
    clock: VirtualClock
    people: dict[str, int]
    office: Actor

    def rows(self, tables: Sequence[str]) -> dict[str, list[tuple[Any, ...]]]:
        with self.desk.store._engine.connect() as line:
            return {
                name: sorted(map(tuple, line.execute(sa.select(metadata.tables[name]))), key=repr) for name in tables
            }

    def passwords(self) -> dict[int, str | None]:
        with self.desk.store.read() as tx:
            return {person.id: person.password for person in tx.people.everybody()}

    def roles(self) -> set[tuple[int, str, bool]]:
        with self.desk.store.read() as tx:
            return {
                (row.person_id, row.role, row.until is None)
                for who in self.people.values()
                for row in tx.people.memberships(who, self.clock.now())
            }

    def book(self, last: int) -> list[tuple[Any, ...]]:
        with self.desk.store._engine.connect() as line:
            return list(map(tuple, line.execute(_BOOK, {"last": last})))

    def newest(self) -> int:
        with self.desk.store._engine.connect() as line:
            return int(line.scalar(sa.text("select max(id) from act")) or 0)


@pytest.fixture(params=["votes", "scores"])
def place(request: pytest.FixtureRequest, sqlite_url: str, open_store: Callable[[str], Store], tmp_path: Path) -> Place:
    """Four of nine members have voted, or three experts have scored; the three offices are held by three people."""
    store = open_store(sqlite_url)
    if request.param == "votes":
        hall = make_hall(store, tmp_path / "keys")
        _, ballot = hall.open()
        for member in range(1, 5):
            hall.cast(ballot, member, paper("yyn"))
        found = Place(hall.desk, hall.clock, hall.people, hall.office)
    else:
        handlers.load()
        bench = make_review(store, *BEGIN, DECLARED, SCORED)
        found = Place(bench.desk, bench.stage.clock, {}, bench.actor("office"))
    for office in OFFICES:
        officer(found, office)  # type: ignore[arg-type]
        give_password(found, office)  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize("offices", in_turn(WHO, 3), ids=" and ".join)
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
    assert verify_chains(place.desk, SYSTEM).broken == ()
    if len(offices) == 1:
        assert place.roles() == roles
        own = place.people[offices[0]]
        assert {who: kept for who, kept in place.passwords().items() if who != own and who in passwords} == {
            who: kept for who, kept in passwords.items() if who != own
        }
