"""When a part of a prize is paid, as the assistant asks it."""

from __future__ import annotations

from service.domain.text import Text

MOST_PARTS = 4
YEAR_BEGINS = "01-01"
"""The day from which something of the next year may happen."""
WHEN = (
    ("decision", Text("授奖后", "after the award")),
    ("years", Text("授奖后满几年", "so many years after the award")),
    ("day", Text("次年某月某日（月-日）", "on a day of the next year (month-day)")),
    ("report", Text("第几次年度报告合格后", "after the yearly report of that number has passed")),
    ("event", Text("办公室登记条件已具备后（例如验收合格）", "after the office records that its condition is met")),
    (
        "years_report",
        Text("满几年，并且第几次报告合格后（例如 2/1）", "after years, and once a report has passed (such as 2/1)"),
    ),
    (
        "next_year_event",
        Text(
            "次年起，登记条件已具备后（例如评估合格）", "from the next year on, once its condition is recorded as met"
        ),
    ),
    ("years_event", Text("满几年，并且登记条件已具备后", "after years, and once its condition is recorded as met")),
)
"""When a part of a prize is paid; all but the first, the fifth and the seventh take a number or a day beside it, the sixth two numbers."""
