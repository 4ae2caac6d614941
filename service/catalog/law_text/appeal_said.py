"""What a clause says of an appeal against the result of an objection: within which time, to whom, and when it is decided."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from service.catalog.law_text.numbers import DAYS, whole
from service.catalog.law_text.preset import squeezed
from service.catalog.parameters.parameters import Unit

_APPEALED = re.compile(
    "不服[^。；]{0,60}(?:申诉|(?:申请|提请|要求|提出)复[核查]|复[核查](?:申请|请求))|日内[^。；]{0,20}申诉"
)
_LIMIT = re.compile(rf"{DAYS}(?:之?内|以内)")
_LODGED = re.compile("^[^。；]{0,40}?(?:申诉|复[核查])")
_RECEIVED = re.compile("(?:收到|接到|受理)[^，。；]{0,6}(?:申诉|复[核查]|申请|请求)[^，。；]{0,10}$")
_DECIDED = re.compile("^，?(?!向|书面|申[诉请]|提[出起])[^，。；]{0,16}(?:作出|完成|决定|答复|办结|审查|处理|书面)")
_TO = re.compile("向(?P<who>[^，。；向]{2,30}?)(?:书面)?(?:提出|提起|申请|申诉|提请|提交|反映|要求)")


@dataclass(frozen=True, slots=True)
class DaysSaid:
    """So many days of one unit as the text says them, with its ``words``."""

    number: int
    unit: Unit
    words: str


@dataclass(frozen=True, slots=True)
class AppealSaid:
    """What is said of an appeal: the time to ``lodge`` it, the ``authority`` that decides, the time to decide (``decision``)."""

    words: str
    lodge: DaysSaid | None = None
    decision: DaysSaid | None = None
    authority: str = ""


def appeal_said(text: str) -> AppealSaid | None:
    """Return what ``text`` says of an appeal against the result of an objection; None where it speaks of none."""
    said = squeezed(text)
    begun = _APPEALED.search(said)
    if begun is None:
        return None
    part = said[max(said.rfind(mark, 0, begun.start()) for mark in "。；") + 1 :]
    to = _TO.search(part)
    lodge, decision = None, None
    for days, before, after in _limits(part):
        decides = _RECEIVED.search(before) is not None or _DECIDED.search(after) is not None
        if decides and decision is None:
            decision = days
        elif not decides and lodge is None and _LODGED.search(after):
            lodge = days
    return AppealSaid(begun[0], lodge, decision, to["who"] if to else "")


def _limits(part: str) -> Iterator[tuple[DaysSaid, str, str]]:
    """Yield each limit with what stands before it and behind it, up to the next one."""
    hits = list(_LIMIT.finditer(part))
    for number, hit in enumerate(hits):
        end = hits[number + 1].start() if number + 1 < len(hits) else len(part)
        before = part[hits[number - 1].end() if number else 0 : hit.start()]
        unit = Unit.WORKING_DAYS if "工作" in hit["unit"] else Unit.CALENDAR_DAYS
        yield DaysSaid(whole(hit["n"]), unit, hit[0]), before, part[hit.end() : end]
