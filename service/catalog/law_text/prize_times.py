"""When each part of a prize is paid, as the words beside its share say it: nothing where they can be read in two ways."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from service.catalog.law_text.numbers import LawNumber, whole
from service.catalog.law_text.year_days import year_day
from service.catalog.parameters.parameters import Unit
from service.domain.wording.numbers import HAN_NUMERAL

_N = rf"([0-9]{{1,2}}|两|{HAN_NUMERAL})"
_YEARS = re.compile(rf"满{_N}个?周?年|{_N}个?年(?:之|以)?后")
_REPORT = re.compile(r"报告[^，。；]{0,10}(?:合格|通过|达标)")
_WHICH_REPORT = re.compile(rf"第{_N}(?:次|个|份|(?P<year>年))[^，。；]{{0,8}}报告")
_SECOND_YEAR = re.compile("次年度[^，。；]{0,8}报告")
"""Where the first report is that of the year after the award (次年度), the third year's (第三年度) is the second."""
_YEAR_OF_REPORT = re.compile("(?:获奖|授奖|表彰)?次年的?(?=[^，。；]{0,4}报告[^，。；]{0,10}(?:合格|通过|达标))")
"""Whose report it is, no day of its own: 获奖次年的年度报告合格后."""
_EVENT = re.compile(r"(?:验收|考核|复评|复查|复核|评估|评价|核查|检查|整改)[^，。；]{0,10}(?:合格|通过|达标|完成)")
_NEXT_YEAR = re.compile(r"(?<!第.)次年(?!度)|第二年(?!度)|下一年(?!度)")
_OTHER_YEARS = re.compile("第[三四五六]年|分别|逐年")
"""What is said of several years together: 第二年、第三年考核合格后分别发放."""
_AT_ONCE = re.compile(
    r"(?:授奖|表彰|颁奖|获奖|评定|公布|批准)(?:决定)?[^，。；]{0,6}(?:后|当年|之日|时)|当年|首期|首次|一次性"
)
_PAID = re.compile("拨付|发放|兑现|支付|付清")
_REST = re.compile(f"(?P<words>其余|余款|余下|剩余)(?P<after>[^。；]*?(?:{_PAID.pattern}))")
"""What is left of a prize and paid later."""
_SENTENCE = re.compile("[。；;]")
_NEXT_PART = re.compile("^[、和及与]")
"""What follows a share and is said of the next one: 授奖后拨付60%、满一年后拨付40%."""


@dataclass(frozen=True, slots=True)
class PartTime:
    """When a part is paid, as the assistant is answered: ``when`` a key of its choices, ``at`` what is typed beside it."""

    when: str
    at: str
    words: str


def with_remainder(text: str, numbers: Sequence[LawNumber]) -> list[LawNumber]:
    """Return ``numbers`` with what is paid last where the text calls it the rest: 第一期拨付百分之六十，其余次年拨付.

    As it is where the shares make the whole, or no rest is paid.
    """
    text = re.sub(r"\s+", "", text)
    shares = [number for number in numbers if number.unit is Unit.FRACTION]
    paid = sum((Fraction(number.value) for number in shares), Fraction(0))
    rest = _REST.search(text, text.rfind(shares[-1].words) + len(shares[-1].words)) if shares else None
    if rest is None or not 0 < paid < 1 or not _PAID.search(text[: rest.start()]):
        return list(numbers)
    last = replace(shares[-1], value=str(1 - paid), words=rest["words"], before="", after=rest["after"], bound="")
    return [*numbers, replace(last, over=False, part=False, row="")]


def times_of_parts(text: str, shares: Sequence[LawNumber]) -> list[PartTime | None]:
    """Return for each share of a prize when it is paid, None where its words do not say.

    The words stand before the share (“满一年的拨付40%”) or after it (“40%于满一年后拨付”).
    """
    text = re.sub(r"\s+", "", text)
    before_first = 1 if _SECOND_YEAR.search(text) else 0
    found: list[PartTime | None] = []
    end = 0
    for share in shares:
        start = text.find(share.words, end)
        if start < 0:
            return [None] * len(shares)
        before, end = _SENTENCE.split(text[end:start])[-1], start + len(share.words)
        after = "" if _NEXT_PART.match(share.after) else share.after
        found.append(_time(after, before_first) or _time(before, before_first))
    return found


def _time(words: str, before_first: int) -> PartTime | None:
    words = _YEAR_OF_REPORT.sub("", words.strip("，、"))
    years, report, event, day = (sign.search(words) for sign in (_YEARS, _REPORT, _EVENT, _NEXT_YEAR))
    if report and event:
        return None
    if day:
        on = year_day(words)
        if event and not (on or years or report or _OTHER_YEARS.search(words)):
            return PartTime("next_year_event", "", words)
        return PartTime("day", on.typed, words) if on and not (years or report or event) else None
    if years or report or event:
        count = _count(years[1] or years[2]) if years else ""
        which = _WHICH_REPORT.search(words)
        number = _count(which[1]) if which else "1"
        if which and which["year"]:
            number = str(max(int(number) - before_first, 1))
        if report and not years:
            return PartTime("report", number, words)
        if report:
            return PartTime("years_report", f"{count}/{number if which else count}", words)
        return PartTime("years_event" if years and event else "event" if event else "years", count, words)
    at_once = _AT_ONCE.search(words)
    return PartTime("decision", "", at_once[0]) if at_once else None


def _count(said: str) -> str:
    return "2" if said == "两" else str(whole(said))
