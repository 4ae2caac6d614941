"""What a program reads and has done of a draft: lists, and long work begun, watched and stopped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from service.casework.studio.drafts.open_draft import open_draft
from tests.support.browsers import Browser
from tests.support.lakeside import DIAGRAM, KEY, LAW, Lakeside
from tests.support.waiting import until

Browse = Callable[..., Browser]
REFUSED = f"processes/{KEY}/scenarios/refused.yaml"


@pytest.fixture
def base(town: Lakeside) -> str:
    return f"/api/v1/drafts/{open_draft(town.desk, town.designer, KEY, '程序')}"


def done(program: Browser, base: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Begin long work at ``path``, and return what it came to."""
    begun = program.send("POST", f"{base}{path}", body)
    assert begun.status_code == 200, begun.text[:300]
    job = f"{base}/jobs/{begun.json['id']}"
    until(lambda: program.get(job).json["over"])
    assert program.get(job).json["state"] == "done", program.get(job).text
    found: dict[str, Any] = program.get(f"{base}{path}").json
    return found


def test_files_clauses_and_parameters_are_listed(browse: Browse, base: str) -> None:
    program = browse("designer")
    assert {DIAGRAM, LAW} <= {one["path"] for one in program.get(f"{base}/files").json["files"]}
    clauses = {one["id"]: one for one in program.get(f"{base}/clauses").json["clauses"]}
    assert clauses["LS-4"]["article"] == "第四条"
    parameters = program.get(f"{base}/parameters").json["parameters"]
    assert "decision_working_days" in {one["id"] for one in parameters}
    assert program.get(f"{base}/parameters?q=不会有的话").json["parameters"] == []


def test_a_key_is_proposed_that_is_not_taken(browse: Browse, base: str) -> None:
    program = browse("designer")
    first = program.get(f"{base}/diagram/key?meaning=成立年份").json["key"]
    assert first.isidentifier()
    second = program.get(f"{base}/diagram/key?meaning=成立年份&taken={first}").json["key"]
    assert second.isidentifier()
    assert second != first
