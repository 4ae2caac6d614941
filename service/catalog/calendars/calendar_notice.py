"""Read a notice of days off (放假安排的通知) into a calendar year, and write the year's file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from ruamel.yaml.comments import CommentedMap

from service.catalog.calendars.calendars import with_year
from service.catalog.source.flow_style import flow_row
from service.catalog.source.formatting import dump_yaml
from service.domain.calendar import CalendarYear, DayOff, WorkingCalendar, YearStatus
from service.domain.calendar.clock import format_day_span, format_full_day
from service.domain.errors import Invalid
from service.domain.text import Text

_WEEKDAYS = "一二三四五六日"
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY_AND_WEEKDAY = re.compile(
    r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日\s*[（(]\s*(?:周|星期|礼拜)([一二三四五六日天])\s*[）)]|(\d{1,2})月"
)
_HOW_MANY = re.compile(r"共(?:计)?\s*(\d{1,2})\s*天")


def require_make_up_on_rest_days(calendar: WorkingCalendar, calendar_year: CalendarYear) -> None:
    """Raise Invalid, naming the days, where a make-up day of the year falls on a weekday that is worked anyway."""
    rest = {weekday for layer in calendar.layers for weekday in layer.rest_weekdays}
    stray = [day for day in sorted(calendar_year.make_up) if day.isoweekday() not in rest]
    if not stray:
        return
    day_texts = [_with_weekday(day) for day in stray]
    raise Invalid(
        Text(
            f"{'、'.join(text.zh for text in day_texts)}本来就是工作日，不用写调休上班：请对照通知核对日期和年份，写错的改正，多写的去掉。",
            f"{', '.join(text.en for text in day_texts)}: worked anyway, no make-up day. Compare the date and the year with the notice, correct or remove it.",
        )
    )


def doubts_of_year(
    calendars: Mapping[str, WorkingCalendar], layer: str, text: str, calendar_year: CalendarYear
) -> tuple[Text, ...]:
    """Return what of the year ``calendar_year`` in the ``text`` of a notice for ``layer`` is to be compared with it, in sentences."""
    without = with_year(calendars, layer, CalendarYear(calendar_year.year))[layer]
    return (
        *_off_anyway(calendar_year, without),
        *_other_weekdays(text, calendar_year.year),
        *_other_counts(text, calendar_year),
    )


def _off_anyway(calendar_year: CalendarYear, without: WorkingCalendar) -> Iterator[Text]:
    """Yield the spans in which nobody would work without the notice: they move no time limit."""
    for day_off in calendar_year.days_off:
        if not any(without.is_working(day) or day in calendar_year.make_up for day in _days_of(day_off)):
            days = (
                format_day_span(day_off.first, day_off.last)
                if day_off.first != day_off.last
                else _with_weekday(day_off.first)
            )
            yield Text(
                f"{day_off.name.zh} {days.zh}本来就都是休息日，写上也不改变任何期限：请核对日期；另有补休的日子，也要写上。",
                f"{day_off.name.en}, {days.en}: rest days anyway and move no limit: compare the date, and list the days off in their stead.",
            )


def _other_weekdays(text: str, year: int) -> Iterator[Text]:
    """Yield the days that the notice calls by another weekday than the year gives them."""
    for line in text.splitlines():
        month = 0
        for hit in _DAY_AND_WEEKDAY.finditer(line):
            month = int(hit[5] or hit[2] or month)
            if hit[4] is None:
                continue
            weekday = _WEEKDAYS.index("日" if hit[4] == "天" else hit[4])
            try:
                day = date(int(hit[1] or year), month, int(hit[3]))
            except ValueError:
                continue  # refused where the days are read
            if day.weekday() != weekday:
                yield Text(
                    f"通知写{format_full_day(day).zh}是周{_WEEKDAYS[weekday]}，{year}年这一天是周{_WEEKDAYS[day.weekday()]}：请核对日期，看看是不是别的年份的通知。",
                    f"The notice calls {format_full_day(day).en} a {_WEEKDAYS_EN[weekday]}; it is a {_WEEKDAYS_EN[day.weekday()]}: "
                    "compare the date, and whether the notice is of that year.",
                )


def _other_counts(text: str, calendar_year: CalendarYear) -> Iterator[Text]:
    """Yield the holidays of which the notice counts another number of days than were read."""
    for day_off in calendar_year.days_off:
        line = next((line for line in text.splitlines() if day_off.name.zh in line and _HOW_MANY.search(line)), "")
        match = _HOW_MANY.search(line)
        read = sum(len(_days_of(other)) for other in calendar_year.days_off if other.name == day_off.name)
        if (
            match is not None
            and int(match[1]) != read
            and day_off == next(o for o in calendar_year.days_off if o.name == day_off.name)
        ):
            yield Text(
                f"{day_off.name.zh}写明共{int(match[1])}天，读出的是{read}天：请核对起止日期。",
                f"{day_off.name.en} is said to be {int(match[1])} days; {read} were read: compare its first and last day.",
            )


def _days_of(day_off: DayOff) -> tuple[date, ...]:
    return tuple(day_off.first + timedelta(days=n) for n in range((day_off.last - day_off.first).days + 1))


def _with_weekday(day: date) -> Text:
    return Text(
        f"{format_full_day(day).zh}（周{_WEEKDAYS[day.weekday()]}）",
        f"{format_full_day(day).en} ({_WEEKDAYS_EN[day.weekday()]})",
    )


_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_HEAD = re.compile(r"^(?:[一二三四五六七八九十]+、|\d+[.、])?\s*([^\s：:，。\d]{1,12})[：:]\s*(.*)$")
_ROW = re.compile(r"^(\S{1,12})((?:[\s　]+\S+日)+)$")
_DATE = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日")
_AT_WORK = "上班"
_LONGEST = 31
_SOURCE = "notice"
_NOTHING = ("无", "没有", "none")


def read_notice(text: str, year: int) -> CalendarYear:
    """Return the days off and the make-up days of ``year`` that a notice, or typed rows, list.

    Rows read "元旦 2027-01-01 2027-01-03" (from, to) and "上班 2027-01-09 2027-02-20" (each of them); three days and more
    are each meant. Raises Invalid for a day that does not exist, lies in another year or is named twice, for a row that
    cannot be read, and where no day is found.
    """
    spans: list[DayOff] = []
    make_up: list[date] = []
    for name, sentence in _iterate_sentences(text):
        days = _parse_days(sentence, year)
        if not days:
            continue
        if _AT_WORK in sentence or name == _AT_WORK:
            make_up += [first for first, _ in days]
        else:
            spans += [DayOff(Text(name, name), first, last, _SOURCE) for first, last in days]
    if not spans and not make_up:
        raise Invalid(
            Text(
                "没有读出放假日期。请粘贴通知正文，或者每行写“元旦 2027-01-01 2027-01-03”“上班 2027-01-09”；"
                "这一级没有自己的放假安排的，写“无”。",
                "No days were found: paste the notice, or write rows such as “元旦 2027-01-01 2027-01-03”; "
                "where the layer has no days off of its own, write “none”.",
            )
        )
    _require_once(spans, make_up)
    return CalendarYear(year, tuple(spans), frozenset(make_up))


def says_nothing(text: str) -> bool:
    """Return whether the text says that a layer has no days off of its own in a year: 无."""
    return text.strip().rstrip("。.").casefold() in _NOTHING


def year_without_days(year: int) -> CalendarYear:
    """Return the year of a layer that adds nothing to the layers above it."""
    return CalendarYear(year, status=YearStatus.WITHOUT_NOTICE)


def year_file(calendar_year: CalendarYear, title: str, number: str, issued: str, working_days: int) -> str:
    """Return the file of a year, every day with the document it comes from."""
    source = notice_source(calendar_year.year)
    document = CommentedMap({"title": title, "number": number or None, "date": issued or None})
    rows = [
        flow_row(
            {
                "name": span.name.zh, "name_en": span.name.en, "from": span.first, "to": span.last.replace(),
                "status": "confirmed", "applied": True, "source": source,
            }
        )
        for span in calendar_year.days_off
    ]  # fmt: skip
    return dump_yaml(
        CommentedMap(
            {
                "year": calendar_year.year,
                "status": calendar_year.status.value,
                "expected_working_days": working_days,
                "sources": {source: {key: value for key, value in document.items() if value}},
                "days_off": rows,
                "make_up": [flow_row({"date": day, "source": source}) for day in sorted(calendar_year.make_up)],
            }
        )
    )


def notice_source(year: int) -> str:
    """Return the id by which the days of a written year name their document."""
    return f"{_SOURCE}-{year}"


def _iterate_sentences(text: str) -> Iterator[tuple[str, str]]:
    """Yield (name of the holiday, sentence): a sentence says days off, or days at work."""
    name = ""
    for typed in (line.strip(" \t　") for line in text.splitlines()):
        line = _ISO.sub(lambda m: f"{m[1]}年{int(m[2])}月{int(m[3])}日", typed)
        if (row := _ROW.match(line)) and not _DATE.fullmatch(row[1]):
            yield from _iterate_row_sentences(row[1], row[2].split())
            continue
        if head := _HEAD.match(line):
            name, line = head[1], head[2]
        elif line != typed and not name:
            raise Invalid(
                Text(
                    f"没有读懂这一行：“{typed}”。每行先写名称，再写起止两天，或者逐日写出，例如“元旦 2027-01-01 2027-01-03”。",
                    f"This row cannot be read: “{typed}”. Write the name, then the first and the last day, or every day, as in"
                    " “元旦 2027-01-01 2027-01-03”.",
                )
            )
        if name:
            yield from ((name, sentence) for sentence in re.split(r"[。；;]", line) if sentence.strip())


def _iterate_row_sentences(name: str, days: list[str]) -> Iterator[tuple[str, str]]:
    """Yield what a typed row says: two days are from and to, but days at work, and more than two, are each meant."""
    if len(days) == 2 and name != _AT_WORK:
        yield name, "至".join(days)
    else:
        yield from ((name, day) for day in days)


def _parse_days(sentence: str, year: int) -> list[tuple[date, date]]:
    plain = re.sub(r"[（(][^）)]*[）)]", "", sentence)
    spans: list[tuple[date, date]] = []
    month = 0
    end = -1
    for match in _DATE.finditer(plain):
        month = int(match[2]) if match[2] else month
        if not month:
            continue
        day = _parse_day(int(match[1] or year), month, int(match[3]), year)
        if spans and plain[end : match.start()].strip() in ("至", "-", "—", "到"):
            first = spans[-1][0]
            if not first <= day <= first + timedelta(days=_LONGEST):
                raise Invalid(
                    Text(
                        f"{format_full_day(first).zh}至{format_full_day(day).zh}先后颠倒或者过长。",
                        f"{format_full_day(first).en} to {format_full_day(day).en} runs backwards or is too long.",
                    )
                )
            spans[-1] = (first, day)
        else:
            spans.append((day, day))
        end = match.end()
    return spans


def _parse_day(stated: int, month: int, number: int, year: int) -> date:
    try:
        day = date(stated, month, number)
    except ValueError:
        raise Invalid(
            Text(f"没有{stated}年{month}月{number}日这一天。", f"There is no day {stated}-{month}-{number}.")
        ) from None
    if day.year != year:
        raise Invalid(
            Text(
                f"{format_full_day(day).zh}不在{year}年内：跨年的部分请写在那一年。",
                f"{format_full_day(day).en} is not in {year}: what lies in another year belongs to that year's notice.",
            )
        )
    return day


def _require_once(spans: list[DayOff], make_up: list[date]) -> None:
    listed = list(make_up)
    for stretch in spans:
        listed += [stretch.first + timedelta(days=n) for n in range((stretch.last - stretch.first).days + 1)]
    twice = next((day for day in listed if listed.count(day) > 1), None)
    if twice:
        names = [stretch.name for stretch in spans if stretch.first <= twice <= stretch.last]
        names += [Text("上班", "worked")] * make_up.count(twice)
        raise Invalid(
            Text(
                f"{format_full_day(twice).zh}写了两次（{'、'.join(name.zh for name in names)}），请只留一处。",
                f"{format_full_day(twice).en} is listed twice ({', '.join(name.en for name in names)}): keep one.",
            )
        )
