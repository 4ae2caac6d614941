"""Once a day the program itself compares chains, anchors and digests with the data, and says what it found."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.cases.start import start_case
from service.casework.desk.desk import Desk
from service.casework.desk.premises import Premises
from service.casework.digests.before import record_before
from service.casework.health.checks import look_quietly
from service.casework.health.finding import HealthFinding, Level
from service.casework.people.accounts.accounts import set_active
from service.casework.soundness.anchors import set_anchor
from service.casework.soundness.daily import WORK, ask_verification, newest_report
from service.jobs.put_together import sweepers
from tests.support.desks import PACKAGE, Bench


@pytest.fixture
def desk(bench: Bench, tmp_path: Path) -> Desk:
    """Return a desk with acts, a case, digests and an anchor that is kept outside."""
    (folder := tmp_path / "anchors").mkdir()
    held = replace(bench.desk, premises=Premises(anchors=folder))
    for active in (False, True):
        set_active(held, bench.admin, bench.stranger.person_id or 0, active)
    start_case(held, bench.applicant, PACKAGE, "application", None, {"ready": True})
    record_before(held, SYSTEM)
    assert set_anchor(held, SYSTEM) is not None
    return held


def executed(desk: Desk, sql: str) -> None:
    """Do what somebody does who has the database alone."""
    with desk.store.write() as tx:
        tx._connection.execute(sa.text(sql))


def pieces(desk: Desk) -> list[str]:
    with desk.store.read() as tx:
        rows = tx._connection.execute(
            sa.text("select effect_key, state from work_item where kind = :kind order by id"), {"kind": WORK}
        )
        return [f"{key.rpartition(':')[2]} {state}" for key, state in rows]


def verified(desk: Desk) -> HealthFinding:
    """Let the day's comparison come to its end, and return what a check says of it."""
    ask_verification(desk, SYSTEM)
    inside, _ = sweepers(desk)
    for ahead in range(200):
        inside.drain(desk.clock.now() + timedelta(minutes=10, seconds=ahead))
        if pieces(desk)[-1].endswith("done"):
            break
    return next(one for one in look_quietly(desk, SYSTEM) if one.name == "verified")


def test_it_is_done_once_a_day_and_entered_in_the_book(bench: Bench, desk: Desk) -> None:
    assert not next(one for one in look_quietly(desk, SYSTEM) if one.name == "verified").looked
    assert [ask_verification(desk, SYSTEM) for _ in range(2)] == [True, False]
    found = verified(desk)
    assert (found.level, "everything agreed" in found.found.en) == (Level.FINE, True), found
    with desk.store.read() as tx:
        report = newest_report(tx)
    assert report is not None
    assert report.data["after"]["looked_at"] > 5
    assert report.data["after"]["wrong"] == []
    assert not ask_verification(desk, SYSTEM)
    bench.clock.move_to(bench.clock.now() + timedelta(days=1))
    assert ask_verification(desk, SYSTEM)
    bench.clock.move_to(bench.clock.now() + timedelta(days=2))
    (late,) = (one for one in look_quietly(desk, SYSTEM) if one.name == "verified")
    assert (late.level, "more than two days ago" in late.found.en) == (Level.WARNING, True)


def test_one_that_waited_for_a_server_is_as_new_as_when_it_was_made(bench: Bench, desk: Desk) -> None:
    ask_verification(desk, SYSTEM)
    bench.clock.move_to(bench.clock.now() + timedelta(days=5))  # nobody was there to make it
    found = verified(desk)
    assert (found.level, "everything agreed" in found.found.en) == (Level.FINE, True), found


CHANGES = {
    "update act set about = '别的' where seq = 2 and chain = 'account'": "chain book account was changed or cut from entry 2 on",
    "delete from act where seq = 2 and chain = 'account'": "chain book account was changed or cut from entry 2 on",
    "update audit set actor = '别人' where seq = 1": "event 1 of its history was changed or is missing",
    "update form_result set data = '{}'": "case 1: column data in row 1 of table form_result is not what was recorded",
    "update person set login = 'other' where login = 'stranger'": "column login in row",
    "update anchor set line = 'x'": "an anchor cannot be read: it was changed",
}


def test_a_server_that_has_just_started_serves_people_first(desk: Desk) -> None:
    ask_verification(desk, SYSTEM)
    inside, _ = sweepers(desk)
    inside.drain(desk.clock.now() + timedelta(minutes=9))
    assert pieces(desk) == ["0 waiting"]
    inside.drain(desk.clock.now() + timedelta(minutes=10))
    assert pieces(desk)[0] == "0 done"


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_beside_the_program_is_named(desk: Desk, change: str) -> None:
    executed(desk, change)
    found = verified(desk)
    assert found.level is Level.FAULT
    assert CHANGES[change] in found.found.en


def test_a_piece_goes_on_where_the_last_one_ended(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.casework.soundness.daily._SLICE", 0)
    executed(desk, "update act set about = '别的' where seq = 2 and chain = 'account'")
    assert "from entry 2 on" in verified(desk).found.en
    assert len(pieces(desk)) > 10
    assert all(piece.endswith("done") for piece in pieces(desk))


def test_who_lets_it_pass_over_something_lets_it_begin_anew(desk: Desk) -> None:
    executed(desk, "update act set about = '别的' where seq = 2 and chain = 'account'")
    ask_verification(desk, SYSTEM)
    passed = "replace(cast(payload as text), '\"definitions\"', '\"anchors\"')"
    typed = f"cast({passed} as json)" if desk.store.dialect == "postgresql" else passed
    executed(desk, f"update work_item set payload = {typed} where kind = '{WORK}'")
    assert "from entry 2 on" in verified(desk).found.en
