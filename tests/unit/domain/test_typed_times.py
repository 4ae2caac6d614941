"""Days and times as people type them."""

from datetime import date

import pytest

from service.casework.interventions.given import day_of
from service.domain.values.typed_times import read_day, typed_day, typed_moment


@pytest.mark.parametrize(
    "typed", ["2026-06-05", "2026-6-5", "2026/6/5", "2026.6.5", "20260605", "２０２６年６月５日", "2026年6月5号"]
)
def test_a_day_is_read_however_it_is_written(typed: str) -> None:
    assert typed_day(typed) == "2026-06-05"


@pytest.mark.parametrize("typed", ["2026-06-05 09:30", "2026-06-05T09:30", "2026年6月5日 9：30", "2026/6/5  9:30"])
def test_a_time_is_read_however_it_is_written(typed: str) -> None:
    assert typed_moment(typed) == "2026-06-05T09:30"


def test_what_is_no_day_stays_as_it_is() -> None:
    assert (typed_day("明天"), typed_moment("明天")) == ("明天", "明天T")


def test_a_day_is_read_alike_by_every_page_and_what_is_none_is_refused() -> None:
    assert read_day(" 2026年6月5日 ") == day_of({"last": "2026/6/5"}, "last") == date(2026, 6, 5)
    with pytest.raises(ValueError, match="明天"):
        read_day("明天")
