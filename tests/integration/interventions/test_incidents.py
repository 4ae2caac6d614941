"""No incident is lost and none told twice: what is tried in vain, what nobody catches, and what went well after all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

import handlers
from service.casework.definitions.publish import publish_package
from service.casework.due.settle_incident import retry_alike, retry_incident, skip_incident
from service.casework.interventions.batch import REFUSED
from service.casework.queries.monitoring.incident_desk import view_cause, view_incident_desk
from service.casework.step.incident import Incident, open_incident
from service.casework.step.limits.days import NO_DUE_DATE
from service.casework.step.save import save_step
from service.casework.step.standstill import report_uncaught
from service.casework.step.step import open_step
from service.casework.step.task_row import NO_LIMIT
from service.casework.tasks.complete import complete_task
from service.catalog import Package
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.jobs.sweeper import Sweeper
from service.sdk import operations
from service.store import NewWork, Store
from service.store.models import WorkItemRow
from tests.integration.interventions.test_interventions import WHY, do, done, reviewed, started
from tests.support.desks import BROKEN, PACKAGE, Bench, make_bench

handlers.load()
MAILED = b"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core" targetNamespace="x" id="d">
<bpmn:process id="testville_application" isExecutable="true"><bpmn:startEvent id="a"/>
<bpmn:serviceTask id="told" name="TOLD"><bpmn:extensionElements><s:serviceTaskOperator id="mail.send"><s:parameters>
<s:parameter id="to" type="string" value='"nobody_has_this"'/><s:parameter id="subject" type="string" value="missing.subject"/>
<s:parameter id="text" type="string" value='"t"'/></s:parameters></s:serviceTaskOperator></bpmn:extensionElements></bpmn:serviceTask>
<bpmn:endEvent id="e"/><bpmn:sequenceFlow id="f1" sourceRef="a" targetRef="told"/><bpmn:sequenceFlow id="f2" sourceRef="told" targetRef="e"/>
</bpmn:process></bpmn:definitions>""".replace(b"TOLD", "告知".encode())


def open_incidents(bench: Bench) -> list[tuple[str, str]]:
    with bench.desk.store.read() as tx:
        return [(i.kind, i.what["zh"]) for i in tx.incidents.list_open(None)]


def failing_hours(bench: Bench, tries: int) -> WorkItemRow:
    """Let the work of a message fail ``tries`` times, each when it is due again."""
    case = started(bench)
    with bench.desk.store.write() as tx:
        tx.work.enqueue_many([NewWork("mail", case, "vain", {}, bench.clock.now())], bench.clock.now())

    def fail(item: WorkItemRow) -> None:
        raise RuntimeError(item.effect_key)

    sweeper = Sweeper(bench.desk.store, fail, bench.clock.now, "test")
    for _ in range(tries):
        sweeper.drain(bench.clock.now())
        bench.clock.move_to(bench.clock.now() + timedelta(hours=3))
    with bench.desk.store.read() as tx:
        row = tx.work.find(effect_key="vain")
    assert row is not None
    return row


def test_what_is_tried_in_vain_for_an_hour_is_told_once_and_forgotten_when_it_goes_well(both: Bench) -> None:
    assert failing_hours(both, 6).state == "waiting"
    assert open_incidents(both) == []
    sweeper = Sweeper(both.desk.store, lambda _item: (_ for _ in ()).throw(RuntimeError("x")), both.clock.now, "test")
    sweeper.drain(both.clock.now())
    [(kind, said)] = open_incidents(both)
    assert (kind, "一个小时以来" in said) == ("work_item_dead", True)
    both.clock.move_to(both.clock.now() + timedelta(hours=3))
    item = both.desk.store.claim(both.clock.now(), "test")
    assert item is not None
    with both.desk.store.write() as tx:
        tx.work.finish(item, both.clock.now())
    assert open_incidents(both) == []


def test_what_is_given_up_later_is_the_same_incident_and_can_be_skipped(bench: Bench) -> None:
    assert failing_hours(bench, 8).state == "dead"
    [(_, said)] = open_incidents(bench)
    assert "已停止重试" in said
    [group] = view_incident_desk(bench.desk, bench.admin)
    assert (group.count, group.lines[0].count, group.skip) == (1, 2, None)
    with pytest.raises(Invalid):
        skip_incident(bench.desk, bench.admin, group.lines[0].id, " ")
    skip_incident(bench.desk, bench.admin, group.lines[0].id, WHY)
    with pytest.raises(Conflict, match="已经处理"):
        skip_incident(bench.desk, bench.admin, group.lines[0].id, WHY)
    with bench.desk.store.read() as tx:
        assert tx.incidents.get(group.lines[0].id).settled == WHY
        [told] = [e.text for e in tx.history.newest(group.lines[0].case_id or 0) if e.action == "skipped"]
    assert f"。原因：{WHY}" in told
    assert "。。" not in told


