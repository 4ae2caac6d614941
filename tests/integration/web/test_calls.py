"""Cases in call activities: the diagrams count them by the call they are in, through all levels, and heat says how long."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import SimpleNamespace

import pytest

from service.casework.access.actor import SYSTEM, Actor
from service.casework.queries.monitoring.heat import mark_elements, view_heat
from service.casework.queries.monitoring.monitor import ChosenDiagram
from service.casework.simulate.stage.stage import PlayState
from service.casework.step.step import open_step
from service.store import CaseFilter, Store
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
        elements = mark_elements(view_heat(stage.desk, office, ChosenDiagram(CITY, ident)), "zh")
        told = {call.id: elements.get(call.id, {}).get("count", 0) for call in diagram.calls}
        assert told == {call.id: len(inside.get((ident, call.id), ())) for call in diagram.calls}, ident
        for element in elements.values():
            if element.get("count"):
                looked += 1
                page = browser.get(element["href"]).text
                assert len(re.findall(r'data-row="\d+"', page)) == element["count"], element
    assert looked > 4
    mobilised = mark_elements(view_heat(stage.desk, office, ChosenDiagram(CITY, "urumqi_round")), "zh")["mobilise"]
    assert mobilised["count"] == 1, "nine tasks, a case"


CITY, PLACE = "urumqi/quality_award", "urumqi"
