"""Changes of parameters.yaml in place."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.catalog.parameters.parameter_entries import add_parameter, remove_parameter, set_value
from service.domain.errors import Invalid

PROJECT = Path(__file__).parents[3]
TEXT = """# 参数
format: 2
from: 2026-01-01
parameters:
  # 公示
  notice_working_days:
    name: 公示期
    unit: working_days
    clauses: [A-1]       # 第一条
    source: stated
    minimum: 5
    value: 5
  places: {clauses: [A-2], exactly: 3}
  late:
    clauses: [A-3]
    values:
      - {from: 2026-01-01, value: 1}   # 起初
      - {from: 2027-01-01, value: 2}
"""


@pytest.mark.parametrize("ident", ["", "A", "两", "a-b", "9a", "x" * 61])
def test_an_id_that_is_none_is_refused(ident: str) -> None:
    with pytest.raises(Invalid, match="编号"):
        add_parameter(TEXT, ident, {})


@pytest.mark.parametrize("path", sorted(PROJECT.glob("processes/*/*/parameters.yaml")), ids=lambda p: p.parts[-3])
def test_writing_what_stands_there_changes_no_byte(path: Path) -> None:
    text = path.read_text("utf-8")
    added = add_parameter(text, "something_new", {"unit": "count", "value": 1})
    assert added != text
    assert remove_parameter(added, "something_new") == text
    old = set_value(text, "applicant_fee_yuan", 9)
    assert [line for line in old.splitlines() if line not in text.splitlines()] in (
        ["    exactly: 9"],
        ["    value: 9"],
    )
