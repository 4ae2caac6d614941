"""Changes of parameters.yaml in place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from service.catalog.parameters.parameter_entries import add_parameter, change_parameter, remove_parameter, set_value
from service.domain.errors import Invalid, NotFound

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


def changed_lines(after: str, before: str = TEXT) -> tuple[list[str], list[str]]:
    old, new = before.splitlines(), after.splitlines()
    return [line for line in old if line not in new], [line for line in new if line not in old]


def test_a_value_is_replaced_and_nothing_else() -> None:
    assert changed_lines(set_value(TEXT, "notice_working_days", 7)) == (["    value: 5"], ["    value: 7"])
    assert changed_lines(set_value(TEXT, "places", 4))[1] == ["  places: {clauses: [A-2], exactly: 4}"]
    assert changed_lines(set_value(TEXT, "late", 3))[1] == ["      - {from: 2027-01-01, value: 3}"]


def test_a_value_from_a_day_on_stands_beside_the_one_before() -> None:
    written = set_value(TEXT, "notice_working_days", 7, date(2027, 1, 1))
    assert changed_lines(written) == (
        ["    value: 5"],
        ["      - {from: 2026-01-01, value: 5}", "      - {from: 2027-01-01, value: 7}"],
    )
    assert "minimum: 3, maximum: 3, values: [{from: 2026-01-01, value: 3}" in set_value(
        TEXT, "places", 3, date(2027, 1, 1)
    )
    with pytest.raises(Invalid, match="2027年1月1日"):
        set_value(TEXT, "late", 3, date(2027, 1, 1))


def test_keys_are_set_and_taken_away() -> None:
    assert changed_lines(change_parameter(TEXT, "notice_working_days", {"minimum": None, "maximum": 10})) == (
        ["    minimum: 5"],
        ["    maximum: 10"],
    )
    assert change_parameter(TEXT, "notice_working_days", {"minimum": 5, "name": "公示期"}) == TEXT


def test_entries_come_and_go() -> None:
    said = {"value": ["甲", "乙"], "unit": "list", "clauses": ["A-9"], "name": "媒体", "question": None}
    added = add_parameter(TEXT, "media", said)
    assert changed_lines(added)[1] == [
        "  media:", "    name: 媒体", "    unit: list", "    clauses: [A-9]", "    value: [甲, 乙]",
    ]  # fmt: skip
    assert remove_parameter(added, "media") == TEXT


@pytest.mark.parametrize("ident", ["", "A", "两", "a-b", "9a", "x" * 61])
def test_an_id_that_is_none_is_refused(ident: str) -> None:
    with pytest.raises(Invalid, match="编号"):
        add_parameter(TEXT, ident, {})


def test_what_is_not_there_and_what_is_there_already() -> None:
    with pytest.raises(NotFound):
        remove_parameter(TEXT, "nothing")
    with pytest.raises(Invalid, match="已经有了"):
        add_parameter(TEXT, "late", {})
    with pytest.raises(Invalid, match="没有写 format: 2"):
        set_value("parameters: {}\n", "x", 1)


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
