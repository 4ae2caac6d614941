"""From what the years, months or rounds of a condition count, in the words of a clause: an award, a revocation, or back from the application."""

from __future__ import annotations

import re
from collections.abc import Iterable

from service.domain.wording.numbers import HAN_NUMERAL

_N = rf"(?:[0-9]{{1,2}}|两|{HAN_NUMERAL})"
_PERIOD = rf"{_N}(?:年|个月|届)"
_NOT = "(?:未(?:曾|有)?|没有|无|不存在)"
HAPPENED = "(?:被(?!授予|评|认定|表彰|命名|推荐|确定|选)|受(?:到|过)|曾?因|发生|出现|存在|列入(?![^，。；]{0,8}示范)|涉嫌|拒不|违反)"
"""How words begin that say of themselves that something went wrong."""
_BACK = (
    re.compile(
        rf"(?:近|最近|此前|申报(?:之日)?(?:以)?前|前)\s*{_N}个?(?:完整)?(?:会计)?(?:年|月)(?:度)?(?:之|以)?内?[，,]?\s*"
        rf"(?:(?:所在|本|该|申报)?(?:组织|单位|企业))?(?P<where>在[^，。；;]{{2,24}}?中)?{_NOT}(?P<what>[^。；;，]{{2,60}})"
    ),
    re.compile(
        rf"(?:近|最近|此前|申报(?:之日)?(?:以)?前)\s*{_N}个?(?:年|月)(?:度)?(?:(?:之|以)?内)?(?P<held>[^，。；;未无]{{0,48}}?"
        rf"(?:查处|处罚|处分|记录|通报|追究|事故|案件|不合格|失信|投诉)[^，。；;]{{0,4}}?|{HAPPENED}[^，。；;未无]{{2,48}}?)"
        r"的(?:组织|企业|单位|个人|申报者)?(?:[，。；;]|$)"
    ),
    re.compile(
        rf"(?:发生|存在|受到)(?P<after>[^，。；]{{2,24}}?)(?:的|之日起)[^。；]{{0,12}}{_PERIOD}(?:之|以)?内?[^。；]{{0,4}}不(?:得|能|予)"
    ),
)
_ASIDE = re.compile(r"[（(][^（()）]*[）)]")
_NEXT_PART = re.compile(rf"[，,、]{_NOT}(?P<what>[^。；;，]{{2,60}})")
"""Something else that did not happen in the same years: 无重大事故，无严重违法行为."""
_BUT_GOOD = re.compile("且(?=信用|信誉|诚信|经营|运行|具有|符合|依法|能够|无|没有|未)|[（(]")
_HAPPENS = re.compile("有|曾|因|被|受|发生|存在|出现|列入|涉嫌|拒|违反")
"""How words begin that say of themselves that something happened."""
_OCCURS = ("事故", "事件", "案件", "纠纷")
_THING = re.compile(f"{'|'.join(_OCCURS)}|记录|行为|情形|问题|投诉")
_NAMED = re.compile(f"(?:{_THING.pattern})$")
"""Nouns of what happened or is there, the first of which takes the verb: 近三年内无重大质量事故，无严重失信记录."""
_REVOKED = re.compile(
    rf"(?:撤销|取消)[^，。；]{{0,10}}(?:奖|称号|荣誉|资格)[^。；]{{0,24}}{_PERIOD}"
    rf"|撤销(?:之日起|之后|以后|后)[^，。；]{{0,6}}{_PERIOD}"
)
_AWARDED = re.compile(
    rf"(?:获奖|授奖|表彰|荣获|获得[^，。；]{{0,8}}奖|曾获|已获)[^。；]{{0,24}}?{_PERIOD}"
    rf"|{_PERIOD}(?:之|以)?内[^。；]{{0,6}}(?:获奖|获得|已获|曾获)"
)


_OTHER_AWARD = re.compile(
    "(?:自治区|国家|中国|全国|兵团|自治州|地区|省|州|市|县|区|上级|其他)[^，。；本]{0,10}(?:奖(?!励|金)|荣誉|称号)"
)
"""An award with the name of a place or a level: it may be another body's than the one that is given here."""


def of_other_award(text: str, own: Iterable[str] = ()) -> bool:
    """Tell whether ``text`` names an award by a place or a level: whose it is has to be asked, it is not assumed.

    ``own`` are the names by which the regulation calls the award that is given here: those are no others.
    """
    for name in sorted(own, key=len, reverse=True):
        text = text.replace(name, "本奖")
    return _OTHER_AWARD.search(text) is not None


def counted_from(text: str, own: Iterable[str] = ()) -> dict[str, tuple[str, str]]:
    """Return what ``text`` answers: ``since`` and, where it counts back, ``what`` did not happen; each with its words.

    Nothing where the words fit several of them, or none, nor where the award may be another one than that given here,
    which is called by the names ``own``.
    """
    text = re.sub(r"\s+", "", text)
    back = next((hit for sign in _BACK if (hit := sign.search(text))), None)
    revoked, awarded = _REVOKED.search(text), _AWARDED.search(text)
    if back is not None and revoked is None:
        told = back.groupdict()
        if told.get("what"):
            return {"since": ("event", back[0]), "what": _none_of(text, back)}
        what = told.get("held") or f"发生{told.get('after', '')}"
        named = f"出现{what}" if told.get("held") and not _HAPPENS.match(what) else what
        return {"since": ("event", back[0]), "what": (named.strip("、"), what)}
    if (revoked is None) == (awarded is None):
        return {}
    hit = revoked or awarded
    if revoked is None and of_other_award(text, own):
        return {}
    return {"since": ("revocation" if revoked else "award", hit[0])} if hit else {}


def _verb_of(what: str) -> str:
    """Return the verb that makes a sentence of what is only named: 发生重大事故, 有失信记录; "" where it is told already."""
    named = _THING.findall(what) if _NAMED.search(what) and not _HAPPENS.match(what) else []
    return "" if not named else "发生" if named[0] in _OCCURS else "有"


def _none_of(text: str, first: re.Match[str]) -> tuple[str, str]:
    """Return all that did not happen in the same years, one or the other, with the words from the first of it to the last.

    The words end before an exception: nobody has read that.
    """
    found: list[str] = []
    at: re.Match[str] | None = first
    end, spared = first.start("what"), False
    while at is not None:
        what = _BUT_GOOD.split(at["what"])[0].strip("、,，")
        found.append(re.sub(rf"(?<=、){_NOT}(?!关)", "", what))
        behind = at.start("what") + len(what)
        end = end if spared else behind
        aside = _ASIDE.match(text, behind)
        spared = spared or (aside is not None and "除外" in aside[0])
        at = _NEXT_PART.match(text, aside.end() if aside else at.end("what"))
    where = first["where"] or ""
    if where and not _HAPPENS.match(found[0]):
        where += "有"
    told = [one if at == 0 and where else f"{_verb_of(one)}{one}" for at, one in enumerate(found)]
    return f"{where}{'或者'.join(told)}", text[first.start("what") : end]
