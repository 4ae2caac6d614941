"""What goes by a limit moves with it, whatever moves it: ballots with their tasks, days on record, last useful days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from service.casework.access.actor import SYSTEM, Actor, Seat
from service.casework.amendments.move_case import move_case
from service.casework.ballots.box import BallotClosed
from service.casework.definitions.publish import publish_package
from service.casework.desk.desk import Desk
from service.casework.due.correct_days import correct_days, view_calendar_moves
from service.casework.due.hold import resume_work
from service.casework.due.provisional_dates import confirm_date, recompute_dates
from service.casework.interventions.intervene import InterventionAsked
from service.casework.interventions.kinds import INTERVENTIONS
from service.casework.soundness.prove import prove
from service.casework.step.fill import in_words
from service.casework.step.limits.useful_days import renew_limits
from service.casework.step.step import open_step
from service.casework.studio.parameters.calendar_years import TypedNotice, decide_year, propose_year
from service.catalog import Package, build_catalog
from service.catalog.tree import read_tree
from service.domain.errors import Conflict
from service.store import Store
from tests.support.ballots import DATA, PACKAGE, START, Hall, make_hall, paper
from tests.support.half_seasons import season_until

WHY = "更正的放假通知"
URUMQI = "urumqi/quality_award"
LAPSES = date(2030, 12, 19)
"""The last day of Urumqi's measure: a timer of each round waits for its end."""
TWO_MORE = "肉孜节 2026-03-20 2026-03-22\n临时放假 2026-03-23 2026-03-24\n古尔邦节 2026-05-27 2026-05-31"
ROUND = "processes/votetown/prize/round.bpmn"
DAY_BY_HOUR = 'now() + duration(\\"P1D\\")'
PLACES = "name_en: Quality places\n    unit: count\n    clauses: [VT-2]\n    source: stated\n    value: 2"
DURATION = '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">duration("P1D")</bpmn:timeDuration>'


@pytest.fixture
def hall(sqlite_store: Store, tmp_path: Path) -> Hall:
    """Nine members about to vote."""
    return make_hall(sqlite_store, tmp_path / "keys")


def admin(number: int) -> Actor:
    return Actor(number, f"管理员{number}", (Seat("*", "administrator", 1, "office", "办公室", "office"),))


def take_in(desk: Desk, text: str, year: int = 2026, layer: str = "cn-xinjiang") -> None:
    """Let two people take in the days off of a year."""
    typed = TypedNotice(text, layer, year, "关于放假的通知", "新政办〔2026〕1号", "2025-11-01")
    decide_year(desk, admin(2), propose_year(desk, admin(1), typed), True)


def by_working_days(days: int, reaches: str) -> Package:
    """Return the award that votes, the ballot open for so many working days; ``reaches`` is what its amendment says."""
    files = dict(read_tree(DATA))
    formula = "workdays(param.quality_places)"
    until = f'<bpmn:timeDate xsi:type="bpmn:tFormalExpression">{formula}</bpmn:timeDate>'
    changes = {
        ROUND: [(DAY_BY_HOUR, formula), (DURATION, until)],
        "processes/votetown/prize/parameters.yaml": [(PLACES, PLACES.replace("value: 2", f"value: {days}"))],
        "processes/votetown/law.yaml": [("clauses:", f"{reaches}clauses:")],
    }
    for path, pairs in changes.items():
        text = files[path].decode()
        for old, new in pairs:
            assert text.count(old) == 1, (path, old)
            text = text.replace(old, new)
        files[path] = text.encode()
    return build_catalog(files).package(PACKAGE)


def publish_days(hall: Hall, days: int, reaches: str = "") -> Package:
    package = by_working_days(days, reaches)
    with hall.desk.store.write() as tx:
        publish_package(tx, package, hall.clock.now(), "test")
    return package


def open_hall(hall: Hall, at: datetime = START, days: int = 2) -> tuple[int, int]:
    publish_days(hall, days)
    hall.clock.move_to(at)
    return hall.open()


def ends(hall: Hall, case: int, ballot: int) -> set[datetime | None]:
    """Return when the ballot closes, its members' tasks end, and its timer fires: one instant where all is well."""
    with hall.desk.store.read() as tx:
        timers = {w.due_at for w in tx.work.of_case(case) if w.kind == "timer"}
        return timers | {tx.ballots.get(ballot).closes_at} | {t.due_at for t in tx.tasks.open_of_case(case)}


