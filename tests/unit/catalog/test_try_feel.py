"""``laurel feel`` tries an expression out: its value, what was unknown, why a period ends when it does."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli.main import laurel


@pytest.fixture
def records(tmp_path: Path) -> Path:
    path = tmp_path / "records.yaml"
    path.write_text("case: {id: 2}\nrows: [{case: 1, votes: 3}, {case: 2, votes: 5}]\n", "utf-8")
    return path


def run(*words: str) -> Result:
    return CliRunner().invoke(laurel, ["feel", *words])


def test_rows_are_written_one_to_the_line(records: Path) -> None:
    result = run("for r in rows return r", "--data", str(records))
    assert result.output == "[\n  {case: 1, votes: 3}\n  {case: 2, votes: 5}\n]\n"


def test_it_says_which_unknown_value_mattered(records: Path) -> None:
    result = run("rows[case = case.id]", "--data", str(records))
    assert result.output.splitlines() == ["[]", "未知 / unknown: case.id"]


def test_periods_are_counted_on_the_calendar_with_their_reason() -> None:
    result = run('date(workdays(5, date("2026-05-29")))', "--on", "2026-05-29")
    assert result.output.splitlines()[0] == "2026-06-05"
    assert "次日起算" in result.output


def test_a_slip_is_shown_where_it_is() -> None:
    result = run("count([1, 2)")
    assert result.exit_code == 1
    assert "第 1 行" in result.output


def test_a_wrong_day_or_calendar_is_answered_with_what_is_wanted(tmp_path: Path) -> None:
    listed = tmp_path / "list.yaml"
    listed.write_text("- 1\n", "utf-8")
    assert "2025-06-05" in run("1", "--on", "tomorrow").output
    assert "可用的有：cn" in run("1", "--calendar", "moon").output
    assert "名称: 值" in run("1", "--data", str(listed)).output
