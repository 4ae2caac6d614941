from __future__ import annotations

from datetime import time

import pytest

from service.casework.step.fill import form_settings
from service.catalog import Catalog
from service.catalog.parameters.counting import counting_of, time_settings
from service.catalog.parameters.parameters import Basis, Parameter, Unit
from service.domain.calendar import Counting, RestDayRule, StartRule
from service.domain.text import Text

LAKESIDE = "lakeside/star_award"


def setting(ident: str, key: str) -> Parameter:
    return Parameter(ident, Text(ident, ident), Unit.CHOICE, Basis.DEFAULT, (), (), key)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("notice_day_one", "day_of_posting", Counting(notice=StartRule.POSTING_DAY)),
        ("period_day_one", "day_of_event", Counting(period=StartRule.POSTING_DAY)),
        ("period_ending_on_rest_day", "no_shift", Counting(roll=RestDayRule.NONE)),
        ("deadline_end_time", "end_of_office_hours", Counting(closes=time(18))),
        ("deadline_end_time", "17:30", Counting(closes=time(17, 30))),
        ("deadline_end_time", "24:00", Counting()),
        ("notice_day_one", "some other day", Counting()),
        ("", "day_of_posting", Counting()),
    ],
)
def test_a_key_of_time_is_carried_out_wherever_it_stands(
    catalog: Catalog, key: str, value: str, expected: Counting
) -> None:
    place = catalog.package(LAKESIDE).jurisdiction
    assert counting_of(place, time_settings({"own_name": setting("own_name", key)}), {"own_name": value}) == expected


def test_forms_read_settings_raw_and_in_words(catalog: Catalog) -> None:
    outside = form_settings(catalog.package(LAKESIDE), {"notice_working_days": 7, "gone": 1})
    assert outside["param"] == {"notice_working_days": 7, "gone": 1}
    assert outside["setting"] == {"notice_working_days": "本地规定：公示期——7个工作日"}
