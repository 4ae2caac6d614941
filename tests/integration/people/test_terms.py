"""A role whose regulation sets a term is held no longer, and no oftener in a row: on the register of experts and in seats."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from service.casework.access.actor import ADMINISTRATOR, AUDIT_ADMINISTRATOR, SYSTEM
from service.casework.cases.start import start_case
from service.casework.people.accounts.accounts import give_seat
from service.casework.people.rights.seats import NewSeat
from service.casework.people.rights.suspension import reinstate_person, suspend_person
from service.casework.review.register_of_experts import NewExpert, add_expert, build_record, change_expert
from service.casework.step.save import save_step
from service.casework.step.step import Step, open_step
from service.casework.tasks.claim import claim_task
from service.casework.tasks.complete import complete_task
from service.domain.calendar import local_date
from service.domain.errors import Conflict, Invalid
from service.store import Store
from service.store.models import ExpertRow, MembershipRow
from tests.support.desks import PACKAGE, Bench
from tests.support.lakeside import PARAMETERS, Lakeside, amended_package, make_lakeside
from tests.support.records import hold_seat

ROLE = "  expert: {name: 评审专家, name_en: Reviewer, term: param.expert_term, most_terms: param.expert_terms}\n"
BODY = "  - {id: experts, name: 专家库, name_en: Experts, kind: committee, roles: [expert], area: 全县}\n"
LENGTH = "  expert_term: {name: 聘期, name_en: Term, unit: years, clauses: [LS-4], source: stated, value: 3}\n"
MOST = "  expert_terms: {name: 连续, name_en: Terms, unit: count, clauses: [LS-6], source: stated, value: 2}\n"
TERMS = {
    "processes/lakeside/jurisdiction.yaml": [("bodies:\n", f"{ROLE}bodies:\n{BODY}")],
    PARAMETERS: [("parameters:\n", f"parameters:\n{LENGTH}{MOST}")],
}
EXPERT = NewExpert(
    "lakeside", "wang", "王五", "某大学", "master", date(2010, 1, 1), training="培训", trained_on=date(2026, 1, 5)
)


@pytest.fixture
def town(sqlite_store: Store) -> Lakeside:
    made = make_lakeside(sqlite_store)
    made.deploy(amended_package(TERMS))
    return made


def entry(town: Lakeside, ident: int) -> ExpertRow:
    with town.desk.store.read() as tx:
        return tx.experts.get(ident)


def test_no_expert_is_on_the_register_beyond_the_term(town: Lakeside) -> None:
    with pytest.raises(Invalid, match=r"任期最长3年（依据第四条）.*不能晚于2029年2月28日"):
        add_expert(town.desk, town.office, replace(EXPERT, term_from=date(2026, 3, 1), term_until=date(2029, 3, 1)))
    ident = add_expert(town.desk, town.office, EXPERT)
    row = entry(town, ident)
    assert (row.term_from, row.term_until) == (date(2026, 3, 2), date(2029, 3, 1)), "an open end is the last lawful day"

    def renew(first: date) -> None:
        record = build_record(replace(EXPERT, term_from=first), entry(town, ident).version)
        change_expert(town.desk, town.office, ident, record)

    renew(date(2029, 3, 2))
    with pytest.raises(Invalid, match=r"已连续2届.*不能超过2届（依据第六条）"):
        renew(date(2032, 3, 2))
    renew(date(2035, 3, 2))  # a whole term later
    assert entry(town, ident).term_until == date(2038, 3, 1)


def test_a_seat_ends_with_its_term_and_is_not_given_once_too_often(town: Lakeside) -> None:
    with town.desk.store.read() as tx:
        body = tx.bodies.find(jurisdiction="lakeside", key="experts")
    assert body is not None
    person, seat = town.people["checker"], NewSeat("lakeside", "expert", body.id)

    def held() -> MembershipRow:
        with town.desk.store.read() as tx:
            return next(m for m in tx.memberships.select(person_id=person) if m.role == "expert")

    give_seat(town.desk, town.admin, person, seat)
    first = held()
    assert first.until is not None
    assert local_date(first.until) == date(2029, 3, 2), "the instant on record is the end of the day before"
    with pytest.raises(Conflict, match="届满前三个月内才能续任"):
        give_seat(town.desk, town.admin, person, seat)
    town.clock.move_to(datetime(2029, 2, 1, tzinfo=UTC))
    give_seat(town.desk, town.admin, person, seat)
    second = held()
    assert second.until is not None
    assert (second.since, local_date(second.until)) == (first.since, date(2032, 3, 2))
    town.clock.move_to(datetime(2032, 4, 1, tzinfo=UTC))
    with pytest.raises(Invalid, match="已连续2届担任“评审专家”"):
        give_seat(town.desk, town.admin, person, seat)


def test_a_seat_from_before_the_regulation_counts_as_long_as_it_lasted(town: Lakeside) -> None:
    with town.desk.store.write() as tx:
        body = tx.bodies.find(jurisdiction="lakeside", key="experts")
        assert body is not None
        person, since = town.people["checker"], datetime(2020, 1, 1, tzinfo=UTC)
        hold_seat(tx, person, body.id, "lakeside", "expert", since)
    with pytest.raises(Invalid, match="已连续2届担任“评审专家”"):
        give_seat(town.desk, town.admin, person, NewSeat("lakeside", "expert", body.id))


# A case suspends people and gives back what it took: no procedure hands out a role, least of all an administrator's.


def roles(bench: Bench, login: str) -> set[str]:
    with bench.desk.store.read() as tx:
        return {held.role for held in tx.memberships.list_valid(bench.people[login], bench.clock.now())}


def test_a_case_gives_back_what_it_took_and_nothing_else(bench: Bench) -> None:
    desk, person, body = bench.desk, bench.people["office"], bench.office.seats[0].body_id
    first, other = (start_case(desk, bench.applicant, PACKAGE, "application", None, {"ready": True}) for _ in range(2))
    with desk.store.write() as tx:
        hold_seat(tx, person, body, "testville", "designer", bench.clock.now())

    def give_back(case: int, seats: list[dict[str, Any]], login: str = "office") -> None:
        with desk.store.write() as tx:
            step = open_step(desk, tx, case, SYSTEM)
            reinstate_person(step, bench.people[login], seats)
            save_step(step)

    with desk.store.write() as tx:
        step: Step = open_step(desk, tx, first, SYSTEM)
        taken = suspend_person(step, person)
        save_step(step)
    assert taken == [{"body": body, "role": "office"}]
    assert roles(bench, "office") == {"designer"}, "what no regulation gives, no procedure takes"
    for case, seats, login in (
        (first, [{"body": body, "role": ADMINISTRATOR}], "office"),
        (first, [{"body": body, "role": AUDIT_ADMINISTRATOR}], "office"),
        (first, [{"body": body, "role": "designer"}], "office"),
        (first, taken, "stranger"),
        (other, taken, "office"),
    ):
        with pytest.raises(Invalid, match="只能交还本办件暂停时收回的角色"):
            give_back(case, seats, login)
    assert (roles(bench, "office"), roles(bench, "stranger")) == ({"designer"}, {"applicant"})
    give_back(first, taken)
    assert roles(bench, "office") == {"designer", "office"}
    with pytest.raises(Invalid, match="只能交还"):
        give_back(first, taken)


def test_who_is_suspended_holds_no_task_of_the_case_that_suspends_them(bench: Bench) -> None:
    """Their claim was put on record beside the step, which could not be saved after it however often it was tried."""
    desk, person = bench.desk, bench.people["office"]
    case = start_case(desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    [form] = bench.tasks(case)
    complete_task(desk, bench.applicant, form.id, form.version, {"founded_on": "2010-05-01", "contact": "张三"})
    [task] = bench.tasks(case)
    claim_task(desk, bench.office, task.id)
    with desk.store.write() as tx:
        step = open_step(desk, tx, case, SYSTEM)
        suspend_person(step, person)
        save_step(step)
    with desk.store.read() as tx:
        assert tx.tasks.get(task.id).assignee_id is None
        told = [event.text for event in tx.history.newest(case)]
    assert any("放回本单位" in text for text in told)
    assert any("暂停" in text for text in told)
