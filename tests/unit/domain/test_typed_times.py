"""Days and times as people type them."""

import pytest

from service.domain.values.typed_times import typed_day, typed_moment


@pytest.mark.parametrize("typed", ["2026-06-05", "2026-6-5", "2026/6/5", "2026.6.5", "20260605", "２０２６年６月５日"])
def test_a_day_is_read_however_it_is_written(typed: str) -> None:
    assert typed_day(typed) == "2026-06-05"


@pytest.mark.parametrize("typed", ["2026-06-05 09:30", "2026-06-05T09:30", "2026年6月5日 9：30", "2026/6/5  9:30"])
def test_a_time_is_read_however_it_is_written(typed: str) -> None:
    assert typed_moment(typed) == "2026-06-05T09:30"


def test_what_is_no_day_stays_as_it_is() -> None:
    assert (typed_day("明天"), typed_moment("明天")) == ("明天", "明天T")