def faults(desk: Desk) -> list[str]:
    return [fault.found.zh for proof in prove(desk, SYSTEM) for fault in proof.faults]


def moves(desk: Desk, case: int) -> dict[str, tuple[date, date]]:
    (one,) = [one for one in view_calendar_moves(desk, admin(1)).cases if one.case.id == case]
    return {move.key.partition(":")[0]: (move.change.old, move.change.new) for move in one.moves}


def told(desk: Desk, case: int) -> list[tuple[int | None, str]]:
    with desk.store.read() as tx:
        return [(m.person_id, m.text) for m in tx.mail.select(case_id=case) if ":moved:" in m.effect_key]


def test_a_ballot_stays_open_until_the_day_that_a_corrected_calendar_gives(hall: Hall) -> None:
    case, ballot = open_hall(hall)
    hall.cast(ballot, 1, paper("yyy"))
    take_in(hall.desk, "临时放假 2026-03-04 2026-03-05")
    old, new = date(2026, 3, 4), date(2026, 3, 6)
    assert moves(hall.desk, case) == {"timer": (old, new), "ballot": (old, new)}
    (done,) = correct_days(hall.desk, admin(1), [case], WHY)
    assert (done.moved, done.waiting, done.refusal) == (2, 0, None)
    assert ends(hall, case, ballot) == {datetime(2026, 3, 6, 16, tzinfo=UTC)}
    assert view_calendar_moves(hall.desk, admin(1)).cases == ()
    informed = {person for person, text in told(hall.desk, case) if "2026年3月6日" in text}
    assert {hall.members[1].person_id, hall.members[8].person_id} <= informed
    assert hall.members[0].person_id not in informed, "who has voted has nothing to keep"
    hall.advance(datetime(2026, 3, 5, 2, tzinfo=UTC))
    hall.cast(ballot, 2, paper("yyy"))
    assert faults(hall.desk) == []


def test_a_vote_that_lapsed_in_a_downtime_goes_on_where_it_is_suspended_before_work_is_resumed(hall: Hall) -> None:
    """On hold nothing lapses; the case is suspended, and gets another last day when it goes on."""
    case, ballot = hall.open()
    closed = hall.ballot(ballot).closes_at
    assert closed is not None
    hall.clock.move_to(closed + timedelta(days=3))
    with hall.desk.store.write() as tx:
        tx.operation.hold_for_clock(closed, hall.clock.now())
    hall.drain()
    with pytest.raises(BallotClosed):
        hall.cast(ballot, 1, paper("yyy"))
    asked = InterventionAsked("停机三日，无法投票")
    admin = replace(hall.office, seats=(Seat("*", "administrator", 1, "office", "办公室", "office"),))
    INTERVENTIONS["suspend"].run(hall.desk, admin, case, asked, {})
    INTERVENTIONS["resume"].run(hall.desk, admin, case, asked, {"passed": "2026-03-11"})
    assert ends(hall, case, ballot) == {datetime(2026, 3, 11, 16, tzinfo=UTC)}
    resume_work(hall.desk, SYSTEM, 1, "核对过")
    hall.drain()
    hall.cast(ballot, 1, paper("yyy"))
    assert faults(hall.desk) == []


def test_a_ballot_of_a_provisional_year_is_settled_with_its_timer_or_confirmed(hall: Hall) -> None:
    settled = open_hall(hall, datetime(2026, 12, 30, 2, tzinfo=UTC), days=4)
    confirmed = hall.open()
    hall.advance(datetime(2027, 1, 7, 2, tzinfo=UTC))
    with pytest.raises(BallotClosed):
        hall.cast(confirmed[1], 1, paper("yyy"))
    (asked,) = [task for task in hall.tasks(confirmed[0]) if task.kind == "confirm_date"]
    confirm_date(hall.desk, hall.office, asked.id, asked.version, date(2027, 1, 8), "节日放假未定")
    assert ends(hall, *confirmed) == {datetime(2027, 1, 8, 16, tzinfo=UTC)}
    reasons = {(task.due_reason["zh"], task.due_reason["en"]) for task in hall.tasks(confirmed[0])}
    assert reasons == {("办公室核定：节日放假未定", "Settled by the office: 节日放假未定")}
    hall.cast(confirmed[1], 1, paper("yyy"))
    for layer in ("cn", "cn-xinjiang"):
        take_in(hall.desk, "元旦 2027-01-01 2027-01-08", 2027, layer)
    recompute_dates(hall.desk, SYSTEM)
    assert ends(hall, *settled) == {datetime(2027, 1, 13, 16, tzinfo=UTC)}
    assert faults(hall.desk) == []


