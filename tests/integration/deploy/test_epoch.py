"""A restore begins an epoch: nothing leaves twice unseen, no number is given twice, open ballots are voted anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM, Actor, Seat
from service.casework.ballots.cast_vote import cast_vote
from service.casework.definitions.package_events import first_broken_event
from service.casework.due.begin_epoch import INSTALLATION, SKIPPED, begin_epoch
from service.casework.due.release_epoch import drop_leaving, release_epoch, view_epoch
from service.casework.tasks.complete import complete_task
from service.domain.calendar import CHINA
from service.domain.errors import Conflict, Invalid, LaurelError, NotAllowed
from service.store import NewWork, Store
from service.store.rows import MailRow
from service.store.rows.cases import case as case_instance
from tests.support.ballots import Hall, make_hall, paper
from tests.support.browsers import Browser, make_app
from tests.support.lakeside import Lakeside, make_lakeside

CAUSE = "磁盘损坏，恢复当夜备份"


@pytest.fixture
def both(store: Store) -> Lakeside:
    """The miniature with people, once on each database."""
    return make_lakeside(store)


@pytest.fixture
def hall(store: Store, tmp_path: Path) -> Hall:
    """Nine members about to vote, once on each database."""
    return make_hall(store, tmp_path / "keys")


def chief(town: Lakeside) -> Actor:
    """Return an administrator of the whole system."""
    return replace(town.admin, seats=(Seat("*", "administrator", 1, "office", "办公室", "office"),))


def restore(town: Lakeside) -> int:
    """Begin an epoch as if the database had been brought back from two hours ago."""
    saved = town.clock.now()
    town.clock.move_to(saved + timedelta(hours=2))
    return begin_epoch(town.desk, SYSTEM, saved, CAUSE).id


def queue_mail(town: Lakeside, key: str) -> None:
    now = town.clock.now()
    row = MailRow(address="a@example.cn", subject=f"通知 {key}", text="…", effect_key=key, queued_at=now)
    with town.desk.store.write() as tx:
        tx.mail.queue_many([row])
        tx.work.enqueue_many([NewWork("mail", None, f"{key}:mail", {"message": key}, now)], now)


def claimed(town: Lakeside) -> list[str]:
    """Return the kinds of work that a sweeper would take now."""
    kinds = []
    while (item := town.desk.store.claim(town.clock.now(), "test")) is not None:
        kinds.append(item.kind)
    return kinds


def test_mail_waits_until_a_person_released_it_and_what_is_dropped_never_leaves(both: Lakeside) -> None:
    queue_mail(both, "before")
    epoch = restore(both)
    queue_mail(both, "after")
    assert "mail" not in claimed(both)
    view = view_epoch(both.desk, both.admin)
    assert view is not None
    assert [(one.subject, one.before) for one in view.leaving] == [("通知 before", True), ("通知 after", False)]
    with pytest.raises(NotAllowed):
        release_epoch(both.desk, both.admin, epoch, "核对过")
    with pytest.raises(Invalid):
        release_epoch(both.desk, chief(both), epoch, " ")
    assert release_epoch(both.desk, chief(both), epoch, "网关日志里已有第一条", ["before:mail"]) == 1
    assert claimed(both) == ["mail"]
    with both.desk.store.read() as tx:
        assert tx.work.by_key("before:mail").state == "cancelled"
    with pytest.raises(Conflict):
        release_epoch(both.desk, chief(both), epoch, "再次")
    assert view_epoch(both.desk, both.admin) is None


def test_a_reminder_inside_is_no_message_that_leaves(both: Lakeside) -> None:
    now = both.clock.now()
    with both.desk.store.write() as tx:
        tx.work.enqueue_many([NewWork("rating_reminder", None, "rating:1:soon", {"case": 1}, now)], now)
    restore(both)
    view = view_epoch(both.desk, both.admin)
    assert view is not None
    assert view.leaving == ()
    assert "rating_reminder" in claimed(both)


def test_what_is_sent_at_the_moment_of_the_backup_waits_too_and_all_of_it_is_seen(
    both: Lakeside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.casework.due.release_epoch.MOST", 2)
    for key in ("sent", "failed", "third"):
        queue_mail(both, key)
    store, now = both.desk.store, both.clock.now()
    taken = [item for _ in range(2) for item in store.claim_in("mail", now, "test")]
    assert len(taken) == 2
    with store.write() as tx:
        tx.work.fail(taken[1], "the server refused", now)  # it has its next try later
    epoch = restore(both)
    first = view_epoch(both.desk, chief(both))
    assert first is not None
    assert (len(first.leaving), first.further) == (2, True)
    with pytest.raises(Conflict):
        release_epoch(both.desk, chief(both), epoch, "核对过")
    assert drop_leaving(both.desk, chief(both), epoch, [one.key for one in first.leaving]) == 2
    rest = view_epoch(both.desk, chief(both), first.through)
    assert rest is not None
    assert (len(rest.leaving), rest.further) == (1, False)
    assert release_epoch(both.desk, chief(both), epoch, "核对过", [rest.leaving[0].key], rest.through) == 1
    both.clock.move_to(both.clock.now() + timedelta(hours=4))
    assert "mail" not in claimed(both)


def test_numbers_skip_ahead_and_the_gap_is_on_record(both: Lakeside) -> None:
    case = both.start()
    with both.desk.store.write() as tx:
        given = tx.counters.next("文号")
    restore(both)
    with both.desk.store.write() as tx:
        assert tx.counters.next("文号") == given + SKIPPED + 1
        event = next(e for e in tx.history.of_case(case) if e.action == "restored")
        assert "之间办理的事项不在记录中" in event.text
        assert CAUSE in event.text
        assert tx.history.verify(case) is None
        record = tx.package_events.of_package(INSTALLATION)
        assert [one.action for one in record] == ["restored"]
        assert record[0].data["numbers"]["文号"] == [given, given + SKIPPED]
        assert first_broken_event(record) is None
    (task,) = both.tasks(case)
    complete_task(both.desk, both.office, task.id, task.version, {"decision": "accept"})  # what runs goes on


def test_an_open_ballot_is_void_and_the_new_one_decides(hall: Hall) -> None:
    case, old = hall.open()
    hall.cast(old, 1, paper("yyn"))
    begin_epoch(hall.desk, SYSTEM, hall.clock.now(), CAUSE)
    rows = hall.ballots(case)
    assert [row.state for row in rows] == ["void", "open"]
    new = rows[-1]
    assert (new.cast, new.issued, new.agenda) == (0, rows[0].issued, rows[0].agenda)
    with pytest.raises(Conflict):
        hall.cast(old, 2, paper("yyn"))
    for number in range(1, 10):
        cast_vote(hall.desk, hall.members[number - 1], new.id, paper("yyn"))
    hall.drain()
    assert hall.ballot(new.id).state == "counted"
    assert hall.outcome(new.id)["cast"] == 9


@pytest.mark.parametrize("altered", [{"state": b"nothing that can be read"}])
def test_a_ballot_of_a_case_that_cannot_be_opened_holds_nothing_up_and_follows(
    hall: Hall, altered: dict[str, object]
) -> None:
    """Else the whole installation stood still: before its epoch no command looks after the case."""
    (broken, first), (case, second) = hall.open(), hall.open()
    with hall.desk.store.read() as tx:
        sound = tx.cases.get(broken)
    of_case = case_instance.c.id == broken
    with hall.desk.store._engine.begin() as database:
        database.execute(sa.update(case_instance).where(of_case).values(altered))
    found = begin_epoch(hall.desk, SYSTEM, hall.clock.now(), CAUSE).found
    assert [old for old, _ in found["ballots"]] == [second]
    assert [row.state for row in hall.ballots(case)] == ["void", "open"]
    assert [row.state for row in hall.ballots(broken)] == ["void"]
    with pytest.raises(LaurelError):
        hall.cast(first, 2, paper("yyn"))
    with pytest.raises(LaurelError, match="状态读不出"):  # the item fails, and is tried again
        hall.drain()
    with hall.desk.store._engine.begin() as database:
        database.execute(sa.update(case_instance).where(of_case).values({n: getattr(sound, n) for n in altered}))
    hall.clock.move_to(hall.clock.now() + timedelta(minutes=2))
    hall.drain()
    assert [row.state for row in hall.ballots(broken)] == ["void", "open"]
    anew = hall.ballots(broken)[-1].id
    for number in range(1, 10):
        cast_vote(hall.desk, hall.members[number - 1], anew, paper("yyn"))
    hall.drain()
    assert hall.outcome(anew)["cast"] == 9
    with hall.desk.store.read() as tx:
        assert tx.history.verify(broken) is None


def test_a_restore_that_cannot_be_is_refused(town: Lakeside) -> None:
    now, beyond = town.clock.now(), 10**30
    later, first = now + timedelta(days=1), datetime(1, 1, 1, tzinfo=CHINA)
    refused = ((later, CAUSE, 1), (first, CAUSE, 1), (now, " ", 1), (now, CAUSE, -1), (now, CAUSE, beyond))
    for saved, cause, skip in refused:
        with pytest.raises(Invalid):
            begin_epoch(town.desk, SYSTEM, saved, cause, skip)


@pytest.fixture
def town(sqlite_store: Store) -> Lakeside:
    """The miniature with people, on SQLite."""
    return make_lakeside(sqlite_store)


def test_the_page_and_programs_show_it_and_release_it(town: Lakeside) -> None:
    seat = Seat("*", "administrator", 1, "office", "办公室", "office")
    with town.desk.store.write() as tx:
        member = next(m for m in tx.people.memberships(town.people["admin"], town.clock.now()))
        tx.people.add_membership(replace(member, id=0, jurisdiction=seat.jurisdiction))
    queue_mail(town, "before")
    queue_mail(town, "too")
    epoch = restore(town)
    app = make_app(town)
    admin = Browser(app, town, "admin")
    assert "恢复核对" in admin.get("/monitor").text
    page = admin.get("/monitor/epoch").text
    for words in (CAUSE, "通知 before", "可能已发出"):
        assert words in page
    assert Browser(app, town, "office").get("/monitor/epoch").status_code == 403
    assert admin.get("/api/v1/epoch").json["leaving"][0]["subject"] == "通知 before"
    assert admin.send("POST", f"/api/v1/epoch/{epoch}/drop", {"drop": ["too:mail"]}).json == {"dropped": 1}
    checked = 'value="before:mail" checked'
    empty = admin.post(f"/monitor/epoch/{epoch}", {"reason": " ", "drop": "before:mail"})
    assert (empty.status_code, checked in empty.text) == (422, True)
    done = admin.send("POST", f"/api/v1/epoch/{epoch}/release", {"reason": "核对过", "drop": ["before:mail"]})
    assert done.json == {"dropped": 1}
    assert "没有待核对的恢复" in admin.get("/monitor/epoch").text