def test_a_letter_that_cannot_be_written_is_skipped_and_the_case_goes_on(
    sqlite_url: str, open_store: Callable[[str], Store]
) -> None:
    bench = make_bench(open_store(sqlite_url))
    with bench.desk.store.write() as tx:
        package = bench.desk.packages.current(PACKAGE, tx)
        path = next(p for p in package.files if p.endswith("application.bpmn"))
        publish_package(
            tx, Package.from_files({**package.files, path: MAILED}, operations()), bench.clock.now(), "test"
        )
    case = bench.started()
    [group] = view_incident_desk(bench.desk, bench.admin)
    assert (group.lines[0].step, group.skip) == ("告知", None)
    with pytest.raises(NotAllowed):
        skip_incident(bench.desk, bench.office, group.lines[0].id, WHY)
    skip_incident(bench.desk, bench.admin, group.lines[0].id, WHY)
    assert bench.case(case).status == "ended"
    assert open_incidents(bench) == []


def test_a_step_that_finds_something_is_not_skipped(bench: Bench) -> None:
    BROKEN.add("test.post")
    [task] = bench.tasks(bench.submitted())
    complete_task(bench.desk, bench.office, task.id, task.version, {"decision": "pass"})
    [group] = view_incident_desk(bench.desk, bench.admin)
    assert group.skip is not None
    with pytest.raises(NotAllowed, match="代替有权机关"):
        skip_incident(bench.desk, bench.admin, group.lines[0].id, WHY)


def test_a_message_that_nobody_can_catch_is_an_incident_once(bench: Bench) -> None:
    case, other = reviewed(bench), started(bench)
    for _ in range(2):
        with bench.desk.store.write() as tx:
            step = open_step(bench.desk, tx, case, bench.office)
            report_uncaught(step, "withdrawn", "review", [other])
            report_uncaught(step, "nobody_waits", "review", [])
            report_uncaught(step, "nobody_waits", "review", [other])
            save_step(step)
    [(kind, said)] = open_incidents(bench)
    assert (kind, said) == ("message", "“审核”发出的消息“nobody_waits”没有任何办件接收。")
    [group] = view_incident_desk(bench.desk, bench.admin)
    with pytest.raises(Conflict, match="没有可以重试的步骤"):
        retry_incident(bench.desk, bench.admin, group.lines[0].id)
    begun = retry_alike(bench.desk, bench.admin, group.lines[0].id)
    bench.drain()
    with bench.desk.store.read() as tx:
        assert tx.intervention_results.count_by("state", batch_id=begun.batch or 0) == {REFUSED: 1}
    assert [kind for kind, _ in open_incidents(bench)] == ["message"], "it is not lost"


def test_a_task_without_its_limit_stays_an_incident_until_it_has_one(bench: Bench) -> None:
    case = reviewed(bench)
    with bench.desk.store.write() as tx:
        (task,) = tx.tasks.open_of_case(case)
        tx.tasks.step(task.id, task.version, due_at=NO_DUE_DATE)
        step = open_step(bench.desk, tx, case, bench.office)
        said = Text("没有期限", "no limit")
        open_incident(step, task.engine_id, task.element, Incident(NO_LIMIT, said, said, said, "null"))
        save_step(step)
    [group] = view_incident_desk(bench.desk, bench.admin)
    with pytest.raises(Conflict):
        retry_incident(bench.desk, bench.admin, group.lines[0].id)
    assert len(open_incidents(bench)) == 1
    with bench.desk.store.write() as tx:
        tx.tasks.step(task.id, tx.tasks.get(task.id).version, due_at=bench.clock.now())
    assert retry_incident(bench.desk, bench.admin, group.lines[0].id)
    assert open_incidents(bench) == []


def test_all_incidents_are_shown_page_by_page_and_settled_by_what_mended_them(bench: Bench) -> None:
    BROKEN.add("test.post")
    cases = [reviewed(bench) for _ in range(22)]
    for case in cases:
        done(bench, case, bench.office, {"decision": "pass"})
    [group] = view_incident_desk(bench.desk, bench.admin)
    assert (group.count, len(group.lines), group.before is not None) == (22, 20, True)
    whole = view_cause(bench.desk, bench.admin, group.jurisdiction, group.cause)
    assert whole is not None
    assert (len(whole.lines), whole.before) == (22, None)
    assert {line.case_id for line in whole.lines} == set(cases)
    assert not retry_incident(bench.desk, bench.admin, group.lines[0].id)
    [again] = view_incident_desk(bench.desk, bench.admin)
    assert again.count == 22, "one that fails again is one incident"
    BROKEN.clear()
    do(bench, "value", cases[0], name="note", value="补记")
    do(bench, "terminate", cases[1], basis="第九条")
    [left] = view_incident_desk(bench.desk, bench.admin)
    assert left.count == 20


def finish(bench: Bench, item: WorkItemRow) -> None:
    """Do the work of an item."""
    with bench.desk.store.write() as tx:
        tx.work.finish(item, bench.clock.now())


def test_a_timer_that_failed_is_not_skipped(bench: Bench) -> None:
    case = started(bench)
    with bench.desk.store.write() as tx:
        tx.work.enqueue_many([NewWork("timer", case, "t", {}, bench.clock.now())], bench.clock.now())
    sweeper = Sweeper(bench.desk.store, lambda _item: (_ for _ in ()).throw(RuntimeError("x")), bench.clock.now, "test")
    for _ in range(8):
        sweeper.drain(bench.clock.now())
        bench.clock.move_to(bench.clock.now() + timedelta(hours=3))
    [group] = view_incident_desk(bench.desk, bench.admin)
    with pytest.raises(NotAllowed, match="不能跳过"):
        skip_incident(bench.desk, bench.admin, group.lines[0].id, WHY)
