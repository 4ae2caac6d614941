"""All running cases moved in one batch: looked at first, a verdict and a reason each, resumed after a kill, undone one by one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from service.casework.access.actor import SYSTEM
from service.casework.batches import run_chunk
from service.casework.due.move_batch import BatchWish, begin_batch
from service.casework.due.run_item import run_item
from service.casework.due.undo_batch import begin_undo
from service.casework.queries.law.view_moves import view_batch
from service.casework.queries.proof.book import verify_case
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.store import Store
from service.store.models import AppointmentRow, IncidentRow
from tests.integration.law.test_amendment import REASON, amendment, decide
from tests.integration.law.test_undone_moves import PROCESS, SETTLE
from tests.support.at_once import both_at_once
from tests.support.browsers import Browser
from tests.support.lakeside import DIAGRAM, KEY, Lakeside, make_lakeside

pytestmark = pytest.mark.both_databases

RENAMES = {PROCESS: {"decide": "settle"}}


def three(town: Lakeside) -> list[int]:
    """Start two applications that wait and one that is decided; the decision then gets another id, and longer limits."""
    cases = [town.start(name) for name in ("one", "two", "three")]
    decide(town, cases[0])
    return cases


def wish(version: str, **more: object) -> BatchWish:
    return BatchWish(**{"version": version, "reason": REASON, "renames": {}, "dry": False, **more})  # type: ignore[arg-type]


def test_a_look_gives_every_case_a_verdict_and_changes_none(both: Lakeside) -> None:
    cases = three(both)
    new = both.deploy(amendment(**{DIAGRAM: SETTLE}))
    before = [both.case(case) for case in cases]
    batch = begin_batch(both.desk, both.admin, KEY, wish(new.version, dry=True))
    both.drain()
    view = view_batch(both.desk, both.admin, batch)
    assert (view.batch.state, view.batch.total, view.counts) == ("done", 3, {"stays": 3})
    assert all("改动了它" in line.row.why[0]["zh"] or "却没有它" in line.row.why[0]["zh"] for line in view.lines)
    mapped = begin_batch(both.desk, both.admin, KEY, wish(new.version, dry=True, renames=RENAMES))
    both.drain()
    looked = view_batch(both.desk, both.office, mapped)
    assert looked.counts == {"moves": 3}
    assert any("2026年3月23日" in why["zh"] for line in looked.lines for why in line.row.why)
    assert [both.case(case) for case in cases] == before


def moved_all(town: Lakeside, cases: list[int]) -> tuple[int, list[str], str]:
    """Move the cases in one batch; returns it, the version that each had and the new one."""
    old = [town.case(case).definition for case in cases]
    new = town.deploy(amendment(**{DIAGRAM: SETTLE})).version
    batch = begin_batch(town.desk, town.admin, KEY, wish(new, renames=RENAMES))
    town.drain()
    return batch, old, new


def versions_of(town: Lakeside, cases: list[int]) -> list[str]:
    return [town.case(case).definition for case in cases]


def test_all_are_undone_at_once_but_what_has_gone_on(both: Lakeside) -> None:
    cases = three(both)
    tasks = [[task.due_at for task in both.tasks(case)] for case in cases]
    batch, old, new = moved_all(both, cases)
    decide(both, cases[1])
    moved = view_batch(both.desk, both.admin, batch)
    assert moved.undoable == 3
    assert any("2026年3月23日" in why["zh"] for line in moved.lines for why in line.row.why), (
        "what changed stays to be read"
    )
    begin_undo(both.desk, both.admin, batch, "通知收回")
    with pytest.raises(Conflict):
        begin_batch(both.desk, both.admin, KEY, wish(new, renames=RENAMES))
    both.drain()
    view = view_batch(both.desk, both.admin, batch)
    assert view.undoing is not None
    assert (view.undoing.total, view.undoing.waiting, view.undoing.refused, view.undoable) == (3, 0, 1, 1)
    assert versions_of(both, cases) == [old[0], new, old[2]]
    assert [[task.due_at for task in both.tasks(case)] for case in (cases[0], cases[2])] == [tasks[0], tasks[2]]
    [kept] = [line.kept for line in view.lines if line.kept]
    assert "已经继续办理" in kept.zh
    assert [verify_case(both.desk, both.admin, case) for case in cases] == [None] * 3


class Killed(BaseException):
    pass


def killed_after_its_first_commit(town: Lakeside) -> None:
    """Let a worker take up what waits, and die as soon as a case of it is committed."""
    item = town.desk.store.claim(town.clock.now(), "first")
    assert item is not None

    def kill(point: str) -> None:
        if point == "after-commit":
            raise Killed

    town.desk.store.crash_point = kill
    with pytest.raises(Killed):
        run_item(town.desk, SYSTEM, item)
    town.desk.store.crash_point = lambda _point: None


def test_two_clicks_at_once_begin_one_batch(postgres_url: str, open_store: Callable[[str], Store]) -> None:
    town = make_lakeside(open_store(postgres_url))
    town.start("one")
    new = town.deploy(amendment(**{DIAGRAM: SETTLE}))
    first, second = both_at_once(town.desk.store, lambda: begin_batch(town.desk, town.admin, KEY, wish(new.version)))
    assert first == second


def test_a_killed_chunk_is_repeated_and_moves_nothing_twice(town: Lakeside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_chunk, "CHUNK", 2)
    cases = three(town)
    new = town.deploy(amendment(**{DIAGRAM: SETTLE}))
    batch = begin_batch(town.desk, town.admin, KEY, wish(new.version, renames=RENAMES))
    killed_after_its_first_commit(town)
    assert [town.case(case).definition == new.version for case in cases] == [True, False, False]
    town.desk.store.reset_running()
    town.drain()
    view = view_batch(town.desk, town.admin, batch)
    assert (view.batch.state, view.counts) == ("done", {"moved": 3})


def stopped_with_a_visit_to_come(town: Lakeside, case: int) -> int:
    """Let a step of a case be reported as stopped, and plan a visit."""
    row, now = town.case(case), town.clock.now()
    assert row.subject_id is not None
    with town.desk.store.write() as tx:
        tx.incidents.open(
            IncidentRow(
                jurisdiction=row.jurisdiction, case_id=case, engine_id="gone", element="decide", kind="service",
                what={"zh": "没有完成", "en": "not done"}, consequence={"zh": "停", "en": "stands"},
                remedy={"zh": "重试", "en": "retry"}, detail="", since=now,
            )
        )  # fmt: skip
        return tx.appointments.insert(AppointmentRow(
                jurisdiction=row.jurisdiction, case_id=case, stage="现场", body_id=row.subject_id, room="厂区",
                starts_at=now + timedelta(hours=20), ends_at=now + timedelta(hours=22), people=[], made_at=now,
            ))  # fmt: skip


def left_of(town: Lakeside, case: int, visit: int) -> tuple[str, int]:
    """Return the state of a visit, and how many incidents of the case are open."""
    with town.desk.store.read() as tx:
        unsettled = [row for row in tx.incidents.select(case_id=case) if row.resolved_at is None]
        return tx.appointments.get(visit).state, len(unsettled)


def test_where_a_reached_element_changed_the_case_stays_or_begins_anew(both: Lakeside) -> None:
    case = both.start()
    new = both.deploy(amendment(**{DIAGRAM: SETTLE}))
    visit = stopped_with_a_visit_to_come(both, case)
    stays = begin_batch(both.desk, both.admin, KEY, wish(new.version))
    both.drain()
    assert view_batch(both.desk, both.admin, stays).counts == {"stayed": 1}
    assert left_of(both, case, visit) == ("planned", 1)
    again = begin_batch(both.desk, both.admin, KEY, wish(new.version, choice="restart"))
    both.drain()
    view = view_batch(both.desk, both.admin, again)
    assert (view.counts, view.lines[0].undoes) == ({"restarted": 1}, False)
    assert left_of(both, case, visit) == ("cancelled", 0), "nobody comes to the steps of before"
    (task,) = both.tasks(case)
    assert (task.element, task.due_reason["last_day"], both.case(case).definition) == (
        "settle",
        "2026-03-23",
        new.version,
    )
    decide(both, case)
    both.drain()
    assert both.case(case).status == "running"
    assert verify_case(both.desk, both.admin, case) is None


def test_who_may_begin_and_stop_one(town: Lakeside, browse: Callable[..., Browser]) -> None:
    town.start()
    new = town.deploy(amendment())
    with pytest.raises(NotAllowed):
        begin_batch(town.desk, town.office, KEY, wish(new.version))
    with pytest.raises(Invalid):
        begin_batch(town.desk, town.admin, KEY, wish(new.version, reason=" "))
    with pytest.raises(Conflict):
        begin_batch(town.desk, town.admin, KEY, wish("0" * 64))
    batch = begin_batch(town.desk, town.admin, KEY, wish(new.version))
    assert begin_batch(town.desk, town.admin, KEY, wish(new.version)) == batch, "the second of two clicks"
    with pytest.raises(Conflict):
        begin_batch(town.desk, town.admin, KEY, wish(new.version, choice="restart"))
    assert browse("admin").send("POST", f"/api/v1/moves/{batch}/stop", {}).json["state"] == "stopped"
    town.drain()
    assert view_batch(town.desk, town.admin, batch).counts == {}


def test_the_page_of_a_batch_counts_and_a_stopped_undo_begins_again(
    town: Lakeside, browse: Callable[..., Browser]
) -> None:
    cases = three(town)
    batch, old, new = moved_all(town, cases)
    admin, here, why = browse("admin"), f"/law/{KEY}/running/batches/{batch}", {"reason": "通知收回"}
    admin.post(f"{here}/undo", why)
    running = admin.get(here).text
    assert "停止撤销" in running
    asks = re.findall(r'data-poll-url="([^"]+)"', running)[0]
    assert admin.get(asks).json["progress"]["undo"]["done"] == 0
    admin.post(f"{here}/undo/stop")
    town.drain()
    stopped = admin.get(here).text
    assert ("data-poll-url" in stopped, "撤销 3 件的迁移" in stopped) == (False, True)
    assert versions_of(town, cases) == [new] * 3
    admin.post(f"{here}/undo", why)
    town.drain()
    undone = admin.get(here).text
    assert (undone.count("已撤销"), "撤销 3 件的迁移" in undone) == (3, False)
    assert versions_of(town, cases) == old
