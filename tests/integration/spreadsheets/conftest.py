from __future__ import annotations

import base64
from functools import cache

import pytest

from service.casework.people.factors.sessions import open_session
from service.casework.simulate.playing.play import play_move
from service.casework.simulate.scenarios.scenario import read_scenario
from service.casework.simulate.stage.stage import PlayState, open_stage
from service.catalog import Package
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.catalog.closure import collect_award_files
from service.sdk import operations
from service.store import Store
from service.web import create_app
from tests.support.browsers import settings_for_tests
from tests.support.review import BEGIN, DECLARED, ReviewBench, make_review

import handlers  # isort: skip
from tests.support.tree import project_tree

handlers.load()

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
CALL = """
title: 表
start: 2026-03-02
organisations: {甲: {name: 甲公司}}
steps:
  - {at: 2026-03-02 09:00, as: office, start: round, name: 届, with: {round_name: 第一届乌鲁木齐市人民政府质量奖}}
  - {as: office, case: 届, complete: publish_call, with: {requested_deadline: 2026-03-31, text: 申报,
     criteria: GB/T 19580-2012、GB/Z 19579-2012, contact: 质量科}}
"""


@cache
def city() -> Package:
    return Package.from_files(collect_award_files(project_tree(), "urumqi", "quality_award"), operations())


@pytest.fixture
def round_open(store: Store) -> PlayState:
    """A round of a real city that takes applications; once on SQLite and once on PostgreSQL."""
    package = city()
    scenario = read_scenario(CALL.encode(), "call.yaml")
    stage = open_stage(store, package, scenario, load_calendars(bundled_calendars()), operations())
    for move in scenario.moves:
        assert play_move(stage, move) == []
    return stage


@pytest.fixture
def scoring(store: Store) -> ReviewBench:
    """A panel whose members have declared their interests and may score; on both databases."""
    return make_review(store, *BEGIN, DECLARED)


def keep_receipt(stage: PlayState, here: int, process: str = "application") -> str:
    """Send a scan of the counter's receipt for the applications of round ``here``, as a program does; returns its id."""
    office, key = stage.cast.actor("office"), stage.package.key
    answer = (
        create_app(stage.desk, settings_for_tests())
        .test_client(use_cookies=False)
        .post(
            f"/api/v1/start/{key}/{process}/uploads?parent={here}",
            json={"field": "counter_receipt", "name": "凭据.pdf", "content": base64.b64encode(PDF).decode()},
            headers={"Authorization": f"Bearer {open_session(stage.desk, office.person_id or 0, 1)}"},
        )
    )
    assert answer.status_code == 200, answer.text
    return str((answer.json or {})["id"])
