""""""

from datetime import UTC, date, datetime
from itertools import combinations, pairwise
from random import Random

import pytest

from service.casework.subjects.ties import Lookback, months_before
from service.domain.errors import Invalid
from service.domain.review.draw import DrawRules, PoolExpert, TooFewExperts, draw, ticket
from service.domain.text import Text
from service.sdk import DrawOrder
from service.store.models import InterestRow

POOL = [
    PoolExpert(i, f"专家{i}", frozenset({"机械" if i % 4 == 0 else "服务"}), f"单位{i % 60}") for i in range(1, 501)
]

_BUSY = Text("已在本阶段其他评审组", "already on another panel of this stage")


def test_the_same_seed_draws_the_same_panel_whatever_the_order_of_the_pool() -> None:
    rules = DrawRules(5, odd=True)
    assert draw(POOL, rules, "2026-04-01").chosen == draw(POOL[::-1], rules, "2026-04-01").chosen
    assert draw(POOL, rules, "2026-04-01").chosen != draw(POOL, rules, "2026-04-02").chosen


def test_anybody_can_recompute_the_order_from_the_seed() -> None:
    order = draw(POOL, DrawRules(3), "s").order
    assert all(ticket("s", a) < ticket("s", b) for a, b in pairwise(order))


def test_conflicts_and_people_of_the_same_employer_are_passed_over_with_the_reason() -> None:
    first = draw(POOL, DrawRules(3), "s").chosen[0]
    again = draw(POOL, DrawRules(3), "s", {first.id: Text("持有申报组织股份", "holds shares")})
    assert first not in again.chosen
    assert ("持有申报组织股份", first) in [(e.reason.zh, e.candidate) for e in again.passed_over]
    same = [PoolExpert(i, str(i), body="一家") for i in range(3)] + [PoolExpert(9, "9", body="别家")]
    drawn = draw(same, DrawRules(2), "s")
    assert sorted(c.body for c in drawn.chosen) == ["一家", "别家"]


def test_places_for_the_sector_are_kept() -> None:
    for seed in map(str, range(20)):
        drawn = draw(POOL, DrawRules(5, "机械", 2, odd=True), seed)
        assert len(drawn.chosen) == 5
        assert sum("机械" in c.sectors for c in drawn.chosen) >= 2


def test_a_panel_is_drawn_wherever_there_is_one_and_keeps_every_rule() -> None:
    """Two of the sector with one employer, and a third beside whom somebody else's employer was drawn before: all are tried."""
    chance, possible = Random(1), 0
    for seed in map(str, range(400)):
        pool = [
            PoolExpert(n, str(n), frozenset(chance.choice([["机械"], []])), chance.choice(["", "甲", "乙"]))
            for n in range(chance.randint(0, 8))
        ]
        places = chance.randint(1, 5)
        rules = DrawRules(places, "机械", chance.randint(0, places))
        if not any(_keeps(panel, rules) for panel in combinations(pool, places)):
            with pytest.raises(TooFewExperts):
                draw(pool, rules, seed)
            continue
        drawn = draw(pool, rules, seed)
        assert (len(drawn.chosen), _keeps(drawn.chosen, rules)) == (places, True), (pool, rules)
        possible += 1
    assert possible > 50


def _keeps(panel: tuple[PoolExpert, ...], rules: DrawRules) -> bool:
    employers = [c.body for c in panel if c.body]
    of_sector = sum(rules.sector in c.sectors for c in panel)
    return of_sector >= rules.from_sector and len(employers) == len(set(employers))


def test_the_employer_of_who_sits_already_is_full_where_a_place_is_filled_again() -> None:
    pool = [PoolExpert(n, str(n), body="一家") for n in (1, 2, 3, 4)] + [PoolExpert(9, "9", body="别家")]
    rules = DrawRules(1, sitting=[4])
    for seed in map(str, range(20)):
        drawn = draw(pool, rules, seed, taken=[3, 4])
        assert [c.id for c in drawn.chosen] == [9], seed
        assert {e.candidate.id: e.reason.zh for e in drawn.passed_over} == {
            **dict.fromkeys((1, 2), "同一单位已有1人在本评审组"),
            **dict.fromkeys((3, 4), "在或者曾在本评审组"),
        }
    with pytest.raises(TooFewExperts, match=r"可以抽取的有0人；需1人.*同一单位至多1人，因此多出的2人"):
        draw(pool[:4], rules, "s", taken=[3, 4])


def test_an_even_panel_and_an_empty_pool_are_refused() -> None:
    with pytest.raises(Invalid):
        draw(POOL, DrawRules(4, odd=True), "s")
    with pytest.raises(TooFewExperts):
        draw(POOL[:2], DrawRules(3), "s")


