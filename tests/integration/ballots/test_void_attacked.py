"""Whoever wants another vote because of what was voted so far: what they try, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.casework.access.actor import Actor
from service.casework.ballots.agree_void import agree_to_void, may_agree, view_stopped
from service.casework.ballots.box import is_stopped
from service.casework.interventions.intervene import InterventionAsked
from service.casework.interventions.kinds import INTERVENTIONS
from service.domain.errors import Conflict, LaurelError, NotAllowed
from service.store.rows import MembershipRow
from tests.integration.ballots.test_void_stopped import WHY, admin, open_incidents, stopped, tried, voided
from tests.support.at_once import both_at_once
from tests.support.ballots import TOWN, Hall, paper
from tests.support.log import executed

__all__ = ["admin"]


def put_back(hall: Hall, ballot: int) -> None:
    executed(hall.desk, "update ballot_roll set state = 1 where ballot_id = :n and number = 1", n=ballot)


def test_a_stopped_ballot_is_not_counted_by_half_once_the_mark_is_put_back(hall: Hall, admin: Actor) -> None:
    """Who has the database alone keeps the rest from voting by a mark taken off and put back: no count of some follows."""
    case, ballot = stopped(hall)
    put_back(hall, ballot)
    closes = hall.ballot(ballot).closes_at
    assert closes is not None
    hall.advance(closes)
    assert hall.ballot(ballot).state == "open"
    assert sorted(open_incidents(hall)) == ["ballot", "service"]
    agree_to_void(hall.desk, hall.supervisor, ballot, WHY)
    anew = voided(hall, admin, case, ballot)
    hall.everybody(anew, [paper("yyn")] * 9)
    hall.drain()
    assert (hall.ballot(anew).state, hall.outcome(anew)["cast"], open_incidents(hall)) == ("counted", 9, [])


def test_what_was_agreed_to_is_not_counted_after_all(hall: Hall) -> None:
    _, ballot = stopped(hall)
    agree_to_void(hall.desk, hall.supervisor, ballot, WHY)
    put_back(hall, ballot)
    assert is_stopped(hall.ballot(ballot))
    closes = hall.ballot(ballot).closes_at
    assert closes is not None
    hall.advance(closes)
    assert hall.ballot(ballot).state == "open"


def test_who_is_to_agree_reads_that_it_was_put_back(hall: Hall) -> None:
    """Somebody who knows how a vote by name stands, or was told, wants another one: that it was put back is said."""
    case, ballot = stopped(hall)

    def said() -> str:
        seen = view_stopped(hall.desk, hall.supervisor, ballot)
        assert seen is not None
        return seen.found.zh

    assert "现在核对已经相符" not in said()
    put_back(hall, ballot)
    assert "现在核对已经相符" in said()
    agree_to_void(hall.desk, hall.supervisor, ballot, WHY)
    with hall.desk.store.read() as tx:
        assert any("现在核对已经相符" in row.text and WHY in row.text for row in tx.history.of_case(case))


def test_who_administers_the_place_or_is_recused_does_not_agree(hall: Hall, admin: Actor) -> None:
    case, ballot = stopped(hall)
    both = Actor(hall.supervisor.person_id, "两职一身", (*hall.supervisor.seats, *admin.seats))
    with pytest.raises(NotAllowed):
        agree_to_void(hall.desk, both, ballot, WHY)
    body = hall.stranger.seats[0].body_id
    executed(hall.desk, "update case_instance set subject_id = :body where id = :case", body=body, case=case)
    away = replace(hall.supervisor, recused=frozenset({body}))
    with hall.desk.store.read() as tx:
        row = tx.ballots.get(ballot)
        assert [may_agree(hall.desk, tx, who, row) for who in (hall.supervisor, both, away)] == [True, False, False]


def test_a_counted_ballot_is_not_voted_on_anew(hall: Hall, admin: Actor) -> None:
    _, ballot = hall.open()
    hall.everybody(ballot, [paper("yyn")] * 9)
    hall.drain()
    result = hall.outcome(ballot)
    with pytest.raises(Conflict, match="没有发现不符"):
        agree_to_void(hall.desk, hall.supervisor, ballot, WHY)
    assert hall.outcome(ballot) == result


def test_two_administrators_at_once_call_one_ballot_anew(hall: Hall, admin: Actor) -> None:
    case, ballot = stopped(hall)
    agree_to_void(hall.desk, hall.supervisor, ballot, WHY)
    mark = tried(hall, admin, case, ballot).tried
    kind = INTERVENTIONS["void_ballot"]

    def press() -> str:
        try:
            kind.do_tried(hall.desk, admin, case, InterventionAsked(WHY), {"ballot": f"{ballot}"}, mark)
        except LaurelError as refused:
            return refused.code
        return "done"

    came = both_at_once(hall.desk.store, press) if hall.desk.store.dialect == "postgresql" else (press(), press())
    assert came.count("done") == 1
    assert [row.state for row in hall.ballots(case)] == ["void", "open"]
    boxes = {path.name for path in hall.desk.ballot_keys.root.iterdir() if path.is_dir()}
    assert boxes == {hall.ballots(case)[-1].box}, "the refused one leaves no key, and takes none of the other"


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-3-1", "x" * 9000, "2026-03-04\0", "٢٠٢٦-٠٣-٠٤"])
def test_a_hostile_day_is_refused_in_a_sentence(lone_hall: Hall, admin_of_lone: Actor, day: str) -> None:
    case, ballot = stopped(lone_hall)
    agree_to_void(lone_hall.desk, lone_hall.supervisor, ballot, WHY)
    with pytest.raises(LaurelError):
        tried(lone_hall, admin_of_lone, case, ballot, day=day)
    assert lone_hall.ballot(ballot).state == "open"


@pytest.fixture
def admin_of_lone(lone_hall: Hall) -> Actor:
    """Return a system administrator of the place on SQLite."""
    seat = replace(lone_hall.office.seats[0], role="administrator")
    with lone_hall.desk.store.write() as tx:
        tx.people.add_membership(
            MembershipRow(
                person_id=lone_hall.people["teller2"], body_id=seat.body_id, jurisdiction=TOWN, role="administrator",
                since=lone_hall.clock.now(), until=None,
            )
        )  # fmt: skip
    return Actor(lone_hall.people["teller2"], "管理员", (seat,))
