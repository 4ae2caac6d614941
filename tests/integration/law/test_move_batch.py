"""All running cases moved in one batch: looked at first, a verdict and a reason each, resumed after a kill, undone one by one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest

from service.casework.access.actor import SYSTEM
from service.casework.amendments.undo_move import undo_move
from service.casework.batches import run_chunk
from service.casework.due.move_batch import BatchWish, begin_batch
from service.casework.due.run_item import run_item
from service.casework.due.undo_batch import begin_undo, stop_undo
from service.casework.interventions.kinds import UNDO
from service.casework.queries.law.view_moves import view_batch
from service.casework.queries.proof.verify_audit import verify_case
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.store import LEASE, Stale, Store
from service.store.rows import AppointmentRow, IncidentRow, InterventionBatchRow
from tests.integration.law.test_amendment import REASON, amendment, decide
from tests.integration.law.test_undone_moves import PROCESS, SETTLE
from tests.support.at_once import both_at_once
from tests.support.browsers import Browser
from tests.support.lakeside import DIAGRAM, KEY, Lakeside, make_lakeside

pytestmark = pytest.mark.both_databases

RENAMES = {PROCESS: {"decide": "settle"}}


@pytest.fixture
def both(store: Store) -> Lakeside:
    """The miniature with people, once on each database."""
    return make_lakeside(store)


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


def test_all_move_and_each_is_undone_until_it_goes_on(both: Lakeside) -> None:
    cases = three(both)
    old = both.case(cases[1]).definition
    new = both.deploy(amendment(**{DIAGRAM: SETTLE}))
    batch = begin_batch(both.desk, both.admin, KEY, wish(new.version, renames=RENAMES))
    both.drain()
    view = view_batch(both.desk, both.admin, batch)
    assert (view.counts, {both.case(case).definition for case in cases}) == ({"moved": 3}, {new.version})
    assert [line.undoes for line in view.lines] == [True] * 3
    decide(both, cases[1])
    again = {line.row.case_id: line for line in view_batch(both.desk, both.admin, batch).lines}
    assert [again[case].undoes for case in cases] == [True, False, True]
    undo_move(both.desk, both.admin, again[cases[2]].row.id, "收回")
    assert [both.case(case).definition for case in cases] == [new.version, new.version, old]
    assert [verify_case(both.desk, both.admin, case) for case in cases] == [None] * 3


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
    assert view_batch(both.desk, both.admin, batch).undoable == 3
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


def test_a_killed_undo_is_repeated_and_undoes_nothing_twice(both: Lakeside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_chunk, "CHUNK", 2)
    cases = three(both)
    batch, old, new = moved_all(both, cases)
    begun = begin_undo(both.desk, both.admin, batch, "通知收回")
    assert begin_undo(both.desk, both.admin, batch, "通知收回") == begun, "the second of two clicks"
    killed_after_its_first_commit(both)
    assert versions_of(both, cases) == [old[0], new, new]
    both.clock.move_to(both.clock.now() + 2 * LEASE)
    both.drain()
    assert versions_of(both, cases) == old
    for case in cases:
        with both.desk.store.read() as tx:
            assert [event.action for event in tx.history.of_case(case)].count("moved_back") == 1


def test_undoing_is_stopped_and_begun_again(town: Lakeside) -> None:
    cases = three(town)
    batch, old, new = moved_all(town, cases)
    with pytest.raises(NotAllowed):
        begin_undo(town.desk, town.office, batch, "收回")
    with pytest.raises(Invalid):
        begin_undo(town.desk, town.admin, batch, " ")
    with pytest.raises(Conflict):
        stop_undo(town.desk, town.admin, batch)
    begin_undo(town.desk, town.admin, batch, "收回")
    with pytest.raises(NotAllowed):
        stop_undo(town.desk, town.office, batch)
    stop_undo(town.desk, town.admin, batch)
    town.drain()
    assert versions_of(town, cases) == [new] * 3
    begin_undo(town.desk, town.admin, batch, "还是收回")
    town.drain()
    assert versions_of(town, cases) == old
    with pytest.raises(Conflict):
        begin_undo(town.desk, town.admin, batch, "再收回")


def test_an_undo_is_found_behind_any_number_of_later_ones(town: Lakeside) -> None:
    cases = three(town)
    batch, _old, new = moved_all(town, cases)
    begun = begin_undo(town.desk, town.admin, batch, "收回")
    with town.desk.store.write() as tx:
        for other in range(batch + 1, batch + 152):
            later = InterventionBatchRow(
                kind=UNDO, given={"batch": other}, reason="收回", dry=False, person_id=1, at=town.clock.now()
            )
            tx.interventions.begin(later, [])
    assert begin_undo(town.desk, town.admin, batch, "收回") == begun, "the second of two clicks"
    stop_undo(town.desk, town.admin, batch)
    assert versions_of(town, cases) == [new] * 3


def test_what_was_only_tried_is_not_undone(town: Lakeside) -> None:
    three(town)
    new = town.deploy(amendment(**{DIAGRAM: SETTLE}))
    batch = begin_batch(town.desk, town.admin, KEY, wish(new.version, dry=True))
    with pytest.raises(Conflict, match="进行"):
        begin_undo(town.desk, town.admin, batch, "收回")
    town.drain()
    with pytest.raises(Conflict, match="没有可以撤销"):
        begin_undo(town.desk, town.admin, batch, "收回")


def test_pages_and_programs_undo_a_batch(town: Lakeside, browse: Callable[..., Browser]) -> None:
    cases = three(town)
    batch, old, new = moved_all(town, cases)
    decide(town, cases[1])
    admin, office, here = browse("admin"), browse("office"), f"/law/{KEY}/running/batches/{batch}"
    assert "撤销 3 件的迁移" in admin.get(here).text
    assert "撤销这一批的迁移" not in office.get(here).text
    assert office.post(f"{here}/undo", {"reason": "收回"}).status_code == 403
    assert admin.post(f"{here}/undo", {"reason": " "}).status_code == 422
    admin.post(f"{here}/undo", {"reason": "收回"})
    shown = admin.get(here).text
    assert all(words in shown for words in ("停止撤销", "共 3 件，已办 0 件", "data-poll-url"))
    admin.post(f"{here}/undo/stop")
    assert admin.get(f"{here}/progress?since=0").get_json()["count"] == 6
    assert admin.get(f"{here}").text.count("发起人已停止这一批") == 3
    told = admin.send("POST", f"/api/v1/moves/{batch}/undo", {"reason": "收回"}).json
    assert told["undoing"] == {"reason": "收回", "total": 3, "waiting": 3, "refused": 0}
    town.drain()
    told = admin.get(f"/api/v1/moves/{batch}").json
    assert told["undoing"] == {"reason": "收回", "total": 3, "waiting": 0, "refused": 1}
    assert [(one["undone_at"] is None, one["kept"] is None) for one in told["cases"]] == [
        (False, True),
        (True, False),
        (False, True),
    ]
    assert admin.send("POST", f"/api/v1/moves/{batch}/undo/stop", {}).status_code == 409
    assert "1 件没有撤销" in admin.get(here).text
    assert "撤销一批迁移" in admin.get("/monitor/batches").text
    assert versions_of(town, cases) == [old[0], new, old[2]]


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


def test_who_stood_still_beyond_the_lease_moves_nothing(both: Lakeside) -> None:
    case = both.start("one")
    old = both.case(case).definition
    new = both.deploy(amendment(**{DIAGRAM: SETTLE}))
    batch = begin_batch(both.desk, both.admin, KEY, wish(new.version, renames=RENAMES))
    first = both.desk.store.claim(both.clock.now(), "first")
    second = both.desk.store.claim(both.clock.now() + 2 * LEASE, "second")
    assert first is not None
    assert second is not None
    with pytest.raises(Stale):
        run_item(both.desk, SYSTEM, first)
    assert (both.case(case).definition, view_batch(both.desk, both.admin, batch).counts) == (old, {})
    run_item(both.desk, SYSTEM, second)
    assert (both.case(case).definition, view_batch(both.desk, both.admin, batch).counts) == (new.version, {"moved": 1})


def test_one_that_is_overtaken_in_its_last_chunk_says_that_it_was_stopped(town: Lakeside) -> None:
    """After the first case another version is published: the cases left have no result, so the batch is not done."""
    for name in ("one", "two"):
        town.start(name)
    new = town.deploy(amendment(**{DIAGRAM: SETTLE}))
    batch = begin_batch(town.desk, town.admin, KEY, wish(new.version, renames=RENAMES))
    item = town.desk.store.claim(town.clock.now(), "first")
    assert item is not None

    def publish_another(point: str) -> None:
        if point == "after-commit":
            town.desk.store.crash_point = lambda _point: None
            town.deploy(amendment())

    town.desk.store.crash_point = publish_another
    run_item(town.desk, SYSTEM, item)
    view = view_batch(town.desk, town.admin, batch)
    assert (view.batch.state, view.counts) == ("stopped", {"moved": 1})


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
        return tx.panels.insert_appointment(
            AppointmentRow(
                jurisdiction=row.jurisdiction, case_id=case, stage="现场", body_id=row.subject_id, room="厂区",
                starts_at=now + timedelta(hours=20), ends_at=now + timedelta(hours=22), people=[], made_at=now,
            )
        )  # fmt: skip


def left_of(town: Lakeside, case: int, visit: int) -> tuple[str, int]:
    """Return the state of a visit, and how many incidents of the case are open."""
    with town.desk.store.read() as tx:
        unsettled = [row for row in tx.incidents.of_case(case) if row.resolved_at is None]
        return tx.panels.appointment(visit).state, len(unsettled)


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


def test_where_a_reached_element_changed_the_case_may_be_ended_with_a_document(both: Lakeside) -> None:
    case = both.start()
    new = both.deploy(amendment(**{DIAGRAM: SETTLE}))
    looked = begin_batch(both.desk, both.admin, KEY, wish(new.version, choice="end", dry=True))
    both.drain()
    assert (view_batch(both.desk, both.admin, looked).counts, both.case(case).status) == ({"ends": 1}, "running")
    batch = begin_batch(both.desk, both.admin, KEY, wish(new.version, choice="end"))
    both.drain()
    assert view_batch(both.desk, both.admin, batch).counts == {"ended": 1}
    assert (both.case(case).status, both.case(case).outcome) == ("ended", "terminated")
    with both.desk.store.read() as tx:
        assert [document.template for document in tx.documents.of_case(case)][-1:] == ["case_termination"]


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


def test_who_lost_the_right_meanwhile_moves_nothing_and_each_case_says_so(town: Lakeside) -> None:
    case = town.start("one")
    new = town.deploy(amendment(**{DIAGRAM: SETTLE}))
    batch = begin_batch(town.desk, town.admin, KEY, wish(new.version, renames=RENAMES))
    old = town.case(case).definition
    with town.desk.store.write() as tx:
        for held in tx.people.memberships(town.admin.person_id or 0, town.clock.now()):
            tx.people.end_membership(held.id, town.clock.now())
    town.drain()
    view = view_batch(town.desk, town.office, batch)
    assert (view.batch.state, view.counts, town.case(case).definition) == ("done", {"failed": 1}, old)
    assert "现在不是本辖区管理员" in view.lines[0].row.why[0]["zh"]


def test_the_pages_match_elements_try_move_and_undo(town: Lakeside, browse: Callable[..., Browser]) -> None:
    case = town.start("one")
    old = town.case(case).definition
    new = town.deploy(amendment(**{DIAGRAM: SETTLE}))
    admin, office, running = browse("admin"), browse("office"), f"/law/{KEY}/running"
    assert f"{running}/from/{old}" in admin.get(running).text
    page = admin.get(f"{running}/from/{old}").text
    for shown in (admin.get(running).text, page):
        assert "发布的版本" in shown
        assert not re.search(rf">[^<>]*(?:{old[:8]}|{new.version[:8]})", shown), "no mark is shown to people"
    for words in ("决定是否受理", "名称相同", f"{PROCESS}.bpmn", 'value="settle" selected', "迁移全部"):
        assert words in page
    assert len(re.findall(r'"look": ?true', unescape(page))) == 2, "each diagram begins at the first that is matched"
    assert b"<bpmn:" in admin.get(f"{running}/from/{old}/{PROCESS}.bpmn").data
    field = f"after:{PROCESS}:decide"
    sent = {"target": new.version, field: "settle", "choice": "stay", "reason": REASON, "act": "move"}
    assert office.post(f"{running}/from/{old}", sent).status_code == 403
    refused = admin.post(f"{running}/from/{old}", {**sent, "reason": " "})
    assert (refused.status_code, "请写明理由" in refused.text, 'value="settle" selected' in refused.text) == (
        422,
        True,
        True,
    )
    looked = admin.post(f"{running}/from/{old}", {**sent, "act": "try"}).headers["Location"]
    assert "按这次试算迁移全部" not in admin.get(looked).text
    assert admin.post(f"{looked}/do").status_code == 409
    busy = admin.post(f"{running}/from/{old}", sent)
    assert (busy.status_code, f'href="{looked}"' in busy.text) == (409, True), "it leads to the batch that runs"
    town.drain()
    assert "按这次试算迁移全部" in admin.get(looked).text
    assert "按这次试算迁移全部" not in office.get(looked).text
    assert office.post(f"{looked}/do").status_code == 403
    begun = admin.post(f"{looked}/do")
    assert admin.post(f"{looked}/do").headers["Location"] == begun.headers["Location"], "the second of two clicks"
    assert 'http-equiv="refresh"' not in admin.get(begun.headers["Location"]).text, (
        "no page moves by itself under who reads it"
    )
    town.drain()
    assert admin.get(f"{begun.headers['Location']}/progress?since=0").get_json()["count"] == 1
    assert admin.get("/monitor/batches/progress?since=0").get_json()["count"] == 2
    shown = admin.get(begun.headers["Location"]).text
    for words in ("已迁移", "撤销这件的迁移", "共 1 件，已办 1 件"):
        assert words in shown
    assert "撤销这件的迁移" not in office.get(begun.headers["Location"]).text
    assert admin.post(f"{begun.headers['Location']}/undo/2", {"reason": "收回"}).status_code == 302
    assert town.case(case).definition == old
    assert "已撤销" in admin.get(begun.headers["Location"]).text


def test_programs_do_the_same(town: Lakeside, browse: Callable[..., Browser]) -> None:
    case = town.start("one")
    old = town.case(case).definition
    new = town.deploy(amendment(**{DIAGRAM: SETTLE}))
    program, award = browse("admin"), f"/api/v1/definitions/{KEY}/moves"
    [one] = program.get(f"{award}/from/{old}").json["missing"]
    assert (one["element"], one["proposed"]) == ("decide", "settle")
    renames = [{"process": one["process"], "before": one["element"], "after": one["proposed"]}]
    wanted = {"version": new.version, "from_version": old, "reason": REASON, "renames": renames, "dry": False}
    batch = program.send("POST", award, wanted).json["id"]
    town.drain()
    found = program.get(f"/api/v1/moves/{batch}").json
    assert (found["counts"], found["state"]) == ({"moved": 1}, "done")
    [line] = program.get("/api/v1/batches").json["batches"]
    assert (line["kind"], line["award"], line["total"], line["done"]) == ("move", KEY, 1, 1)
    assert f"/law/{KEY}/running/batches/{batch}" in program.get("/monitor/batches").text
    assert program.send("POST", f"/api/v1/moves/{batch}/stop", {}).status_code == 409
    undone = program.send("POST", f"/api/v1/case-moves/{found['cases'][0]['id']}/undo", {"reason": "收回"})
    assert undone.json == {"case_id": case}
    assert town.case(case).definition == old
