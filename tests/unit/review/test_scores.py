""""""

from datetime import UTC, datetime
from fractions import Fraction

import pytest

from service.domain.errors import Invalid
from service.domain.review import (
    Appointment,
    Category,
    Edition,
    Entrant,
    ItemScore,
    ScoredItem,
    SelectionLimits,
    Sheet,
    Stop,
    choose,
)
from service.domain.review.schedule import clashes
from service.domain.review.sheet import check_sheet, combine, divergences, spread_of, summed, weighted
from service.domain.text import Text

EDITION = Edition(
    "test",
    Text("测试版", "test"),
    (
        Category("1", "领导", "process", (ScoredItem("1.1", "高层", 50), ScoredItem("1.2", "治理", 30))),
        Category("2", "结果", "results", (ScoredItem("2.1", "产品", 20),)),
    ),
    tuple(range(0, 101, 5)),
    {},
)


def sheet(**percents: int | None) -> Sheet:
    return Sheet(
        EDITION, {k.replace("_", "."): ItemScore(v, "优", "改") for k, v in ((n[1:], p) for n, p in percents.items())}
    )


def test_points_are_exact() -> None:
    full = sheet(i1_1=55, i1_2=35, i2_1=100)
    assert full.points("1.1") == Fraction("27.5")
    assert (full.of_category("1"), full.total) == (Fraction(38), Fraction(58))


@pytest.mark.parametrize("percent", [-5, 3, 105])
def test_a_percentage_out_of_band_is_refused(percent: int) -> None:
    assert [e.item for e in check_sheet(sheet(i1_1=percent), complete=False)] == ["1.1"]


def test_a_complete_sheet_needs_every_item_and_its_reasons() -> None:
    bare = Sheet(EDITION, {"1.1": ItemScore(60), "1.2": ItemScore(100, "优"), "2.1": ItemScore(None)})
    assert [(e.item, e.field) for e in check_sheet(bare, complete=True)] == [
        ("1.1", "strengths"),
        ("1.1", "improvements"),
        ("2.1", "percent"),
    ]
    assert check_sheet(bare, complete=False) == []


def test_combining() -> None:
    values = [Fraction(500), Fraction(600), Fraction(900)]
    assert combine(values, "mean") == Fraction(2000, 3)
    assert combine(values, "median") == combine(values, "trimmed_mean") == 600
    assert combine([Fraction(n) for n in (1, 2, 30, 400, 5000)], "trimmed_mean_2") == 30
    assert combine([Fraction(n) for n in (1, 2, 3, 6)], "trimmed_mean_2") == 3
    with pytest.raises(Invalid):
        combine([], "mean")
    with pytest.raises(Invalid):
        combine(values, "dice")


def test_divergence_is_flagged_per_item() -> None:
    found = divergences([sheet(i1_1=30, i1_2=50), sheet(i1_1=70, i1_2=60)], 20)
    assert [(d.item, d.lowest, d.highest) for d in found] == [("1.1", 30, 70)]


FOUR = [Entrant(n, Fraction(points)) for n, points in ((1, 500), (2, 700), (3, 500), (4, 400))]


def going(limits: SelectionLimits, entrants: list[Entrant] = FOUR) -> list[int]:
    return [c.applicant for c in choose(entrants, limits) if c.stop is None]


def test_ranking_ties_and_cuts() -> None:
    assert [(c.applicant, c.place) for c in choose(FOUR, SelectionLimits())] == [(2, 1), (1, 2), (3, 2), (4, 4)]
    assert going(SelectionLimits(places=2)) == [2, 1, 3]
    assert going(SelectionLimits(places=2, shared=False)) == [2]
    assert going(SelectionLimits(at_least=Fraction(500))) == [2, 1, 3]
    assert going(SelectionLimits()) == [2, 1, 3, 4]
    assert going(SelectionLimits(places=0)) == []


def test_who_misses_a_floor_keeps_the_place_but_takes_none() -> None:
    high = Entrant(1, Fraction(900), {"visit": Fraction(499)})
    low = Entrant(2, Fraction(600), {"visit": Fraction(500)})
    first, second = choose([low, high], SelectionLimits(floors={"visit": Fraction(500)}, places=1))
    assert (first.applicant, first.place, first.stop, first.missed) == (1, 1, Stop.FLOOR, "visit")
    assert (second.applicant, second.place, second.stop) == (2, 2, None)
    (unseen,) = choose([Entrant(3, Fraction(900))], SelectionLimits(floors={"visit": Fraction(500)}, places=1))
    assert unseen.stop is Stop.FLOOR


def test_edge_values_part_equals_only_at_the_last_place() -> None:
    edge = [Entrant(n, Fraction(600), edge=(Fraction(own),)) for n, own in ((1, 3), (2, 5))]
    assert [(c.applicant, c.place, c.stop) for c in choose(edge, SelectionLimits(places=1))] == [
        (2, 1, None),
        (1, 1, Stop.PLACES),
    ]


def test_weights_must_add_up() -> None:
    weights = {"a": Fraction("0.3"), "b": Fraction("0.7")}
    assert weighted({"a": Fraction(100), "b": Fraction(200)}, weights) == 170
    with pytest.raises(Invalid):
        weighted({}, {"a": Fraction("0.3")})


def test_double_bookings_are_found() -> None:
    def at(
        ident: int, hour: int, room: str, panel: int = 1, applicant: int = 1, people: frozenset[int] = frozenset()
    ) -> Appointment:
        return Appointment(
            ident,
            applicant,
            panel,
            room,
            datetime(2026, 5, 6, hour, tzinfo=UTC),
            datetime(2026, 5, 6, hour + 1, tzinfo=UTC),
            people,
        )

    first = at(1, 9, "一号会议室")
    assert clashes(first, [at(2, 10, "一号会议室")]) == []
    assert "会议室" in clashes(first, [at(2, 9, "一号会议室", 2, 2)])[0].reason.zh
    assert clashes(first, [at(2, 9, "二号会议室", 1, 2)])
    assert clashes(at(1, 9, "a", 1, 1, frozenset({7})), [at(2, 9, "b", 2, 2, frozenset({7}))])
    assert clashes(first, [first]) == []


def test_stages_add_up_when_every_weight_is_one() -> None:
    scores = {"papers": Fraction(280), "visit": Fraction(450)}
    assert summed(scores, {"papers": Fraction(1), "visit": Fraction(1)}) == 730
    assert summed(scores, {"papers": Fraction(1, 2), "visit": Fraction(1, 2)}) == 365
    with pytest.raises(Invalid):
        summed(scores, {"papers": Fraction(1), "visit": Fraction(1, 2)})


ONE_ITEM = Edition(
    "e",
    Text("标准", "edition"),
    (Category("4.1", "领导", "process", (ScoredItem("4.1.1", "领导", 100),)),),
    tuple(range(0, 101, 5)),
    {},
)


def sheets(*percents: int) -> list[Sheet]:
    return [Sheet(ONE_ITEM, {"4.1.1": ItemScore(percent)}) for percent in percents]


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
