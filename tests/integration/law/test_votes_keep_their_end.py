"""Whatever moves limits, nobody makes an open ballot end sooner than its members were told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.casework.access.actor import SYSTEM
from service.casework.amendments.move_case import move_case, undo_move
from service.casework.ballots.void import declare_void
from service.casework.due.correct_days import correct_days, view_calendar_moves
from service.casework.due.provisional_dates import recompute_dates
from service.casework.interventions.intervene import InterventionAsked
from service.casework.interventions.kinds import INTERVENTIONS
from service.domain.errors import Conflict, NotAllowed
from service.store import Store
from tests.integration.law.test_moved_ends import WHY, admin, ends, faults, open_hall, publish_days, take_in
from tests.support.ballots import DATA, Hall, make_hall, paper
from tests.support.records import last_move_of

SOONER = "肉孜节 2026-03-20 2026-03-22\n上班 2026-03-07\n上班 2026-03-08"
CALLED = DATA.parent / "halted"


@pytest.fixture
def hall(store: Store, tmp_path: Path) -> Hall:
    """Nine members about to vote, on either database."""
    return make_hall(store, tmp_path / "keys")


@pytest.mark.parametrize("later", [0, 6], ids=["sooner", "at once"])
def test_no_corrected_calendar_makes_a_running_ballot_end_sooner(hall: Hall, later: int) -> None:
    case, ballot = open_hall(hall, days=5)
    before = ends(hall, case, ballot)
    take_in(hall.desk, SOONER)
    hall.clock.move_to(hall.clock.now() + timedelta(days=later))
    (one,) = [each for each in view_calendar_moves(hall.desk, admin(1)).cases if each.case.id == case]
    (move,) = one.moves
    assert move.stays is not None
    assert "正在投票，不因日历更正提前截止" in move.stays.zh
    assert (move.held, move.change.new < move.change.old) == (False, True)
    (done,) = correct_days(hall.desk, admin(1), [case], WHY, lapse=[move.key])
    assert (done.moved, done.waiting, [said.zh for said in done.stays]) == (0, 0, [move.stays.zh])
    assert ends(hall, case, ballot) == before
    hall.cast(ballot, 1, paper("yyy"))
    assert faults(hall.desk) == []


def test_a_ballot_of_a_provisional_year_is_not_settled_on_a_sooner_day(hall: Hall) -> None:
    case, ballot = open_hall(hall, datetime(2026, 12, 30, 2, tzinfo=UTC), days=4)
    (before,) = ends(hall, case, ballot)
    assert before is not None
    for layer in ("cn", "cn-xinjiang"):
        take_in(hall.desk, "元旦 2027-01-01\n上班 2027-01-02\n上班 2027-01-03", 2027, layer)
    recompute_dates(hall.desk, SYSTEM)
    assert ends(hall, case, ballot) == {before}
    hall.advance(before - timedelta(minutes=1))
    hall.cast(ballot, 1, paper("yyy"))
    hall.advance(before)
    assert hall.ballot(ballot).state != "open", "it is settled: nobody is asked to confirm it"


def test_a_move_that_lengthened_a_running_ballot_is_not_undone(hall: Hall) -> None:
    case, ballot = open_hall(hall)
    new = publish_days(hall, 5, "amendment: {applies_to_running: true, clauses: [VT-1]}\n")
    move_case(hall.desk, admin(1), case, new.version, "延长投票时间")
    told = ends(hall, case, ballot)
    hall.advance(datetime(2026, 3, 6, 2, tzinfo=UTC))
    with hall.desk.store.read() as tx:
        move = last_move_of(tx, case)
    assert move is not None
    with pytest.raises(Conflict, match="正在投票，迁移以后的截止时间已经告知成员"):
        undo_move(hall.desk, admin(1), move.id, "决定收回")
    assert ends(hall, case, ballot) == told
    hall.cast(ballot, 1, paper("yyy"))


def test_a_move_is_not_undone_around_a_ballot_called_anew_since(hall: Hall) -> None:
    """Made void and called anew changes nothing in the state of the engine by which a move tells that a case went on."""
    case, ballot = open_hall(hall)
    new = publish_days(hall, 5, "amendment: {applies_to_running: true, clauses: [VT-1]}\n")
    move_case(hall.desk, admin(1), case, new.version, "延长投票时间")
    hall.cast(ballot, 1, paper("yyy"))
    for who in (hall.supervisor, hall.office):
        declare_void(hall.desk, who, ballot, WHY)
    anew = hall.ballots(case)[-1]
    with hall.desk.store.read() as tx:
        move = last_move_of(tx, case)
    assert move is not None
    with pytest.raises(Conflict, match="在迁移以后发起，正在投票"):
        undo_move(hall.desk, admin(1), move.id, "决定收回")
    assert ends(hall, case, anew.id) == {anew.closes_at}
    assert faults(hall.desk) == []


def test_a_limit_around_a_running_ballot_is_not_moved_before_its_end(store: Store, tmp_path: Path) -> None:
    hall = make_hall(store, tmp_path / "keys", data=CALLED)
    case, ballot = hall.open(soon=False)
    closes = hall.ballot(ballot).closes_at
    given = {"limit": "element:late", "ground": "规则第一条"}
    change = INTERVENTIONS["change_due"].run
    sooner, later = ("2026-03-02", "2026-04-10")
    with pytest.raises(NotAllowed, match="正在投票，这个期限一提前，投票就提前截止"):
        change(hall.desk, admin(1), case, InterventionAsked(WHY), {**given, "day": sooner})
    change(hall.desk, admin(1), case, InterventionAsked(WHY), {**given, "day": later})
    assert hall.ballot(ballot).closes_at == closes