def test_an_amendment_moves_a_ballot_with_its_timer(hall: Hall) -> None:
    case, ballot = open_hall(hall)
    new = publish_days(hall, 5, "amendment: {applies_to_running: true, clauses: [VT-1]}\n")
    move_case(hall.desk, admin(1), case, new.version, "延长投票时间")
    assert ends(hall, case, ballot) == {datetime(2026, 3, 9, 16, tzinfo=UTC)}


@pytest.mark.parametrize("later", [0, 3], ids=["sooner", "at once"])
def test_no_amendment_makes_a_running_ballot_end_sooner(hall: Hall, later: int) -> None:
    case, ballot = open_hall(hall, days=5)
    before = ends(hall, case, ballot)
    hall.clock.move_to(hall.clock.now() + timedelta(days=later))
    new = publish_days(hall, 1, "amendment: {applies_to_running: true, clauses: [VT-1]}\n")
    with pytest.raises(Conflict, match="正在投票，修订不能把截止时间提前"):
        move_case(hall.desk, admin(1), case, new.version, "缩短投票时间")
    assert ends(hall, case, ballot) == before
    hall.cast(ballot, 1, paper("yyy"))


def test_a_day_on_record_moves_with_the_limit_that_it_is(sqlite_url: str, open_store: Callable[[str], Store]) -> None:
    stage = season_until(URUMQI, "correction_succeeds", open_store(sqlite_url), "submit_correction", "甲")
    case = stage.case("甲")
    take_in(stage.desk, TWO_MORE)
    old, new = date(2026, 3, 26), date(2026, 3, 30)
    found = moves(stage.desk, case)
    assert {kind: found[kind] for kind in ("task", "timer", "fact")} == dict.fromkeys(
        ("task", "timer", "fact"), (old, new)
    )
    correct_days(stage.desk, admin(1), [case], WHY)
    with stage.desk.store.read() as tx:
        facts = tx.cases.get(case).facts
    assert (facts["correction_deadline"], facts["correction_deadline_at"]) == (
        "2026-03-30",
        "2026-03-30T16:00:00+00:00",
    )
    assert [one.case.id for one in view_calendar_moves(stage.desk, admin(1)).cases if one.case.id == case] == []
    assert faults(stage.desk) == []
    _set_fact(stage.desk, case, "correction_deadline", "2026-03-26")
    assert any("所记的日期却是2026年3月26日" in text for text in faults(stage.desk))


@pytest.mark.parametrize(
    ("key", "scenario", "until", "layer", "days_off", "old", "new"),
    [
        ("qingyuan/quality_award", "window", None, "cn", "临时放假 2026-03-16", date(2026, 3, 30), date(2026, 3, 31)),
        (
            URUMQI,
            "call_window",
            "2026-04-08 09:00",
            "cn",
            "清明节 2026-04-04\n上班 2026-04-05",
            date(2026, 4, 7),
            date(2026, 4, 5),
        ),
    ],
)
def test_a_day_on_record_is_counted_again_from_the_day_on_which_it_was_fixed(
    key: str,
    scenario: str,
    until: str | None,
    layer: str,
    days_off: str,
    old: date,
    new: date,
    sqlite_url: str,
    open_store: Callable[[str], Store],
) -> None:
    stage = season_until(key, scenario, open_store(sqlite_url), until or "", None)
    case = stage.case("届")
    take_in(stage.desk, days_off, layer=layer)
    assert {kind: moves(stage.desk, case)[kind] for kind in ("timer", "fact")} == dict.fromkeys(
        ("timer", "fact"), (old, new)
    )
    correct_days(stage.desk, admin(1), [case], WHY)
    with stage.desk.store.read() as tx:
        assert tx.cases.get(case).facts["deadline"] == new.isoformat()
        ends = {row.due_at.date() for row in tx.work.of_case(case) if row.kind == "timer"}
        assert ends - {LAPSES} == {new}
    assert view_calendar_moves(stage.desk, admin(1)).cases == ()
    assert faults(stage.desk) == []


