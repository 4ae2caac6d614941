"""No incident is lost and none told twice: what is tried in vain, what nobody catches, and what went well after all."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

import handlers
from service.casework.cases.start import start_case
from service.casework.definitions.publish import publish
from service.casework.due.hand_over_incident import hand_over_incident
from service.casework.due.retry_alike import BegunRetry, retry_alike, retry_chunk
from service.casework.due.retry_incident import retry_incident
from service.casework.due.skip_incident import skip_incident
from service.casework.interventions.batch import DONE, REFUSED, WAITING, view_batch
from service.casework.interventions.intervene import InterventionAsked
from service.casework.interventions.terminate import terminate_case
from service.casework.queries.monitoring.incident_desk import view_cause, view_incident_desk
from service.casework.step.incident import Incident, open_incident
from service.casework.step.save import save_step
from service.casework.step.step import open_step
from service.casework.step.task_row import NO_DUE_DATE, NO_LIMIT
from service.casework.step.uncaught import report_uncaught
from service.catalog import Package
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.jobs.sweeper import Sweeper
from service.sdk import operations
from service.store import NewWork, StorageFull, Store
from service.store.rows import IncidentRow, WorkItemRow
from tests.integration.interventions.test_interventions import WHY, do, done, reviewed, started
from tests.support.browsers import Browser, make_app
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
        row = tx.work.by_key("vain")
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


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ConnectionRefusedError(111, "Connection refused"), "对方没有开启服务，连接被拒绝"),
        (StorageFull(), StorageFull().message.zh),
    ],
)
def test_why_mail_does_not_leave_is_told_in_words_with_where_to_look(bench: Bench, error: Exception, said: str) -> None:
    case = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    with bench.desk.store.write() as tx:
        tx.work.enqueue_many([NewWork("mail", case, "vain", {}, bench.clock.now())], bench.clock.now())
    sweeper = Sweeper(bench.desk.store, lambda _item: (_ for _ in ()).throw(error), bench.clock.now, "test")
    for told in (*[""] * 6, f"（{said.rstrip('。')}），还在自动重试。", f"（{said.rstrip('。')}），已停止重试。"):
        sweeper.drain(bench.clock.now())
        groups = view_incident_desk(bench.desk, bench.admin)
        assert [group.what.zh[-len(told) :] for group in groups] == ([told] if told else [])
        assert all("运行状况" in group.remedy.zh for group in groups)
        bench.clock.move_to(bench.clock.now() + timedelta(hours=3))


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
        [told] = [e.text for e in tx.history.of_case(group.lines[0].case_id or 0) if e.action == "skipped"]
    assert f"。原因：{WHY}" in told
    assert "。。" not in told


def test_an_incident_of_a_case_that_has_ended_holds_up_nothing(bench: Bench) -> None:
    failing_hours(bench, 8)
    [group] = view_incident_desk(bench.desk, bench.admin)
    case, admin = group.lines[0].case_id or 0, Browser(make_app(bench), bench, "admin")
    pages = ("/monitor", "/monitor/incidents", f"/cases/{case}")
    offered = [f"/cases/{case}/interventions" in admin.get(page).text for page in pages]
    assert offered == [True, True, True]
    terminate_case(bench.desk, bench.admin, case, InterventionAsked(WHY), {"basis": "第八条"})
    for page in pages:
        said = admin.get(page).text
        assert f"/cases/{case}/interventions" not in said, page
        assert "办件已经结束" in said, page
    assert "停在原处" not in admin.get("/monitor").text + admin.get(f"/cases/{case}").text


def test_an_incident_that_is_queued_again_says_since_when_until_it_failed_again(bench: Bench) -> None:
    failing_hours(bench, 8)
    [group] = view_incident_desk(bench.desk, bench.admin)
    assert group.lines[0].queued_at is None
    asked, admin = bench.clock.now(), Browser(make_app(bench), bench, "admin")
    one = f"/monitor/incidents/{group.lines[0].id}"
    for way, page in (("retry", "/monitor"), ("settle", "/monitor/incidents")):  # who clicks again changes nothing
        admin.post(f"{one}/{way}")
        told = admin.get(page).text
        assert "办成以前仍计为异常" in told
        assert "办件继续办理" not in told
        bench.clock.move_to(bench.clock.now() + timedelta(minutes=5))
    [cause] = admin.get("/api/v1/incidents").get_json()["causes"]
    assert datetime.fromisoformat(cause["lines"][0]["queued_at"]) == asked
    whole = f"/monitor/incidents/cause?jurisdiction={group.jurisdiction}&cause={group.cause}"
    for page in ("/monitor", "/monitor/incidents", whole):
        assert "已排队重试" in admin.get(page).text, page
    sweeper = Sweeper(bench.desk.store, lambda _item: (_ for _ in ()).throw(RuntimeError("x")), bench.clock.now, "test")
    for _ in range(8):
        sweeper.drain(bench.clock.now())
        bench.clock.move_to(bench.clock.now() + timedelta(hours=3))
    [group] = view_incident_desk(bench.desk, bench.admin)
    assert (group.lines[0].queued_at, group.lines[0].count > 2) == (None, True)
    assert "已排队重试" not in admin.get("/monitor/incidents").text


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


def test_a_letter_that_cannot_be_written_is_skipped_and_the_case_goes_on(
    sqlite_url: str, open_store: Callable[[str], Store]
) -> None:
    bench = make_bench(open_store(sqlite_url))
    with bench.desk.store.write() as tx:
        package = bench.desk.packages.current(PACKAGE, tx)
        path = next(p for p in package.files if p.endswith("application.bpmn"))
        publish(tx, Package.from_files({**package.files, path: MAILED}, operations()), bench.clock.now(), "test")
    case = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    [group] = view_incident_desk(bench.desk, bench.admin)
    assert (group.lines[0].step, group.skip) == ("告知", None)
    with pytest.raises(NotAllowed):
        skip_incident(bench.desk, bench.office, group.lines[0].id, WHY)
    skip_incident(bench.desk, bench.admin, group.lines[0].id, WHY)
    assert bench.case(case).status == "ended"
    assert open_incidents(bench) == []


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
        assert tx.interventions.counts(begun.batch or 0) == {REFUSED: 1}
    assert [kind for kind, _ in open_incidents(bench)] == ["message"], "it is not lost"


def test_a_task_without_its_limit_stays_an_incident_until_it_has_one(bench: Bench) -> None:
    case = reviewed(bench)
    with bench.desk.store.write() as tx:
        (task,) = tx.tasks.open_of_case(case)
        tx.tasks.update(task.id, task.version, due_at=NO_DUE_DATE)
        step = open_step(bench.desk, tx, case, bench.office)
        said = Text("没有期限", "no limit")
        open_incident(step, task.engine_id, task.element, Incident(NO_LIMIT, said, said, said, "null"))
        save_step(step)
    [group] = view_incident_desk(bench.desk, bench.admin)
    with pytest.raises(Conflict):
        retry_incident(bench.desk, bench.admin, group.lines[0].id)
    assert len(open_incidents(bench)) == 1
    with bench.desk.store.write() as tx:
        tx.tasks.update(task.id, tx.tasks.get(task.id).version, due_at=bench.clock.now())
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


def test_whoever_retries_a_cause_second_gets_the_batch_of_the_first(both: Bench) -> None:
    BROKEN.add("test.post")
    case = reviewed(both)
    done(both, case, both.office, {"decision": "pass"})
    BROKEN.clear()
    [group] = view_incident_desk(both.desk, both.admin)
    first = retry_alike(both.desk, both.admin, group.lines[0].id)
    other = replace(both.admin, person_id=both.office.person_id)
    assert retry_alike(both.desk, other, group.lines[0].id) == replace(first, before=True)
    assert view_batch(both.desk, other, first.batch or 0).counts == {WAITING: 1}
    both.drain()
    assert view_batch(both.desk, other, first.batch or 0).counts == {DONE: 1}


@pytest.mark.postgres
def test_two_clicks_at_once_begin_one_batch(postgres_url: str, open_store: Callable[[str], Store]) -> None:
    bench = make_bench(open_store(postgres_url))
    BROKEN.add("test.post")
    case = reviewed(bench)
    done(bench, case, bench.office, {"decision": "pass"})
    BROKEN.clear()
    [group] = view_incident_desk(bench.desk, bench.admin)
    both_there = threading.Barrier(2)

    def click() -> BegunRetry:
        both_there.wait(120)
        return retry_alike(bench.desk, bench.admin, group.lines[0].id)

    with ThreadPoolExecutor(2) as clicks:
        begun = [each.result(30) for each in [clicks.submit(click) for _ in range(2)]]
    assert sorted(one.before for one in begun) == [False, True]
    assert begun[0].batch == begun[1].batch
    bench.drain()
    assert view_batch(bench.desk, bench.admin, begun[0].batch or 0).counts == {DONE: 1}


def test_what_failed_outside_of_cases_is_put_back_in_the_background(bench: Bench) -> None:
    with bench.desk.store.write() as tx:
        tx.work.enqueue_many([NewWork("mail", None, "vain", {}, bench.clock.now())], bench.clock.now())
    item = bench.desk.store.claim(bench.clock.now(), "test")
    assert item is not None
    with bench.desk.store.write() as tx:
        tx.work.fail(item, "boom", bench.clock.now())
        said = {"zh": "信件没有发出", "en": "not sent"}
        row = IncidentRow(
            jurisdiction="testville", work_item_id=item.id, kind="work_item_dead", what=said, consequence=said,
            remedy=said, since=bench.clock.now(), cause="mail",
        )  # fmt: skip
        number = tx.incidents.open(row)
    hand_over_incident(bench.desk, bench.admin, number, bench.office.person_id or 0, "请核对邮件服务器")
    with bench.desk.store.read() as tx:
        [letter] = tx.mail.inbox(bench.office.person_id or 0, 5)
    assert (letter.case_id, "请核对邮件服务器" in letter.text, "办件" in letter.text) == (None, True, False)
    begun = retry_alike(bench.desk, bench.admin, number)
    assert (begun.incidents, begun.batch, len(open_incidents(bench))) == (1, None, 1)
    sweeper = Sweeper(
        bench.desk.store,
        lambda one: retry_chunk(bench.desk, one) if one.kind == "retries" else None,  # the mail is still at work
        bench.clock.now,
        "t",
    )
    sweeper.drain(bench.clock.now())
    assert len(open_incidents(bench)) == 1, "queued is not done"
    with bench.desk.store.write() as tx:
        tx.work.finish(tx.work.get(item.id), bench.clock.now())
    assert open_incidents(bench) == []


def test_a_step_retried_in_vain_is_the_same_incident_with_its_age_and_hand_over(bench: Bench) -> None:
    BROKEN.add("test.post")
    case = reviewed(bench)
    done(bench, case, bench.office, {"decision": "pass"})
    [first] = handed_over(bench)
    bench.clock.move_to(bench.clock.now() + timedelta(hours=71))
    assert not retry_incident(bench.desk, bench.admin, first.id)
    begun = retry_alike(bench.desk, bench.admin, first.id)
    bench.drain()
    assert view_batch(bench.desk, bench.admin, begun.batch or 0).counts == {REFUSED: 1}
    do(bench, "restart", case)
    with bench.desk.store.read() as tx:
        assert tx.incidents.of_case(case) == [replace(first, count=4)]
        assert tx.incidents.oldest_open() == first.since
    BROKEN.clear()
    assert retry_incident(bench.desk, bench.admin, first.id)
    with bench.desk.store.read() as tx:
        [closed] = tx.incidents.of_case(case)
    assert (closed.resolved_at, closed.resolved_by) == (bench.clock.now(), bench.admin.person_id)


def test_background_work_put_back_stays_the_same_incident_until_it_goes_well(both: Bench) -> None:
    number = failing_hours(both, 8).id
    [first] = handed_over(both)
    assert retry_incident(both.desk, both.admin, first.id)

    def fail(item: WorkItemRow) -> None:
        raise RuntimeError(item.effect_key)

    sweeper = Sweeper(both.desk.store, fail, both.clock.now, "test")
    for _ in range(8):
        sweeper.drain(both.clock.now())
        both.clock.move_to(both.clock.now() + timedelta(hours=3))
    with both.desk.store.read() as tx:
        assert tx.work.get(number).state == "dead"
        [again] = tx.incidents.list_open(None)
    assert again == replace(first, count=first.count + 2, detail=again.detail)
    begun = retry_alike(both.desk, both.admin, first.id)
    assert begun.batch is not None
    retried = Sweeper(
        both.desk.store,
        lambda one: retry_chunk(both.desk, one) if one.kind == "retries" else finish(both, one),
        both.clock.now,
        "t",
    )
    retried.drain(both.clock.now())
    assert view_batch(both.desk, both.admin, begun.batch).counts == {DONE: 1}
    assert open_incidents(both) == []


def test_the_incident_of_work_that_was_called_off_is_settled_by_a_retry(bench: Bench) -> None:
    failing_hours(bench, 7)
    [(kind, _)] = open_incidents(bench)
    with bench.desk.store.write() as tx:
        [row] = tx.incidents.list_open(None)
        tx.work.cancel(["vain"], bench.clock.now())
    assert retry_incident(bench.desk, bench.admin, row.id)
    assert (kind, open_incidents(bench)) == ("work_item_dead", [])


def handed_over(bench: Bench) -> list[IncidentRow]:
    """Hand every open incident over, and return them."""
    assert bench.office.person_id is not None
    with bench.desk.store.write() as tx:
        for row in tx.incidents.list_open(None):
            tx.incidents.hand_over(row.id, bench.office.person_id, "请核对")
        return tx.incidents.list_open(None)


def finish(bench: Bench, item: WorkItemRow) -> None:
    """Do the work of an item."""
    with bench.desk.store.write() as tx:
        tx.work.finish(item, bench.clock.now())
