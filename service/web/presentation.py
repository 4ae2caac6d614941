"""Presentation of values: dates, money, scores, time left, sizes, masked personal data.

Pure functions; ``language`` is one of the reader's. ``FILTERS`` is what the templates know them by.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from typing import TypeVar

from service.casework.access.actor import SYSTEM
from service.casework.queries.public.portal import NoticeView
from service.casework.reading.history import runs_of
from service.catalog.law.law import Clause
from service.catalog.pieces.piece_kinds import PieceKind
from service.domain.calendar import CHINA, local_date
from service.domain.text import Text
from service.domain.wording.article_words import english_article
from service.domain.wording.numbers import counted, decimal_text

WAN = Decimal(10_000)
NO_VALUE = "—"
_QUOTED = re.compile("“([^“”]{80})[^“”]+”")

KIND_NAMES = {
    PieceKind.DIAGRAM: Text("流程图", "Diagrams"),
    PieceKind.TABLE: Text("决策表", "Tables"),
    PieceKind.FORM: Text("表单", "Forms"),
    PieceKind.DOCUMENT: Text("文书", "Documents"),
    PieceKind.LAYOUT: Text("版式", "Layouts"),
    PieceKind.SCENARIO: Text("情景", "Scenarios"),
    PieceKind.PARAMETERS: Text("参数", "Parameters"),
    PieceKind.AWARD: Text("奖项", "Award"),
    PieceKind.JURISDICTION: Text("辖区与机构", "Jurisdiction"),
    PieceKind.LAW: Text("条款登记", "Law register"),
    PieceKind.OTHER: Text("其他", "Other"),
}
_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


def date_words(day: date | datetime | None, language: str = "zh") -> str:
    """Return a date as ``2026年6月5日（周五）`` or ``Fri 5 June 2026``; an instant is read in Shanghai time."""
    if day is None:
        return NO_VALUE
    local = local_date(day)
    zh = f"{local.year}年{local.month}月{local.day}日（周{_WEEKDAYS_ZH[local.weekday()]}）"
    if language == "zh":  # as most pages are, with dozens of dates
        return zh
    en = f"{_WEEKDAYS_EN[local.weekday()]} {local.day} {_MONTHS_EN[local.month - 1]} {local.year}"
    return Text(zh, en).pick(language)


def date_short(day: date | datetime | None, language: str = "zh", this_year: int | None = None) -> str:
    """Return a date without weekday: ``6月5日`` or ``5 June``, with its year when that is not ``this_year``."""
    if day is None:
        return NO_VALUE
    local = local_date(day)
    elsewhere = this_year is not None and local.year != this_year
    zh = f"{local.year}年{local.month}月{local.day}日" if elsewhere else f"{local.month}月{local.day}日"
    if language == "zh":
        return zh
    day_en = f"{local.day} {_MONTHS_EN[local.month - 1]}"
    return Text(zh, f"{day_en} {local.year}" if elsewhere else day_en).pick(language)


def date_signed(day: date | datetime | None, language: str = "zh") -> str:
    """Return a date as it stands below a document: ``2026年6月5日`` or ``5 June 2026``, without weekday."""
    return date_short(day, language, this_year=0)


def clock_words(instant: datetime) -> str:
    """Return the time of day in Shanghai as ``10:32``."""
    local = instant.astimezone(CHINA)
    return f"{local.hour:02}:{local.minute:02}"


def when(moment: date | datetime | None, language: str = "zh") -> str:
    """Return a date, or for an instant the date and the time: ``2026年6月5日（周五） 10:32``."""
    if not isinstance(moment, datetime):
        return date_words(moment, language)
    local = moment.astimezone(CHINA)
    return f"{date_words(local.date(), language)} {local.hour:02}:{local.minute:02}"


def format_period_end(moment: datetime | None, language: str = "zh") -> str:
    """Return the instant at which a period ends; midnight is 24:00 of the day before, as statutory periods say it."""
    if moment is not None and clock_words(moment) == "00:00":
        day = date_words(local_date(moment) - timedelta(days=1), language)
        return Text(f"{day}24时", f"{day}, 24:00").pick(language)
    return when(moment, language)


class DayKind(StrEnum):
    """Which days a time limit counts."""

    WORKING = "working"
    CALENDAR = "calendar"


class LimitState(StrEnum):
    """Whether a time limit runs, stands still, rests on a calendar not yet published, or is over and done with."""

    RUNNING = "running"
    PAUSED = "paused"
    PROVISIONAL = "provisional"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Countdown:
    """Time left in words, with its tone (late, today, soon, plain, paused, none) and a mark for the eye."""

    words: str
    tone: str
    mark: str = ""


SOON_DAYS = 3
"""From this many days left a time limit is shown in amber."""


def build_countdown(
    remaining: int | None,
    kind: str = DayKind.WORKING,
    state: str = LimitState.RUNNING,
    language: str = "zh",
    useful: bool = False,
) -> Countdown:
    """Return how a time limit reads with ``remaining`` days left (0 today, negative when over, None without limit).

    ``useful``: it ends with the last day on which what follows can still be kept in time.
    """
    if state == LimitState.DONE:
        return Countdown(Text("已办结", "done").pick(language), "none")
    if state == LimitState.PAUSED:
        return Countdown(Text("期限中止", "clock stopped").pick(language), "paused", "‖")
    if remaining is None:
        return Countdown(Text("无期限", "no time limit").pick(language), "none")
    words, tone, mark = (_format_useful if useful else _format_running)(remaining, DayKind(kind))
    if state == LimitState.PROVISIONAL:
        words = Text(f"{words.zh}（暂定）", f"{words.en} (provisional)")
    return Countdown(words.pick(language), tone, mark)


def _format_running(remaining: int, kind: DayKind) -> tuple[Text, str, str]:
    days = _format_days(abs(remaining), kind)
    if remaining < 0:
        return Text(f"已逾期 {days.zh}", f"{days.en} overdue"), "late", "‼"
    if remaining == 0:
        return Text("今天到期", "due today"), "today", "●"
    return Text(f"还剩 {days.zh}", f"{days.en} left"), *_get_tone(remaining)


def _format_useful(remaining: int, kind: DayKind) -> tuple[Text, str, str]:
    if remaining < 0:
        return Text("已赶不上后续期限", "too late for what follows"), "late", "‼"
    if remaining == 0:
        return Text("今天是最迟办理日", "last useful day"), "today", "●"
    days = _format_days(remaining, kind)
    return Text(f"须在 {days.zh}内办理", f"to be done within {days.en}"), *_get_tone(remaining)


def _get_tone(remaining: int) -> tuple[str, str]:
    return ("soon", "○") if remaining <= SOON_DAYS else ("plain", "")


def _format_days(days: int, kind: DayKind) -> Text:
    if kind is DayKind.WORKING:
        return Text(f"{days} 个工作日", counted(days, "working day"))
    return Text(f"{days} 天", counted(days, "day"))


def format_grouped_number(value: Decimal | float | None) -> str:
    """Return a number with grouped thousands, no needless zeros and at most six decimals: ``12,345.5``."""
    if value is None:
        return NO_VALUE
    return f"{Decimal(decimal_text(value)):,f}"


def format_article(cited: str, language: str = "zh") -> str:
    """Return an article as the reader's language cites it: ``第十一条第（二）项`` or ``Art. 11(2)``."""
    return english_article(cited) if language == "en" else cited


