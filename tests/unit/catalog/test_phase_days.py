"""Days of a phase of an objection, as they are typed."""

from __future__ import annotations

import pytest

from service.catalog.parameters.parameters import Unit
from service.catalog.settings.periods import (
    PhaseDays,
    find_phase_days,
    read_phase_days,
    require_phase_days,
)
from service.domain.errors import Invalid
from service.domain.text import Text

WORKING, ALL = Unit.WORKING_DAYS, Unit.CALENDAR_DAYS


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("5", PhaseDays(5)),
        (" ５个工作日", PhaseDays(5)),
        ("5 working days", PhaseDays(5)),
        ("15日", PhaseDays(15, ALL)),
        ("１５ 天", PhaseDays(15, ALL)),
        ("15个自然日", PhaseDays(15, ALL)),
        ("15 calendar days", PhaseDays(15, ALL)),
        ("0", None),
        ("15月", None),
        ("-3", None),
        ("", None),
    ],
)
def test_days_are_read_with_their_unit(typed: str, days: PhaseDays | None) -> None:
    assert read_phase_days(typed) == days
    if days is None:
        with pytest.raises(Invalid, match="“核查”应填写1至3650之间的整数，例如 5（工作日）或者 15日（自然日）"):
            require_phase_days(Text("核查", "To investigate"), typed)
    else:
        assert read_phase_days(days.typed) == days


def test_days_of_all_go_before_working_days() -> None:
    held = {"objection_reply_working_days": 5, "objection_reply_calendar_days": None}
    assert find_phase_days(held, "reply") == PhaseDays(5)
    assert find_phase_days({**held, "objection_reply_calendar_days": 30}, "reply") == PhaseDays(30, ALL)
