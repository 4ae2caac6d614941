"""Processes of the cities: one kind of application each, the day on which misuse was found, proofs after the notice."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from service.catalog import build_catalog
from service.catalog.applications import application_kinds, is_application
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.catalog.feel import compiled
from service.catalog.tree import Files, read_tree
from service.domain.calendar import Counting, Window, WorkingCalendar
from service.domain.calendar.feel_functions import TIME_FUNCTIONS
from service.domain.feel import BUILTINS, compile_expression
from tests.support.bundled import bundled

AWARD = "processes/example_city/quality_award/award.yaml"
ONCE = b"    one_per_subject: true\n    title: '{subject.name}'\n"
"""What says that an organisation applies once; the follow-up below the same round says it too."""


@pytest.fixture
def files() -> Files:
    return read_tree(Path(__file__).parents[3] / "tests" / "data" / "example_city")


def test_each_city_has_one_kind_of_application() -> None:
    found = {key: [kind.parent for kind in application_kinds(one)] for key, one in bundled().packages.items()}
    assert set(map(tuple, found.values())) == {("round",)}


@pytest.mark.parametrize("once", [True, False])
def test_what_follows_an_award_is_no_application(files: Files, once: bool) -> None:
    changed = dict(files)
    assert ONCE in changed[AWARD]
    if not once:
        changed[AWARD] = changed[AWARD].replace(ONCE, b"    title: '{subject.name}'\n")
    package = build_catalog(changed).package("example_city/quality_award")
    assert [kind.key for kind in application_kinds(package)] == ["application"]
    assert not is_application(package, package.award.processes["tenure"])


LAST_DAY = "2031-07-20"
NEXT_DAY = "2031-07-21"
WAYS = {"urumqi": "ignored_to_set_revocation", "kizilsu": "misuse_revokes_to_revoke_for_misuse"}


def may_be_revoked(city: str, found_on: str | None, began_at: str, *, held: bool = True) -> bool:
    diagram = bundled().package(f"{city}/quality_award").diagram(f"{city}_misuse")
    scope = {
        "case": {"misuse": "ignored", "started_at": began_at},
        "frame": {} if found_on is None else {"found_on": found_on},
        "misuse_result": "misuse",
        "param": {"misuse_revokes": "after_ignored_order", "monitoring_years": 5},
        "standing": {"held": held},
        "supervision": {"decided_on": "2026-07-20"},
    }
    return compiled(diagram.flows[WAYS[city]].condition).evaluate(scope) is True


@pytest.mark.parametrize("city", WAYS)
def test_the_day_of_finding_counts(city: str) -> None:
    assert may_be_revoked(city, LAST_DAY, began_at=f"{NEXT_DAY}T01:00:00+00:00")
    assert not may_be_revoked(city, NEXT_DAY, began_at=f"{NEXT_DAY}T01:00:00+00:00")


@pytest.mark.parametrize("city", [city for city in WAYS if city != "urumqi"])  # there the day is always stated
def test_where_it_is_not_known_the_day_in_china_on_which_the_case_began_counts(city: str) -> None:
    assert may_be_revoked(city, None, began_at=f"{LAST_DAY}T15:59:59.5+00:00")
    assert not may_be_revoked(city, None, began_at=f"{LAST_DAY}T16:00:01+00:00")


def test_an_award_that_is_gone_is_not_revoked_again() -> None:
    """In Kizilsu the case itself ends with the award."""
    assert not may_be_revoked("urumqi", LAST_DAY, began_at=f"{LAST_DAY}T01:00:00+00:00", held=False)


@dataclass
class Context:
    calendar: WorkingCalendar
    now: datetime
    counting: Counting = field(default_factory=Counting)
    foresees: bool = False

    def note(self, window: Window) -> None: ...


@pytest.mark.parametrize("parameter", ["prove_internal_working_days", "prove_internal_calendar_days"])
def test_a_proof_of_the_internal_notice_counts_from_its_last_day(parameter: str) -> None:
    """The notice runs from 10 to 16 March 2026 and ends in the night: three days are 17, 18 and 19 March."""
    element = bundled().package("urumqi/quality_award").diagram("shared_internal_notice").elements["prove_internal"]
    context = Context(load_calendars(bundled_calendars())["cn-xinjiang"], datetime(2026, 3, 16, 16, tzinfo=UTC))
    scope = {"param": {parameter: Decimal(3)}, "closed": {"last_day": "2026-03-16"}}
    due = compile_expression(element.due, functions=BUILTINS.extended(TIME_FUNCTIONS)).evaluate(scope, context)
    assert due == datetime(2026, 3, 19, 16, tzinfo=UTC)


BEFORE_FILING = {"fill_application", "submit_application", "choose_recommender", "post_internally", "prove_internal"}
"""What an applicant on paper is never asked: the counter enters what it handed in."""


@pytest.mark.parametrize("city", ["kizilsu", "ganzhou", "urumqi", "yining", "qingyuan"])
def test_whatever_is_asked_of_an_applicant_or_winner_may_come_on_paper(city: str) -> None:
    """The office enters it with its scan, so the form has a place for files."""
    package = bundled().package(f"{city}/quality_award")
    asked = [
        (element.properties.get("paper"), element.form, element.id)
        for diagram in package.diagrams.values()
        for element in diagram.elements.values()
        if element.properties.get("role") == "applicant" and element.form and element.id not in BEFORE_FILING
    ]
    assert len(asked) > 5
    assert [ident for paper, _, ident in asked if "office" not in (paper or "").split()] == []
    assert [form for _, form, _ in asked if '"upload"' not in json.dumps(package.form(form))] == []
