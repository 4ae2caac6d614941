"""Standing in for a colleague (委托代理): by seat, for a period, never for votes, never in circles."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from service.casework.access.actor import SYSTEM, Actor, acting
from service.casework.due.daily import queue_morning_work
from service.casework.people.accounts.accounts import set_active, take_seat
from service.casework.people.rights.deputies import appoint_deputy, end_deputy
from service.casework.queries.cases.view_case import view_case
from service.casework.queries.people.deputies import view_deputies
from service.casework.queries.tasks.task_list import TaskQuery, list_tasks
from service.casework.step.post import list_responsible_people
from service.casework.tasks.claim import claim_task
from service.casework.tasks.complete import complete_task
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.store import Store
from service.store.models import MembershipRow, PersonRow, RecusalRow
from tests.support.desks import Bench, make_bench

TODAY, LAST = date(2026, 3, 2), date(2026, 3, 6)
TODAY_NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


@pytest.fixture
def bench(sqlite_store: Store) -> Bench:
    """The small award; 李娜 and 赵敏 work in the office as clerks, who may not do what the office's role does."""
    made = make_bench(sqlite_store)
    with made.desk.store.write() as tx:
        tx.people.change(made.people["office"], name="王建国")
        for login, name in (("clerk", "李娜"), ("other", "赵敏")):
            row = PersonRow(login=login, name=name, email=f"{login}@example.cn", created_at=made.clock.now())
            made.people[login] = tx.people.insert(row)
            seat = {"body_id": made.office.seats[0].body_id, "jurisdiction": "testville", "role": "clerk"}
            tx.memberships.give(MembershipRow(person_id=made.people[login], since=made.clock.now(), **seat))
    return made


def who(bench: Bench, login: str) -> Actor:
    """The person with what they hold at this moment."""
    with bench.desk.store.read() as tx:
        return acting(tx, bench.people[login], bench.clock.now())


def lend(bench: Bench, by: str = "office", to: str = "clerk", first: date = TODAY, last: date = LAST) -> int:
    actor = who(bench, by)
    roles = [role.id for role in view_deputies(bench.desk, actor).roles]
    return appoint_deputy(bench.desk, actor, bench.people[to], roles, first, last, "出差")


def inbox(bench: Bench, login: str) -> str:
    with bench.desk.store.read() as tx:
        return "\n".join(
            f"{row.subject}\n{row.text}" for row in tx.mail.select("-id", limit=50, person_id=bench.people[login])
        )


def test_a_deputy_does_the_work_and_the_history_names_both(bench: Bench) -> None:
    case_id = bench.submitted()
    (task,) = bench.tasks(case_id)
    with pytest.raises(NotAllowed):
        claim_task(bench.desk, who(bench, "clerk"), task.id)
    lend(bench)
    clerk = who(bench, "clerk")
    (line,) = list_tasks(bench.desk, clerk, TaskQuery("body")).lines
    assert (line.id, line.holds, line.stands_for) == (task.id, True, "王建国")
    complete_task(bench.desk, clerk, task.id, task.version, {"decision": "pass"})
    events = view_case(bench.desk, bench.admin, case_id).brief.events
    assert ("李娜（代王建国）", "提交“审核”") in {(event.who, event.text) for event in events}
    assert "李娜自 2026-03-02 至 2026-03-06 代为办理" in inbox(bench, "clerk")
    assert "出差" in inbox(bench, "office")
    assert "stands in" not in inbox(bench, "clerk") + inbox(bench, "office"), "each reads in one language"


