"""Numbers in the words of a regulation, with their unit and the bound that is said; days of the calendar are none."""

from __future__ import annotations

import pytest

from service.catalog.law_text.numbers import numbers_in
from tests.support.tables import rows


@pytest.mark.parametrize(("text", "numbers"), rows("clauses", "numbers"), ids=lambda cell: str(cell)[:20])
def test_each_number_is_read_with_its_unit_and_bound(text: str, numbers: list[str]) -> None:
    found = [" ".join(filter(None, (n.value, n.unit.value, n.bound))) for n in numbers_in(text)]
    assert found == numbers
