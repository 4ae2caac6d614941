"""Each administrator together with the database administrator, against a vote, a score, the book and a right.

The one writes the tables, the other opens every page and sends every form meanwhile: nothing is decided by what was
written, it is refused or found, and put back it is as it was.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from service.casework.access.acting import acting
from service.casework.access.actor import SECURITY_ADMINISTRATOR, SYSTEM, SYSTEM_ADMINISTRATOR, Actor
from service.casework.access.altered_state import RowAltered
from service.casework.ballots.cast_vote import cast_vote
from service.casework.digests.demand import RecordsAltered
from service.casework.people.accounts.accounts import reset_password
from service.casework.people.rights.decide_rights import confirm_rights
from service.casework.review.results import collect_scores
from service.casework.soundness.newest import note_newest
from service.casework.step.step import open_step
from service.domain.errors import NotAllowed
from service.store import Store
from service.store.rows import metadata
from tests.support.ballots import START, paper
from tests.support.browsers import PASSWORD, Browser, make_app
from tests.support.crawl import Crawl
from tests.support.first_start import first_start
from tests.support.insiders import OFFICES, Place, make_place
from tests.support.review import STAGE
from tests.support.soundness import faults_of
from tests.support.turns import EVERYTHING, in_turn

pytestmark = pytest.mark.share(3)

MOST = {"sqlite": 25 if EVERYTHING else 15, "postgresql": 10}
"""So many forms each sends: what a page does is the same on either database (`make fuzz`: ten more)."""
TRIED = [
    *(("sqlite", office) for office in OFFICES),
    *(pytest.param("postgresql", office, marks=pytest.mark.postgres) for office in in_turn(OFFICES, len(OFFICES))),
]
"""Which database, and which of the three: on PostgreSQL another one for every commit."""
Make = Callable[[str], Place]


@pytest.fixture
def database() -> str:
    """Which database; each test says it."""
    return "sqlite"


@pytest.fixture
def make(database: str, request: pytest.FixtureRequest, open_store: Callable[[str], Store], tmp_path: Path) -> Make:
    """Makes the place in which a ballot runs ("votes") or experts have scored ("scores"), as a server starts over it."""

    def made(kind: str) -> Place:
        url = request.getfixturevalue("sqlite_url" if database == "sqlite" else "postgres_url")
        place = make_place(kind, open_store(url), tmp_path)
        first_start(place.desk)
        note_newest(place.desk, SYSTEM)
        return place

    return made


def actor_now(place: Place, person: int) -> Actor:
    """Return somebody as the next request finds them."""
    with place.desk.store.read() as tx:
        return acting(tx, person, place.clock.now())


def try_everything(place: Place, office: str) -> None:
    """Let one administrator open every page and send every form."""
    crawl = Crawl(Browser(make_app(place), place, office))  # type: ignore[arg-type]
    crawl.run(MOST[place.desk.store.dialect])
    assert len(crawl.sent) > 4 or place.desk.store.dialect == "postgresql"


@pytest.mark.parametrize(("database", "office"), TRIED)
def test_no_vote_is_cast_in_a_members_place_and_no_paper_is_lost(make: Make, office: str) -> None:
    place = make("votes")
    hall, ballot, who = place.hall, place.ballot, place.actors[office]
    assert hall
    seat = f"ballot_id = {ballot} and number = 5"
    ((member,),) = place.written(f"select person_id from ballot_roll where {seat}")
    place.written(f"update ballot_roll set person_id = {who.person_id} where {seat}")
    place.written(
        "insert into membership (person_id, body_id, jurisdiction, role, since)"
        " select :who, body_id, jurisdiction, role, since from membership where person_id = :member",
        who=who.person_id, member=member,
    )  # fmt: skip
    papers = place.rows(("ballot",))
    for tried in (False, True):
        for voter in (actor_now(place, who.person_id or 0), hall.members[4]):
            with pytest.raises((NotAllowed, RowAltered)):
                cast_vote(place.desk, voter, ballot, paper("nnn"))
        if not tried:
            try_everything(place, office)
    assert place.rows(("ballot",)) == papers
    assert any("table ballot_roll" in said for said in faults_of(place.desk))
    place.written("delete from membership where person_id = :who and role = 'leading_group'", who=who.person_id)
    place.written(f"update ballot_roll set person_id = {member} where {seat}")
    for number in range(5, 10):
        hall.cast(ballot, number, paper("yyn"))
    hall.advance(START + timedelta(days=1, seconds=1))
    outcome = hall.outcome(ballot)
    assert (outcome["cast"], outcome["valid"]) == (9, 9)


@pytest.mark.parametrize(("database", "office"), TRIED)
def test_no_ballot_ends_or_is_counted_early(make: Make, office: str) -> None:
    place = make("votes")
    hall, ballot = place.hall, place.ballot
    assert hall
    ((was, state),) = place.written(f"select closes_at, state from ballot where id = {ballot}")
    place.written(f"update ballot set closes_at = '2026-03-01 00:00:00.000000', state = 'closed' where id = {ballot}")
    place.written("update work_item set due_at = '2026-03-01 00:00:00.000000' where state = 'ready'")
    try_everything(place, office)
    hall.drain()
    assert place.rows(("ballot_result",))["ballot_result"] == []
    with pytest.raises(RowAltered):
        hall.cast(ballot, 5, paper("yyn"))
    assert any("table ballot" in said for said in faults_of(place.desk))
    place.written(f"update ballot set closes_at = :was, state = '{state}' where id = {ballot}", was=was)
    hall.cast(ballot, 5, paper("yyn"))


@pytest.mark.parametrize(("database", "office"), TRIED)
def test_no_stage_is_scored_from_a_sheet_that_was_raised(make: Make, office: str) -> None:
    place = make("scores")
    sheets = metadata.tables["score_sheet"]
    own = sa.select(sheets.c.id, sheets.c.scores, sheets.c.case_id).where(sheets.c.kind == "own").order_by(sheets.c.id)
    ((sheet, scores, case),) = place.sent(own.limit(1))
    raised = json.loads(json.dumps(scores).replace("60", "95"))
    assert raised != scores
    points = place.rows(("stage_score",))
    place.sent(sa.update(sheets).where(sheets.c.id == sheet).values(scores=raised))
    try_everything(place, office)
    with place.desk.store.write() as tx:
        step = open_step(place.desk, tx, case, SYSTEM)
        with pytest.raises(RecordsAltered, match="score_sheet"):
            collect_scores(step, STAGE, "mean", 100, 1)
    assert place.rows(("stage_score",)) == points
    assert any("score_sheet" in said for said in faults_of(place.desk))
    place.sent(sa.update(sheets).where(sheets.c.id == sheet).values(scores=scores))
    assert not any("score_sheet" in said for said in faults_of(place.desk))


@pytest.mark.parametrize(("database", "office"), TRIED)
def test_what_an_administrator_did_does_not_leave_the_book_unseen(make: Make, office: str) -> None:
    """What they did is cut off the end of its chain, as if it had never been entered; they go on with their work."""
    place = make("scores")
    try_everything(place, office)
    note_newest(place.desk, SYSTEM)
    done = "select chain, min(seq) from act where person_id = :who and seq > 1 group by chain order by 2 desc limit 1"
    ((chain, seq),) = place.written(done, who=place.people[office])
    place.written("delete from act where chain = :chain and seq >= :seq", chain=chain, seq=seq)
    head = "(select hash from act where chain = :chain and seq = :seq)"
    place.written(f"update act_head set seq = :seq, hash = {head} where chain = :chain", chain=chain, seq=seq - 1)
    try_everything(place, office)
    assert any(f"book {chain}" in said for said in faults_of(place.desk)), chain


@pytest.mark.parametrize(("database", "office"), TRIED)
def test_nobody_gets_a_further_office_or_a_right_by_what_was_written(make: Make, office: str) -> None:
    """Another office and a request in another administrator's name are written for one of the three, who confirms it."""
    place = make("votes")
    assert place.hall
    who, others = place.people[office], [one for one in OFFICES if one != office]
    for other in others:
        place.written(
            "insert into membership (person_id, body_id, jurisdiction, role, since)"
            " select :who, body_id, jurisdiction, role, since from membership where role = :role",
            who=who, role=other,
        )  # fmt: skip
    asker = SECURITY_ADMINISTRATOR if office == SYSTEM_ADMINISTRATOR else SYSTEM_ADMINISTRATOR
    number = reset_password(place.desk, place.actors[asker], place.people["stranger"], PASSWORD)
    assert number is not None
    victim = place.hall.members[0].person_id
    place.written("update rights_request set person_id = :victim where id = :id", victim=victim, id=number)
    before, password = place.roles(), place.passwords()[victim or 0]
    try_everything(place, office)
    with pytest.raises(NotAllowed):
        confirm_rights(place.desk, actor_now(place, who), number)
    assert place.roles() == before
    assert place.passwords()[victim or 0] == password
    assert {seat.role for seat in actor_now(place, who).seats} == {office}
    assert any("membership" in said for said in faults_of(place.desk))
