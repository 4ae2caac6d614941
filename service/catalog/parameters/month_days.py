"""A day that every year has, as month-day: how it is typed, and how a parameter keeps it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from service.catalog.parameters.parameters import Parameter
from service.domain.text import Text

CALL_DAY = "call_day"
"""The parameter that says on which day of the year is called for applications, as month-day."""
CALL_BY = "call_by"
"""The parameter that says by which day of the year is called for applications at the latest, as month-day."""
_TYPED = re.compile(r"(\d{1,2})[-月](\d{1,2})日?", re.ASCII)
_NO_LEAP_YEAR = 2025


def month_day(text: str) -> str | None:
    """Return a typed day, such as 3月1日 or 3-1, as it is kept: 03-01; None for what is no day of every year."""
    match = _TYPED.fullmatch(text)
    try:
        day = date(_NO_LEAP_YEAR, int(match[1]), int(match[2])) if match else None
    except ValueError:
        return None
    return f"{day:%m-%d}" if day else None


def parse_month_day(value: Any) -> tuple[int, int] | None:
    """Return month and day of a value that is kept as 03-01, None for any other."""
    if not isinstance(value, str) or month_day(value) != value:
        return None
    month, day = value.split("-")
    return int(month), int(day)


def why_no_month_day(parameter: Parameter, value: Any) -> Text | None:
    """Return why ``value`` is no day of the call, None where it is one or for another parameter.

    It is read with the year before it: what is written otherwise would be no day to wait for.
    """
    if parameter.id not in (CALL_DAY, CALL_BY) or parse_month_day(value) is not None:
        return None
    name = parameter.text
    return Text(
        f"“{name.zh}”应写成每年都有的一天，月-日，例如 03-01。",
        f"“{name.en}” should be a day that every year has, month-day, such as 03-01.",
    )
