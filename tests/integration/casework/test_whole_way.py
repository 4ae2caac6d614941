"""One application of the small award, from its start to its end, on the real store and the real engine."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from service.casework.cases.act_on_case import act_on_case
from service.casework.due.settle_incident import retry_incident
from service.casework.notices.correct import NoticeCorrection, correct_notice
from service.casework.queries.cases.view_case import view_case
from service.casework.step.post import letter_rows, list_role_holders
from service.casework.tasks.claim import claim_task, release_task
from service.casework.tasks.complete import complete_task
from service.casework.tasks.delegate import delegate_task
from service.casework.tasks.save_draft import save_draft
from service.casework.tasks.send_back import send_back, take_back
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.sdk import Work, operations
from service.store import NewWork, Stale, Store, Unreachable
from tests.support.at_once import press_at_once
from tests.support.desks import BROKEN, Bench, make_bench, resume_case, suspend_case
from tests.support.half_seasons import season
from tests.support.statements import statements_of

pytestmark = pytest.mark.both_databases

END_LINES = (
    "select pg_terminate_backend(pid) from pg_stat_activity"
    " where pid <> pg_backend_pid() and datname = current_database()"
)
FORM = {"founded_on": "2010-05-01", "contact": "张三"}


def to_notice(bench: Bench) -> int:
    case_id = bench.started()
    bench.complete(case_id, bench.applicant, FORM)
    bench.complete(case_id, bench.office, {"decision": "pass"})
    return case_id


def notices(bench: Bench, case_id: int):
    with bench.desk.store.read() as tx:
        return tx.notices.select(case_id=case_id)


def test_a_passed_application_is_posted_and_accepted_when_its_window_is_over(bench: Bench) -> None:
    case_id = to_notice(bench)
    [notice] = notices(bench, case_id)
    assert (notice.first_day, notice.last_day) == (date(2026, 3, 3), date(2026, 3, 9))
    bench.advance(datetime(2026, 3, 9, 15, 59, tzinfo=UTC))
    assert bench.case(case_id).status == "running"
    bench.advance(datetime(2026, 3, 9, 16, 0, 1, tzinfo=UTC))
    case = bench.case(case_id)
    assert (case.status, case.outcome, case.facts["decided"]) == ("ended", "accepted", True)
    assert notices(bench, case_id)[0].state == "closed"
    with bench.desk.store.read() as tx:
        assert tx.history.verify(case_id) is None
        assert [a.action for a in tx.history.newest(case_id)]


def test_a_refused_applicant_gets_a_document_once(bench: Bench) -> None:
    case_id = bench.started()
    bench.complete(case_id, bench.applicant, FORM)
    bench.complete(case_id, bench.office, {"decision": "fail", "reason": "材料不全"})
    bench.drain()
    with bench.desk.store.read() as tx:
        [document] = tx.documents.select(case_id=case_id)
        mails = tx.mail.select(case_id=case_id)
    assert document.number == "测质告〔2026〕1号"
    assert "2010年5月1日" in document.content["paragraphs"][0]
    assert document.sha256
    assert [m.person_id for m in mails] == [bench.people["applicant"]]
    assert bench.case(case_id).outcome == "refused"


def test_a_form_posted_twice_counts_once(bench: Bench) -> None:
    case_id = bench.started()
    [task] = bench.tasks(case_id)
    complete_task(bench.desk, bench.applicant, task.id, task.version, FORM)
    with pytest.raises(Conflict):
        complete_task(bench.desk, bench.applicant, task.id, task.version, FORM)
    with bench.desk.store.read() as tx:
        assert len(tx.forms.of_case(case_id, "application")) == 1


def test_a_form_is_not_submitted_over_a_change_that_its_reader_never_saw(bench: Bench) -> None:
    [seen] = bench.tasks(bench.started())
    claim_task(bench.desk, bench.applicant, seen.id, seen.version)
    with pytest.raises(Conflict):
        complete_task(bench.desk, bench.applicant, seen.id, seen.version, FORM)
    with bench.desk.store.read() as tx:
        assert tx.forms.of_case(seen.case_id, "application") == []


def test_a_message_that_comes_before_the_case_waits_for_it_is_caught_when_it_does(bench: Bench) -> None:
    case_id = bench.started()
    early = NewWork("message", case_id, "early", {"message": "notice_corrected", "payload": {}}, bench.clock.now())
    with bench.desk.store.write() as tx:
        tx.work.enqueue_many([early], bench.clock.now())
    bench.drain()
    with bench.desk.store.read() as tx:
        assert "message" not in [event.action for event in tx.history.newest(case_id)]
    bench.complete(case_id, bench.applicant, FORM)
    bench.complete(case_id, bench.office, {"decision": "pass"})
    with bench.desk.store.read() as tx:
        assert "message" in [event.action for event in tx.history.newest(case_id)]


def test_no_task_of_a_suspended_case_is_completed(bench: Bench) -> None:
    [task] = bench.tasks(case_id := bench.started())
    suspend_case(bench.desk, bench.admin, case_id, "核查")
    with pytest.raises(Conflict):
        complete_task(bench.desk, bench.applicant, task.id, None, FORM)


def test_withdrawal_ends_the_case_and_is_refused_where_the_diagram_does_not_listen(bench: Bench) -> None:
    case_id = bench.started()
    act_on_case(bench.desk, bench.applicant, case_id, "withdraw", {"reason": "另有安排"})
    assert bench.case(case_id).outcome == "withdrawn"
    other = to_notice(bench)
    with pytest.raises(Conflict):
        act_on_case(bench.desk, bench.applicant, other, "withdraw", {"reason": "另有安排"})
    assert bench.case(other).status == "running"


def test_what_was_sent_can_be_taken_back_until_somebody_opened_it(bench: Bench) -> None:
    case_id = bench.started()
    [task] = bench.tasks(case_id)
    complete_task(bench.desk, bench.applicant, task.id, task.version, FORM)
    assert view_case(bench.desk, bench.applicant, case_id).kept is None
    with pytest.raises(NotAllowed):
        take_back(bench.desk, replace(bench.applicant, person_id=bench.people["second"]), task.id)
    again = take_back(bench.desk, bench.applicant, task.id)
    [open_task] = bench.tasks(case_id)
    assert (open_task.id, open_task.element, open_task.entry) == (again, "fill", 2)
    with bench.desk.store.read() as tx:
        assert [form.element for form in tx.forms.of_case(case_id)] == ["start"], "what was taken back does not count"
    complete_task(bench.desk, bench.applicant, again, open_task.version, FORM)
    [review] = bench.tasks(case_id)
    with bench.desk.store.write() as tx:
        tx.tasks.step(review.id, review.version, opened_at=bench.clock.now())
    with pytest.raises(Conflict):
        take_back(bench.desk, bench.applicant, again)
    seen = view_case(bench.desk, bench.applicant, case_id)
    assert (seen.take_backs, seen.kept and seen.kept.why.zh) == ((), "下一环节的办理人已经打开")
    bench.clock.move_to(bench.clock.now() + timedelta(days=1))
    assert view_case(bench.desk, bench.applicant, case_id).kept is None, "it is told on the day alone"


def test_who_left_or_is_recused_takes_nothing_back(bench: Bench) -> None:
    case_id = bench.started()
    [task] = bench.tasks(case_id)
    complete_task(bench.desk, bench.applicant, task.id, task.version, FORM)
    [review] = bench.tasks(case_id)
    subject = bench.case(case_id).subject_id
    assert subject is not None
    elsewhere = replace(bench.applicant, seats=bench.stranger.seats)
    for who in (replace(bench.applicant, seats=()), elsewhere, replace(bench.applicant, recused=frozenset({subject}))):
        with pytest.raises(NotAllowed):
            take_back(bench.desk, who, task.id)
        assert bench.tasks(case_id) == [review]


def test_a_task_sent_back_waits_for_the_person_before_with_the_reason(bench: Bench) -> None:
    case_id = bench.started()
    bench.complete(case_id, bench.applicant, FORM)
    [review] = bench.tasks(case_id)
    with pytest.raises(Invalid):
        send_back(bench.desk, bench.office, review.id, review.version, " ")
    send_back(bench.desk, bench.office, review.id, review.version, "执照不清晰")
    [fill] = bench.tasks(case_id)
    assert (fill.element, fill.note["reason"]) == ("fill", "执照不清晰")


def test_a_correction_of_substance_runs_the_window_anew(bench: Bench) -> None:
    case_id = to_notice(bench)
    [notice] = notices(bench, case_id)
    bench.clock.move_to(datetime(2026, 3, 5, 2, tzinfo=UTC))
    correction = NoticeCorrection("更正公示", "新内容", "名称有误", of_substance=True, seen=notice.fingerprint)
    correct_notice(bench.desk, bench.office, notice.id, correction)
    old, new = notices(bench, case_id)
    assert (old.state, new.state, new.title, new.replaces_id) == ("corrected", "running", "更正公示", old.id)
    assert (new.first_day, new.last_day) == (date(2026, 3, 6), date(2026, 3, 12))
    bench.advance(datetime(2026, 3, 9, 17, tzinfo=UTC))
    assert bench.case(case_id).status == "running"
    bench.advance(datetime(2026, 3, 12, 17, tzinfo=UTC))
    assert bench.case(case_id).outcome == "accepted"


def test_a_failing_handler_keeps_the_persons_step_and_opens_an_incident(bench: Bench) -> None:
    BROKEN.add("test.post")
    case_id = to_notice(bench)
    case = bench.case(case_id)
    assert (case.status, case.facts, bench.tasks(case_id), notices(bench, case_id)) == ("running", {}, [], [])
    with bench.desk.store.read() as tx:
        [incident] = tx.incidents.list_open(["testville"])
        assert len(tx.forms.of_case(case_id, "review")) == 1
    assert "发布公示" in incident.what["zh"]
    with pytest.raises(NotAllowed):
        retry_incident(bench.desk, bench.office, incident.id)
    BROKEN.clear()
    assert retry_incident(bench.desk, bench.admin, incident.id)
    assert len(notices(bench, case_id)) == 1


@pytest.mark.postgres
def test_where_the_database_goes_away_under_a_handler_nothing_of_the_step_stays(
    postgres_url: str, open_store: Callable[[str], Store]
) -> None:
    lines = sa.create_engine(postgres_url)
    breaks = iter([True])

    def post(work: Work, given: Any) -> Any:
        if next(breaks, False):
            with lines.connect() as line:
                line.execute(sa.text(END_LINES))
        return whole.call(work, given)

    whole = operations()["test.post"]
    bench = make_bench(open_store(postgres_url), {"test.post": replace(whole, call=post)})
    case_id = bench.started()
    bench.complete(case_id, bench.applicant, FORM)
    with pytest.raises(Unreachable):
        bench.complete(case_id, bench.office, {"decision": "pass"})
    bench.complete(case_id, bench.office, {"decision": "pass"})
    assert len(notices(bench, case_id)) == 1
    lines.dispose()


def test_claim_release_and_delegate(bench: Bench) -> None:
    case_id = bench.started()
    bench.complete(case_id, bench.applicant, FORM)
    [task] = bench.tasks(case_id)
    claim_task(bench.desk, bench.office, task.id, task.version)
    [task] = bench.tasks(case_id)
    with pytest.raises(Conflict):
        claim_task(bench.desk, bench.second, task.id)
    with pytest.raises(Conflict):
        complete_task(bench.desk, bench.second, task.id, task.version, {"decision": "pass"})
    delegate_task(bench.desk, bench.office, task.id, task.version, bench.people["second"], "出差")
    [task] = bench.tasks(case_id)
    assert task.assignee_id == bench.people["second"]
    release_task(bench.desk, bench.second, task.id, task.version)
    assert bench.tasks(case_id)[0].assignee_id is None
    with bench.desk.store.read() as tx:
        assert tx.history.verify(case_id) is None


def test_a_suspended_case_moves_for_nobody_and_catches_up_when_resumed(bench: Bench) -> None:
    case_id = to_notice(bench)
    suspend_case(bench.desk, bench.admin, case_id, "核查")
    bench.advance(datetime(2026, 3, 20, tzinfo=UTC))
    assert bench.case(case_id).status == "suspended"
    resume_case(bench.desk, bench.admin, case_id, "核查完毕")
    bench.drain()
    assert bench.case(case_id).outcome == "accepted"


def test_a_step_that_opens_one_task_costs_at_most_ten_statements(bench: Bench) -> None:
    case_id = bench.started()
    [task] = bench.tasks(case_id)
    with statements_of(bench.desk.store) as seen:
        complete_task(bench.desk, bench.applicant, task.id, task.version, FORM)
    assert len(seen) <= 10, [sql for sql, _ in seen]


def test_a_lost_race_is_run_again_and_not_shown_to_the_person(bench: Bench) -> None:
    case_id = bench.started()
    [task] = bench.tasks(case_id)
    lost = iter([True, True, False])

    def lose(point: str) -> None:
        if point == "form-recorded" and next(lost):
            raise Stale

    bench.desk.store.crash_point = lose
    complete_task(bench.desk, bench.applicant, task.id, task.version, FORM)
    with bench.desk.store.read() as tx:
        assert len(tx.forms.of_case(case_id, "application")) == 1
        assert tx.history.verify(case_id) is None


def test_two_people_at_once_post_and_correct_one_notice_once(bench: Bench) -> None:
    case_id = bench.started()
    bench.complete(case_id, bench.applicant, FORM)
    [task] = bench.tasks(case_id)
    people = (bench.office, bench.second)
    post = (partial(complete_task, bench.desk, actor, task.id, task.version, {"decision": "pass"}) for actor in people)
    assert sum(press_at_once(*post)) == 1
    with bench.desk.store.read() as tx:
        assert len(tx.forms.of_case(case_id, "review")) == 1
    [notice] = notices(bench, case_id)
    correction = NoticeCorrection("更正公示", "新内容", "名称有误", of_substance=True, seen=notice.fingerprint)
    correct = [partial(correct_notice, bench.desk, actor, notice.id, correction) for actor in people]
    assert sum(press_at_once(*correct)) == 1
    assert [each.state for each in notices(bench, case_id)] == ["corrected", "running"]


@pytest.mark.postgres
def test_a_draft_that_is_saved_while_its_task_is_completed_is_not_left_behind(
    postgres_url: str, open_store: Callable[[str], Store]
) -> None:
    bench = make_bench(open_store(postgres_url))
    case = bench.started()
    [task] = bench.tasks(case)

    def type_on(point: str) -> None:
        if point == "form-recorded":
            bench.desk.store.crash_point = lambda _name: None
            save_draft(bench.desk, bench.applicant, task.id, {"contact": "只在草稿里"})

    bench.desk.store.crash_point = type_on
    complete_task(bench.desk, bench.applicant, task.id, task.version, {"founded_on": "2010-05-01"})
    with bench.desk.store.read() as tx:
        assert tx.drafts.find(task_id=task.id, person_id=bench.applicant.person_id or 0) is None


def test_a_letter_goes_to_everybody_of_the_bound_body_and_to_no_other(sqlite_store: Store) -> None:
    stage = season("urumqi/quality_award", "clean", sqlite_store, 2)
    for body in ("tianshan", "saybag"):
        stage.cast.actor(f"audit_unit@{body}")
    with stage.desk.store.read() as tx:
        case = tx.cases.get(max(stage.cases.values()))
        people = list_role_holders(tx, stage.package, case, "audit_unit", stage.clock.now())
        everybody = [person for person in tx.people.everybody() if person.name.startswith("audit_unit")]
    assert [person.name for person in people] == ["audit_unit@tianshan"]
    rows = letter_rows(everybody, case.id, "mail:1:x", "题", "文", stage.clock.now())
    assert len({row.effect_key for row in rows}) == len(everybody) > 1, "of each its own, or all but one would get none"