def test_what_ends_with_a_day_of_the_round_moves_after_the_round(
    sqlite_url: str, open_store: Callable[[str], Store]
) -> None:
    stage = season_until(URUMQI, "correction_succeeds", open_store(sqlite_url), "fill_application", "甲")
    above, case = stage.case("届"), stage.case("甲")
    take_in(stage.desk, "临时放假 2026-03-31")
    first, second = correct_days(stage.desk, admin(1), [above, case], WHY)
    assert (first.case_id, second.case_id, second.moved > 0) == (above, case, True)
    with stage.desk.store.read() as tx:
        assert tx.cases.get(above).facts["deadline"] == "2026-04-01"
        ends = {w.due_at.date() for one in (above, case) for w in tx.work.of_case(one) if w.kind == "timer"}
        assert ends - {LAPSES} == {date(2026, 4, 1)}
    assert view_calendar_moves(stage.desk, admin(1)).cases == ()


def test_a_last_useful_day_moves_where_nothing_else_does(sqlite_url: str, open_store: Callable[[str], Store]) -> None:
    stage = season_until(URUMQI, "correction_succeeds", open_store(sqlite_url), "fill_application", "甲")
    case = stage.case("甲")
    (task,) = stage.open_tasks("甲")
    old = task.due_reason["last_day"]
    take_in(stage.desk, TWO_MORE)
    found = moves(stage.desk, case)
    new = found["useful"][1]
    assert found == {"useful": (date.fromisoformat(old), new)}
    assert new.isoformat() < old, "with two days fewer whoever sends on the day told is too late"
    proof = prove(stage.desk, SYSTEM)[0]
    assert (proof.faults, len(proof.underway)) == ((), 1), "what waits for the correction is no fault"
    assert "请在“监控—日历更正”中改动" in proof.underway[0].zh
    correct_days(stage.desk, admin(1), [case], WHY)
    (task,) = stage.open_tasks("甲")
    assert task.due_reason["last_day"] == new.isoformat()
    assert task.due_reason["zh"].startswith(f"请在{in_words(new)}前提交")
    assert [text for _, text in told(stage.desk, case) if in_words(new) in text]
    assert view_calendar_moves(stage.desk, admin(1)).cases == ()
    assert (faults(stage.desk), prove(stage.desk, SYSTEM)[0].underway) == ([], ())
    with stage.desk.store.write() as tx:
        tx.tasks.step(task.id, task.version, due_reason={**task.due_reason, "last_day": "2026-03-27"})
    assert any("最迟办理日应为" in text for text in faults(stage.desk))
    assert view_calendar_moves(stage.desk, admin(1)).cases == (), "no calendar ever gave that day"
    _make_provisional(stage.desk, case)
    assert recompute_dates(stage.desk, SYSTEM) == 1
    (task,) = stage.open_tasks("甲")
    assert (task.due_reason["last_day"], task.due_reason["provisional"]) == (new.isoformat(), False)
    assert recompute_dates(stage.desk, SYSTEM) == 0


def test_a_last_useful_day_stays_what_it_was_however_late_it_is_looked_at(
    sqlite_url: str, open_store: Callable[[str], Store]
) -> None:
    """A server that starts eleven years later finds the task as it was left."""
    stage = season_until(URUMQI, "correction_succeeds", open_store(sqlite_url), "fill_application", "甲")
    (task,) = stage.open_tasks("甲")
    stage.clock.move_to(datetime(2037, 4, 21, 2, tzinfo=UTC))
    assert (faults(stage.desk), prove(stage.desk, SYSTEM)[0].underway) == ([], ())
    with stage.desk.store.write() as tx:
        step = open_step(stage.desk, tx, stage.case("甲"), SYSTEM)
        renew_limits(step)
    assert stage.open_tasks("甲") == [task], "nor does a step of then write another day"


def _make_provisional(desk: Desk, case: int) -> None:
    """Let the one task of a case have a last useful day by a calendar that was not published yet."""
    with desk.store.write() as tx:
        (task,) = tx.tasks.open_of_case(case)
        reason = {**task.due_reason, "last_day": "2026-03-16", "provisional": True}
        tx.tasks.step(task.id, task.version, due_reason=reason)
        (reminder,) = [w for w in tx.work.of_case(case) if w.kind == "escalation" and w.payload["task"] == task.id]
        tx.work.reschedule(reminder.effect_key, reminder.due_at, True, reminder.payload)


def _set_fact(desk: Desk, case: int, name: str, value: Any) -> None:
    with desk.store.write() as tx:
        row = tx.cases.lock(case)
        tx.cases.save(row, facts={**row.facts, name: value})
