"""From when a time limit runs, in the words of a clause: the close of applications, receipt, the end of a notice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from service.catalog.law_text.numbers import DAYS, whole
from service.catalog.law_text.preset import squeezed
from service.catalog.parameters.parameters import Unit


class LimitStart(StrEnum):
    """From when the days of a task count."""

    TASK = "task"
    DEADLINE = "deadline"
    FILED = "filed"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class StartSaid:
    """What a text says of the start of a time limit: ``start`` None for a day that is none of them, or for several."""

    start: LimitStart | None
    words: str
    days: int
    unit: Unit


_COUNTED_FROM = re.compile(
    r"(?P<since>[^，。；：、]{1,24}?)(?P<mark>之日起|之日|当日起|次日起|日起|起|之后|以后|后)(?:的|[，,])?"
    r"(?:[^，。；：、]{0,10}?应当?)?(?:在|于)?" + DAYS
)
_FROM = re.compile("(?:自|从|于|在)(?=[^自从于在]*$)")
_APPLIED = "(?:申报|报名|申请|受理|参评)"
_READ = (
    (LimitStart.NOTICE, re.compile("公示[^，。；]{0,6}(?:结束|期满|届满|完毕|无异议)")),
    (
        LimitStart.DEADLINE,
        re.compile(f"{_APPLIED}[^，。；]{{0,8}}(?:截止|届满|期满|结束|终止)|截止(?:{_APPLIED}|日期?)"),
    ),
    (LimitStart.TASK, re.compile("收到|接到|收悉|转交|移交|转送")),
    (
        LimitStart.FILED,
        re.compile("(?:提交|递交|报送|提出)[^，。；]{0,6}(?:申报|申请)|申报(?:材料)?(?:提交|递交)|^申报$"),
    ),
)
_IN_FORCE = re.compile("[^，。；]{0,6}(?:施行|实施|生效)")
"""From when the regulation itself holds is no start of a time limit."""


def limit_starts(text: str) -> tuple[StartSaid, ...]:
    """Return what ``text`` says of the start of its time limits in days, in its order; nothing of those without one."""
    return tuple(_starts(squeezed(text)))


def _starts(text: str) -> Iterator[StartSaid]:
    for hit in _COUNTED_FROM.finditer(text):
        if _IN_FORCE.match(text, hit.end()):
            continue
        since = _FROM.split(hit["since"])[-1]
        start = next((start for start, sign in _READ if sign.search(since)), None)
        unit = Unit.WORKING_DAYS if "工作" in hit["unit"] else Unit.CALENDAR_DAYS
        yield StartSaid(start, since + hit["mark"], whole(hit["n"]), unit)


def start_said(text: str, days: str = "", unit: str = "") -> StartSaid | None:
    """Return what ``text`` says of the start of its limits, or of those of so many ``days``; None where it says nothing."""
    found = [said for said in limit_starts(text) if days in ("", str(said.days)) and unit in ("", said.unit.value)]
    if len({said.start for said in found}) > 1:
        return replace(found[0], start=None, words="、".join(dict.fromkeys(said.words for said in found)))
    return found[0] if found else None


def start_to_choose(text: str) -> str:
    """Return what is chosen before anybody answers: "" where the text names a day of which somebody has to say which it is."""
    said = start_said(text)
    return LimitStart.TASK.value if said is None else said.start or ""
