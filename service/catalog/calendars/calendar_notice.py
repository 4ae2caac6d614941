"""Read a notice of days off (放假安排的通知) into a calendar year, and write the year's file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from ruamel.yaml.comments import CommentedMap

from service.catalog.source.format_yaml import dump_yaml
from service.domain.calendar import CalendarYear, DayOff, YearStatus
from service.domain.calendar.clock import full
from service.domain.errors import Invalid
from service.domain.text import Text

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
    for name, said in _sentences(text):
        days = _days(said, year)
        if not days:
            continue
        if _AT_WORK in said or name == _AT_WORK:
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
    _demand_once(spans, make_up)
    return CalendarYear(year, tuple(spans), frozenset(make_up))


def says_nothing(text: str) -> bool:
    """Return whether the text says that a layer has no days off of its own in a year: 无."""
    return text.strip().rstrip("。.").casefold() in _NOTHING


def year_without_days(year: int) -> CalendarYear:
    """Return the year of a layer that adds nothing to the layers above it."""
    return CalendarYear(year, status=YearStatus.NONE_KNOWN)


def year_file(found: CalendarYear, title: str, number: str, issued: str, working_days: int) -> str:
    """Return the file of a year, every day with the document it comes from."""
    source = notice_source(found.year)
    document = CommentedMap({"title": title, "number": number or None, "date": issued or None})
    rows = [
        _flow(
            {
                "name": span.name.zh, "name_en": span.name.en, "from": span.first, "to": span.last.replace(),
                "status": "confirmed", "applied": True, "source": source,
            }
        )
        for span in found.days_off
    ]  # fmt: skip
    return dump_yaml(
        CommentedMap(
            {
                "year": found.year,
                "status": found.status.value,
                "expected_working_days": working_days,
                "sources": {source: {key: value for key, value in document.items() if value}},
                "days_off": rows,
                "make_up": [_flow({"date": day, "source": source}) for day in sorted(found.make_up)],
            }
        )
    )


def notice_source(year: int) -> str:
    """Return the id by which the days of a written year name their document."""
    return f"{_SOURCE}-{year}"


def _sentences(text: str) -> Iterator[tuple[str, str]]:
    """Yield (name of the holiday, sentence): a sentence says days off, or days at work."""
    name = ""
    for typed in (line.strip(" \t　") for line in text.splitlines()):
        line = _ISO.sub(lambda m: f"{m[1]}年{int(m[2])}月{int(m[3])}日", typed)
        if (row := _ROW.match(line)) and not _DATE.fullmatch(row[1]):
            yield from _row(row[1], row[2].split())
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


def _row(name: str, days: list[str]) -> Iterator[tuple[str, str]]:
    """Yield what a typed row says: two days are from and to, but days at work, and more than two, are each meant."""
    if len(days) == 2 and name != _AT_WORK:
        yield name, "至".join(days)
    else:
        yield from ((name, day) for day in days)


def _days(said: str, year: int) -> list[tuple[date, date]]:
    plain = re.sub(r"[（(][^）)]*[）)]", "", said)
    found: list[tuple[date, date]] = []
    month = 0
    end = -1
    for match in _DATE.finditer(plain):
        month = int(match[2]) if match[2] else month
        if not month:
            continue
        day = _day(int(match[1] or year), month, int(match[3]), year)
        if found and plain[end : match.start()].strip() in ("至", "-", "—", "到"):
            first = found[-1][0]
            if not first <= day <= first + timedelta(days=_LONGEST):
                raise Invalid(
                    Text(
                        f"{full(first).zh}至{full(day).zh}先后颠倒或者过长。",
                        f"{full(first).en} to {full(day).en} runs backwards or is too long.",
                    )
                )
            found[-1] = (first, day)
        else:
            found.append((day, day))
        end = match.end()
    return found


def _day(stated: int, month: int, number: int, year: int) -> date:
    try:
        day = date(stated, month, number)
    except ValueError:
        raise Invalid(
            Text(f"没有{stated}年{month}月{number}日这一天。", f"There is no day {stated}-{month}-{number}.")
        ) from None
    if day.year != year:
        raise Invalid(
            Text(
                f"{full(day).zh}不在{year}年内：跨年的部分请写在那一年。",
                f"{full(day).en} is not in {year}: what lies in another year belongs to that year's notice.",
            )
        )
    return day


def _demand_once(spans: list[DayOff], make_up: list[date]) -> None:
    listed = list(make_up)
    for span in spans:
        listed += [span.first + timedelta(days=n) for n in range((span.last - span.first).days + 1)]
    twice = next((day for day in listed if listed.count(day) > 1), None)
    if twice:
        names = [span.name for span in spans if span.first <= twice <= span.last]
        names += [Text("上班", "worked")] * make_up.count(twice)
        raise Invalid(
            Text(
                f"{full(twice).zh}写了两次（{'、'.join(one.zh for one in names)}），请只留一处。",
                f"{full(twice).en} is listed twice ({', '.join(one.en for one in names)}): keep one.",
            )
        )


def _flow(said: dict[str, object]) -> CommentedMap:
    row = CommentedMap(said)
    row.fa.set_flow_style()
    return row
