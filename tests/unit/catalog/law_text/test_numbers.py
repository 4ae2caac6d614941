"""Numbers in the words of a regulation, with their unit and the bound that is said; days of the calendar are none."""

from __future__ import annotations

import pytest

from service.catalog.law_text.numbers import numbers_in
from tests.support.tables import rows


@pytest.mark.parametrize(("text", "numbers"), rows("clauses", "numbers"), ids=lambda cell: str(cell)[:20])
def test_each_number_is_read_with_its_unit_and_bound(text: str, numbers: list[str]) -> None:
    found = [" ".join(filter(None, (n.value, n.unit.value, n.bound))) for n in numbers_in(text)]
    assert found == numbers


def test_a_number_more_than_which_is_asked_one_of_a_part_and_one_of_people_are_told_apart() -> None:
    over, of_half = numbers_in("得票超过2/3的当选，半数以上（不含半数）赞成。"), numbers_in("半数以上（含半数）赞成。")
    assert [number.over for number in (*over, *of_half)] == [True, True, False]
    places, nominated = numbers_in("每届不超过5个，其中提名奖不超过3个。")
    assert (places.part, nominated.part) == (False, True)
    winners, members, present = numbers_in("每届获奖组织不超过5个，由9名委员表决，出席不少于7人。")
    assert [number.of_people for number in (winners, members, present)] == [False, True, True]
