from datetime import UTC, datetime
from fractions import Fraction

import pytest

from service.domain.errors import Invalid
from service.domain.review import Appointment, Category, Edition, Item, ItemScore, Sheet, StageScore
from service.domain.review.aggregate import combine, cut, divergences, rank, weighted
from service.domain.review.schedule import clashes
from service.domain.review.sheet import check_sheet
from service.domain.text import Text

EDITION = Edition(
    "test",
    Text("测试版", "test"),
    (
        Category("1", "领导", "process", (Item("1.1", "高层", 50), Item("1.2", "治理", 30))),
        Category("2", "结果", "results", (Item("2.1", "产品", 20),)),
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
    assert [e.item for e in check_sheet(bare, complete=True)] == ["1.1", "1.1", "2.1"]
    assert check_sheet(bare, complete=False) == []


def test_combining() -> None:
    values = [Fraction(500), Fraction(600), Fraction(900)]
    assert combine(values, "mean") == Fraction(2000, 3)
    assert combine(values, "median") == combine(values, "trimmed_mean") == 600
    with pytest.raises(Invalid):
        combine([], "mean")
    with pytest.raises(Invalid):
        combine(values, "dice")


def test_divergence_is_flagged_per_item() -> None:
    found = divergences([sheet(i1_1=30, i1_2=50), sheet(i1_1=70, i1_2=60)], 20)
    assert [(d.item, d.lowest, d.highest) for d in found] == [("1.1", 30, 70)]


def test_ranking_ties_and_cuts() -> None:
    ranked = rank(
        [
            StageScore(1, Fraction(500)),
            StageScore(2, Fraction(700)),
            StageScore(3, Fraction(500)),
            StageScore(4, Fraction(400)),
        ]
    )
    assert [(r.applicant, r.place) for r in ranked] == [(2, 1), (1, 2), (3, 2), (4, 4)]
    assert [r.applicant for r in cut(ranked, places=2)] == [2, 1, 3]
    assert [r.applicant for r in cut(ranked, places=2, tie="none_pass")] == [2]
    assert [r.applicant for r in cut(ranked, at_least=Fraction(500))] == [2, 1, 3]
    assert cut(ranked) == ranked


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
