"""Numbers in the words of a regulation: how much of what, in digits or Chinese numerals, with the bound that is said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from service.catalog.law.law import Clause
from service.catalog.parameters.parameters import Unit
from service.domain.text import Text
from service.domain.wording.numbers import read_han

_HAN = "一二两三四五六七八九十百"
NUMERAL = rf"(?P<n>[0-9]{{1,3}}|[{_HAN}]{{1,5}})"
DAYS = rf"{NUMERAL}(?P<unit>个?工作日|个?自然日|个?日历日|日|天)"
_NOT_WITHIN = rf"(?<![0-9.〇零{_HAN}千万亿第月])(?<![0-9][,，])(?<!日[至到-])"
"""Not part of a longer number, of a day (6月30日, 3月1日至31日) or of what is numbered (第三名)."""
_GROUPED = r"[0-9]{1,3}(?:[,，][0-9]{3})+"
_COUNTED = rf"(?P<n>{_GROUPED}|[0-9]{{1,4}}|[{_HAN}]{{1,5}})"
_AMOUNT = rf"{_NOT_WITHIN}(?P<n>(?:{_GROUPED}|[0-9]{{1,9}})(?:\.[0-9]{{1,4}})?|[{_HAN}]{{1,6}})(?P<times>[万亿]?)元"
_SHARE_OF = (
    rf"{_NOT_WITHIN}(?P<under>[二三四五六七八九十])分之(?P<over>[一二两三四五六七八九十])"
    rf"|{_NOT_WITHIN}(?P<part>[1-9])/(?P<whole>[2-9]|10)(?![0-9/])"
)
_PERCENT = (
    rf"百分之(?P<han>[{_HAN}]{{1,5}})(?![{_HAN}点])"
    rf"|{_NOT_WITHIN}(?P<digits>[0-9]{{1,3}}(?:\.[0-9]{{1,4}})?)[%％]"
)
_COUNTERS = "个(?!工作日|自然日|日历日|月|年|完整|百分点|阶段|环节|等级)|家|名|项|位|人(?![民次大])"
_SIGNS = (
    (Unit.CALENDAR_DAYS, re.compile(_NOT_WITHIN + DAYS)),
    (Unit.MONTHS, re.compile(rf"{_NOT_WITHIN}{NUMERAL}个月")),
    (Unit.YEARS, re.compile(rf"{_NOT_WITHIN}{NUMERAL}(?:个?(?:完整)?(?:周?年|会计年度)(?!度|月)|个(?:完整)?年度)")),
    (Unit.COUNT, re.compile(rf"{_NOT_WITHIN}{_COUNTED}(?:{_COUNTERS})")),
    (Unit.COUNT, re.compile(rf"(?:位列|名列|位次|排名|排在|名次)(?:在|为)?第{_COUNTED}名(?=(?:之|以)(?:后|外|下))")),
    (Unit.POINTS, re.compile(rf"{_NOT_WITHIN}{_COUNTED}分(?!之|别|期|数|类|组|为|配|点)")),
    (Unit.YUAN, re.compile(_AMOUNT)),
    (Unit.FRACTION, re.compile(f"{_SHARE_OF}|{_PERCENT}|(?P<half>半数)")),
)  # fmt: skip
_RANGE = re.compile(rf"{_NOT_WITHIN}(?P<low>[0-9]{{1,4}}|[{_HAN}]{{1,5}})(?:个|名|家|人)?[至到~～—–-]$")
"""What stands before the upper end of a range: “三至五名”."""
_TIMES = {"": 1, "万": 10_000, "亿": 100_000_000}
_ANY = re.compile(rf"[0-9０-９{_HAN}半壹贰叁肆伍陆柒捌玖拾佰]")
"""What every number has: most texts hold none."""
_BETWEEN_WORDS = "(?:为|是|提前|推荐|累计|合计|总计|共|人民币|每家|可以?|评选|评出|评定|授予|设立?|产生|表彰|选出)*"
_MOST = re.compile(
    rf"(?:不得?超过|不得?超出|不得?多于|不得?高于|不得?大于|不得?长于|至多|最多|最高|最长){_BETWEEN_WORDS}$"
)
_LEAST = re.compile(
    rf"(?:不得?少于|不得?低于|不得?小于|不得?短于|至少|最少|最低|达到|(?<![不未期])满|须满){_BETWEEN_WORDS}$"
)
_WITHIN = re.compile("(?:组织|单位|企业)?(?:以内|之内|内|以下|及以下)")
_OF_ALL = "[^，。；、0-9]{1,12}"
"""What a share is one of: “不超过申报总数的30%”, “超过出席人数三分之二”."""
_MOST_OF = re.compile(rf"(?:不得?超过|不得?多于|不得?高于){_OF_ALL}$")
_LEAST_OF = re.compile(rf"(?:不得?少于|不得?低于|达到){_OF_ALL}$")
_SHORT_WORDS = "(?:(?<!不)(?<!不得)(?:低于|少于)|不足|不满|未满|未达到?|达不到|不到)"
_SHORT = re.compile(f"{_SHORT_WORDS}$")
_SHORT_OF = re.compile(f"{_SHORT_WORDS}{_OF_ALL}$")
_REFUSED = re.compile(
    "^[^，。；]{0,10}(?:的，|，|的)?[^，。；]{0,8}(?:不得|不予|不能|不再|不列|不进|不参|取消|淘汰|空缺|退出|终止|无效)"
)
"""“低于600分的不列为候选”: what is short of it is refused, so it is the least."""
_LEFT_VACANT = re.compile("^[^，。；]{0,10}(?:的，|，|的)?[^，。；]{0,8}空缺")
"""“未达到2个的，名额可以空缺”: fewer are awarded, and the number is the most that was said before."""
_LOOKED_BACK = re.compile("(?:近|最近|此前|以前|前)$")
_HELD_IN = re.compile("^[（(](?:含|包括|包含)[^）)]{0,6}[）)]")
_AGAIN = re.compile(r"[（(](?:均|都)?不?(?:含|包括|包含)$")
"""Where a number is said again: 半数以上（不含半数）."""
_BETWEEN = re.compile("[,，]")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．", "0123456789.")
_FORMAL = re.compile("[壹贰叁肆伍陆柒捌玖拾佰]+(?=[万亿]?元)")
"""An amount in the numerals of documents, which nobody can alter."""
_PLAIN = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰", "一二三四五六七八九十百")
_WHOLE = 100
_BESIDE = 16
_BOUNDS = {"minimum": Text("下限", "least"), "maximum": Text("上限", "most")}


@dataclass(frozen=True, slots=True)
class LawNumber:
    """A number: ``value`` as somebody types it, ``words`` those of the text, what stands ``before`` and ``after`` in its clause.

    A share is written as a fraction (3/5). ``bound`` is minimum, maximum or "" where the text draws none. A range (三至五名)
    is two numbers.
    """

    value: str
    unit: Unit
    words: str
    before: str
    after: str
    bound: str


def numbers_in(text: str) -> tuple[LawNumber, ...]:
    """Return the numbers of ``text`` in its order; days of the calendar such as 6月30日 and numbers of articles are none."""
    if not _ANY.search(text):
        return ()
    text = re.sub(r"\s+", "", text).translate(_FULL_WIDTH)
    written, text = text, _FORMAL.sub(lambda hit: hit[0].translate(_PLAIN), text)
    found = sorted(
        ((hit.start(), unit, hit) for unit, sign in _SIGNS for hit in sign.finditer(text)), key=lambda one: one[0]
    )
    return tuple(
        replace(number, words=number.words.replace(hit[0], written[hit.start() : hit.end()]))
        for _, unit, hit in found
        for number in _number(text, unit, hit)
    )


def number_words(clause: Clause) -> tuple[Text, ...]:
    """Return each number of a clause between the words that stand beside it, with the bound that it is."""
    return tuple(_quoted(number) for number in numbers_in(clause.text or clause.summary))


def _quoted(number: LawNumber) -> Text:
    words = f"“{number.before[-_BESIDE:]}{number.words}{number.after[:_BESIDE]}”"
    bound = _BOUNDS.get(number.bound)
    return Text(f"{words}（{bound.zh}）", f"{words} ({bound.en})") if bound else Text(words, words)


def whole(words: str) -> int:
    """Return a number that is written in digits, also in groups of three, or a Chinese numeral below 1000."""
    digits = _BETWEEN.sub("", words)
    return int(digits) if digits.isascii() else read_han(digits)


def _number(text: str, unit: Unit, hit: re.Match[str]) -> Iterator[LawNumber]:
    said = hit.groupdict()
    row, after = re.split("[，。；：]", text[: hit.start()])[-1], re.split("[，。；：]", text[hit.end() :])[0]
    before = row.rpartition("、")[2]
    if unit is Unit.CALENDAR_DAYS and "工作" in said["unit"]:
        unit = Unit.WORKING_DAYS
    value = _value(unit, said)
    if not value or _AGAIN.search(before):
        return
    low = None if unit in (Unit.FRACTION, Unit.YUAN) else _RANGE.search(before)
    if low is not None:
        before = before[: low.start()]
        yield LawNumber(str(whole(low["low"])), unit, f"{low[0]}{hit[0]}", before, after, "minimum")
        yield LawNumber(value, unit, f"{low[0]}{hit[0]}", before, after, "maximum")
        return
    yield LawNumber(value, unit, hit[0], before, after, _bound(unit, before, text[hit.end() :]))


def _value(unit: Unit, said: Mapping[str, str | None]) -> str:
    """Return the number as somebody types it, "" for a share beyond the whole."""
    if unit is Unit.FRACTION:
        return _share(said)
    words = said["n"] or ""
    if unit is Unit.YUAN:
        digits = _BETWEEN.sub("", words)
        return str(round((float(digits) if digits.isascii() else read_han(digits)) * _TIMES[said["times"] or ""]))
    return str(whole(words))


def _share(said: Mapping[str, str | None]) -> str:
    """Return a share as a fraction, "" for one beyond the whole."""
    if said["half"]:
        return "1/2"
    if said["under"]:
        return f"{read_han(said['over'] or '')}/{read_han(said['under'])}"
    if said["part"] and said["whole"]:
        return f"{said['part']}/{said['whole']}" if int(said["part"]) < int(said["whole"]) else ""
    if "." in (said["digits"] or ""):
        part = Fraction(said["digits"] or "") / _WHOLE
        return str(part) if 0 < part <= 1 else ""
    percent = whole(said["han"] or said["digits"] or "")
    return f"{percent}/{_WHOLE}" if 0 < percent <= _WHOLE else ""


def _bound(unit: Unit, before: str, after: str) -> str:
    """Return the side on which a number is a bound by the words around it, "" where they draw none, or look back (近三年)."""
    share = unit is Unit.FRACTION
    beside = _HELD_IN.sub("", after)
    if _SHORT.search(before) or (share and _SHORT_OF.search(before)):
        fewer = unit is Unit.COUNT and _LEFT_VACANT.match(beside)
        return "minimum" if _REFUSED.match(beside) and not fewer else ""
    if _LEAST.search(before) or re.match("及?以上", beside) or (share and _LEAST_OF.search(before)):
        return "minimum"
    if _LOOKED_BACK.search(before):
        return ""
    most = _MOST.search(before) or (share and _MOST_OF.search(before))
    return "maximum" if most or _WITHIN.match(beside) else ""