def actor_name(name: str | None, language: str = "zh") -> str:
    """Return who did something; what no person did was done by the program."""
    return Text(SYSTEM.name, "the program").pick(language) if name == SYSTEM.name else name or NO_VALUE


def format_money(yuan: Decimal | int | None, language: str = "zh") -> str:
    """Return an amount in yuan as ``20 万元`` from one 万 up, below as ``8,000 元``; in English ``CNY 200,000``."""
    if yuan is None:
        return NO_VALUE
    amount = Decimal(yuan)
    zh = f"{format_grouped_number(amount / WAN)} 万元" if abs(amount) >= WAN else f"{format_grouped_number(amount)} 元"
    return Text(zh, f"CNY {format_grouped_number(amount)}").pick(language)


def score(points: Decimal | float | None, full: Decimal | int = 1000) -> str:
    """Return points against the full mark: ``612.5 / 1000``."""
    return (
        NO_VALUE
        if points is None
        else f"{format_grouped_number(points).replace(',', '')} / {format_grouped_number(full).replace(',', '')}"
    )


def format_percent(part: Decimal | float | None, places: int = 1) -> str:
    """Return a fraction of one as a percentage: ``12.3%``."""
    return NO_VALUE if part is None else f"{Decimal(str(part)) * 100:.{places}f}%"


