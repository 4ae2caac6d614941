"""An authority that began a case finds it among what it began and may open it, as whoever did a step of it may."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.casework.access.actor import Actor
from service.casework.queries.cases.list_cases import CaseQuery, list_cases
from service.casework.queries.cases.view_case import view_case
from service.casework.queries.searching.search import search
from service.casework.simulate.stage.stage import PlayState
from service.casework.simulate.stage.verbs import DOERS
from service.domain.errors import NotAllowed
from service.store import Store
from tests.integration.web.test_why_it_ended import page
from tests.support.half_seasons import season, season_until


@pytest.fixture
def stage(sqlite_store: Store) -> PlayState:
    """A committee of the city gave the office an instruction, which it must answer."""
    return season("yining/quality_award", "side_cases", sqlite_store, 4)


def test_who_reported_finds_the_case_again(stage: PlayState) -> None:
    case, reporter = stage.case("意见"), stage.cast.actor("committee")
    assert not reporter.oversees("yining")
    assert [line.id for line in list_cases(stage.desk, reporter, CaseQuery(mine=True)).lines] == [case]
    assert case in [line.id for line in search(stage.desk, reporter, "资格审查").cases]
    found = view_case(stage.desk, reporter, case)
    assert [form.own for form in found.submissions] == [True]
    assert found.version.reach is None
    title = found.brief.title
    assert title in page(stage, "committee", "/home")
    assert title in page(stage, "committee", f"/cases/{case}")


def test_others_and_who_left_it_do_not(stage: PlayState) -> None:
    case, began = stage.case("意见"), stage.cast.actor("committee")
    other = stage.cast.actor("乙")
    for reader in (other, replace(began, seats=other.seats)):
        assert case not in [line.id for line in list_cases(stage.desk, reader, CaseQuery(mine=True)).lines]
        with pytest.raises(NotAllowed):
            view_case(stage.desk, reader, case)


def test_who_has_or_did_a_task_finds_its_case(sqlite_store: Store) -> None:
    stage = season_until("kizilsu/quality_award", "departments", sqlite_store, "give_relevant_opinion", "乙")
    department, case = stage.cast.actor("department@emergency"), stage.case("乙")
    assert not department.oversees("kizilsu")

    def listed(reader: Actor) -> bool:
        return case in [line.id for line in list_cases(stage.desk, reader, CaseQuery()).lines]

    assert listed(department)
    move = next(
        one
        for one in stage.scenario.moves
        if (one.value, one.case) == ("give_relevant_opinion", "乙") and not one.keys.get("refused")
    )
    DOERS["complete"](stage, move, department)
    assert listed(department)
    assert not listed(replace(department, seats=tuple(replace(seat, role="audit_unit") for seat in department.seats)))
