"""The law of a draft through the interface for programs: what the pages do, programs do too."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.open_draft import open_draft
from tests.support.browsers import Browser
from tests.support.lakeside import KEY, Lakeside

Browse = Callable[..., Browser]


@pytest.fixture
def draft(town: Lakeside) -> int:
    return open_draft(town.desk, town.designer, KEY, "接口")


def test_a_bound_of_the_law_is_not_lost_where_a_program_leaves_it_out(
    browse: Browse, town: Lakeside, draft: int
) -> None:
    program, here = browse("designer"), f"/api/v1/drafts/{draft}/parameters/decision_working_days"
    before = package_of(town.desk, draft).award.parameters["decision_working_days"]
    assert program.send("PUT", here, {"value": "7", "confirm": True}).json["lines"] == [
        "-    value: 10",
        "+    value: 7",
    ]
    after = package_of(town.desk, draft).award.parameters["decision_working_days"]
    assert (after.name, after.clauses, after.maximum) == (before.name, before.clauses, 10)
    for typed in ({"maximum": ""}, {"maximum": "", "clauses": ""}):
        refused = program.send("PUT", here, {"value": "7", **typed, "confirm": True})
        assert refused.status_code == 422
        assert "不能没有上限：第四条（LS-4）写明了" in refused.text
    assert (
        program.send("PATCH", f"/api/v1/drafts/{draft}/clauses/LS-4", {"summary": "决定是否受理。"}).status_code == 200
    )
    assert "-    maximum: 10" in program.send("PUT", here, {"value": "7", "maximum": ""}).json["lines"]
