"""``laurel window``: when does a period end, and why."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import click

from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.domain.calendar import (
    CHINA,
    RestDayRule,
    StartRule,
    Window,
    WorkingCalendar,
    calendar_window,
    working_window,
)
from service.domain.errors import Invalid
from service.domain.text import Text


@click.command("window")
@click.option("--posted", required=True, metavar="DATE", help="Date of posting, such as 2025-06-05.")
@click.option("--working-days", type=int, metavar="N", help="Length in working days.")
@click.option("--calendar-days", type=int, metavar="N", help="Length in calendar days.")
@click.option("--calendar", "layer", required=True, metavar="LAYER", help="Calendar layer, such as cn-xinjiang.")
@click.option(
    "--start-rule",
    type=click.Choice([rule.value for rule in StartRule]),
    default=StartRule.NEXT_DAY.value,
    show_default=True,
    help="Whether the day of posting is day one.",
)
@click.option("--no-roll", is_flag=True, help="Leave a calendar-day period that ends on a rest day where it ends.")
@click.option("--json", "as_json", is_flag=True, help="Print first_day, last_day, provisional and reason as JSON.")
@click.option(
    "--calendars",
    "root",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="Folder of calendars instead of the bundled one.",
)
def window(
    posted: str,
    working_days: int | None,
    calendar_days: int | None,
    layer: str,
    start_rule: str,
    no_roll: bool,
    as_json: bool,
    root: Path | None,
) -> None:
    """Say when a notice period posted on DATE ends, and why."""
    calendar = get_calendar(root or bundled_calendars(), layer)
    roll = RestDayRule.NONE if no_roll else RestDayRule.REST_DAY
    period = _count_window(calendar, read_day(posted), working_days, calendar_days, StartRule(start_rule), roll)
    click.echo(_as_json(period) if as_json else _as_sentence(period))


def read_day(text: str | None) -> date:
    """Return the day that was typed, today in China for none; raises Invalid."""
    try:
        return datetime.now(CHINA).date() if text is None else date.fromisoformat(text)
    except ValueError:
        raise Invalid(
            Text(
                f"“{text}”不是存在的日期，请按 2025-06-05 的格式填写。",
                f"{text!r} is not a date that exists; write it like 2025-06-05.",
            )
        ) from None


def get_calendar(root: Path, layer: str) -> WorkingCalendar:
    """Return the calendar ``layer`` of the folder ``root``; raises Invalid."""
    calendars = load_calendars(root)
    if layer not in calendars:
        choices = "、".join(calendars)
        raise Invalid(
            Text(f"没有日历“{layer}”，可用的有：{choices}。", f"There is no calendar {layer!r}; there are: {choices}.")
        )
    return calendars[layer]


def _count_window(
    calendar: WorkingCalendar,
    posted: date,
    working: int | None,
    consecutive: int | None,
    rule: StartRule,
    roll: RestDayRule,
) -> Window:
    if working is not None and consecutive is None:
        return working_window(calendar, posted, working, rule)
    if consecutive is not None and working is None:
        return calendar_window(calendar, posted, consecutive, rule, roll)
    raise Invalid(
        Text(
            "请在 --working-days 与 --calendar-days 中选且只选一个。",
            "Give exactly one of --working-days and --calendar-days.",
        )
    )


def _as_json(period: Window) -> str:
    return json.dumps(
        {
            "first_day": period.first_day.isoformat(),
            "last_day": period.last_day.isoformat(),
            "provisional": period.provisional,
            "reason": period.reason.zh,
        },
        ensure_ascii=False,
    )


def _as_sentence(period: Window) -> str:
    mark = "（暂定 / provisional）" if period.provisional else ""
    return f"{period.first_day} — {period.last_day}{mark}\n{period.reason.zh}\n{period.reason.en}"
