"""The spread of a panel is told only where nobody's single mark can be read from it."""

from fractions import Fraction

from service.domain.review import Category, Edition, ItemScore, ScoredItem, Sheet
from service.domain.review.sheet import spread_of
from service.domain.text import Text

EDITION = Edition(
    "e",
    Text("标准", "edition"),
    (Category("4.1", "领导", "process", (ScoredItem("4.1.1", "领导", 100),)),),
    tuple(range(0, 101, 5)),
    {},
)


def sheets(*percents: int) -> list[Sheet]:
    return [Sheet(EDITION, {"4.1.1": ItemScore(percent)}) for percent in percents]


def test_two_sheets_tell_nothing_since_each_knows_the_other() -> None:
    assert spread_of(sheets(60, 70)) == ()


def test_three_sheets_tell_their_mean_alone() -> None:
    [one] = spread_of(sheets(60, 70, 75))
    assert (one.own, one.lowest, one.middle, one.highest) == (Fraction(205, 3), None, None, None)


def test_five_sheets_tell_between_which_marks_the_panel_lay() -> None:
    [one] = spread_of(sheets(40, 60, 70, 75, 90))
    assert (one.own, one.lowest, one.middle, one.highest) == (67, 40, 70, 90)


def test_what_the_panel_agreed_on_counts_before_the_mean() -> None:
    [one] = spread_of(sheets(40, 60, 70, 75, 90), sheets(65)[0])
    assert one.own == 65
