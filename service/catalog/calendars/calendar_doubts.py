"""What is wrong or strange in a notice of days off: days that are worked anyway are refused, the rest is told to be compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from service.catalog.calendars.calendar_years import with_year
from service.domain.calendar import CalendarYear, DayOff, WorkingCalendar
from service.domain.calendar.clock import full, span
from service.domain.errors import Invalid
from service.domain.text import Text

_WEEKDAYS = "一二三四五六日"
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY_AND_WEEKDAY = re.compile(
    r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日\s*[（(]\s*(?:周|星期|礼拜)([一二三四五六日天])\s*[）)]|(\d{1,2})月"
)
_HOW_MANY = re.compile(r"共(?:计)?\s*(\d{1,2})\s*天")


def demand_make_up_on_rest_days(calendar: WorkingCalendar, found: CalendarYear) -> None:
    """Raise Invalid, naming the days, where a make-up day of the year falls on a weekday that is worked anyway."""
    rest = {weekday for layer in calendar.layers for weekday in layer.rest_weekdays}
    stray = [day for day in sorted(found.make_up) if day.isoweekday() not in rest]
    if not stray:
        return
    said = [_with_weekday(day) for day in stray]
    raise Invalid(
        Text(
            f"{'、'.join(one.zh for one in said)}本来就是工作日，不用写调休上班：请对照通知核对日期和年份，写错的改正，多写的去掉。",
            f"{', '.join(one.en for one in said)}: worked anyway, no make-up day. Compare the date and the year with the notice, correct or remove it.",
        )
    )


def doubts_of_year(
    calendars: Mapping[str, WorkingCalendar], layer: str, text: str, found: CalendarYear
) -> tuple[Text, ...]:
    """Return what of the year ``found`` in the ``text`` of a notice for ``layer`` is to be compared with it, in sentences."""
    without = with_year(calendars, layer, CalendarYear(found.year))[layer]
    return (*_off_anyway(found, without), *_other_weekdays(text, found.year), *_other_counts(text, found))


def _off_anyway(found: CalendarYear, without: WorkingCalendar) -> Iterator[Text]:
    """Yield the spans in which nobody would work without the notice: they move no time limit."""
    for one in found.days_off:
        if not any(without.is_working(day) or day in found.make_up for day in _days_of(one)):
            days = span(one.first, one.last) if one.first != one.last else _with_weekday(one.first)
            yield Text(
                f"{one.name.zh} {days.zh}本来就都是休息日，写上也不改变任何期限：请核对日期；另有补休的日子，也要写上。",
                f"{one.name.en}, {days.en}: rest days anyway and move no limit: compare the date, and list the days off in their stead.",
            )


def _other_weekdays(text: str, year: int) -> Iterator[Text]:
    """Yield the days that the notice calls by another weekday than the year gives them."""
    for line in text.splitlines():
        month = 0
        for hit in _DAY_AND_WEEKDAY.finditer(line):
            month = int(hit[5] or hit[2] or month)
            if hit[4] is None:
                continue
            said = _WEEKDAYS.index("日" if hit[4] == "天" else hit[4])
            try:
                day = date(int(hit[1] or year), month, int(hit[3]))
            except ValueError:
                continue  # refused where the days are read
            if day.weekday() != said:
                yield Text(
                    f"通知写{full(day).zh}是周{_WEEKDAYS[said]}，{year}年这一天是周{_WEEKDAYS[day.weekday()]}：请核对日期，看看是不是别的年份的通知。",
                    f"The notice calls {full(day).en} a {_WEEKDAYS_EN[said]}; it is a {_WEEKDAYS_EN[day.weekday()]}: "
                    "compare the date, and whether the notice is of that year.",
                )


def _other_counts(text: str, found: CalendarYear) -> Iterator[Text]:
    """Yield the holidays of which the notice counts another number of days than were read."""
    for one in found.days_off:
        line = next((line for line in text.splitlines() if one.name.zh in line and _HOW_MANY.search(line)), "")
        said = _HOW_MANY.search(line)
        read = sum(len(_days_of(other)) for other in found.days_off if other.name == one.name)
        if said is not None and int(said[1]) != read and one == next(o for o in found.days_off if o.name == one.name):
            yield Text(
                f"{one.name.zh}写明共{int(said[1])}天，读出的是{read}天：请核对起止日期。",
                f"{one.name.en} is said to be {int(said[1])} days; {read} were read: compare its first and last day.",
            )


def _days_of(one: DayOff) -> tuple[date, ...]:
    return tuple(one.first + timedelta(days=n) for n in range((one.last - one.first).days + 1))


def _with_weekday(day: date) -> Text:
    return Text(f"{full(day).zh}（周{_WEEKDAYS[day.weekday()]}）", f"{full(day).en} ({_WEEKDAYS_EN[day.weekday()]})")
