"""After a restore, or with a clock that runs ahead, no due work begins and nothing leaves until a person resumes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM, Actor, Seat
from service.casework.ballots.cast_vote import cast_vote
from service.casework.due.hold import INSTALLATION, SKIPPED, HoldView, find_hold, hold_restored, resume_work, view_hold
from service.casework.due.run_item import run_item
from service.casework.tasks.complete import complete_task
from service.domain.calendar import CHINA
from service.domain.errors import Conflict, Invalid, LaurelError, NotAllowed
from service.jobs.outages import ClockWatch
from service.jobs.sweeper import Sweeper
from service.store import SWEEPER, NewWork, Store
from service.store.models import HoldRow, MailRow, WorkItemRow
from service.store.models.cases import case as case_instance
from tests.support.ballots import Hall, make_hall, paper
from tests.support.browsers import Browser, make_app
from tests.support.desks import Bench, make_bench
from tests.support.lakeside import Lakeside, make_lakeside
from tests.support.records import NOON
from tests.support.shots import dies, shoot

CAUSE = "磁盘损坏，恢复当夜备份"
DAYS = timedelta(days=1)
CHIEF = Seat("*", "administrator", 1, "office", "办公室", "office")


@dataclass
class Machine:
    """A machine's two clocks: the wall's, which may be set, and the time that passed."""

    wall: datetime = NOON
    seconds: float = 100.0

    def live(self, span: timedelta) -> None:
        self.wall += span
        self.seconds += span.total_seconds()

    def watch(self, store: Store) -> ClockWatch:
        return ClockWatch(store, lambda: self.wall, lambda: self.seconds)


@pytest.fixture
def town(store: Store) -> Lakeside:
    """The miniature with people, once on each database."""
    return make_lakeside(store)


@pytest.fixture
def bench(store: Store) -> Bench:
    """The small award on both databases."""
    return make_bench(store)


@pytest.fixture
def hall(store: Store, tmp_path: Path) -> Hall:
    """Nine members about to vote, once on each database."""
    return make_hall(store, tmp_path / "keys")


def chief(place: Lakeside | Bench) -> Actor:
    """Return an administrator of the whole system."""
    return replace(place.admin, seats=(CHIEF,))


def read_hold(store: Store) -> HoldRow | None:
    with store.read() as tx:
        return tx.operation.hold()


def view(place: Lakeside | Bench) -> HoldView:
    shown = view_hold(place.desk, chief(place))
    assert shown is not None
    return shown


def restore(town: Lakeside) -> HoldRow:
    """Note a restore as if the database had been brought back from two hours ago."""
    saved = town.clock.now()
    town.clock.move_to(saved + timedelta(hours=2))
    return hold_restored(town.desk, SYSTEM, saved, CAUSE)


def queue_mail(town: Lakeside, key: str) -> None:
    now = town.clock.now()
    row = MailRow(address="a@example.cn", subject=f"通知 {key}", text="…", effect_key=key, queued_at=now)
    with town.desk.store.write() as tx:
        tx.mail.queue_many([row])
        tx.work.enqueue_many([NewWork("mail", None, f"{key}:mail", {"message": key}, now)], now)


def claim_all(town: Lakeside) -> list[str]:
    """Return the effects that a sweeper would bring about now."""
    keys = []
    while (item := town.desk.store.claim(town.clock.now(), "test")) is not None:
        keys.append(item.effect_key)
    return keys


def states(town: Lakeside, *keys: str) -> list[str]:
    with town.desk.store.read() as tx:
        return [tx.work.find(effect_key=f"{key}:mail").state for key in keys]


@pytest.mark.parametrize(
    ("shift", "reason"),
    [(92 * DAYS, "clock"), (timedelta(minutes=6), "clock"), (timedelta(minutes=4), None), (-92 * DAYS, None)],
)
def test_a_clock_ahead_of_the_time_that_passed_puts_work_on_hold(
    store: Store, shift: timedelta, reason: str | None
) -> None:
    machine = Machine()
    watch = machine.watch(store)
    for _ in range(50):
        watch.look()
        machine.live(timedelta(hours=3))
    machine.wall += shift
    watch.look()
    hold = read_hold(store)
    assert (hold.reason if hold else None) == reason


def test_small_steps_of_the_clock_add_up_and_what_was_set_back_may_not_jump_again(store: Store) -> None:
    machine = Machine()
    watch = machine.watch(store)
    for _ in range(3):
        watch.look()
        machine.live(timedelta(seconds=2))
        machine.wall += timedelta(minutes=2)
    assert read_hold(store) is None
    watch.look()
    assert read_hold(store) is not None
    with store.write() as tx:
        assert tx.operation.end_hold(1)
    for shift in (-timedelta(hours=1), timedelta(hours=1)):
        machine.wall += shift
        watch.look()
    assert read_hold(store) is not None
    with store.read() as tx:
        assert tx.operation.last_beat(SWEEPER) == machine.wall


@pytest.mark.parametrize(("away", "on_hold"), [(2 * DAYS, False), (3 * DAYS, True), (-DAYS, False)])
def test_a_start_long_after_the_last_sign_of_life_waits(store: Store, away: timedelta, on_hold: bool) -> None:
    machine = Machine()
    machine.watch(store).look()
    machine.wall += away
    machine.seconds = 5.0  # the machine was started anew
    machine.watch(store).look()
    assert (read_hold(store) is not None) is on_hold


def test_a_jump_that_two_processes_notice_is_one_and_another_is_shown_before_it_is_resumed(bench: Bench) -> None:
    machine = Machine(bench.clock.now())
    first, second = machine.watch(bench.desk.store), machine.watch(bench.desk.store)
    for watch in (first, second):
        watch.look()
    machine.wall += DAYS
    for watch in (first, second):
        watch.look()
        machine.live(timedelta(seconds=3))
    seen = view(bench)
    assert (len(seen.hold.seen["jumps"]), seen.hold.version) == (1, 1)
    machine.wall += DAYS
    first.look()
    with pytest.raises(Conflict, match="已有变化"):
        resume_work(bench.desk, chief(bench), seen.hold.version, "已核对")
    assert view(bench).why.zh.count("快了") == 2
    resume_work(bench.desk, chief(bench), 2, "已核对")
    assert read_hold(bench.desk.store) is None


def test_what_a_jump_would_let_lapse_waits_with_all_else_and_goes_on_when_resumed(bench: Bench) -> None:
    case = bench.decided()
    machine = Machine(bench.clock.now())
    with bench.desk.store.write() as tx:
        tx.work.enqueue_many(
            [NewWork("message", case, "told", {"message": "x", "payload": {}}, machine.wall)], machine.wall
        )
    ran = list[str]()

    def run(item: WorkItemRow) -> None:
        ran.append(item.kind)
        run_item(bench.desk, SYSTEM, item)

    watch = machine.watch(bench.desk.store)
    sweeper = Sweeper(bench.desk.store, run, bench.clock.now, "test", watch=watch)
    watch.look()
    machine.wall += 60 * DAYS
    bench.clock.move_to(machine.wall)
    sweeper.drain(bench.clock.now())
    assert ran == []
    shown = view(bench)
    assert "快了60天" in shown.why.zh
    assert [(line.name.zh, line.case_id) for line in shown.due if line.name.zh.startswith("“")] == [
        ("“公示期满”届满", case)
    ]
    assert sum(count for _, count in shown.due_counts) == len(shown.due)
    with pytest.raises(NotAllowed):
        view_hold(bench.desk, bench.office)
    with pytest.raises(NotAllowed):
        resume_work(bench.desk, bench.office, 1, "核对过")
    with pytest.raises(Invalid):
        resume_work(bench.desk, chief(bench), 1, "  ")
    assert find_hold(bench.desk, bench.office) is not None
    resume_work(bench.desk, chief(bench), 1, "已与授时中心核对")
    with pytest.raises(Conflict):
        resume_work(bench.desk, chief(bench), 1, "再次")
    sweeper.drain(bench.clock.now())
    assert {"timer", "message"} <= set(ran)
    with bench.desk.store.read() as tx:
        [event] = tx.package_events.select(package=INSTALLATION)
    assert (event.action, event.person_id, event.data["reason"]) == ("resumed", bench.people["admin"], "clock")
    assert "已与授时中心核对" in event.text


def test_a_clock_that_jumps_during_long_work_lets_nothing_lapse(bench: Bench) -> None:
    bench.decided()
    bench.drain()
    machine, store, ran = Machine(bench.clock.now()), bench.desk.store, list[str]()

    def run(item: WorkItemRow) -> None:
        ran.append(item.kind)
        machine.wall += 60 * DAYS
        bench.clock.move_to(machine.wall)
        with store.write() as tx:
            tx.work.finish(item, machine.wall)

    with store.write() as tx:
        tx.work.enqueue_many([NewWork("long", None, "long", {}, machine.wall)], machine.wall)
    Sweeper(store, run, bench.clock.now, "test", watch=machine.watch(store)).sweep()
    assert ran == ["long"]


@pytest.mark.parametrize(
    ("drop", "left"), [(True, ["after:mail"]), (False, ["before:mail", "sent:mail", "after:mail"])]
)
def test_what_may_have_been_sent_before_a_restore_is_sent_or_dropped_as_a_group(
    town: Lakeside, drop: bool, left: list[str]
) -> None:
    queue_mail(town, "before")
    queue_mail(town, "sent")  # which was being sent when the backup was made
    taken = town.desk.store.claim_in("mail", town.clock.now(), "killed", lease=timedelta(0))
    assert len(taken) == 1
    restore(town)
    queue_mail(town, "after")
    assert claim_all(town) == []
    shown = view(town)
    assert [(line.subject, line.doubtful) for line in shown.sends] == [
        ("通知 before", True), ("通知 sent", True), ("通知 after", False)
    ]  # fmt: skip
    assert (shown.send_count, shown.doubtful_count, shown.hold.reason) == (3, 2, "restored")
    assert resume_work(town.desk, chief(town), shown.hold.version, "网关日志里已有", drop_doubtful=drop) == (
        2 if drop else 0
    )
    assert sorted(claim_all(town)) == sorted(left)
    if drop:
        assert states(town, "before", "sent") == ["cancelled"] * 2


def test_a_resumption_that_is_killed_leaves_nothing_half(town: Lakeside) -> None:
    queue_mail(town, "before")
    restore(town)

    def resume() -> None:
        store = town.desk.store
        store.forked()
        store.crash_point = lambda point: shoot() if point == "hold-ended" else None
        resume_work(town.desk, chief(town), 1, "核对过", drop_doubtful=True)

    assert dies(resume)
    assert (states(town, "before"), claim_all(town)) == (["waiting"], [])
    assert view(town).doubtful_count == 1
    assert resume_work(town.desk, chief(town), 1, "核对过", drop_doubtful=True) == 1
    assert (states(town, "before"), claim_all(town)) == (["cancelled"], [])


def test_numbers_skip_ahead_and_the_gap_is_on_record(town: Lakeside) -> None:
    case = town.start()
    with town.desk.store.write() as tx:
        given = tx.counters.next("文号")
    restore(town)
    with town.desk.store.write() as tx:
        assert tx.counters.next("文号") == given + SKIPPED + 1
        event = next(e for e in tx.history.newest(case) if e.action == "restored")
        assert "之间办理的事项不在记录中" in event.text
        assert CAUSE in event.text
        assert tx.history.verify(case) is None
        record = tx.package_events.select(package=INSTALLATION)
        assert [one.action for one in record] == ["restored"]
        assert record[0].data["numbers"]["文号"] == [given, given + SKIPPED]
    (task,) = town.tasks(case)
    complete_task(town.desk, town.office, task.id, task.version, {"decision": "accept"})  # what people do goes on


def test_an_open_ballot_is_void_and_the_new_one_decides(hall: Hall) -> None:
    case, old = hall.open()
    hall.cast(old, 1, paper("yyn"))
    version = hold_restored(hall.desk, SYSTEM, hall.clock.now(), CAUSE).version
    rows = hall.ballots(case)
    assert [row.state for row in rows] == ["void", "open"]
    new = rows[-1]
    assert (new.cast, new.issued, new.agenda) == (0, rows[0].issued, rows[0].agenda)
    with pytest.raises(Conflict):
        hall.cast(old, 2, paper("yyn"))
    for number in range(1, 10):
        cast_vote(hall.desk, hall.members[number - 1], new.id, paper("yyn"))
    hall.drain()
    assert hall.ballot(new.id).state == "open", "it is counted once due work is resumed"
    resume_work(hall.desk, SYSTEM, version, "核对过")
    hall.drain()
    assert hall.ballot(new.id).state == "counted"
    assert hall.outcome(new.id)["cast"] == 9


def test_a_ballot_of_a_case_that_cannot_be_opened_holds_nothing_up_and_follows(hall: Hall) -> None:
    (broken, first), (case, second) = hall.open(), hall.open()
    with hall.desk.store.read() as tx:
        sound = tx.cases.get(broken)

    def write_state(state: bytes) -> None:
        with hall.desk.store._engine.begin() as database:
            database.execute(sa.update(case_instance).where(case_instance.c.id == broken).values(state=state))

    write_state(b"nothing that can be read")
    hold = hold_restored(hall.desk, SYSTEM, hall.clock.now(), CAUSE)
    assert [old for old, _ in hold.seen["ballots"]] == [second]
    assert [row.state for row in hall.ballots(case)] == ["void", "open"]
    assert [row.state for row in hall.ballots(broken)] == ["void"]
    with pytest.raises(LaurelError):
        hall.cast(first, 2, paper("yyn"))
    resume_work(hall.desk, SYSTEM, hold.version, "核对过")
    with pytest.raises(LaurelError, match="状态读不出"):  # the item fails, and is tried again
        hall.drain()
    assert sound.state is not None
    write_state(sound.state)
    hall.clock.move_to(hall.clock.now() + timedelta(minutes=2))
    hall.drain()
    assert [row.state for row in hall.ballots(broken)] == ["void", "open"]
    with hall.desk.store.read() as tx:
        assert tx.history.verify(broken) is None


def test_a_restore_that_cannot_be_is_refused(town: Lakeside) -> None:
    now = town.clock.now()
    refused = ((now + DAYS, CAUSE, 1), (datetime(1, 1, 1, tzinfo=CHINA), CAUSE, 1), (now, " ", 1), (now, CAUSE, -1))
    for saved, cause, skip in refused:
        with pytest.raises(Invalid):
            hold_restored(town.desk, SYSTEM, saved, cause, skip)


def test_the_page_shows_what_waits_and_resumes_it(sqlite_store: Store) -> None:
    town = make_lakeside(sqlite_store)
    with town.desk.store.write() as tx:
        member = next(m for m in tx.memberships.list_valid(town.people["admin"], town.clock.now()))
        tx.memberships.give(replace(member, id=0, jurisdiction="*"))
    queue_mail(town, "before")
    restore(town)
    app = make_app(town)
    admin, office = Browser(app, town, "admin"), Browser(app, town, "office")
    assert "查看并恢复运行" in admin.get("/monitor").text
    assert office.get("/readyz").json["hold"] is True
    page = admin.get("/monitor/hold").text
    for words in (CAUSE, "通知 before", "可能已发出", "全部不再发送"):
        assert words in page
    assert office.get("/monitor/hold").status_code == 403
    assert office.post("/monitor/hold/resume", {"version": "1", "reason": "x"}).status_code == 403
    empty = admin.post("/monitor/hold/resume", {"version": "1", "reason": " ", "doubtful": "drop"})
    assert (empty.status_code, 'value="drop" required checked' in empty.text) == (422, True)
    resumed = admin.post("/monitor/hold/resume", {"version": "1", "reason": "核对过", "doubtful": "drop"})
    assert resumed.status_code == 302, resumed.text
    assert "系统没有暂停" in admin.get("/monitor/hold").text
    assert "恢复运行" not in admin.get("/monitor").text
