from datetime import date

import pytest

from service.domain.errors import Invalid
from service.domain.spreadsheets.import_report import refused
from service.domain.spreadsheets.lists import Line, unread_columns
from service.domain.spreadsheets.past_awards import PastAward, past_award_columns, read_past_awards
from service.domain.spreadsheets.spreadsheet_cells import PART_OF_DAY
from service.domain.values.credit_code import valid_credit_code

HEAD = ["组织名称", "统一社会信用代码", "曾用名", "奖项类别", "届次", "授奖日期", "证书编号", "奖金", "撤销日期"]
TIERS = (("quality_award", "质量奖"),)
GOOD = "91350100M000100Y43"


def only(*cells: str) -> PastAward | Line:
    good, bad = read_past_awards([HEAD, list(cells)], TIERS)
    return [*good, *bad][0]


def test_a_line_is_read_with_its_names_day_and_prize() -> None:
    line = only("甲公司", GOOD, "老甲、甲厂", "质量奖", "第一届", "2022年12月30日", "证1", "200,000元", "")
    assert line == PastAward(
        2,
        "甲公司",
        GOOD,
        "organisation",
        ("老甲", "甲厂"),
        "quality_award",
        "第一届",
        date(2022, 12, 30),
        "证1",
        200000,
        None,
    )


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (("", GOOD, "", "质量奖", "一", "2022-12-30"), "组织名称：没有填写"),
        (("甲", "91350100M000100Y44", "", "质量奖", "一", "2022-12-30"), "校验位"),
        (("甲", "", "", "金奖", "一", "2022-12-30"), "不在可选项之中"),
        (("甲", "", "", "质量奖", "", "2022-12-30"), "届次：没有填写"),
        (("甲", "", "", "质量奖", "一", "2022-13-30"), "不是日期"),
        (("甲", "", "", "质量奖", "一", "2022-12-30", "", "多"), "奖金"),
        (("甲", "", "", "质量奖", "一", "2022-12-30", "", "", "昨天"), "撤销日期"),
    ],
)
def test_a_wrong_line_is_refused_with_its_reason(cells: tuple[str, ...], why: str) -> None:
    line = only(*cells)
    assert isinstance(line, Line)
    assert why in refused(line, "").reason.zh


@pytest.mark.parametrize(
    ("heading", "cell", "why"),
    [
        ("奖金", "1,5", "“1,5”不是整数"),
        ("奖金", "3，5", "“3，5”不是整数"),
        ("奖金", "1.5万", "不是整数"),
        ("奖金", "2020.5.1", "“2020.5.1”不是整数"),
        ("奖金", ".", "不是整数"),
        ("奖金", "，", "不是整数"),
        ("奖金", "9" * 400, "不是整数"),
        ("奖金", "-5", "不能小于 0"),
        ("奖金", "50%", "不是整数"),
        ("组织名称", "#N/A", "公式错误 #N/A"),
        ("证书编号", "#REF!", "公式错误 #REF!"),
        ("授奖日期", "2020-05-019", "不是日期"),
        ("授奖日期", "2020-05-01至2020-05-02", "不是日期"),
        ("授奖日期", "#无结果", "公式没有结果"),
        ("统一社会信用代码", "#数字过长", "丢失末尾"),
        ("组织名称", "#n/a", "公式错误 #N/A"),
        ("组织名称", "甲公司\n乙公司", "写成一行"),
        ("组织名称", "甲\x07公司", "无法显示的字符"),
        ("证书编号", "1.2E+17", "科学记数"),
        ("证书编号", f"2020-01-02{PART_OF_DAY}", "当成了日期"),
        ("授奖日期", f"2020-05-01{PART_OF_DAY}", "只显示日期的一部分"),
        ("奖金", "30万元", "不是整数"),
    ],
)
def test_an_odd_cell_refuses_its_line_alone(heading: str, cell: str, why: str) -> None:
    right = ["甲公司", GOOD, "", "质量奖", "一", "2022-12-30", "", "", ""]
    odd = [cell if name == heading else value for name, value in zip(HEAD, right, strict=True)]
    good, bad = read_past_awards([HEAD, odd, right], TIERS)
    assert [line.line for line in good] == [3]
    assert [(m.field.zh, why in m.reason.zh) for m in bad[0].mistakes] == [(heading, True)]


@pytest.mark.parametrize(
    ("heading", "cell", "values"),
    [
        ("奖金(元)", "1,234,500", {"prize_yuan": 1234500}),
        ("奖金\n（元）", "１２００元", {"prize_yuan": 1200}),
        ("奖 金*", "200 000", {"prize_yuan": 200000}),
        ("信用代码", "９１３５０１００m000100y43\u200b", {"code": GOOD}),
        ("决定日期", "2020年5月1日", {"decided_on": date(2020, 5, 1)}),
        ("决定日期", "2020.5.1", {"decided_on": date(2020, 5, 1)}),
        ("决定日期", "2020-05-01T00:00:00", {"decided_on": date(2020, 5, 1)}),
        ("决定日期", "20200501", {"decided_on": date(2020, 5, 1)}),
    ],
)
def test_headings_and_cells_are_read_in_plain_signs(heading: str, cell: str, values: dict[str, object]) -> None:
    row = {"组织名称": "甲公司", "类别": "质量奖", "届次": "一", "决定日期": "2022-12-30", heading: cell}
    ([line], _) = read_past_awards([list(row), list(row.values())], TIERS)
    assert {name: getattr(line, name) for name in values} == values


def test_missing_headings_are_named() -> None:
    with pytest.raises(Invalid, match="授奖日期"):
        read_past_awards([["组织名称", "奖项类别", "届次"]], TIERS)


def test_empty_lines_are_left_out() -> None:
    row = ["甲公司", GOOD, "", "质量奖", "一", "2022-12-30"]
    assert [line.line for line in read_past_awards([HEAD, ["", ""], [], row], TIERS)[0]] == [4]


def test_two_columns_of_one_meaning_are_refused() -> None:
    with pytest.raises(Invalid, match="名称（重复）"):
        read_past_awards([[*HEAD, "名称"], ["甲"]], TIERS)


def test_columns_that_hold_something_and_are_not_read_are_named() -> None:
    rows = [["组织名称", "奖金额", "", "备注"], ["甲", "5", "x", ""]]
    assert unread_columns(rows, past_award_columns(TIERS)) == ("奖金额", "第3列")
    merged = [["组织名称", "#合并"], ["甲", "乙"]]
    assert unread_columns(merged, past_award_columns(TIERS)) == ("第2列",)


@pytest.mark.parametrize(
    ("code", "right"),
    [
        (GOOD, True),
        ("N2653001MF1234567Q", True),
        ("N2653001MF1234567R", False),
        ("91350100M000100Y4", False),
        ("91350100M000100I43", False),
    ],
)
def test_the_check_character_of_a_credit_code(code: str, right: bool) -> None:
    assert valid_credit_code(code) is right
