"""A corrected calendar that moves a last useful day into the past: a right is lost only where somebody decides so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from service.casework.access.actor import SYSTEM
from service.casework.due.correct_days import correct_days, view_calendar_moves
from service.casework.soundness.prove import prove
from service.casework.step.limits.useful_days import renew_limits
from service.casework.step.save import save_step
from service.casework.step.step import open_step
from service.domain.calendar import end_of_day
from service.store import Store
from tests.integration.law.test_moved_ends import TWO_MORE, URUMQI, WHY, admin, faults, moves, take_in
from tests.support.half_seasons import season_until


def test_a_last_useful_day_that_would_lie_in_the_past_waits_for_a_decision(
    sqlite_url: str, open_store: Callable[[str], Store]
) -> None:
    stage = season_until(URUMQI, "correction_succeeds", open_store(sqlite_url), "fill_application", "甲")
    desk, case = stage.desk, stage.case("甲")
    (task,) = stage.open_tasks("甲")
    take_in(desk, TWO_MORE)
    new = moves(desk, case)["useful"][1]
    stage.clock.move_to(end_of_day(new) + timedelta(hours=9))
    ((found,),) = [one.moves for one in view_calendar_moves(desk, admin(1)).cases if one.case.id == case]
    assert (found.useful, found.held, found.change.passed) == (True, True, True)
    assert found.lost is not None
    assert "晚了就赶不上20" in found.lost.zh, "what would be missed, with its day"
    (left,) = correct_days(desk, admin(1), [case], WHY)
    assert (left.moved, left.waiting) == (0, 1)
    assert stage.open_tasks("甲")[0].due_reason == task.due_reason
    (kept,) = correct_days(desk, admin(1), [case], "原定日期已告知申报单位", keep=[found.key])
    assert (kept.kept, kept.waiting) == (1, 0)
    assert stage.open_tasks("甲")[0].due_reason["last_day"] == task.due_reason["last_day"]
    with desk.store.write() as tx:
        step = open_step(desk, tx, case, SYSTEM)
        renew_limits(step)  # as whatever moves something else in the case
        save_step(step)
    assert stage.open_tasks("甲")[0].due_at == task.due_at
    assert view_calendar_moves(desk, admin(1)).cases == (), "the decision stands"
    assert (faults(desk), prove(desk, SYSTEM)[0].underway) == ([], ())


def test_a_right_that_a_last_useful_day_ends_is_lost_only_where_somebody_decides_so(
    sqlite_url: str, open_store: Callable[[str], Store]
) -> None:
    stage = season_until(URUMQI, "correction_succeeds", open_store(sqlite_url), "fill_application", "甲")
    case = stage.case("甲")
    (task,) = stage.open_tasks("甲")
    take_in(stage.desk, TWO_MORE)
    new = moves(stage.desk, case)["useful"][1]
    stage.clock.move_to(end_of_day(new) + timedelta(hours=9))
    (done,) = correct_days(stage.desk, admin(1), [case], "期间已过", lapse=[f"useful:{task.id}"])
    assert (done.moved, done.waiting) == (1, 0)
    (task,) = stage.open_tasks("甲")
    assert task.due_reason["last_day"] == new.isoformat()
    with stage.desk.store.read() as tx:
        texts = [event.text for event in tx.history.newest(case, 1000)]
    assert any("已经过去（经决定）" in text for text in texts)
