"""What offices do with a task besides completing it."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from service.casework.cases.start import start_case
from service.casework.tasks.complete import complete_task
from service.casework.tasks.delegate import delegate_task
from service.domain.errors import Invalid
from service.store.rows import MembershipRow, PersonRow, RecusalRow
from tests.support.browsers import Browser
from tests.support.desks import PACKAGE, Bench

Browse = Callable[..., Browser]


@pytest.fixture
def sent(bench: Bench) -> int:
    """An application that waits for the office's review."""
    case_id = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    (task,) = bench.tasks(case_id)
    complete_task(bench.desk, bench.applicant, task.id, task.version, {"founded_on": "2010-05-01", "contact": "张三"})
    return case_id


def waiting(bench: Bench, case_id: int):
    (task,) = bench.tasks(case_id)
    return task


def person_of_another_office(bench: Bench) -> int:
    """Somebody who holds the role of the office for another body."""
    with bench.desk.store.write() as tx:
        body = tx.people.upsert_body("testville", "branch", kind="authority", name="东区市场监管局", roles=["office"])
        now = bench.clock.now()
        row = PersonRow(login="east", name="东平", email="east@example.cn", active=True, created_at=now)
        person = tx.people.insert_person(row)
        seat = MembershipRow(person_id=person, body_id=body, jurisdiction="testville", role="office", since=now)
        tx.people.add_membership(seat)
    bench.people["east"] = person
    return person


def only_the_office(bench: Bench, case_id: int) -> None:
    """Let the task be for the body of the office alone."""
    task = waiting(bench, case_id)
    with bench.desk.store.write() as tx:
        tx.tasks.update(task.id, task.version, body_id=bench.office.seats[0].body_id)


def messages(bench: Bench, person: int) -> list[str]:
    with bench.desk.store.read() as tx:
        return [row.text for row in tx.mail.inbox(person)]


def test_who_gets_a_task_by_the_list_reads_why_in_a_message(bench: Bench, browse: Browse, sent: int) -> None:
    me, task = browse("office"), waiting(bench, sent)
    assert f'href="/tasks/{task.id}/delegate"' in me.get("/tasks?scope=body").text
    answer = me.post(
        f"/tasks/{task.id}/delegate", {"version": task.version, "person": bench.people["second"], "reason": "出差三天"}
    )
    assert answer.headers["Location"] == "/tasks"
    assert waiting(bench, sent).assignee_id == bench.people["second"]
    (told,) = messages(bench, bench.people["second"])
    assert "出差三天" in told


def test_a_task_goes_to_another_body_where_the_diagram_lets_it(bench: Bench, browse: Browse, sent: int) -> None:
    east = person_of_another_office(bench)
    only_the_office(bench, sent)
    page = browse("office").get(f"/tasks/{waiting(bench, sent).id}/delegate").text
    assert "东平（东区市场监管局）" in page
    task = waiting(bench, sent)
    delegate_task(bench.desk, bench.office, task.id, task.version, east, "属东区管辖")
    with bench.desk.store.read() as tx:
        assert tx.people.body(waiting(bench, sent).body_id).name == "东区市场监管局"
    assert browse("east").get(f"/tasks/{task.id}").status_code == 200
    assert "东区市场监管局的东平" in browse("admin").get(f"/cases/{sent}").text


def test_whoever_is_recused_gets_no_task(bench: Bench, sent: int) -> None:
    case = bench.case(sent)
    with bench.desk.store.write() as tx:
        tx.experts.recuse(
            RecusalRow(
                jurisdiction="testville",
                person_id=bench.people["second"],
                body_id=case.subject_id,
                case_id=sent,
                reason="近亲属任职",
                source="record",
                decided_at=bench.clock.now(),
            )
        )
    task = waiting(bench, sent)
    with pytest.raises(Invalid, match="回避"):
        delegate_task(bench.desk, bench.office, task.id, task.version, bench.people["second"], "出差")
    assert waiting(bench, sent).assignee_id is None


def test_who_oversees_a_place_urges_once_a_day_and_the_history_says_so(bench: Bench, browse: Browse) -> None:
    case_id = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    task = waiting(bench, case_id)
    me = browse("office")
    assert f'action="/tasks/{task.id}/urge"' in me.get(f"/tasks/{task.id}").text
    assert "1人会收到消息" in me.get(me.post(f"/tasks/{task.id}/urge").headers["Location"]).text
    (told,) = messages(bench, bench.people["applicant"])
    assert "office催办“填写申报书”" in told
    assert "催办“填写申报书”，已告知1人" in me.get(f"/cases/{case_id}").text
    again = me.post(f"/tasks/{task.id}/urge", page=f"/tasks/{task.id}")
    assert (again.status_code, "今天已经催办过" in again.text) == (409, True)
    assert browse("applicant").post(f"/tasks/{task.id}/urge").status_code == 403
    bench.clock.move_to(datetime(2026, 3, 3, 2, tzinfo=UTC))
    by_program = browse("office").send("POST", f"/api/v1/tasks/{task.id}/urge", {"words": "材料截止在即。"})
    assert by_program.json == {"told": 1}
    assert "材料截止在即" in messages(bench, bench.people["applicant"])[0]
