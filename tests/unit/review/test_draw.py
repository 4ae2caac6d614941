from itertools import pairwise

import pytest

from service.domain.errors import Invalid
from service.domain.review.draw import Candidate, DrawRules, TooFewExperts, draw, ticket
from service.domain.text import Text

POOL = [Candidate(i, f"专家{i}", frozenset({"机械" if i % 4 == 0 else "服务"}), f"单位{i % 60}") for i in range(1, 501)]


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
    same = [Candidate(i, str(i), body="一家") for i in range(3)] + [Candidate(9, "9", body="别家")]
    drawn = draw(same, DrawRules(2), "s")
    assert sorted(c.body for c in drawn.chosen) == ["一家", "别家"]


def test_places_for_the_sector_are_kept() -> None:
    for seed in map(str, range(20)):
        drawn = draw(POOL, DrawRules(5, "机械", 2, odd=True), seed)
        assert len(drawn.chosen) == 5
        assert sum("机械" in c.sectors for c in drawn.chosen) >= 2


def test_an_even_panel_and_an_empty_pool_are_refused() -> None:
    with pytest.raises(Invalid):
        draw(POOL, DrawRules(4, odd=True), "s")
    with pytest.raises(TooFewExperts):
        draw(POOL[:2], DrawRules(3), "s")


def test_the_unfit_are_never_drawn() -> None:
    pool = [Candidate(1, "a", unfit=Text("培训已过期", "training lapsed")), Candidate(2, "b")]
    drawn = draw(pool, DrawRules(1), "s")
    assert [c.id for c in drawn.chosen] == [2]
    assert [e.candidate.id for e in drawn.passed_over] == [1]
