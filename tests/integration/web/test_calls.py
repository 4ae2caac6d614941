"""Cases in call activities: the diagrams count them by the call they are in, through all levels, and heat says how long."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM, Actor
from service.casework.queries.monitoring.heat import HeatLine, view_heat
from service.casework.queries.monitoring.monitor_diagram import monitor_state
from service.casework.queries.monitoring.monitored import ChosenDiagram
from service.casework.queries.monitoring.standing_cases import standing_cases
from service.casework.reading.repeated import may_repeat
from service.casework.simulate.stage.stage import PlayState
from service.casework.soundness.running_cases import running_cases
from service.casework.step.step import open_step
from service.store import CaseFilter, ElementCount, Place, Store, TasksBehind
from service.web import create_app
from tests.support.browsers import Browser, settings_for_tests
from tests.support.half_seasons import season_until

CITY, PLACE = "urumqi/quality_award", "urumqi"
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


def noted(stage: PlayState) -> list[tuple[str, str, object]]:
    with stage.desk.store.read() as tx:
        return [(row.process_id, row.element, row.since) for row in tx.calls.open_of_case(stage.case("甲"))]


def test_the_diagram_counts_the_cases_in_a_call_and_links_to_them(
    stage: PlayState, office: Actor, browser: Browser
) -> None:
    inside = standing(stage)
    assert inside[("urumqi_application", "audit_recommendation")] == {stage.case("甲")}
    with stage.desk.store.read() as tx:
        package = stage.desk.packages.current(CITY, tx)
    looked = 0
    for ident, diagram in package.processes.items():
        elements = monitor_state(stage.desk, office, CITY, ident, "zh")
        told = {call.id: elements[call.id].get("count", 0) for call in diagram.calls}
        assert told == {call.id: len(inside.get((ident, call.id), ())) for call in diagram.calls}, ident
        for element in elements.values():
            if element.get("count"):
                looked += 1
                page = browser.get(element["href"]).text
                assert len(re.findall(r'data-row="\d+"', page)) == element["count"], element
    assert looked > 4
    assert monitor_state(stage.desk, office, CITY, "urumqi_round", "zh")["mobilise"]["count"] == 1, "nine tasks, a case"


def test_above_the_bound_the_sums_are_told_and_said_to_be_sums(stage: PlayState) -> None:
    with stage.desk.store.read() as tx:
        package, place = stage.desk.packages.current(CITY, tx), Place(PLACE, "urumqi_round")
        waits = [each for each in tx.tallies.by_element([PLACE]) if each.process_id == "urumqi_round"]
        tasks = next(each.tasks for each in waits if each.element == "mobilise")
        assert tasks == 9
        few = standing_cases(tx, package, place, waits)
        assert (few.count["mobilise"], few.summed) == (1, frozenset())
        many = standing_cases(tx, package, place, waits, many=tasks - 1)
        assert many.count["mobilise"] == tasks
        assert "mobilise" in many.summed
        plain = Place(PLACE, next(each for each in package.processes if not may_repeat(package, each)))
        mixed = [ElementCount("x", "y", "both", 7, 0, 7), ElementCount("x", "y", "one", 8)]
        found = standing_cases(tx, package, plain, mixed, many=1)
        assert (found.count, found.summed) == ({"both": 14, "one": 8}, {"both"})


def heat(stage: PlayState, office: Actor, process: str, version: str = "") -> dict[str, HeatLine]:
    view = view_heat(stage.desk, office, ChosenDiagram(CITY, process, version))
    return {line.element: line for line in view.lines}


def test_heat_says_how_long_cases_stand_in_a_call_and_how_long_it_took(
    stage: PlayState, office: Actor, browser: Browser
) -> None:
    with stage.desk.store.read() as tx:
        version = tx.cases.get(stage.case("甲")).definition
    for chosen in ("", version):
        whole, part = (
            heat(stage, office, each, chosen) for each in ("urumqi_application", "urumqi_audit_recommendation")
        )
        assert [(line.inside, line.here) for line in whole.values() if line.inside] == [(1, 1)]
        assert whole["audit_recommendation"].standing is not None
        assert whole["audit_recommendation"].standing.median > 7
        corrected = part["correction_round"]
        assert (corrected.done, corrected.inside) == (1, 0)
        assert corrected.took is not None
        assert 6 < corrected.took.median < 6.5, "from the morning of the 18th to the afternoon of the 24th"
    asked = f"package={CITY}&process=urumqi_application&days=3650"
    picture = browser.get(f"/monitor/heat.json?{asked}").get_json()["elements"]
    assert picture["audit_recommendation"]["count"] == 1
    page = browser.get(f"/monitor/heat?{asked}").text
    assert "现在没有待办" not in page
    for url, count in re.findall(r'<a href="(/monitor/heat/tasks\?[^"]+)">(\d+)</a>', page):
        asked_for = url.replace("&amp;", "&")
        assert len(re.findall(r'data-row="\d+"', browser.get(asked_for).text)) == int(count), asked_for
    assert "element=prepare" in page


def test_a_case_that_is_not_where_the_record_says_is_named(stage: PlayState) -> None:
    with stage.desk.store.write() as tx:
        tx._connection.execute(sa.text("DELETE FROM case_call WHERE left_at IS NULL"))
    assert any("登记了0次在内" in str(fault) for fault in running_cases(stage.desk) if not isinstance(fault, int))


def test_the_cases_of_a_call_are_read_by_pages_without_those_of_recused_organisations(stage: PlayState) -> None:
    ident = stage.case("甲")
    with stage.desk.store.write() as tx:
        row, subject = tx.calls.open_of_case(ident)[0], tx.cases.get(ident).subject_id
        assert subject is not None
        tx.calls.enter([replace(row, id=0)] * 2)
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
