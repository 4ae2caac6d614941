"""Explain in one sentence why a window ends when it does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from service.domain.calendar.clock import DAY, format_day_span, format_full_day, format_short_day
from service.domain.calendar.rules import StartRule
from service.domain.calendar.working import DayFacts
from service.domain.text import Text

WEEKEND = Text("周末", "weekend")


class Skipped(NamedTuple):
    """A run of days that did not count, both ends included."""

    name: Text
    first: date
    last: date


def skipped_spans(looked: Iterable[DayFacts]) -> tuple[Skipped, ...]:
    """Return the runs of days that were looked at and not worked; neighbours of one name are one run."""
    spans: list[Skipped] = []
    for facts in looked:
        if facts.working:
            continue
        name = facts.day_off.name if facts.day_off else WEEKEND
        if spans and spans[-1].name == name and spans[-1].last + DAY == facts.day:
            spans[-1] = spans[-1]._replace(last=facts.day)
        else:
            spans.append(Skipped(name, facts.day, facts.day))
    return tuple(spans)


def select_named_holidays(spans: Sequence[Skipped]) -> list[Skipped]:
    """Return the runs that have a name of their own."""
    return [span for span in spans if span.name != WEEKEND]


POSTED = Text("发布", "posted on")
SINCE = Text("起", "from")


def working_reason(posted: date, rule: StartRule, length: Text, looked: Sequence[DayFacts], event: Text) -> Text:
    """Return the reason of a window of working days: ``2026年5月26日发布，次日起算5个工作日；古尔邦节…放假不计``."""
    spans = skipped_spans(looked)
    parts = [_describe_start(posted, rule, length, event)]
    parts += [
        Text(
            f"{item.name.zh}{format_day_span(item.first, item.last).zh}放假不计",
            f"{item.name.en} {format_day_span(item.first, item.last).en} not counted",
        )
        for item in select_named_holidays(spans)
    ]
    if any(item.name == WEEKEND for item in spans):
        parts.append(Text("周末不计", "weekends not counted"))
    return _join_texts([*parts, *_make_up(looked), *doubts_of(looked)])


def calendar_reason(
    posted: date, rule: StartRule, length: Text, nominal: date, looked: Sequence[DayFacts], event: Text
) -> Text:
    """Return the reason of a window of calendar days; ``looked`` runs from the nominal last day to the real one."""
    start = _describe_start(posted, rule, length, event)
    return _join_texts([start, *_explain_roll(nominal, looked), *doubts_of(looked)])


def named_reason(day: date, looked: Sequence[DayFacts]) -> Text:
    """Return the reason of a deadline that was named as a day; ``looked`` runs from it to the real last day."""
    fixed = Text(
        f"{format_full_day(day).zh}是办件中确定的固定日期，不按天数计算",
        f"{format_full_day(day).en} is a date fixed in the case, not a number of days",
    )
    return _join_texts([fixed, *_explain_roll(day, looked), *doubts_of(looked)])


def _explain_roll(nominal: date, looked: Sequence[DayFacts]) -> list[Text]:
    if not looked or looked[-1].day == nominal:
        return []
    off = looked[0].day_off
    name = off.name if off else WEEKEND
    return [
        Text(
            f"末日{format_short_day(nominal).zh}逢{name.zh}，顺延至{format_short_day(looked[-1].day).zh}",
            f"the last day {format_short_day(nominal).en} falls on {name.en}, so it moves to {format_short_day(looked[-1].day).en}",
        )
    ]


def _describe_start(posted: date, rule: StartRule, length: Text, event: Text) -> Text:
    first = Text("当日", "that day on") if rule is StartRule.POSTING_DAY else Text("次日", "the next day on")
    return Text(
        f"{format_full_day(posted).zh}{event.zh}，{first.zh}起算{length.zh}",
        f"{event.en} {format_full_day(posted).en}, {length.en} from {first.en}",
    )


def _make_up(looked: Iterable[DayFacts]) -> list[Text]:
    return [
        Text(
            f"{format_short_day(facts.day).zh}调休上班计入",
            f"{format_short_day(facts.day).en} is a make-up working day and counts",
        )
        for facts in looked
        if facts.make_up
    ]


def doubts_of(looked: Iterable[DayFacts]) -> list[Text]:
    """Return why dates that rest on these days are not certain."""
    doubts: dict[Text, None] = {}
    for facts in looked:
        year = facts.day.year
        if facts.fictional:
            doubts[Text(f"{year}年按虚构日历计算", f"{year} follows a fictional calendar")] = None
        elif facts.unloaded:
            doubts[
                Text(
                    f"{year}年工作日历没有载入，暂按周末推算",
                    f"the working calendar of {year} is not loaded, so this is an estimate from weekends",
                )
            ] = None
        elif not facts.published:
            doubts[
                Text(
                    f"{year}年放假安排尚未公布，暂按周末推算",
                    f"the holidays of {year} are not published yet, so this is an estimate from weekends",
                )
            ] = None
        elif facts.unconfirmed and facts.day_off:
            name = facts.day_off.name
            doubts[Text(f"{year}年{name.zh}日期待核实", f"the dates of {name.en} {year} are not confirmed yet")] = None
    return list(doubts)


def _join_texts(parts: Sequence[Text]) -> Text:
    english = "; ".join(part.en for part in parts)
    return Text("；".join(part.zh for part in parts), english[:1].upper() + english[1:])