def test_a_deputy_takes_on_what_was_claimed_and_messages_reach_both(bench: Bench) -> None:
    lend(bench)
    (task,) = bench.tasks(bench.submitted())
    claim_task(bench.desk, who(bench, "office"), task.id)
    (task,) = bench.tasks(task.case_id)
    with pytest.raises(Conflict):
        complete_task(bench.desk, bench.second, task.id, task.version, {"decision": "pass"})
    with bench.desk.store.read() as tx:
        case = tx.cases.get(task.case_id)
        package = bench.desk.packages.get(case.definition, tx)
        told = {person.name for person in list_responsible_people(tx, package, case, task, bench.clock.now())}
    complete_task(bench.desk, who(bench, "clerk"), task.id, task.version, {"decision": "pass"})
    with bench.desk.store.read() as tx:
        reached = tx.deputies.reached("testville", "office", None, bench.clock.now())
    assert {p.name for p in reached} == {"王建国", "second", "李娜"}
    assert told == {"王建国", "李娜"}


def test_it_begins_and_ends_by_itself_and_claims_go_back(bench: Bench) -> None:
    lend(bench, first=date(2026, 3, 3), last=date(2026, 3, 4))
    (task,) = bench.tasks(bench.submitted())
    assert all(not seat.lent for seat in who(bench, "clerk").seats)
    bench.advance(bench.clock.now() + timedelta(days=1))
    claim_task(bench.desk, who(bench, "clerk"), task.id)
    bench.advance(bench.clock.now() + timedelta(days=2))
    assert all(not seat.lent for seat in who(bench, "clerk").seats)
    (task,) = bench.tasks(task.case_id)
    assert task.assignee_id is None
    assert "委托期限届满" in inbox(bench, "office")
    assert "1项待办已放回" in inbox(bench, "clerk")


def test_nobody_lends_in_a_circle_or_on_or_twice_or_to_who_left(bench: Bench) -> None:
    number = lend(bench)
    with pytest.raises(Conflict, match="互相委托"):
        lend(bench, "clerk", "office")
    with pytest.raises(Conflict, match="转委托"):
        lend(bench, "clerk", "other")
    with pytest.raises(Conflict, match="已委托他人"):
        lend(bench, "other", "office")
    with pytest.raises(Conflict, match="已委托李娜"):
        lend(bench, to="other")
    with pytest.raises(Invalid, match="本单位"):
        lend(bench, to="applicant", first=date(2026, 4, 1), last=date(2026, 4, 2))
    with pytest.raises(Invalid, match="只是管理员"):
        lend(bench, to="admin", first=date(2026, 4, 1), last=date(2026, 4, 2))
    for first, last, said in (
        (date(2026, 3, 1), LAST, "今天"),
        (LAST, TODAY, "早于"),
        (TODAY, date(2028, 1, 1), "最长"),
    ):
        with pytest.raises(Invalid, match=said):
            lend(bench, first=first, last=last)
    with pytest.raises(NotAllowed):
        end_deputy(bench.desk, who(bench, "other"), number)
    end_deputy(bench.desk, who(bench, "clerk"), number)
    with pytest.raises(Conflict, match="已经结束"):
        end_deputy(bench.desk, who(bench, "office"), number)


@pytest.mark.parametrize("leaver", ["office", "clerk"])
def test_it_ends_at_once_when_either_leaves(bench: Bench, leaver: str) -> None:
    lend(bench)
    with bench.desk.store.read() as tx:
        (held,) = tx.memberships.list_valid(bench.people[leaver], bench.clock.now())
    bench.advance(bench.clock.now() + timedelta(minutes=1))
    take_seat(bench.desk, bench.admin, bench.people[leaver], held.id)
    assert all(not seat.lent for seat in who(bench, "clerk").seats)
    with bench.desk.store.write() as tx:  # whoever comes back has not lent again
        tx.memberships.give(replace(held, until=None))
    assert all(not seat.lent for seat in who(bench, "clerk").seats)
    assert "已离开岗位" in inbox(bench, "office" if leaver == "clerk" else "clerk")


def test_what_who_left_had_claimed_goes_back_to_the_body(bench: Bench) -> None:
    """Also what is their own to do: else nobody could claim it, nor have it handed on."""
    (task,) = bench.tasks(case_id := bench.submitted())
    claim_task(bench.desk, who(bench, "office"), task.id)
    set_active(bench.desk, bench.admin, bench.people["office"], False)
    (task,) = bench.tasks(case_id)
    assert task.assignee_id is None
    with bench.desk.store.read() as tx:
        assert any("王建国已离开岗位" in row.text and "放回本单位" in row.text for row in tx.history.newest(case_id))


