"""Interventions over a selection: a kill in between leaves each case changed and noted, or neither."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from service.casework.access.actor import SYSTEM
from service.casework.due.run_item import run_item
from service.casework.interventions.batch import Selection, do_tried, start_batch, view_batch
from service.casework.tasks.claim import claim_task
from service.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from service.store import LEASE, Stale
from service.store.models import MailRow
from tests.integration.interventions.test_interventions import WHY, do, done, reviewed
from tests.support.browsers import Browser
from tests.support.desks import Bench

Point = Callable[[str], Any]


class Killed(BaseException):
    """The process ends here."""


def killing(point: str, at: int) -> Point:
    """Return what ends the process when ``point`` is passed for the ``at``-th time."""
    left = [at]

    def passed(name: str) -> None:
        if name == point:
            left[0] -= 1
            if left[0] == 0:
                raise Killed

    return passed


def noted(bench: Bench, batch: int) -> dict[int, str]:
    return {r.case_id: r.state for r in view_batch(bench.desk, bench.admin, batch).results}


@pytest.mark.parametrize("point", ["projected", "case-saved"])
def test_a_kill_loses_nothing_and_does_nothing_twice(both: Bench, point: str) -> None:
    cases = [reviewed(both) for _ in range(3)]
    batch = start_batch(both.desk, both.admin, Selection("suspend", cases, WHY, {}, dry=False))
    both.desk.store.crash_point = killing(point, 2)  # type: ignore[method-assign]
    with pytest.raises(Killed):
        both.drain()
    states = {case: both.case(case).status for case in cases}
    assert {case: "done" if status == "suspended" else "waiting" for case, status in states.items()} == noted(
        both, batch
    )
    assert sorted(states.values()) == ["running", "running", "suspended"]
    both.desk.store.crash_point = lambda _name: None  # type: ignore[method-assign]
    assert both.desk.store.reset_running() == 1
    both.drain()
    assert set(noted(both, batch).values()) == {"done"}
    for case in cases:
        with both.desk.store.read() as tx:
            assert [e.action for e in tx.history.newest(case)].count("intervened") == 1
            assert tx.history.verify(case) is None


@pytest.mark.parametrize("dry", [False, True])
def test_who_stood_still_beyond_the_lease_changes_and_notes_nothing(both: Bench, dry: bool) -> None:
    """Another has claimed the chunk meanwhile: only that one changes cases, and what is noted stays as it is."""
    cases = [reviewed(both) for _ in range(2)]
    batch = start_batch(both.desk, both.admin, Selection("suspend", cases, WHY, {}, dry=dry))
    first = both.desk.store.claim(both.clock.now(), "first")
    second = both.desk.store.claim(both.clock.now() + 2 * LEASE, "second")
    assert first is not None
    assert second is not None
    assert first.id == second.id
    with pytest.raises(Stale):
        run_item(both.desk, SYSTEM, first)
    assert noted(both, batch) == dict.fromkeys(cases, "waiting")
    assert {both.case(case).status for case in cases} == {"running"}
    run_item(both.desk, SYSTEM, second)
    with pytest.raises(Stale), both.desk.store.write() as tx:
        tx.intervention_results.note(batch, cases[0], "refused", {}, both.clock.now() + timedelta(1))
    assert noted(both, batch) == dict.fromkeys(cases, "done")
    for case in cases:
        with both.desk.store.read() as tx:
            assert [e.action for e in tx.history.newest(case)].count("intervened") == (0 if dry else 1)


def test_a_batch_is_refused_as_a_whole_where_it_cannot_be(bench: Bench) -> None:
    case = reviewed(bench)
    for wrong, error in (
        (Selection("move_back", [case], WHY, {}), Invalid),
        (Selection("suspend", [], WHY, {}), Invalid),
        (Selection("suspend", [case], "", {}), Invalid),
        (Selection("suspend", [case, 999], WHY, {}), NotFound),
        (Selection("vote", [case], WHY, {}), NotFound),
    ):
        with pytest.raises(error):
            start_batch(bench.desk, bench.admin, wrong)
    with pytest.raises(NotAllowed):
        start_batch(bench.desk, bench.office, Selection("suspend", [case], WHY, {}))
    batch = start_batch(bench.desk, bench.admin, Selection("suspend", [case], WHY, {}))
    with pytest.raises(Conflict, match="还没有结束"):
        do_tried(bench.desk, bench.admin, batch)


def test_a_case_that_changed_since_it_was_tried_is_left_as_it_is(bench: Bench) -> None:
    cases = [reviewed(bench) for _ in range(2)]
    tried = start_batch(bench.desk, bench.admin, Selection("suspend", cases, WHY, {}))
    bench.drain()
    done(bench, cases[0], bench.office, {"decision": "pass"})
    real = do_tried(bench.desk, bench.admin, tried)
    bench.drain()
    results = {r.case_id: r for r in view_batch(bench.desk, bench.admin, real).results}
    assert [results[case].state for case in cases] == ["refused", "done"]
    assert results[cases[0]].why is not None
    assert "重新试算" in results[cases[0]].why.zh
    assert [bench.case(case).status for case in cases] == ["running", "suspended"]


def test_who_lost_the_right_meanwhile_changes_nothing(bench: Bench) -> None:
    case = reviewed(bench)
    batch = start_batch(bench.desk, bench.admin, Selection("suspend", [case], WHY, {}, dry=False))
    with bench.desk.store.write() as tx:
        [held] = tx.memberships.list_valid(bench.people["admin"], bench.clock.now())
        tx.memberships.change(held.id, until=bench.clock.now())
    bench.drain()
    [result] = view_batch(bench.desk, bench.admin, batch).results
    assert (result.state, bench.case(case).status) == ("refused", "running")
    assert result.why is not None
    assert "现在不是本辖区管理员" in result.why.zh


def test_an_item_is_done_once_however_often_it_is_handed_out(bench: Bench) -> None:
    case = reviewed(bench)
    start_batch(bench.desk, bench.admin, Selection("suspend", [case], WHY, {}, dry=False))
    item = bench.desk.store.claim(bench.clock.now(), "test")
    assert item is not None
    run_item(bench.desk, SYSTEM, item)
    with pytest.raises(Conflict):
        run_item(bench.desk, SYSTEM, item)
    with bench.desk.store.read() as tx:
        assert [e.action for e in tx.history.newest(case)].count("intervened") == 1


def test_programs_do_in_many_cases_what_they_tried(bench: Bench, browse: Callable[..., Browser]) -> None:
    cases, admin, here = [reviewed(bench) for _ in range(3)], browse("admin"), "/api/v1/interventions"
    body = {"kind": "suspend", "reason": WHY, "cases": cases, "excluded": [cases[2]], "public": True}
    both_given = admin.send("POST", here, {**body, "matching": {"status": "running"}})
    assert both_given.status_code == 422, "which of the two is meant?"
    narrow = {"cases": None, "matching": {"status": "running"}}
    tried = admin.send("POST", here, {**body, **narrow}).json["id"]
    bench.drain()
    assert {bench.case(case).status for case in cases} == {"running"}
    begun = admin.send("POST", f"{here}/{tried}/do", {})
    assert begun.status_code == 200, begun.text
    bench.drain()
    assert admin.send("POST", f"{here}/{tried}/do", {}).json["code"] == "already_done"
    assert noted(bench, begun.json["id"]) == dict.fromkeys(cases[:2], "done")
    with bench.desk.store.read() as tx:
        [event] = [e for e in tx.history.newest(cases[0]) if e.action == "intervened"]
    assert event.data["public"] is True


def test_a_task_for_which_nobody_is_named_or_nobody_who_may_holds_back_no_other(bench: Bench) -> None:
    """Each stays and says why; where none remains the case is refused."""
    case = reviewed(bench)
    [task] = bench.tasks(case)
    claim_task(bench.desk, bench.office, task.id)
    [task] = bench.tasks(case)
    with bench.desk.store.write() as tx:
        for title, other in (
            ("别处", {"body_id": bench.applicant.seats[0].body_id}),
            ("另一角色", {"role": "administrator"}),
        ):
            tx.tasks.insert_many([replace(task, id=0, engine_id=f"{task.engine_id}-{title}", title=title, **other)])
    given = {"task": f"holder:{bench.people['office']}", f"person-{task.body_id or 0}": str(bench.people["second"])}
    effect = do(bench, "reassign", case, dry=True, **given)
    stay = {change.name: change.after.zh for change in effect.changes if change.after and "没有改动" in change.after.zh}
    assert set(stay) == {"另一角色", "别处"}
    assert "没有写明“别处”" in stay["别处"]
    assert "没有办理“另一角色”的角色" in stay["另一角色"]
    batch = start_batch(bench.desk, bench.admin, Selection("reassign", [case], WHY, given, dry=False))
    bench.drain()
    assert noted(bench, batch) == {case: "done"}
    with bench.desk.store.read() as tx:
        now = {row.title: row.assignee_id for row in tx.tasks.open_of_case(case)}
    assert now == {
        task.title: bench.people["second"],
        "别处": bench.people["office"],
        "另一角色": bench.people["office"],
    }
    with pytest.raises(Invalid, match="没有"):
        do(bench, "reassign", case, **given)


# The office reads of a batch in one message, however many cases it was.


def _list_mail(bench: Bench) -> list[MailRow]:
    with bench.desk.store.read() as tx:
        found = [row for ident in bench.people.values() for row in tx.mail.select("-id", limit=50, person_id=ident)]
    return [row for row in found if row.subject.startswith("管理员干预")]


def test_the_office_gets_one_message_of_a_batch(both: Bench) -> None:
    cases = [reviewed(both) for _ in range(23)]
    trial = start_batch(both.desk, both.admin, Selection("suspend", cases, WHY, {}))
    both.drain()
    assert _list_mail(both) == [], "a trial is told to nobody"
    do_tried(both.desk, both.admin, trial)
    both.drain()
    told = _list_mail(both)
    assert len({row.person_id for row in told}) == len(told) > 0, "one message each"
    assert {row.subject for row in told} == {"管理员干预：暂停办理，23件"}
    assert all("另有3件" in row.text and WHY in row.text and row.case_id is None for row in told)
