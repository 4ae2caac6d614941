"""Public notices: their days counted again on the enclosed calendar, and their fingerprints."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

from verifier.bundle import Bundle, Malformed
from verifier.report import Statements, disproved, not_proved, proved

FILE, CALENDAR, LAW = "notices.json", "calendar.json", "law.json"
BEIJING = timezone(timedelta(hours=8))
_DAY = timedelta(days=1)
_LONGEST = 3660
_UNITS = {"working_days": ("个工作日", "working days"), "calendar_days": ("日", "calendar days")}


@dataclass(frozen=True)
class Calendar:
    """Working days by layers, the most local first."""

    layers: list[Mapping[str, Any]]

    def works(self, day: date) -> tuple[bool, bool]:
        """Return whether a day is worked, and whether every layer has published its year."""
        held = [layer["years"][str(day.year)] for layer in self.layers if str(day.year) in layer["years"]]
        made_up = [year for year in held if year["status"] == "fictional"]
        published = bool(made_up) or len(held) == len(self.layers)
        for year in made_up or held:
            if day.isoformat() in year["make_up"]:
                return True, published
            if any(_day(span["first"]) <= day <= _day(span["last"]) for span in year["days_off"]):
                return False, published
        return not any(day.isoweekday() in layer["rest_weekdays"] for layer in self.layers), published


@dataclass(frozen=True, slots=True)
class Counted:
    """The first and the last day of a period; ``sure`` where all years that were looked at are published."""

    first: date
    last: date
    sure: bool


def check_notices(bundle: Bundle) -> Statements:
    """Count every notice again."""
    enclosed, law = bundle.json(CALENDAR), bundle.json(LAW)
    for notice in bundle.json(FILE):
        state = notice.get("former_calendar")
        calendar = Calendar((enclosed if state is None else enclosed["former"][state])["layers"])
        yield from _notice(notice, calendar)
        yield from _moved(notice)
        yield from _length(notice, law)
    yield not_proved(
        CALENDAR,
        "所附日历与国务院、自治区公布的放假安排一致：请与各年通知核对",
        "that the enclosed calendar is what the State Council and the region published: compare it with the notices",
    )


def counted(notice: Mapping[str, Any], calendar: Calendar) -> Counted:
    """Return the period of a notice, counted from the day of posting."""
    length = notice["length"]
    if notice["unit"] not in _UNITS or not isinstance(length, int) or not 1 <= length <= _LONGEST:
        raise Malformed("a length that cannot be counted")
    day = _day(notice["posted_on"]) + (timedelta(0) if notice["day_one"] == "posting_day" else _DAY)
    if notice["unit"] == "working_days":
        return _working(calendar, day, length)
    last, sure = day + _DAY * (length - 1), True
    while notice["rest_day_rule"] == "rest_day":
        works, published = calendar.works(last)
        sure = sure and published
        if works:
            break
        last += _DAY
    return Counted(day, last, sure)


def _working(calendar: Calendar, day: date, length: int) -> Counted:
    worked: list[date] = []
    sure = True
    while len(worked) < length:
        works, published = calendar.works(day)
        sure = sure and published
        worked += [day] if works else []
        day += _DAY
    return Counted(worked[0], worked[-1], sure)


def _notice(notice: Mapping[str, Any], calendar: Calendar) -> Statements:
    title, found = str(notice["content"]["title"]), counted(notice, calendar)
    later = notice.get("extended")
    told = (_day(notice["first_day"]), _day(later["from"] if later else notice["last_day"]))
    posted = datetime.fromisoformat(notice["posted_at"]).astimezone(BEIJING).date()
    ends = datetime.combine(_day(notice["last_day"]) + _DAY, datetime.min.time(), BEIJING)
    zh, en = _UNITS[notice["unit"]]
    if posted != _day(notice["posted_on"]):
        yield disproved(
            FILE, f"公示“{title}”的发布时刻不在所说的发布日", f"“{title}” was not posted on the day it says"
        )
    short = ends - datetime.fromisoformat(notice["ends_at"])
    if short if not later else not timedelta(0) <= short < _DAY:  # a day that was named may end when the office closes
        yield disproved(FILE, f"公示“{title}”没有在末日24时结束", f"“{title}” does not end at 24:00 of its last day")
    if (found.first, found.last) != told:
        yield disproved(
            FILE,
            f"公示“{title}”应为 {found.first} 至 {found.last}，却写作 {told[0]} 至 {told[1]}",
            f"“{title}” runs from {found.first} to {found.last}, but is said to run from {told[0]} to {told[1]}",
        )
    elif not found.sure:
        yield not_proved(
            FILE, f"公示“{title}”的期限：所在年份的日历尚未公布", f"the days of “{title}”: a year is not published"
        )
    else:
        yield proved(
            FILE,
            f"公示“{title}”{posted} 发布，{notice['length']}{zh}，{told[0]} 至 {told[1]}",
            f"“{title}”, posted on {posted} for {notice['length']} {en}, runs from {told[0]} to {told[1]}",
        )
    whole = json.dumps(notice["content"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if hashlib.sha256(whole.encode()).hexdigest() != notice["fingerprint"]:
        yield disproved(
            FILE, f"公示“{title}”的内容与其指纹不同", f"the text of “{title}” does not have its fingerprint"
        )


def _moved(notice: Mapping[str, Any]) -> Statements:
    """Yield that the bundle cannot tell why a notice was extended, or counted by a calendar that was changed since."""
    title, later = str(notice["content"]["title"]), notice.get("extended")
    if notice.get("former_calendar") is not None:
        yield not_proved(
            CALENDAR,
            f"公示“{title}”按更正前的日历计算（见 former）：当时的日历如此，请与当时的通知核对",
            f"that the calendar was as enclosed (former) when “{title}” was counted, before it was corrected",
        )
    if not later:
        return
    first, last = _day(later["from"]), _day(later["to"])
    if last != _day(notice["last_day"]) or last <= first:
        yield disproved(
            FILE,
            f"公示“{title}”说由 {first} 顺延至 {last}，末日却写作 {notice['last_day']}",
            f"“{title}” is said to be extended from {first} to {last}, and to end on {notice['last_day']}",
        )
    else:
        yield not_proved(
            FILE,
            f"公示“{title}”由 {first} 顺延至 {last} 的理由：{later['zh']}",
            f"why “{title}” was extended from {first} to {last}: {later['en']}",
        )


def _length(notice: Mapping[str, Any], law: Mapping[str, Any]) -> Statements:
    """Yield whether a parameter of the regulation gives the length."""
    title = str(notice["content"]["title"])
    for name in notice["length_from"]:
        parameter = law["parameters"][name]
        common = [law["clauses"][c] for c in notice["clauses"] if c in parameter["clauses"]]
        if parameter["value"] != notice["length"] or parameter["unit"] != notice["unit"] or not common:
            yield disproved(
                LAW,
                f"公示“{title}”的期限不是参数 {name} 的取值 {parameter['value']}",
                f"the length of “{title}” is not the value {parameter['value']} of the parameter {name}",
            )
        else:
            yield proved(
                LAW,
                f"公示“{title}”的期限依据{'、'.join(common)}，参数 {name} 为 {parameter['value']}",
                f"the length of “{title}” rests on {', '.join(common)}: parameter {name} is {parameter['value']}",
            )
    if not notice["length_from"]:
        yield not_proved(
            LAW,
            f"公示“{title}”的期限出自哪个参数（流程图中直接写明，或者另有计算）",
            f"which parameter gives the length of “{title}”: a diagram says it, or computes it",
        )


def _day(text: object) -> date:
    return date.fromisoformat(str(text))
