"""A clock that cannot be trusted lets nothing lapse until a person confirms it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.cases.start import start_case
from service.casework.cases.suspend import suspend_case
from service.casework.definitions.publish import publish
from service.casework.due.confirm_clock import confirm_clock, view_clock_doubt
from service.casework.due.extend_lapsed import Extended, extend_lapsed
from service.casework.due.run_item import run_item
from service.casework.tasks.complete import complete_task
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.jobs.clock_watch import ClockWatch
from service.jobs.sweeper import Sweeper
from service.store import SWEEPER, CaseFilter, NewWork, Store
from service.store.rows import ClockHoldRow, EpochRow, WorkItemRow
from service.store.rows.work import work_item
from tests.integration.interventions.test_interventions import reviewed
from tests.integration.interventions.test_pauses import AFTER, TWO
from tests.support.browsers import Browser, make_app
from tests.support.desks import PACKAGE, Bench, make_bench
from tests.support.half_seasons import season
from tests.support.lakeside import DIAGRAM, amended_package, make_lakeside
from tests.support.records import NOON
from tests.support.soundness import faults_of

DAYS = timedelta(days=1)


@pytest.fixture
def bench(store: Store) -> Bench:
    """The small award on both databases."""
    return make_bench(store)


@dataclass
class Machine:
    """A machine's two clocks: the wall's, which may be set, and the time that passed."""

    wall: datetime = NOON
    seconds: float = field(default=100.0)

    def live(self, span: timedelta) -> None:
        self.wall += span
        self.seconds += span.total_seconds()

    def watch(self, store: Store) -> ClockWatch:
        return ClockWatch(store, lambda: self.wall, lambda: self.seconds)


def held(store: Store) -> str | None:
    with store.read() as tx:
        hold = tx.clock.held()
    return hold.kind if hold else None


def beat(store: Store, at: datetime) -> None:
    """Leave the heartbeat of a sweeper that lived until then."""
    with store.write() as tx:
        tx.clock.beat(SWEEPER, at)


def test_time_that_passes_is_no_doubt(store: Store) -> None:
    machine = Machine()
    watch = machine.watch(store)
    for _ in range(100):
        watch.look()
        machine.live(timedelta(hours=3))
    assert held(store) is None


@pytest.mark.parametrize(
    ("shift", "kind"),
    [
        (timedelta(days=92), "jump"),
        (timedelta(minutes=6), "jump"),
        (-timedelta(minutes=6), "backwards"),
        (timedelta(minutes=4), None),
        (-timedelta(minutes=4), None),
    ],
)
def test_a_clock_that_leaves_the_time_that_passed(store: Store, shift: timedelta, kind: str | None) -> None:
    machine = Machine()
    watch = machine.watch(store)
    watch.look()
    machine.live(timedelta(seconds=2))
    machine.wall += shift
    watch.look()
    assert held(store) == kind


@pytest.mark.parametrize(
    ("away", "kind"), [(2 * DAYS, None), (2 * DAYS + timedelta(seconds=1), "absence"), (-DAYS, "backwards")]
)
def test_a_start_long_after_the_last_heartbeat(store: Store, away: timedelta, kind: str | None) -> None:
    machine = Machine()
    machine.watch(store).look()
    machine.wall += away
    machine.seconds = 5.0  # the machine was started anew
    machine.watch(store).look()
    assert held(store) == kind


def test_small_steps_add_up(store: Store) -> None:
    machine = Machine()
    watch = machine.watch(store)
    for _ in range(3):
        watch.look()
        machine.live(timedelta(seconds=2))
        machine.wall += timedelta(minutes=2)
    assert held(store) is None
    watch.look()
    assert held(store) == "jump"


@pytest.mark.parametrize(("away", "kind"), [(timedelta(minutes=29), None), (timedelta(minutes=31), "absence")])
def test_a_start_after_a_time_limit_ran_out_meanwhile(bench: Bench, away: timedelta, kind: str | None) -> None:
    posted(bench)
    with bench.desk.store.read() as tx:
        (timer,) = tx.work.timers(CaseFilter())
    machine = Machine(timer.due_at - timedelta(minutes=1))
    beat(bench.desk.store, machine.wall)
    machine.live(away)
    machine.watch(bench.desk.store).look()
    assert held(bench.desk.store) == kind


def test_a_first_start_has_nothing_to_compare_with(store: Store) -> None:
    Machine().watch(store).look()
    assert held(store) is None


def posted(bench: Bench) -> int:
    """Return an application whose notice runs until the evening of 9 March."""
    case = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    for actor, form in ((bench.applicant, {"founded_on": "2010-05-01"}), (bench.office, {"decision": "pass"})):
        [task] = bench.tasks(case)
        complete_task(bench.desk, actor, task.id, task.version, form)
    return case


@pytest.mark.parametrize(
    ("away", "kind"), [(timedelta(hours=47), None), (60 * DAYS, "absence"), (-60 * DAYS, "backwards")]
)
def test_without_a_heartbeat_a_first_start_compares_with_the_newest_record(
    bench: Bench, away: timedelta, kind: str | None
) -> None:
    start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    Machine(bench.clock.now() + away).watch(bench.desk.store).look()
    assert held(bench.desk.store) == kind


def test_a_restore_that_began_just_now_is_on_record_too(sqlite_store: Store) -> None:
    with sqlite_store.write() as tx:
        tx.epochs.begin(EpochRow(saved_at=NOON - 60 * DAYS, begun_at=NOON, cause="disk"))
    Machine(NOON).watch(sqlite_store).look()
    assert held(sqlite_store) is None


def timers(bench: Bench, case: int) -> list[str]:
    with bench.desk.store.read() as tx:
        return [
            item.state for item in tx.work.of_case(case, ("waiting", "done")) if item.kind == "timer" and item.element
        ]


def test_what_a_jump_would_let_lapse_waits_and_goes_on_when_confirmed(bench: Bench) -> None:
    case = posted(bench)
    machine = Machine(bench.clock.now())
    watch = machine.watch(bench.desk.store)
    sweeper = Sweeper(bench.desk.store, lambda item: run_item(bench.desk, SYSTEM, item), bench.clock.now, "test")
    watch.look()
    machine.wall += 60 * DAYS
    bench.clock.move_to(machine.wall)
    watch.look()
    sweeper.drain(bench.clock.now())
    assert timers(bench, case) == ["waiting"]
    doubt = view_clock_doubt(bench.desk, bench.admin)
    assert doubt is not None
    assert (doubt.total, [limit.case_id for limit in doubt.limits]) == (1, [case])
    assert "快了60天" in doubt.why.zh
    with pytest.raises(NotAllowed):
        confirm_clock(bench.desk, bench.office, doubt.hold.id, "核对过")
    with pytest.raises(Invalid):
        confirm_clock(bench.desk, bench.admin, doubt.hold.id, "  ")
    confirm_clock(bench.desk, bench.admin, doubt.hold.id, "已与授时中心核对")
    with pytest.raises(Conflict):
        confirm_clock(bench.desk, bench.admin, doubt.hold.id, "再次")
    sweeper.drain(bench.clock.now())
    assert timers(bench, case) == ["done"]
    with bench.desk.store.read() as tx:
        hold = tx.clock.get(doubt.hold.id)
    assert (hold.released_by, hold.reason) == (bench.people["admin"], "已与授时中心核对")
    assert faults_of(bench.desk) == []


def test_nobody_is_urged_by_a_clock_in_doubt(bench: Bench) -> None:
    case = reviewed(bench)
    machine = Machine(bench.clock.now())
    watch = machine.watch(bench.desk.store)
    sweeper = Sweeper(bench.desk.store, lambda item: run_item(bench.desk, SYSTEM, item), bench.clock.now, "test")
    watch.look()
    sweeper.drain(bench.clock.now())

    def letters() -> list[str]:
        with bench.desk.store.read() as tx:
            return [row.subject for row in tx.mail.of_case(case)]

    before = letters()
    machine.wall += 9 * DAYS
    bench.clock.move_to(machine.wall)
    watch.look()
    sweeper.drain(bench.clock.now())
    assert letters() == before, "an overdue day that may not exist is told to nobody"
    doubt = view_clock_doubt(bench.desk, bench.admin)
    assert doubt is not None
    confirm_clock(bench.desk, bench.admin, doubt.hold.id, "已与授时中心核对")
    sweeper.drain(bench.clock.now())
    told = letters()[len(before) :]
    assert told
    assert all(subject.startswith("已逾期2个工作日") for subject in told), "as it is then, not as it was planned"


def test_a_sweeper_looks_at_the_clock_before_it_takes_anything(sqlite_store: Store) -> None:
    bench = make_bench(sqlite_store)
    case = posted(bench)
    machine = Machine(bench.clock.now())
    machine.watch(sqlite_store).look()
    bench.clock.move_to(bench.clock.now() + 60 * DAYS)
    machine.wall = bench.clock.now()
    sweeper = Sweeper(
        sqlite_store,
        lambda item: run_item(bench.desk, SYSTEM, item),
        bench.clock.now,
        "test",
        watch=machine.watch(sqlite_store),
    )
    sweeper.sweep()
    assert timers(bench, case) == ["waiting"]
    assert held(sqlite_store) == "absence"


def test_a_clock_that_jumps_during_long_work_lets_nothing_lapse(sqlite_store: Store) -> None:
    bench = make_bench(sqlite_store)
    case, machine = posted(bench), Machine(bench.clock.now())

    def run(item: WorkItemRow) -> None:
        if item.kind != "long":
            run_item(bench.desk, SYSTEM, item)
            return
        machine.wall += 60 * DAYS
        bench.clock.move_to(machine.wall)
        with sqlite_store.write() as tx:
            tx.work.finish(item, machine.wall)

    with sqlite_store.write() as tx:
        tx.work.enqueue_many([NewWork("long", None, "long", {}, machine.wall)], machine.wall)
    watch = machine.watch(sqlite_store)
    Sweeper(sqlite_store, run, bench.clock.now, "test", watch=watch).sweep()
    assert (timers(bench, case), held(sqlite_store)) == (["waiting"], "jump")


def test_the_monitor_says_so_and_takes_the_confirmation(sqlite_store: Store) -> None:
    bench = make_bench(sqlite_store)
    app = make_app(bench)

    def browse(login: str) -> Browser:
        return Browser(app, bench, login)

    case = posted(bench)
    bench.clock.move_to(bench.clock.now() + 8 * DAYS)
    machine = Machine(bench.clock.now())
    beat(bench.desk.store, machine.wall - 3 * DAYS)
    machine.watch(bench.desk.store).look()
    office, admin = browse("office"), browse("admin")
    for told in ("期限暂停自动推进", "停止运行了3天", f'href="/cases/{case}"'):
        assert told in office.get("/monitor").text
    assert "时间正确，继续办理" not in office.get("/monitor").text
    assert office.get("/health").json["clock"] == "in doubt"
    assert office.post("/monitor/clock/1", {"reason": "x"}).status_code == 403
    assert admin.post("/monitor/clock/1", {"reason": ""}).status_code == 302
    assert "请写明核对的情况" in admin.get("/monitor").text
    assert admin.post("/monitor/clock/1", {"reason": "停电检修，时间正确"}).status_code == 302
    assert "期限暂停自动推进" not in admin.get("/monitor").text
    assert office.get("/health").json["clock"] == "ok"


def test_the_office_lets_what_lapsed_in_a_downtime_run_on(bench: Bench) -> None:
    case = posted(bench)
    machine = Machine(bench.clock.now())
    beat(bench.desk.store, machine.wall)
    machine.wall += 30 * DAYS
    bench.clock.move_to(machine.wall)
    machine.watch(bench.desk.store).look()
    doubt = view_clock_doubt(bench.desk, bench.office)
    assert doubt is not None
    [limit] = doubt.limits
    today = machine.wall.date()
    with pytest.raises(Invalid, match="理由"):
        extend_lapsed(bench.desk, bench.office, doubt.hold.id, [limit.item], today + 6 * DAYS, " ")
    with pytest.raises(Invalid, match="不早于今天"):
        extend_lapsed(bench.desk, bench.office, doubt.hold.id, [limit.item], today - 2 * DAYS, "停机")
    saturday = today + (7 - (today.weekday() + 2) % 7) * DAYS
    with pytest.raises(Invalid, match="是休息日"):
        extend_lapsed(bench.desk, bench.office, doubt.hold.id, [limit.item], saturday, "停机")
    with pytest.raises(NotAllowed):
        extend_lapsed(bench.desk, bench.applicant, doubt.hold.id, [limit.item], today + 6 * DAYS, "停机")
    assert limit.may_extend
    with bench.desk.store.read() as tx:
        first_end = tx.notices.of_case(case)[0].last_day
    assert extend_lapsed(
        bench.desk, bench.office, doubt.hold.id, [limit.item], today + 6 * DAYS, "停机期间无法提出异议"
    ) == Extended(1)
    with bench.desk.store.read() as tx:
        [notice] = tx.notices.of_case(case)
        assert (notice.last_day, notice.period["first_end"]) == (today + 6 * DAYS, first_end.isoformat())
        assert "extended" in [event.action for event in tx.history.of_case(case)]
    again = view_clock_doubt(bench.desk, bench.office)
    assert again is not None
    assert again.limits == []
    confirm_clock(bench.desk, bench.admin, doubt.hold.id, "服务器已恢复")
    bench.drain()
    assert timers(bench, case) == ["waiting"]
    with pytest.raises(Conflict):
        extend_lapsed(bench.desk, bench.office, doubt.hold.id, [limit.item], today + 9 * DAYS, "再延")


def test_the_doubt_names_only_what_lapses_by_time_alone(bench: Bench) -> None:
    """It counted limits of provisional days, of which the office is asked, and those of suspended cases, which rest."""
    lapses, provisional, suspended = (posted(bench) for _ in range(3))
    with bench.desk.store.write() as tx:
        of_case = sa.update(work_item).where(work_item.c.kind == "timer", work_item.c.case_id == provisional)
        tx._connection.execute(of_case.values(provisional=True))
    suspend_case(bench.desk, bench.admin, suspended, "等待核实")
    machine = Machine(bench.clock.now() + 30 * DAYS)
    bench.clock.move_to(machine.wall)
    with bench.desk.store.write() as tx:
        tx.clock.hold(ClockHoldRow(kind="absence", expected_at=machine.wall - 30 * DAYS, found_at=machine.wall))
    doubt = view_clock_doubt(bench.desk, bench.office)
    assert doubt is not None
    assert ([limit.case_id for limit in doubt.limits], doubt.total) == ([lapses], 1)


def test_several_limits_run_on_and_of_those_that_do_not_it_is_said_why(bench: Bench) -> None:
    case, other, machine = posted(bench), posted(bench), Machine(bench.clock.now() + 30 * DAYS)
    bench.clock.move_to(machine.wall)
    with bench.desk.store.write() as tx:
        tx.clock.hold(ClockHoldRow(kind="absence", expected_at=machine.wall - 30 * DAYS, found_at=machine.wall))
        tx.work.enqueue_many([NewWork("long", case, "long", {}, machine.wall)], machine.wall)
        [strange] = [item.id for item in tx.work.of_case(case) if item.kind == "long"]
    doubt = view_clock_doubt(bench.desk, bench.office)
    assert doubt is not None
    items = [limit.item for limit in doubt.limits]
    assert [limit.case_id for limit in doubt.limits] == [case, other]
    chosen = [strange, 9999, *items]
    found = extend_lapsed(bench.desk, bench.office, doubt.hold.id, chosen, date(2026, 4, 20), "停机期间无法提出异议")
    assert found.extended == 2
    assert [(one.item, one.case_id) for one in found.refused] == [(strange, case), (9999, None)]
    office = Browser(make_app(bench), bench, "office")
    sent = {"item": [str(strange), "9999"], "last_day": "2026-04-20", "reason": "停机"}
    assert office.post("/monitor/clock/1/extend", sent).status_code == 302
    page = office.get("/monitor").text
    assert "只能决定本辖区办件的期限" in page
    assert "已顺延" not in page


def test_the_doubt_names_tasks_whose_last_day_passed_meanwhile(bench: Bench) -> None:
    case, before = reviewed(bench), bench.clock.now()
    [task] = bench.tasks(case)
    late = reviewed(bench)
    bench.clock.move_to(before + 20 * DAYS)
    with bench.desk.store.write() as tx:
        [other] = tx.tasks.open_of_case(late)
        tx.tasks.update(other.id, other.version, due_reason={**(other.due_reason or {}), "useful": True, "chain": True})
        tx.clock.hold(ClockHoldRow(kind="absence", expected_at=before, found_at=bench.clock.now()))
    doubt = view_clock_doubt(bench.desk, bench.office)
    assert doubt is not None
    assert [(one.case_id, one.task, one.last_day, one.useful) for one in doubt.missed] == [
        (case, task.id, date(2026, 3, 9), False),
        (late, other.id, date(2026, 3, 9), True),
    ]
    page = Browser(make_app(bench), bench, "office").get("/monitor").text
    for told in ("下列待办的最后一天在此期间已过（2 项）", "最迟办理日", f'href="/cases/{late}"'):
        assert told in page
    told = Browser(make_app(bench), bench, "admin").get("/api/v1/clock").get_json()
    assert [(one["last_day"], one["body"]) for one in told["missed"]] == [("2026-03-09", "办公室")] * 2
    assert not told["more_missed"]
    with bench.desk.store.write() as tx:
        tx.clock.release(1, bench.clock.now(), None, "好")
        tx.clock.hold(ClockHoldRow(kind="absence", expected_at=before + 19 * DAYS, found_at=bench.clock.now()))
    later = view_clock_doubt(bench.desk, bench.office)
    assert later is not None
    assert later.missed == [], "it passed before"


def test_a_task_that_ends_with_a_limit_stands_with_the_limit_alone(store: Store) -> None:
    town = make_lakeside(store)
    plain = town.start()
    with store.write() as tx:  # not drawn, which is all that a check would say
        publish(tx, amended_package({DIAGRAM: [(AFTER, TWO + AFTER)]}), town.clock.now(), "test")
    bounded, before = town.start("second"), town.clock.now()
    town.clock.move_to(before + 60 * DAYS)
    with store.write() as tx:
        tx.clock.hold(ClockHoldRow(kind="absence", expected_at=before, found_at=town.clock.now()))
    doubt = view_clock_doubt(town.desk, town.admin)
    assert doubt is not None
    assert {(one.case_id, one.name) for one in doubt.limits} == {(bounded, "提醒"), (bounded, "决定期满")}
    assert ([one.case_id for one in doubt.missed], doubt.more_missed) == ([plain], False)
    with store.write() as tx:
        tx.clock.release(doubt.hold.id, town.clock.now(), None, "好")
    town.drain()
    assert (len(town.tasks(plain)), town.tasks(bounded)) == (1, []), "only the one that was named can still be done"


def test_a_task_within_a_call_ends_with_the_limit_around_the_call(
    sqlite_url: str, open_store: Callable[[str], Store]
) -> None:
    stage = season("urumqi/quality_award", "late", open_store(sqlite_url), 3)
    case, before = stage.case("甲"), stage.desk.clock.now()
    stage.clock.move_to(before + 60 * DAYS)
    with stage.desk.store.write() as tx:
        [task] = tx.tasks.open_of_case(case)
        tx.clock.hold(ClockHoldRow(kind="absence", expected_at=before - 9 * DAYS, found_at=stage.desk.clock.now()))
    assert task.call_path
    doubt = view_clock_doubt(stage.desk, stage.cast.actor("office"))
    assert doubt is not None
    assert case in [one.case_id for one in doubt.limits]
    assert case not in [one.case_id for one in doubt.missed]


def test_the_monitor_lets_the_office_decide_before_the_time_is_confirmed(bench: Bench) -> None:
    posted(bench)
    machine = Machine(bench.clock.now() + 30 * DAYS)
    bench.clock.move_to(machine.wall)
    with bench.desk.store.write() as tx:
        tx.clock.hold(ClockHoldRow(kind="absence", expected_at=machine.wall - 30 * DAYS, found_at=machine.wall))
    office, applicant = (Browser(make_app(bench), bench, name) for name in ("office", "applicant"))
    page = office.get("/monitor").text
    item = page.partition('name="item" value="')[2].partition('"')[0]
    assert "顺延选中的期限" in page
    sent = {"item": item, "last_day": "2026-04-20", "reason": "停机期间无法提出异议"}
    assert applicant.post("/monitor/clock/1/extend", sent).status_code == 403
    assert office.post("/monitor/clock/1/extend", {**sent, "last_day": "2020-01-01"}).status_code == 302
    assert "不早于今天" in office.get("/monitor").text
    by_program = {**sent, "items": [int(sent.pop("item"))]}
    by_program.pop("item")
    assert office.send("POST", "/api/v1/clock/1/extend", by_program).json == {"extended": 1, "refused": []}
    page = office.get("/monitor").text
    assert "目前没有期限会因此届满" in page
