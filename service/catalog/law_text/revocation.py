"""What a clause on revocation says itself: its ground, who proposes and decides, and its numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from service.domain.han_numerals import HAN_NUMERAL, read_han
from service.domain.text import Text

_N = rf"([0-9]{{1,3}}|{HAN_NUMERAL})"
_GROUNDS = re.compile(
    r"弄虚作假|提供虚假[^，。；、:：]{0,10}|骗取[^，。；、:：]{0,10}|发生[^，。；:：]{2,24}?(?:事故|事件|问题)"
    r"|(?:存在|有)[^，。；、:：]{2,16}(?:行为|违法犯罪)|采取不正当手段|行贿|贿赂|严重失信[^，。；、:：]{0,6}|冒用[^，。；、:：]{0,8}"
)
_NUMBERS: Mapping[str, re.Pattern[str]] = {
    "within_years": re.compile(rf"(?:获奖|授奖|表彰)(?:后|之日起|以后)[^。；]{{0,4}}{_N}年(?:之?内|以内)"),
    "inquiry_days": re.compile(rf"{_N}个工作日(?:之?内|以内)[^。；]{{0,12}}(?:调查|核实|查明)"),
    "hearing_days": re.compile(rf"{_N}个工作日(?:之?内|以内)?[^，。；]{{0,12}}(?:陈述|申辩)"),
}
_BACK = re.compile("(?:收回|追回|追缴|缴回|交回|退回|返还)(?P<things>[^。；]{2,30})")
_THINGS = {"certificate": "证书", "plaque": "奖牌|牌匾|匾牌|奖杯", "prize": "奖金|奖励资金"}
_PROPOSES = r"{name}[^，。；]{{0,6}}(?:提请|提出|建议|报请|报)"
_DECIDES = r"(?:(?:报|经|由|提请)[^，。；]{{0,12}}{name}|{name})(?:(?!提请|提出|报)[^，。；]){{0,8}}(?:批准|审定|决定|同意|撤销)"


def revocation_presets(text: str, roles: Iterable[tuple[str, Text]]) -> dict[str, str]:
    """Return the answers that ``text`` gives of itself, as somebody would type them; what it does not say is left out.

    ``roles`` are those who may act, with their names.
    """
    found = {"ground": hit[0]} if (hit := _GROUNDS.search(text)) else {}
    for key, words in _NUMBERS.items():
        if hit := words.search(text):
            found[key] = str(int(hit[1]) if hit[1].isascii() else read_han(hit[1]))
    back = "".join(hit["things"] for hit in _BACK.finditer(text))
    things = [thing for thing, words in _THINGS.items() if re.search(words, back)]
    if things:
        found["recover"] = " ".join(things)
    known = [(role, re.escape(name.zh.partition("（")[0])) for role, name in roles]
    for key, shape in (("proposer", _PROPOSES), ("decider", _DECIDES)):
        role = next((role for role, name in known if re.search(shape.format(name=name), text)), None)
        if role is not None:
            found[key] = role
    return found