def test_a_pool_that_is_too_small_names_the_rule_that_is_in_the_way_and_what_to_do() -> None:
    colleagues = [PoolExpert(i, f"专家{i}", body="天水质检院") for i in (1, 2, 3)]
    with pytest.raises(TooFewExperts) as colleague_count:
        draw(colleagues, DrawRules(3), "s")
    told = colleague_count.value.message
    assert told.zh == (
        "专家库有3人，其中可以抽取的有1人；需3人：还缺专家2人；同一单位至多1人，因此多出的2人不能抽取。"
        "请在“评审专家”页面补充其他单位的专家，或者由设计人员按办法修改评审组的人数和抽取条件。"
    )
    assert told.en == (
        "Of 3 experts on the register 1 can be drawn; 3 are needed: 2 short in all; at most 1 of one employer leaves 2 out. "
        "Add experts of other employers on the page Experts, or have a designer change the size and the rules of the panel as the regulation allows."
    )
    others = [PoolExpert(4, "d", unfit=Text("聘期已满", "out of term")), PoolExpert(5, "e"), PoolExpert(6, "f")]
    with pytest.raises(TooFewExperts) as several:
        draw(others, DrawRules(3), "s", {5: Text("持有申报组织股份", "holds shares")}, taken=[6])
    zh = several.value.message.zh
    assert "其中可以抽取的有0人；需3人：还缺专家3人" in zh
    assert "须回避的1人没有计入" in zh
    assert "聘期、资历、培训等）的1人没有计入；" in zh
    assert "股份" not in zh, "whose interest it is stays in the record of the draw"


def test_a_refill_in_vain_tells_members_colleagues_of_members_and_ties_apart() -> None:
    gone = PoolExpert(5, "戊", body="五")
    seated = [PoolExpert(n, str(n), body=body, unfit=_BUSY) for n, body in enumerate(("一", "二", "三", "四"), 1)]
    colleague, tied = PoolExpert(6, "己", body="一"), PoolExpert(7, "庚", body="一")
    same = dict.fromkeys([1, 2, 3, 4, 6, 7], Text("同一单位已有专家在组", "the employer is on the panel"))
    taken = [1, 2, 3, 4, 5]
    with pytest.raises(TooFewExperts) as alone:
        draw([*seated, gone, colleague], DrawRules(1), "s", {}, taken, colleagues=same)
    told = alone.value.message
    assert "；在或者曾在本评审组的5人没有计入；同一单位已有专家在组的1人没有计入。" in told.zh
    assert (
        "5 on this panel now or before do not count; 1 with a colleague on the panel already does not count." in told.en
    )
    assert "; 1 is needed" in told.en
    assert "回避" not in told.zh
    assert "不符合抽取条件" not in told.zh
    assert "请在“评审专家”页面补充其他单位的专家" in told.zh
    assert "Add experts of other employers on the page Experts" in told.en
    ties = {5: Text("已决定回避", "recused"), 7: Text("持有申报组织股份", "holds shares")}
    with pytest.raises(TooFewExperts) as both:
        draw([*seated, gone, colleague, tied], DrawRules(1), "s", ties, taken, colleagues=same)
    assert "须回避的1人没有计入；在或者曾在本评审组的5人没有计入；同一单位" in both.value.message.zh


def test_the_unfit_are_never_drawn() -> None:
    pool = [PoolExpert(1, "a", unfit=Text("培训已过期", "training lapsed")), PoolExpert(2, "b")]
    drawn = draw(pool, DrawRules(1), "s")
    assert [c.id for c in drawn.chosen] == [2]
    assert [e.candidate.id for e in drawn.passed_over] == [1]


TODAY = date(2026, 4, 9)
NOTED = datetime(2026, 4, 9, tzinfo=UTC)


def interest(kind: str, last_day: date | None) -> InterestRow:
    return InterestRow(person_id=2, body_id=3, kind=kind, last_day=last_day, source="declared", noted_at=NOTED)


@pytest.mark.parametrize(("months", "counts"), [(12, False), (13, True), (24, True)])
def test_consulting_counts_as_many_months_back_as_the_city_says(months: int, *, counts: bool) -> None:
    order = DrawOrder("material_review", 3, lookback_months={"consulting": months}, lookback_from="2026-03-31")
    ended = interest("consulting", date(2025, 3, 15))
    assert Lookback.of(order, TODAY).counts(ended) is counts


def test_without_months_of_its_own_consulting_is_no_interest_and_other_kinds_keep_their_years() -> None:
    lookback = Lookback.of(DrawOrder("material_review", 3, lookback_years=3), TODAY)
    assert not lookback.counts(interest("consulting", None))
    assert lookback.counts(interest("employment", date(2023, 4, 9)))
    assert not lookback.counts(interest("employment", date(2023, 4, 8)))
    assert lookback.counts(interest("kinship", None))


def test_a_month_that_is_shorter_ends_on_its_last_day() -> None:
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 14) == date(2024, 11, 15)