def file_size(size: int) -> str:
    """Return a number of bytes as people say it: ``1.2 MB``."""
    if size < 1024:
        return f"{size} B"
    if size < 1024 * 1024:
        return f"{size / 1024:.0f} KB"
    return f"{size / 1024 / 1024:.1f} MB"


def pad_text(text: str, size: int) -> str:
    """Return ``text`` with blanks up to ``size`` bytes of UTF-8, so that the length of a page tells nothing of it."""
    return text + " " * (size - len(text.encode()))


def short_quotes(sentence: str) -> str:
    """Return ``sentence`` with at most 80 characters of what stands in “”, for a list where names come from outside."""
    return _QUOTED.sub(r"“\1…”", sentence)


_Line = TypeVar("_Line")
_FEW = 3
"""So many notices with the same days stand in a row each."""


def notice_groups(rows: Iterable[NoticeView]) -> list[list[NoticeView]]:
    """Return a list of notices in groups: more than a few of one place that follow each other with the same days and end."""
    groups = [list(group) for _, group in groupby(rows, lambda n: (n.jurisdiction, n.first_day, n.last_day, n.end.zh))]
    return [part for group in groups for part in ([group] if len(group) > _FEW else [[notice] for notice in group])]


def alike(rows: Iterable[_Line], *names: str) -> list[list[_Line]]:
    """Return ``rows`` in groups of those with the same values under ``names``, in the order of each group's first."""
    groups: dict[tuple[object, ...], list[_Line]] = {}
    for row in rows:
        groups.setdefault(tuple(getattr(row, name) for name in names), []).append(row)
    return list(groups.values())


FILTERS: Mapping[str, Callable[..., object]] = {
    "day": date.fromisoformat,
    "date": date_words,
    "date_short": date_short,
    "date_signed": date_signed,
    "when": when,
    "until": format_period_end,
    "clock": clock_words,
    "countdown": build_countdown,
    "number": format_grouped_number,
    "counted": counted,
    "actor_name": actor_name,
    "money": format_money,
    "score": score,
    "percent": format_percent,
    "file_size": file_size,
    "padded": pad_text,
    "short_quotes": short_quotes,
    "article": format_article,
    "runs": runs_of,
    "notice_groups": notice_groups,
    "alike": alike,
}
"""Template filters by name, for ``jinja_env.filters.update``."""

_ARTICLE = re.compile(r"第[^条（]+条(?:之[一二三四五六七八九十]+)?|[^（(]+")


def group_by_article(lines: Iterable[_Line], clause_of: Callable[[_Line], Clause]) -> list[tuple[str, list[_Line]]]:
    """Return ``lines``, in their order, with the article before its clauses: ``第十一条`` of ``第十一条第（二）项``."""
    return [(name, list(those)) for name, those in groupby(lines, lambda line: _article_of(clause_of(line).article))]


def _article_of(cited: str) -> str:
    match = _ARTICLE.match(cited)
    return match[0].strip() if match else cited