def test_what_was_claimed_in_a_term_that_is_over_goes_back_within_a_day(bench: Bench) -> None:
    """No act ends a term, and whoever left before claims were given back kept theirs: nobody else could go on."""
    (task,) = bench.tasks(case_id := bench.submitted())
    claim_task(bench.desk, who(bench, "office"), task.id)
    with bench.desk.store.write() as tx:
        for seat in tx.memberships.list_valid(bench.people["office"], bench.clock.now()):
            tx.memberships.change(seat.id, until=bench.clock.now() + timedelta(days=1))
    assert queue_morning_work(bench.desk, SYSTEM)
    bench.drain()
    assert [one.assignee_id for one in bench.tasks(case_id)] == [bench.people["office"]], "the term runs"
    assert not queue_morning_work(bench.desk, SYSTEM), "once a day"
    bench.clock.move_to(bench.clock.now() + timedelta(days=1))
    with bench.desk.store.write() as tx:
        tx.operation.hold_for_clock(TODAY_NOON, bench.clock.now())
    assert queue_morning_work(bench.desk, SYSTEM)
    bench.drain()
    assert [one.assignee_id for one in bench.tasks(case_id)] == [bench.people["office"]], "it is on hold"
    with bench.desk.store.write() as tx:
        assert tx.operation.end_hold(1)
    bench.drain()
    assert [one.assignee_id for one in bench.tasks(case_id)] == [None]


@pytest.mark.parametrize("recused", ["office", "clerk"])
def test_a_case_from_which_either_is_recused_stays_closed_with_a_sentence(bench: Bench, recused: str) -> None:
    (task,) = bench.tasks(bench.submitted())
    lend(bench)
    with bench.desk.store.write() as tx:
        row = RecusalRow(
            jurisdiction="testville",
            case_id=task.case_id,
            source="record",
            person_id=bench.people[recused],
            body_id=bench.applicant.seats[0].body_id,
            reason="亲属",
            decided_at=bench.clock.now(),
        )
        tx.recusals.insert_new(row)
    with pytest.raises(NotAllowed, match="您代理的王建国" if recused == "office" else "您（李娜"):
        complete_task(bench.desk, who(bench, "clerk"), task.id, task.version, {"decision": "pass"})
    assert not list_tasks(bench.desk, who(bench, "clerk"), TaskQuery("body")).lines


def test_administrators_designers_and_applicants_lend_nothing(bench: Bench) -> None:
    for login in ("admin", "applicant"):
        assert view_deputies(bench.desk, who(bench, login)).roles == ()
    with bench.desk.store.read() as tx:
        (seat,) = tx.memberships.list_valid(bench.people["admin"], bench.clock.now())
    with pytest.raises((Invalid, NotAllowed)):
        appoint_deputy(bench.desk, bench.admin, bench.people["clerk"], [seat.id], TODAY, LAST, "休假")
    with pytest.raises(Invalid, match="不能委托"):
        appoint_deputy(bench.desk, who(bench, "clerk"), bench.people["other"], [seat.id], TODAY, LAST, "休假")


def test_what_is_for_one_person_alone_and_votes_stay_theirs(bench: Bench) -> None:
    (task,) = bench.tasks(bench.submitted())
    lend(bench)
    for change in ({"personal": True, "assignee_id": bench.people["office"]}, {"personal": False, "kind": "ballot"}):
        with bench.desk.store.write() as tx:
            tx.tasks.step(task.id, bench.tasks(task.case_id)[0].version, **change)
        assert not list_tasks(bench.desk, who(bench, "clerk"), TaskQuery("body")).lines
        with pytest.raises(NotAllowed, match="不能委托代理"):
            complete_task(bench.desk, who(bench, "clerk"), task.id, None, {"decision": "pass"})
