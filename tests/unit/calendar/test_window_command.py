from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli.main import laurel


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(laurel, ["window", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_kurban_lengthens_a_notice_in_xinjiang() -> None:
    code, out, _ = run("--posted", "2025-06-05", "--working-days", "5", "--calendar", "cn-xinjiang", "--json")
    found = json.loads(out)
    assert code == 0
    assert (found["first_day"], found["last_day"], found["provisional"]) == ("2025-06-11", "2025-06-17", False)
    assert "古尔邦节6月6日至10日放假不计" in found["reason"]


def test_calendar_days_roll_unless_told_not_to() -> None:
    base = ("--posted", "2025-03-08", "--calendar-days", "7", "--calendar", "cn")
    assert "2025-03-17" in run(*base)[1]
    assert "2025-03-15" in run(*base, "--no-roll")[1]


def test_provisional_is_said_in_words() -> None:
    assert "暂定" in run("--posted", "2026-12-28", "--working-days", "5", "--calendar", "cn")[1]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--posted", "2025-02-30", "--working-days", "5", "--calendar", "cn"), "“2025-02-30”不是存在的日期"),
        (("--posted", "2025-06-05", "--working-days", "5", "--calendar", "cn-mars"), "没有日历“cn-mars”"),
        (("--posted", "9999-12-31", "--working-days", "5", "--calendar", "cn"), "检查年份"),
        (("--posted", "2025-06-05", "--working-days", "0", "--calendar", "cn"), "期限长度为 0 天"),
        (("--posted", "2025-06-05", "--calendar", "cn"), "选且只选一个"),
        (("--posted", "2025-06-05", "--working-days", "many", "--calendar", "cn"), "many"),
    ],
)
def test_bad_input_gets_a_sentence_and_exit_code_two(arguments: tuple[str, ...], says: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert says in err


def test_a_folder_without_calendars_is_said(tmp_path: Path) -> None:
    code, _, err = run(
        "--posted", "2025-06-05", "--working-days", "5", "--calendar", "cn", "--calendars", str(tmp_path)
    )
    assert code == 2
    assert "没有日历" in err
