from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from service.catalog.calendars.calendars import CalendarRefused, bundled_calendars, load_calendars
from service.domain.calendar import working_window
from tests.support.tables import rows


def test_bundled_calendars_are_three_layers_deep() -> None:
    found = load_calendars(bundled_calendars())
    assert [layer.key for layer in found["cn-xinjiang-kizilsu"].layers] == ["cn-xinjiang-kizilsu", "cn-xinjiang", "cn"]
    assert found["cn"].last_published_year() == 2026
    assert found["cn-xinjiang"].name.zh == "新疆维吾尔自治区"


@pytest.mark.parametrize(
    ("first", "length", "last"),
    [
        (date(2013, 2, 8), 3, date(2013, 2, 18)),  # Saturday and Sunday after the festival are worked
        (date(2015, 9, 1), 3, date(2015, 9, 7)),  # 3 to 5 September off for the anniversary, Sunday the 6th worked
        (date(2018, 12, 27), 3, date(2019, 1, 2)),  # the notice for 2019: Saturday worked, 31 December off
        (date(2019, 4, 30), 2, date(2019, 5, 6)),  # Labour Day made longer, Sunday 5 May worked
        (date(2020, 1, 22), 2, date(2020, 2, 3)),  # the festival was extended to 2 February
        (date(2022, 12, 29), 2, date(2023, 1, 3)),
    ],
)
def test_working_days_of_earlier_years_follow_their_notices(first: date, length: int, last: date) -> None:
    found = working_window(load_calendars(bundled_calendars())["cn"], first, length)
    assert (found.last_day, found.provisional) == (last, False)


def test_a_small_calendar_loads(one_layer: Path) -> None:
    assert load_calendars(one_layer)["cn"].working_days_in(2025) == 260


@pytest.mark.parametrize(("file", "old", "new", "says"), rows("calendars", "spoilt"))
def test_a_spoilt_file_is_refused_with_place_and_remedy(
    one_layer: Path, file: str, old: str, new: str, says: str
) -> None:
    path = one_layer / "cn" / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(CalendarRefused) as refusal:
        load_calendars(one_layer)
    assert says in refusal.value.message.zh
    assert f"cn/{file}" in refusal.value.message.en


def test_a_file_that_nobody_would_read_is_refused(one_layer: Path) -> None:
    (one_layer / "cn" / "2026-new.yaml").write_text("year: 2026", encoding="utf-8")
    with pytest.raises(CalendarRefused, match=r"2026-new\.yaml"):
        load_calendars(one_layer)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CalendarRefused, match=r"layer\.yaml"):
        load_calendars(tmp_path)
