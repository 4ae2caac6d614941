"""Cases in call activities: the diagrams count them by the call they are in, through all levels, and heat says how long."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import SimpleNamespace

import pytest

from service.casework.access.actor import SYSTEM, Actor
from service.casework.queries.monitoring.heat import heat_state
from service.casework.queries.monitoring.monitor import ChosenDiagram
from service.casework.simulate.stage.stage import PlayState
from service.casework.step.step import open_step
from service.store import CaseFilter, Place, Store, TasksBehind
from service.web import create_app
from tests.support.browsers import Browser, settings_for_tests
from tests.support.half_seasons import season_until

CITY = "urumqi/quality_award"
Standing = Mapping[tuple[str, str], set[int]]


@pytest.fixture
def stage(sqlite_url: str, open_store: Callable[[str], Store]) -> PlayState:
    """An application that was corrected: its own public notice runs, that of the round has not begun."""
    return season_until(CITY, "correction_succeeds", open_store(sqlite_url), "recommend", "甲")


@pytest.fixture
def office(stage: PlayState) -> Actor:
    return stage.cast.actor("office")


@pytest.fixture
def browser(stage: PlayState, office: Actor) -> Browser:
    people = SimpleNamespace(desk=stage.desk, people={"office": office.person_id})
    return Browser(create_app(stage.desk, settings_for_tests()), people, "office")  # type: ignore[arg-type]


def standing(stage: PlayState) -> Standing:
    """Return the running cases in each call activity, as the engine has them."""
    found: dict[tuple[str, str], set[int]] = {}
    with stage.desk.store.read() as tx:
        cases = [row.id for row in tx.cases.search(CaseFilter(live=True), limit=500)]
    for ident in cases:
        with stage.desk.store.write() as tx:
            for place in open_step(stage.desk, tx, ident, SYSTEM).instance.calls():
                found.setdefault(place, set()).add(ident)
    return found


def test_the_diagram_counts_the_cases_in_a_call_and_links_to_them(
    stage: PlayState, office: Actor, browser: Browser
) -> None:
    inside = standing(stage)
    assert inside[("urumqi_application", "audit_recommendation")] == {stage.case("甲")}
    with stage.desk.store.read() as tx:
        package = stage.desk.packages.current(CITY, tx)
    looked = 0
    for ident, diagram in package.processes.items():
        elements = heat_state(stage.desk, office, ChosenDiagram(CITY, ident), 90, "zh")
        told = {call.id: elements.get(call.id, {}).get("count", 0) for call in diagram.calls}
        assert told == {call.id: len(inside.get((ident, call.id), ())) for call in diagram.calls}, ident
        for element in elements.values():
            if element.get("count"):
                looked += 1
                page = browser.get(element["href"]).text
                assert len(re.findall(r'data-row="\d+"', page)) == element["count"], element
    assert looked > 4
    mobilised = heat_state(stage.desk, office, ChosenDiagram(CITY, "urumqi_round"), 90, "zh")["mobilise"]
    assert mobilised["count"] == 1, "nine tasks, a case"


CITY, PLACE = "urumqi/quality_award", "urumqi"


def test_the_cases_of_a_call_are_read_by_pages_without_those_of_recused_organisations(stage: PlayState) -> None:
    ident = stage.case("甲")
    with stage.desk.store.write() as tx:
        row, subject = tx.calls.select(case_id=ident, left_at=None)[0], tx.cases.get(ident).subject_id
        assert subject is not None
        tx.calls.add(*[replace(row, id=0)] * 2)
        place, now = Place(PLACE, row.process_id), stage.desk.clock.now()
        newest = tx.calls.behind(place, TasksBehind(row.element), None, 2)
        rest = tx.calls.behind(place, TasksBehind(row.element), newest[-1].id, 2)
        assert newest[0].id > newest[1].id > rest[0].id == row.id
        assert len(rest) == 1
        assert tx.calls.behind(place, TasksBehind(row.element, recused=[subject]), None, 2) == []
        assert tx.calls.behind(place, TasksBehind(row.element, done_since=row.since), None, 2) == []
        tx.calls.leave(ident, [(row.process_id, row.element)], now)
        assert len(tx.calls.behind(place, TasksBehind(row.element, done_since=row.since), None, 9)) == 3
        assert tx.calls.behind(place, TasksBehind(row.element), None, 2) == []
