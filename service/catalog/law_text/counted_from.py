"""From what the years, months or rounds of a condition count, in the words of a clause: an award, a revocation, or back from the application."""

from __future__ import annotations

import re
from collections.abc import Iterable

from service.domain.han_numerals import HAN_NUMERAL

_N = rf"(?:[0-9]{{1,2}}|两|{HAN_NUMERAL})"
_PERIOD = rf"{_N}(?:年|个月|届)"
_BACK = (
    re.compile(
        rf"(?:近|最近|此前|申报(?:之日)?(?:以)?前|前)\s*{_N}个?(?:完整)?(?:会计)?(?:年|月)(?:度)?(?:之|以)?内?[，,]?\s*"
        r"(?:未(?:曾|有)?|没有|无|不存在)(?P<what>[^。；;，]{2,40})"
    ),
    re.compile(
        rf"(?:近|最近|此前|申报(?:之日)?(?:以)?前)\s*{_N}个?(?:年|月)(?:度)?(?:之|以)?内(?P<held>[^，。；;未无]{{0,36}}?"
        r"(?:查处|处罚|处分|记录|通报|追究|事故|案件|不合格|失信|投诉)[^，。；;]{0,4}?)的(?:[，。；;]|$)"
    ),
    re.compile(
        rf"(?:发生|存在|受到)(?P<after>[^，。；]{{2,24}}?)(?:的|之日起)[^。；]{{0,12}}{_PERIOD}(?:之|以)?内?[^。；]{{0,4}}不(?:得|能|予)"
    ),
)
_HAPPENS = re.compile("有|曾|因|被|受|发生|存在|出现")
"""How words begin that say of themselves that something happened."""
_REVOKED = re.compile(rf"(?:撤销|取消)[^，。；]{{0,10}}(?:奖|称号|荣誉|资格)[^。；]{{0,24}}{_PERIOD}")
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
        what = told.get("what") or told.get("held") or f"发生{told.get('after', '')}"
        named = f"出现{what}" if told.get("held") and not _HAPPENS.match(what) else what
        return {"since": ("event", back[0]), "what": (named.strip("、"), what)}
    if (revoked is None) == (awarded is None):
        return {}
    hit = revoked or awarded
    if revoked is None and of_other_award(text, own):
        return {}
    return {"since": ("revocation" if revoked else "award", hit[0])} if hit else {}
