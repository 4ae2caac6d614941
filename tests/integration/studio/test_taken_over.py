"""Which expectations give way to one that is written anew for a clause: those of the same record, no others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.law.prove_clause import ClauseShown, with_expectations
from service.catalog.source.format_yaml import load_yaml
from tests.support.lakeside import KEY, Lakeside

BEFORE = """\
expect:
- {case: 甲, document: letter, proves: [LS-4]}
- {case: 甲, notice: winners, proves: [LS-4, LS-3]}
- {case: 甲, task: decide, due: 2026-03-10, proves: [LS-4]}
- {case: 甲, outcome: expired, proves: [LS-4, LS-3]}
- {case: 甲, reached: explain, proves: [LS-4]}
"""


@pytest.mark.parametrize(
    ("row", "gone", "proved"),
    [
        ({"case": "甲", "reached": "decide"}, None, ["LS-4"]),
        ({"case": "甲", "reached": "explain"}, 4, ["LS-4"]),
        ({"case": "甲", "outcome": "completed"}, 3, ["LS-4", "LS-3"]),
        ({"case": "甲", "waiting": "decide", "due": "2026-03-12"}, 2, ["LS-4"]),
        ({"case": "甲", "waiting": "explain"}, None, ["LS-4"]),
        ({"case": "甲", "notice": "winners", "first_day": "2026-03-12"}, 1, ["LS-4", "LS-3"]),
        ({"case": "乙", "outcome": "completed"}, None, ["LS-4"]),
    ],
)
def test_only_what_spoke_of_the_same_record_gives_way(
    town: Lakeside, row: Mapping[str, Any], gone: int | None, proved: list[str]
) -> None:
    package = package_of(town.desk, open_draft(town.desk, town.designer, KEY, "助手"))
    stood = load_yaml(BEFORE)["expect"]
    after = load_yaml(with_expectations(package, BEFORE, ClauseShown((row,)), "LS-4"))["expect"]
    assert after[:-1] == [one for place, one in enumerate(stood) if place != gone]
    assert after[-1]["proves"] == proved
