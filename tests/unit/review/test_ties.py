"""Which interests count: by kind, as far back as the city looks."""

from datetime import UTC, date, datetime

import pytest

from service.casework.review.ties import Lookback, months_before
from service.sdk import DrawOrder
from service.store.models import InterestRow

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
