from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from pathlib import Path

import pytest

from service.domain.forms import Form, FormCheck, compile_form

DATA = Path(__file__).parents[2] / "data" / "forms"
TODAY = date(2026, 6, 1)

GOOD = {
    "org": {
        "name": "某某机械制造股份有限公司",
        "credit_code": "91370100MA3ABCDE1X",
        "kind": "svc",
        "founded": "2001-05-06",
        "email": "a@b.cn",
        "phone": "13800000000",
        "applied_before": "yes",
        "previous": "曾于去年申报未获奖",
        "certs": ["q"],
    },
    "finance": [
        {"year": 2023, "revenue": 1000, "profit": 123.45, "margin": 99},
        {"year": 2024, "revenue": 2000, "profit": "246.9", "margin": 1},
    ],
    "revenue_total": 1,
    "licence": [{"id": "a1", "name": "x.pdf", "size": 3}],
    "promise": True,
}


@pytest.fixture(scope="session")
def schema() -> dict:
    return json.loads((DATA / "application.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def form(schema: dict) -> Form:
    return compile_form(schema)


@pytest.fixture
def good() -> dict:
    return deepcopy(GOOD)


@pytest.fixture
def one() -> Callable[..., FormCheck]:
    """Check one value in a form with one field; further keyword arguments go to ``check``."""

    def check(component: dict, value: object = None, **more: object) -> FormCheck:
        made = compile_form({"id": "f", "components": [{"id": "x", "key": "k", "label": "甲", **component}]})
        return made.check({} if value is None else {"k": value}, today=TODAY, **more)

    return check
