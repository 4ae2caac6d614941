"""An operation of a draft that other tests reach in their turn alone: what a step may choose."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from service.store import Store
from tests.support.browsers import Browser, make_app
from tests.support.example_town import FOLDER, ExampleTown, make_example_town
from tests.support.held_answers import HELD

FLOOR = f"{FOLDER}/scenarios/floor_missed.yaml"
APPLICATION = "  - {as: 甲, start: application"
ACCEPTANCE = {"as": "office", "case": "甲", "complete": "decide_acceptance", "with": {}}
FORM = f"{FOLDER}/forms/decide_acceptance.json"
OFFERED = '=[{label: "受理", value: "accept"}]'


@pytest.fixture
def example(sqlite_store: Store, tmp_path: Path) -> ExampleTown:
    return make_example_town(sqlite_store, tmp_path / "tree")


def asked(example: ExampleTown, place: str, body: dict[str, Any]) -> Any:
    """Send a good request as the designer, and return what it answers, which was held to its description."""
    sent = Browser(make_app(example), example, "designer").send("POST", f"/api/v1/drafts/{example.draft}{place}", body)
    assert sent.status_code == 200, sent.text
    return sent.json


def test_a_step_says_what_the_formulas_of_its_form_offer(example: ExampleTown) -> None:
    form = json.loads(before := example.read(FORM))
    del form["components"][0]["values"]
    form["components"][0]["valuesExpression"] = OFFERED
    example.change(FORM, before, json.dumps(form, ensure_ascii=False))
    body = {"path": FLOOR, "number": 5, "row": ACCEPTANCE}
    assert asked(example, "/scenario/choices", body) == {
        "choices": {"with.decision": [{"value": "accept", "label": {"zh": "受理", "en": "受理"}}]}
    }
    assert HELD.seen["POST /api/v1/drafts/{draft}/scenario/choices"] > 0
