"""A case suspends people and gives back what it took: no procedure hands out a role, least of all an administrator's."""

from __future__ import annotations

from typing import Any

import pytest

from service.casework.access.actor import ADMINISTRATOR, AUDIT_ADMINISTRATOR, SYSTEM
from service.casework.cases.start import start_case
from service.casework.people.rights.suspension import reinstate_person, suspend_person
from service.casework.step.save import save_step
from service.casework.step.step import Step, open_step
from service.casework.tasks.claim import claim_task
from service.casework.tasks.complete import complete_task
from service.domain.errors import Invalid
from service.store.rows import MembershipRow
from tests.support.desks import PACKAGE, Bench


def roles(bench: Bench, login: str) -> set[str]:
    with bench.desk.store.read() as tx:
        return {held.role for held in tx.people.memberships(bench.people[login], bench.clock.now())}


def test_a_case_gives_back_what_it_took_and_nothing_else(bench: Bench) -> None:
    desk, person, body = bench.desk, bench.people["office"], bench.office.seats[0].body_id
    first, other = (start_case(desk, bench.applicant, PACKAGE, "application", None, {"ready": True}) for _ in range(2))
    with desk.store.write() as tx:
        tx.people.add_membership(
            MembershipRow(
                person_id=person, body_id=body, jurisdiction="testville", role="designer", since=bench.clock.now()
            )
        )

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
        told = [event.text for event in tx.history.of_case(case)]
    assert any("放回本单位" in text for text in told)
    assert any("暂停" in text for text in told)
