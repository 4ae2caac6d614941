"""A supervision that ran before it watched the register moves to the version in which it does, and ends with the title."""

from __future__ import annotations

import re

import pytest

import handlers
from service.casework.access.actor import Actor, Seat
from service.casework.amendments.move_case import move_case
from service.casework.simulate import read_scenario
from service.casework.simulate.playing.play import play_move
from service.casework.simulate.stage.stage import open_stage
from service.catalog import Package
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.sdk import operations
from service.store import Store
from tests.support.bundled import bundled
from tests.support.half_seasons import publish_unchecked
from tests.support.tree import PROJECT

handlers.load()
KEY = "ganzhou/quality_award"
DIAGRAM = f"processes/{KEY}/supervision.bpmn"
ADMIN = Actor(1, "管理员1", (Seat("*", "administrator", 1, "office", "办公室", "office"),))
BARRIER = re.compile(rb'\s*<spiffworkflow:property name="barrier"[^>]*/>')
EVENTS = {
    "ganzhou": ["title_revoked"],
    "kizilsu": ["award_gone"],
    "qingyuan": ["expiry_award_ended", "follow_up_award_ended"],
    "yining": ["award_ended"],
}
"""What each city's supervision waited for when the revocation still told it."""


def before() -> Package:
    """Return the version in which the supervision waits for a message alone."""
    files = dict(bundled().package(KEY).files)
    assert len(BARRIER.findall(files[DIAGRAM])) == 1
    return Package.from_files({**files, DIAGRAM: BARRIER.sub(b"", files[DIAGRAM])})


def after() -> Package:
    files = dict(bundled().package(KEY).files)
    law = "processes/ganzhou/law.yaml"
    return Package.from_files(
        {**files, law: b"amendment: {applies_to_running: true, clauses: [GZ-25-1]}\n" + files[law]}
    )


@pytest.mark.parametrize("city", EVENTS)
def test_the_events_keep_what_a_running_supervision_holds_of_them(city: str) -> None:
    """One that waits at an event is moved only where the new version catches it into the same variable."""
    diagram = bundled().package(f"{city}/quality_award").diagram(f"{city}_supervision")
    found = {e.id: e.message_variable for e in diagram.elements.values() if e.barrier and e.id in EVENTS[city]}
    assert found == dict.fromkeys(EVENTS[city], "ended")


def test_one_whose_title_is_gone_ends_when_it_is_moved(sqlite_store: Store) -> None:
    scenario = read_scenario((PROJECT / "processes" / KEY / "scenarios" / "revocation.yaml").read_bytes(), "revocation")
    stage = open_stage(sqlite_store, before(), scenario, load_calendars(bundled_calendars()), operations())
    for move in scenario.moves:
        if move.value == "record_return":
            break
        if move.verb != "expect":
            play_move(stage, move)
    stage.drain()
    supervision, new = stage.cases["甲管"], after()
    with sqlite_store.read() as tx:
        assert tx.cases.get(supervision).status == "running"
    publish_unchecked(stage, new)
    move_case(stage.desk, ADMIN, supervision, new.version, "称号终止的不再跟踪")
    with sqlite_store.read() as tx:
        ended = tx.cases.get(supervision)
    assert (ended.status, ended.outcome) == ("ended", "revoked")
