"""Counted results of the public's vote: every line fits one candidate, or the table is not taken over."""

from __future__ import annotations

import pytest

from handlers.public_votes import Unreadable, counted

STANDING = [{"id": 1, "name": "甲公司", "number": "A-1"}, {"id": 2, "name": "乙公司", "number": "A-2"}]


def test_lines_are_told_by_number_or_by_name_in_any_order() -> None:
    by_name = [["候选组织*", "得票数"], ["乙公司", "1,200票"], ["甲公司", "300"], ["", ""], ["合计", "1500"]]
    assert counted(by_name, STANDING) == {"2": 1200, "1": 300}
    by_number = [["编号", "名称", "票数"], ["A-2", "乙公司", "7"], ["A-1", "", "5.0"]]
    assert counted(by_number, STANDING) == {"2": 7, "1": 5}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "第一行须有"),
        ([["名称", "备注"], ["甲公司", "1"]], "第一行须有"),
        ([["名称", "票数"], ["甲公司", "1"]], "没有乙公司"),
        ([["名称", "票数"], ["甲公司", "1"], ["甲公司", "2"]], "第3行：“甲公司”出现两次"),
        ([["名称", "票数"], ["甲公司", "-1"]], "不是整数"),
        ([["名称", "票数"], ["甲公司", "1.5"]], "不是整数"),
        ([["名称", "票数"], ["甲", "1"]], "不在候选名单中"),
        ([["编号", "名称", "票数"], ["A-1", "乙公司", "1"]], "编号A-1是“甲公司”"),
        ([["名称", "票数"], ["甲公司", "1"], ["乙公司", "1"], ["合计", "3"]], "相加为2票"),
    ],
)
def test_a_table_that_does_not_fit_says_which_line(rows: list[list[str]], said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        counted(rows, STANDING)


def test_a_name_that_two_bear_needs_the_number() -> None:
    twice = [*STANDING, {"id": 3, "name": "甲公司", "number": "A-3"}]
    with pytest.raises(Unreadable, match="请写编号"):
        counted([["名称", "票数"], ["甲公司", "1"]], twice)
