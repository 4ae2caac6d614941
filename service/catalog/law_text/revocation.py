"""What a clause on revocation says itself: its grounds, who proposes and decides, and its numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from service.catalog.law_text.numbers import whole
from service.catalog.law_text.preset import sentences, squeezed
from service.domain.text import Text
from service.domain.wording.numbers import HAN_NUMERAL

_N = rf"([0-9]{{1,3}}|两|{HAN_NUMERAL})"
_NAMED = re.compile(
    r"弄虚作假|提供虚假[^，。；、:：]{0,10}|骗取[^，。；、:：]{0,10}|发生[^，。；:：]{2,24}?(?:事故|事件|问题)"
    r"|(?:存在|有)[^，。；、:：]{2,16}(?:行为|违法犯罪)|采取不正当手段|行贿|贿赂|严重失信[^，。；、:：]{0,6}|冒用[^，。；、:：]{0,8}"
)
_WRONG = re.compile(
    "弄虚作假|虚假|骗取|欺骗|隐瞒|不正当|贿|舞弊|冒用|伪造|(?:发生|出现)[^。；]{0,24}(?:事故|事件|问题|案件)|行为|违法|犯罪|失信"
    "|拒不|拒绝|不合格|未按(?:[时期]|[^。；]{0,8}(?:要求|规定))|被(?:依法)?(?:追究|判处)|破产|停产|转让|出租|滥用|未通过"
)
"""Words of what an award is revoked for."""
_CONDITION = re.compile(r"(?P<said>[^。；;：:]*?)的(?=[，,。；;]|$|(?:获奖)?(?:组织|企业|单位|个人|者)[，,])")
_WHOSE = re.compile(
    "^(?:对|凡|对于|如|若|因)?(?:发现)?(?:已?(?:获奖|得奖|授奖|受奖)(?:的)?(?:组织|企业|单位|个人|者)+(?:和个人)?|获得[^，。；]{0,12}?奖的(?:组织|企业|单位|个人|者)"
    "|申报(?:组织|单位|者)|组织|企业)?(?:或者?个人|、个人)?(?:有(?!效|关))?"
)
_ANSWERS_FOR = re.compile("^[^。；]*?负责，")
"""What stands before the ground in its sentence: 对材料的真实性负责，隐瞒有关情况的."""
_WITHIN = re.compile(rf"^(?:自|在)?(?:获奖|授奖|表彰)(?:后|之日起|以后)[^。；]{{0,4}}{_N}年(?:之?内|以内)[，,]?")
_OR = re.compile("[，,](?:或者?|以及)")
_NO_GROUND = re.compile("(?:情形|行为|情况)之一|退回|交回|返还|缴|构成犯罪|工作人员|评审(?:专家|人员|员)")
_LISTED = re.compile("(?:情形|行为|情况)之一")
_ITEM = re.compile(r"^(?:[（(][一二三四五六七八九十0-9]{1,3}[）)]|[0-9]{1,2}[.．、])")
"""What numbers an item of a list: （一）, 1."""
_STANDS_ALONE = re.compile(r"[（(][一二三四五六七八九十0-9]{1,3}[）)][^。；：]{2,48}[。；]?")
"""An item that says one thing, in a clause of its own."""
GROUNDS_APART = "；"
"""What stands between the grounds of one revocation, as somebody types them."""
WITHIN_YEARS = re.compile(rf"(?:获奖|授奖|表彰)(?:后|之日起|以后)[^。；]{{0,4}}{_N}年(?:之?内|以内)")
"""Within how many years after an award a ground lies."""
_NUMBERS: Mapping[str, re.Pattern[str]] = {
    "within_years": WITHIN_YEARS,
    "inquiry_days": re.compile(rf"{_N}个工作日(?:之?内|以内)[^。；]{{0,12}}(?:调查|核实|查明)"),
    "hearing_days": re.compile(
        rf"{_N}个工作日(?:之?内|以内)?[^，。；]{{0,12}}(?:陈述|申辩)"
        rf"|(?:陈述|申辩)[，。；][^。；]{{0,30}}?{_N}个工作日(?:之?内|以内)(?:书面)?提出"
        rf"|(?:陈述|申辩)(?:的|[^。；，0-9]{{0,6}}，)?(?:期限?|时间|时限)[^，。；0-9]{{0,8}}?{_N}个工作日"
    ),
}
_BACK = re.compile("(?:收回|追回|追缴|缴回|交回|退回|返还)(?P<things>[^。；]{2,30})")
_THINGS = {"certificate": "证书", "plaque": "奖牌|牌匾|匾牌|奖杯", "prize": "奖金|奖励资金"}
_PROPOSES = r"{name}[^，。；]{{0,6}}(?:提请|提出|建议|报请|报)"
_DECIDES = r"(?:(?:报|经|由|提请)[^，。；]{{0,12}}{name}|{name})(?:(?!提请|提出|报)[^，。；]){{0,8}}(?:批准|审定|决定|同意|撤销)"


def grounds_in(text: str) -> tuple[str, ...]:
    """Return every ground that a clause on revocation names, each in its words: one after another, in the order of the text.

    A condition of two parts (骗取奖项，或者发生事故) is two grounds.
    """
    found: list[str] = []
    listed = _LISTED.search(text) is not None
    for sentence in sentences(squeezed(text)):
        for hit in _CONDITION.finditer(sentence):
            said = _ANSWERS_FOR.sub("", hit["said"].lstrip("，,"))
            item = _ITEM.sub("", said)
            if (speaks_of_grounds(item) or (listed and _is_item(said))) and "申报资格" not in sentence:
                found += [part for part in _OR.split(_WHOSE.sub("", item)) if part]
    if len(found) == 1:  # of several it is said which of them lies within so many years
        found = [_WITHIN.sub("", found[0])]
    if not found and "申报资格" not in text:
        found = [hit[0].removesuffix("的") for hit in _NAMED.finditer(squeezed(text))]
    if (
        not found and _STANDS_ALONE.fullmatch(squeezed(text)) and not _NO_GROUND.search(text)
    ):  # an item of a list that another clause begins
        found = [_WITHIN.sub("", _ITEM.sub("", squeezed(text))).rstrip("；;。").removesuffix("的")]
    return tuple(dict.fromkeys(found))


def speaks_of_grounds(part: str) -> bool:
    """Tell whether a part of a clause on revocation says what an award is revoked for."""
    return (_WRONG.search(part) is not None and not _NO_GROUND.search(part)) or _is_item(part)


def _is_item(part: str) -> bool:
    """Tell whether a part is an item of a list, of which nothing was read yet; whatever it says, the list is one of grounds."""
    return _ITEM.match(part) is not None and "\0" not in part and not _NO_GROUND.search(part)


def revocation_said(text: str) -> dict[str, tuple[str, str]]:
    """Return what ``text`` answers of itself, each with its words: its grounds, and its numbers."""
    grounds = GROUNDS_APART.join(grounds_in(text))
    found = {"ground": (grounds, grounds)} if grounds else {}
    for key, words in _NUMBERS.items():
        if (hit := words.search(text)) and (key != "within_years" or hit[0] not in grounds):
            found[key] = str(whole(next(filter(None, hit.groups())))), hit[0]
    return found


def revocation_presets(text: str, roles: Iterable[tuple[str, Text]]) -> dict[str, str]:
    """Return the answers that ``text`` gives of itself, as somebody would type them; what it does not say is left out.

    ``roles`` are those who may act, with their names.
    """
    found = {question: answer for question, (answer, _) in revocation_said(text).items()}
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
