"""Numbers in the words of a regulation: how much of what, in digits or Chinese numerals, with the bound that is said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from service.catalog.parameters import Unit
from service.domain.han_numerals import read_han

NUMERAL = r"(?P<n>[0-9]{1,3}|[一二三四五六七八九十百]{1,5})"
DAYS = rf"{NUMERAL}(?P<unit>个?工作日|个?自然日|个?日历日|日|天)"
_NOT_WITHIN = r"(?<![0-9.〇零一二三四五六七八九十百千万亿第月])(?<![0-9][,，])"
_GROUPED = r"[0-9]{1,3}(?:[,，][0-9]{3})+"
_COUNTED = rf"(?P<n>{_GROUPED}|[0-9]{{1,4}}|[一二三四五六七八九十百]{{1,5}})"
_AMOUNT = rf"{_NOT_WITHIN}(?P<n>(?:{_GROUPED}|[0-9]{{1,9}})(?:\.[0-9]{{1,4}})?|[一二三四五六七八九十百]{{1,6}})(?P<times>[万亿]?)元"
_SHARE_OF = rf"{_NOT_WITHIN}(?P<under>[二三四五六七八九十])分之(?P<over>[一二三四五六七八九十])"
_PERCENT = (
    rf"百分之(?P<han>[一二三四五六七八九十百]{{1,5}})(?![一二三四五六七八九十百点])"
    rf"|{_NOT_WITHIN}(?P<digits>[0-9]{{1,3}}(?:\.[0-9]{{1,4}})?)[%％]"
)
_SIGNS = (
    (Unit.CALENDAR_DAYS, re.compile(_NOT_WITHIN + DAYS)),
    (Unit.MONTHS, re.compile(rf"{_NOT_WITHIN}{NUMERAL}个月")),
    (Unit.YEARS, re.compile(rf"{_NOT_WITHIN}{NUMERAL}个?(?:完整)?年(?!度|月)")),
    (Unit.COUNT, re.compile(rf"{_NOT_WITHIN}{_COUNTED}(?:个(?!工作日|自然日|日历日|月|年|完整)|家|名|项|位)")),
    (Unit.POINTS, re.compile(rf"{_NOT_WITHIN}{_COUNTED}分(?!之|别|期|数|类|组|为|配)")),
    (Unit.YUAN, re.compile(_AMOUNT)),
    (Unit.FRACTION, re.compile(f"{_SHARE_OF}|{_PERCENT}|(?P<half>半数)")),
)  # fmt: skip
_TIMES = {"": 1, "万": 10_000, "亿": 100_000_000}
_ANY = re.compile(r"[0-9０-９一二三四五六七八九十百半]")
"""What every number has: most texts hold none."""
_MOST = re.compile(r"(?:不得?超过|不得?多于|不得?高于|至多|最多)$")
_LEAST = re.compile(r"(?:不得?少于|不得?低于|至少|达到|满)$")
_OVER = re.compile(r"(?<!不)(?<!不得)(?:超过|过)$")
_BEYOND = re.compile(r"(?:以上)?[（(](?:均|都)?不(?:含|包括|包含)")
_AGAIN = re.compile(r"[（(](?:均|都)?不?(?:含|包括|包含)$")
"""Where a number is said again: 半数以上（不含半数）."""
_BETWEEN = re.compile("[,，]")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．", "0123456789.")
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class LawNumber:
    """A number: ``value`` as somebody types it, ``words`` those of the text, what stands ``before`` and ``after`` in its clause.

    A share is written as a fraction (3/5). ``bound`` is minimum, maximum or "" where the text draws none; ``over``: more than
    the number itself is asked for; ``part``: it is said of a part of what another number is said of (其中).
    """

    value: str
    unit: Unit
    words: str
    before: str
    after: str
    bound: str
    over: bool
    part: bool = False


def numbers_in(text: str) -> tuple[LawNumber, ...]:
    """Return the numbers of ``text`` in its order; days of the calendar such as 6月30日 and numbers of articles are none."""
    if not _ANY.search(text):
        return ()
    text = re.sub(r"\s+", "", text).translate(_FULL_WIDTH)
    found = sorted(
        ((hit.start(), unit, hit) for unit, sign in _SIGNS for hit in sign.finditer(text)), key=lambda one: one[0]
    )
    return tuple(number for _, unit, hit in found for number in _number(text, unit, hit))


def whole(words: str) -> int:
    """Return a number that is written in digits, also in groups of three, or a Chinese numeral below 1000."""
    digits = _BETWEEN.sub("", words)
    return int(digits) if digits.isascii() else read_han(digits)


def _number(text: str, unit: Unit, hit: re.Match[str]) -> Iterator[LawNumber]:
    said = hit.groupdict()
    before, after = re.split("[，。；：、]", text[: hit.start()])[-1], re.split("[，。；：]", text[hit.end() :])[0]
    if unit is Unit.CALENDAR_DAYS and "工作" in said["unit"]:
        unit = Unit.WORKING_DAYS
    if unit is Unit.FRACTION:
        value = _share(said)
    elif unit is Unit.YUAN:
        times = _TIMES[said["times"]]
        digits = _BETWEEN.sub("", said["n"])
        value = str(round((float(digits) if digits.isascii() else read_han(digits)) * times))
    else:
        value = str(whole(said["n"]))
    if value and not _AGAIN.search(before):
        over = bool(_OVER.search(before) or _BEYOND.match(after))
        part = "其中" in re.split("[。；]", text[: hit.start()])[-1]
        yield LawNumber(value, unit, hit[0], before, after, _bound(before, after), over, part)


def _share(said: dict[str, str | None]) -> str:
    """Return a share as a fraction, "" for one beyond the whole."""
    if said["half"]:
        return "1/2"
    if said["under"]:
        return f"{read_han(said['over'] or '')}/{read_han(said['under'])}"
    if "." in (said["digits"] or ""):
        part = Fraction(said["digits"] or "") / _WHOLE
        return str(part) if 0 < part <= 1 else ""
    percent = whole(said["han"] or said["digits"] or "")
    return f"{percent}/{_WHOLE}" if 0 < percent <= _WHOLE else ""


def _bound(before: str, after: str) -> str:
    if _LEAST.search(before) or after.startswith("以上"):
        return "minimum"
    return "maximum" if _MOST.search(before) or re.match("之?以?内|以下", after) else ""
