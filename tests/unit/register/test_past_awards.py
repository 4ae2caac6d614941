from datetime import date

import pytest

from service.domain.spreadsheets.past_awards import BadLine, PastAward, read_past_awards
from service.domain.values.credit_code import valid_credit_code

HEAD = ["组织名称", "统一社会信用代码", "曾用名", "奖项类别", "届次", "授奖日期", "证书编号", "奖金", "撤销日期"]
TIERS = {"质量奖": "quality_award", "quality_award": "quality_award"}
GOOD = "91350100M000100Y43"


def only(*cells: str) -> PastAward | BadLine:
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
        (("", GOOD, "", "质量奖", "一", "2022-12-30"), "没有组织名称"),
        (("甲", "91350100M000100Y44", "", "质量奖", "一", "2022-12-30"), "校验位"),
        (("甲", "", "", "金奖", "一", "2022-12-30"), "没有奖项类别"),
        (("甲", "", "", "质量奖", "", "2022-12-30"), "没有届次"),
        (("甲", "", "", "质量奖", "一", "2022-13-30"), "不是日期"),
        (("甲", "", "", "质量奖", "一", "2022-12-30", "", "多"), "奖金"),
        (("甲", "", "", "质量奖", "一", "2022-12-30", "", "", "昨天"), "撤销日期"),
    ],
)
def test_a_wrong_line_is_refused_with_its_reason(cells: tuple[str, ...], why: str) -> None:
    line = only(*cells)
    assert isinstance(line, BadLine)
    assert why in line.reason.zh


def test_missing_headings_are_named() -> None:
    with pytest.raises(ValueError, match="授奖日期"):
        read_past_awards([["组织名称", "奖项类别", "届次"]], TIERS)


def test_empty_lines_are_left_out() -> None:
    assert read_past_awards([HEAD, ["", ""], []], TIERS) == ([], [])


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
