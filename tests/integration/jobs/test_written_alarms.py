"""Who can only write the database silences no alarm: what it says that people were told is the program's word alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.desk.desk import Desk
from service.casework.health.alarms import CALM, list_alarms, sound_alarms
from service.casework.people.seals.row_seals import seal_rows, seal_rows_beside, unsealed
from service.store.rows import AlarmRow, ClockHoldRow
from service.store.rows.health import alarm
from service.store.seals.row_seals import _OF_TABLE, SEALED
from tests.integration.jobs.test_alarms import MovedClock, bench, posted
from tests.integration.people.test_written_rights import by_hand
from tests.support.desks import Bench
from tests.support.smtp import MailServer

__all__ = ["bench"]


@pytest.fixture
def clock(bench: Bench) -> MovedClock:
    return MovedClock(bench.desk.clock.now())


@pytest.fixture
def desk(bench: Bench, clock: MovedClock, mail_server: MailServer) -> Desk:
    """An installation after its first start, watched by mail."""
    desk = posted(bench, clock, mail_server)
    seal_rows(desk, SYSTEM)
    assert sound_alarms(desk, SYSTEM) == 0
    return desk


def doubt_the_clock(desk: Desk, clock: MovedClock) -> None:
    with desk.store.write() as tx:
        tx.clock.hold(ClockHoldRow(kind="jump", expected_at=clock.at, found_at=clock.at + timedelta(days=3)))


def settle_the_clock(desk: Desk, clock: MovedClock) -> None:
    with desk.store.write() as tx:
        hold = tx.clock.held()
        assert hold is not None
        tx.clock.release(hold.id, clock.at, None, "x")


def written(desk: Desk, row: AlarmRow) -> None:
    """Put a row of the table as somebody with the database alone does."""
    values = {column.name: getattr(row, column.name) for column in alarm.c}
    with desk.store.write() as tx:
        tx._connection.execute(sa.delete(alarm).where(alarm.c.name == row.name))
        tx._connection.execute(sa.insert(alarm).values(values))


def row_of(desk: Desk, name: str) -> AlarmRow:
    with desk.store.read() as tx:
        return next(row for row in tx.health.alarms() if row.name == name)


def test_a_row_that_says_people_were_told_silences_nothing(
    desk: Desk, clock: MovedClock, mail_server: MailServer
) -> None:
    written(desk, AlarmRow(name="clock", level=2, told=2, since=clock.at, found={"newest": 10**12}))
    assert [one.en for one in unsealed(desk)] == [
        "row clock of table alarm lacks the seal of this program and does not hold"
    ]
    assert list_alarms(desk, SYSTEM) == []
    doubt_the_clock(desk, clock)
    assert sound_alarms(desk, SYSTEM) == 2, "the clock, and the row that somebody wrote"
    assert "系统时间" in str(mail_server.messages[0]["Subject"]) + mail_server.messages[0].get_content()
    clock.at += timedelta(minutes=1)
    assert (unsealed(desk), row_of(desk, "clock").told) == ([], row_of(desk, "clock").level)


def test_nobody_defers_an_alarm_by_saying_that_it_is_being_told(desk: Desk, clock: MovedClock) -> None:
    doubt_the_clock(desk, clock)
    assert sound_alarms(desk, SYSTEM) == 1
    own = row_of(desk, "clock")
    written(desk, replace(own, told=0, telling_until=clock.at + timedelta(days=9999)))
    assert sound_alarms(desk, SYSTEM) == 2, "told anew, with the row that somebody wrote"
    assert replace(row_of(desk, "clock"), seal=own.seal) == own


def test_what_was_told_of_an_earlier_fault_silences_no_later_one(
    desk: Desk, clock: MovedClock, mail_server: MailServer
) -> None:
    doubt_the_clock(desk, clock)
    assert sound_alarms(desk, SYSTEM) == 1
    earlier = row_of(desk, "clock")
    settle_the_clock(desk, clock)
    sound_alarms(desk, SYSTEM)
    clock.at += CALM
    assert sound_alarms(desk, SYSTEM) == 1, "it is over"
    before = len(mail_server.messages)
    written(desk, earlier)
    doubt_the_clock(desk, clock)
    assert sound_alarms(desk, SYSTEM) == 2
    assert len(mail_server.messages) > before


def test_an_alarm_that_was_told_is_not_told_again_after_an_upgrade(bench: Bench, mail_server: MailServer) -> None:
    """An installation of the version before, in which other seals are demanded already."""
    clock = MovedClock(bench.desk.clock.now())
    desk = posted(bench, clock, mail_server)
    seals = desk.store.seals
    assert seals is not None
    doubt_the_clock(desk, clock)
    assert sound_alarms(desk, SYSTEM) == 1
    by_hand(bench, "update alarm set seal = ''")
    for name in {SEALED, *_OF_TABLE.values()} - {_OF_TABLE["alarm"]}:
        seals._keys.secret(name)
    assert (sound_alarms(desk, SYSTEM), seals.asked_for) == (0, False)
    assert seal_rows_beside(desk, SYSTEM) == 1
    by_hand(bench, "update alarm set trouble = '' , seal = ''")
    clock.at += timedelta(hours=25)
    seal_rows_beside(desk, SYSTEM)
    assert (seals.asked_for, unsealed(desk), row_of(desk, "clock").told) == (True, [], 2)


def test_alarms_are_told_while_the_keys_that_seal_them_are_away(
    desk: Desk, clock: MovedClock, mail_server: MailServer, tmp_path: Path
) -> None:
    doubt_the_clock(desk, clock)
    assert sound_alarms(desk, SYSTEM) == 1
    folder = desk.ballot_keys.root
    folder.rename(tmp_path / "elsewhere")
    settle_the_clock(desk, clock)
    for _ in range(3):
        clock.at += CALM
        sound_alarms(desk, SYSTEM)
    before = len(mail_server.messages)
    doubt_the_clock(desk, clock)
    assert sound_alarms(desk, SYSTEM) == 1
    assert len(mail_server.messages) > before
