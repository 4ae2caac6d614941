"""A role whose regulation sets a term is held no longer, and no oftener in a row: on the register of experts and in seats."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from service.casework.people.accounts.accounts import give_seat
from service.casework.people.rights.seats import NewSeat
from service.casework.review.expert_register import NewExpert, add_expert, change_expert
from service.catalog import Package
from service.catalog.check import check_package
from service.domain.calendar import local_date
from service.domain.errors import Conflict, Invalid
from service.store import Store
from service.store.rows import ExpertRow, MembershipRow
from tests.support.lakeside import PARAMETERS, Lakeside, amended_package, make_lakeside

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


def test_a_term_in_rounds_lasts_as_many_cycles_of_the_award(sqlite_store: Store) -> None:
    """聘期一届 of an award that is given every three years; without a cycle nobody can count it, and the check says so."""
    rounds = LENGTH.replace("unit: years", "unit: count").replace("value: 3", "value: 1")
    cycle = "  cycle_years: {name: 评选周期, name_en: Cycle, unit: years, clauses: [LS-4], source: stated, value: 3}\n"
    role = TERMS["processes/lakeside/jurisdiction.yaml"]

    def package(more: str) -> Package:
        parameters = [("parameters:\n", f"parameters:\n{rounds}{MOST}{more}")]
        return amended_package({"processes/lakeside/jurisdiction.yaml": role, PARAMETERS: parameters})

    assert "unknown_term" in {problem.rule for problem in check_package(package(""))}
    assert "unknown_term" not in {problem.rule for problem in check_package(package(cycle))}
    town = make_lakeside(sqlite_store)
    town.deploy(package(cycle))
    with pytest.raises(Invalid, match=r"任期最长1届（依据第四条）.*不能晚于2029年2月28日"):
        add_expert(town.desk, town.office, replace(EXPERT, term_from=date(2026, 3, 1), term_until=date(2029, 3, 1)))
    assert entry(town, add_expert(town.desk, town.office, EXPERT)).term_until == date(2029, 3, 1)


def test_no_expert_is_on_the_register_beyond_the_term(town: Lakeside) -> None:
    with pytest.raises(Invalid, match=r"任期最长3年（依据第四条）.*不能晚于2029年2月28日"):
        add_expert(town.desk, town.office, replace(EXPERT, term_from=date(2026, 3, 1), term_until=date(2029, 3, 1)))
    ident = add_expert(town.desk, town.office, EXPERT)
    row = entry(town, ident)
    assert (row.term_from, row.term_until) == (date(2026, 3, 2), date(2029, 3, 1)), "an open end is the last lawful day"

    def renew(first: date) -> None:
        change_expert(town.desk, town.office, ident, entry(town, ident).version, replace(EXPERT, term_from=first))

    renew(date(2029, 3, 2))
    with pytest.raises(Invalid, match=r"已连续2届.*不能超过2届（依据第六条）"):
        renew(date(2032, 3, 2))
    renew(date(2035, 3, 2))  # a whole term later
    assert entry(town, ident).term_until == date(2038, 3, 1)


def test_a_seat_ends_with_its_term_and_is_not_given_once_too_often(town: Lakeside) -> None:
    with town.desk.store.read() as tx:
        body = tx.people.body_by_key("lakeside", "experts")
    assert body is not None
    person, seat = town.people["checker"], NewSeat("lakeside", "expert", body.id)

    def held() -> MembershipRow:
        with town.desk.store.read() as tx:
            return next(m for m in tx.people.ever_held(person) if m.role == "expert")

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
        body = tx.people.body_by_key("lakeside", "experts")
        assert body is not None
        person, since = town.people["checker"], datetime(2020, 1, 1, tzinfo=UTC)
        seat = MembershipRow(person_id=person, body_id=body.id, jurisdiction="lakeside", role="expert", since=since)
        tx.people.add_membership(seat)
    with pytest.raises(Invalid, match="已连续2届担任“评审专家”"):
        give_seat(town.desk, town.admin, person, NewSeat("lakeside", "expert", body.id))
