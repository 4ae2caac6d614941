from datetime import date

import pytest

from service.domain.errors import Invalid
from service.domain.spreadsheets.import_report import refused
from service.domain.spreadsheets.lists import Line, unread_columns
from service.domain.spreadsheets.past_awards import PastAward, past_award_columns, read_past_awards
from service.domain.values.identity_codes import valid_credit_code
from tests.support.tables import rows

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


@pytest.mark.parametrize(("cells", "why"), rows("past_awards", "wrong_lines"))
def test_a_wrong_line_is_refused_with_its_reason(cells: tuple[str, ...], why: str) -> None:
    line = only(*cells)
    assert isinstance(line, Line)
    assert why in refused(line, "").reason.zh


@pytest.mark.parametrize(
    ("heading", "cell", "why"), [*rows("past_awards", "wrong_cells"), ("奖金", "9" * 400, "不是整数")]
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
        ("430407199312020025", False),
        ("362322198709086409", False),
        ("830000199001010039", False),
        ("521101196502140188", True),
        ("91350100M000100I43", False),
    ],
)
def test_the_check_character_of_a_credit_code(code: str, right: bool) -> None:
    assert valid_credit_code(code) is right
