"""Tiers, places, instalments and counts of the public's vote, as the operations compute them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from handlers.awards import _amounts, _day
from handlers.ballot import Unreadable, counted
from handlers.choosing import Entry, fill, tied_out
from handlers.lists import ListTier
from service.domain.errors import Invalid


@pytest.mark.parametrize(
    ("row", "places"),
    [
        ({"places": 3}, 3),
        ({"share": 0.3}, 2),
        ({"share": 0.3, "round": "up"}, 3),
        ({"share": 0.25, "round": "half_up"}, 2),
        ({"share": "1/3", "places": 1}, 1),
        ({"share": 0.3, "places": 5}, 2),
        ({}, None),
    ],
)
def test_a_tier_has_the_smaller_of_its_places_and_its_share(row: dict[str, Any], places: int | None) -> None:
    assert ListTier.read({"id": "gold", **row}, 9 if row.get("share") != 0.25 else 6).places == places


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"places": 1}, "id"),
        ({"id": "gold", "place": 1}, "place"),
        ({"id": "gold", "places": "many"}, "many"),
        ({"id": "gold", "least": "high"}, "high"),
        ("gold", "tiers"),
    ],
)
def test_a_tier_that_is_written_wrong_says_what_is_wrong(row: Any, says: str) -> None:
    with pytest.raises(Invalid) as refused:
        ListTier.read(row, 9)
    assert says in refused.value.message.zh


# Places are filled by order, with places kept for a group, places added for one, and a limit per organisation.


def entry(
    votes: int, points: int = 0, *, service: bool = False, small: bool = False, group: str | None = None
) -> Entry:
    return Entry({}, ((1, votes), (1, points)), group, (service,), (small,))


def chosen(seats: dict[int, str]) -> set[int]:
    return set(seats)


def test_more_votes_come_first_and_points_part_equal_votes() -> None:
    entries = [entry(12, 600), entry(15, 500), entry(12, 700)]
    assert chosen(fill(entries, 2, [], [], 1)) == {1, 2}


def test_a_place_is_kept_for_services_and_the_others_share_the_rest() -> None:
    entries = [entry(15), entry(14), entry(13), entry(10, service=True)]
    assert fill(entries, 3, [1], [], 1) == {3: "least", 0: "ordinary", 1: "ordinary"}


def test_a_kept_place_stays_empty_when_nobody_qualifies() -> None:
    assert chosen(fill([entry(15), entry(14), entry(13)], 3, [1], [], 1)) == {0, 1}


def test_an_added_place_goes_to_its_group_and_takes_none_from_the_others() -> None:
    entries = [entry(15, small=True), entry(14), entry(13), entry(12), entry(11, small=True)]
    assert fill(entries, 3, [], [1], 1) == {0: "extra", 1: "ordinary", 2: "ordinary", 3: "ordinary"}


def test_one_organisation_gets_no_more_than_its_limit() -> None:
    entries = [entry(15, group="a"), entry(14, group="a"), entry(13, group="b")]
    assert chosen(fill(entries, 3, [], [], 1)) == {0, 2}
    assert chosen(fill(entries, 3, [], [], 2)) == {0, 1, 2}


def test_without_a_number_of_places_everybody_within_the_limits_is_chosen() -> None:
    assert chosen(fill([entry(1), entry(2)], None, [], [], 1)) == {0, 1}


def test_who_cannot_be_told_from_the_last_is_named() -> None:
    entries = [entry(15, 700), entry(14, 600), entry(14, 600), entry(13, 900)]
    seats = fill(entries, 2, [], [], 1)
    assert tied_out(entries, seats, 1) == [2]
    assert tied_out(entries, fill(entries, 3, [], [], 1), 1) == []


# Parts of a prize add up to it, fall due on their days, and are refused where they are more than it.


def test_the_last_share_takes_what_rounding_leaves() -> None:
    third = {"share": "1/3"}
    assert _amounts([third, third, third], 100_000) == [33_333, 33_333, 33_334]


def test_shares_that_are_not_the_whole_stay_what_they_are() -> None:
    assert _amounts([{"share": 0.5}, {"share": 0.25}], 1001) == [500, 250]


def test_parts_in_yuan_stand_beside_shares() -> None:
    assert _amounts([{"yuan": 20_000}, {"share": 0.5}], 60_000) == [20_000, 30_000]


@pytest.mark.parametrize(
    "rows",
    [
        [{"yuan": 70_000}],
        [{"yuan": 40_000}, {"yuan": 30_000}],
        [{"share": 0.5, "yuan": 1}],
        [{"share": 0.5, "month": 1}],
        [{}],
    ],
)
def test_a_plan_that_is_wrong_is_refused(rows: list[dict[str, Any]]) -> None:
    with pytest.raises(Invalid):
        _amounts(rows, 60_000)


@pytest.mark.parametrize(
    ("row", "day"),
    [
        ({}, date(2026, 8, 31)),
        ({"months": 6}, date(2027, 2, 28)),
        ({"years": 2}, date(2028, 8, 31)),
        ({"years": 1, "months": 4}, date(2027, 12, 31)),
        ({"years": 1, "on": "06-30"}, date(2027, 6, 30)),
    ],
)
def test_a_part_falls_due_so_long_after_the_award(row: dict[str, Any], day: date) -> None:
    assert _day(row, date(2026, 8, 31)) == day


# Counted results of the public's vote: every line fits one candidate, or the table is not taken over.


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
