"""For how many rounds of an award somebody may not apply, or that they never may again, in the words of a clause: 间隔一届, 两届内, 下一届."""

from __future__ import annotations

import re

from service.catalog.law_text.counted_from import of_other_award
from service.catalog.law_text.numbers import NUMERAL, whole
from service.catalog.law_text.preset import sentences, squeezed

APPLYING = "(?:申报|参评|参加评|评选|申请|受理|参加.{0,6}奖)"
"""What a bar keeps somebody from."""
_BARRED = rf"[^。；获]{{0,10}}(?:不得|不再|不能|不予)[^，]{{0,4}}{APPLYING}"
_AGAIN = rf"[^。；获]{{0,8}}(?:方可|才能|可以?再|可以?重新)[^，]{{0,4}}{APPLYING}"
_NOT_THE_NTH = "(?<![第每])"
_SAID = (
    re.compile(rf"(?:间隔|隔){NUMERAL}届(?:以后|之后|后)?{_AGAIN}"),
    re.compile(rf"{_NOT_THE_NTH}{NUMERAL}届(?:之内|以内|内){_BARRED}"),
    re.compile(rf"(?:此后|其后|之后|获奖后|授奖后|撤销后)(?:的|连续)?{NUMERAL}届(?:之内|以内|内)?{_BARRED}"),
    re.compile(rf"{_NOT_THE_NTH}{NUMERAL}届(?:以后|之后|后){_AGAIN}"),
)
_NEXT = re.compile(rf"(?:下一?届|次届){_BARRED}|(?:隔届){_AGAIN}")

_EVER = re.compile(
    rf"(?:获|得|授|奖|撤销|取消)[^。；]{{0,24}}?(?P<said>(?:不得|不能|不再|不予)(?:再次|重复|重新|继续|再|受理其)?{APPLYING})"
)
"""A bar without an end: 获奖组织不得再次申报; not for whom a number of years, months or rounds is said in the sentence."""
_LIFELONG = re.compile(rf"(?:终身|永久|永远)[^，。；]{{0,4}}?(?:不得|不能|不再|不予)[^，。；]{{0,6}}{APPLYING}")
_WINNERS = re.compile("获奖|得奖|授奖|获得[^，。；]{0,12}奖|荣获")
_ENDS = re.compile(rf"{NUMERAL}(?:年|个月|届|次)|[下次隔]一?届|有效期|期间|同一|同时|当年|本届|其他|本级|多个|两个")
_AFRESH = re.compile("不再|再次|重复|重新|继续")
_NUMBERED = re.compile(
    rf"(?<!同)(?:间隔|隔|后|近|满)?{NUMERAL}(?:年(?!度)|个月|届)(?:之?内|以内|以后|之后|后)?[^。；]{{0,10}}"
    rf"(?:不得|不再|不能|不予|方可|才能|可以?再|可以?重新)[^，。；]{{0,6}}{APPLYING}"
)
_N = r"(?:[0-9]{1,2}|[一二两三四五六七八九十]{1,3})"
_OTHER = re.compile(
    rf"(?:间隔|隔|连续|此后|后)?{_N}(?:届|次)(?:之?内|以内|以后|后)?[^。；]{{0,10}}(?:不得|不再|不能|不予|方可|才能|可以?再)[^，]{{0,4}}{APPLYING}"
)
"""Bars that count rounds, or times, in a way that somebody has to say."""
_WHILE_VALID = re.compile(
    rf"有效期内[^，。；]{{0,8}}(?:不得|不能|不再|不予)[^，。；]{{0,6}}{APPLYING}|仍?(?:处于|在)[^，。；]{{0,6}}有效期内(?=的?[；。]?$)"
    rf"|期满(?:后|以后|之后)?[^，。；]{{0,4}}(?:方可|才能|可以?)[^，。；]{{0,4}}{APPLYING}"
)


UNTIL_THEN = re.compile(
    r"自(?:获奖|授奖|表彰|撤销|取消)[^，。；]{0,6}起(?P<said>(?:[0-9]{1,2}|[一二两三四五六七八九十]{1,3})(?:年|个月)(?:之|以)?内)(?=的?[；;。]?$)"
)
"""An item of those who may not apply that ends with its time: 已获质量奖的，自获奖之日起四年内."""


def barred_while_valid(text: str) -> str | None:
    """Return the words of ``text`` by which who holds a title may not apply until it lapses; None without."""
    found = _WHILE_VALID.search(squeezed(text))
    return found[0] if found is not None else None


def rounds_unread(text: str) -> str | None:
    """Return the words of a bar in ``text`` (no blanks) that counts rounds or times in a way that is not read."""
    found = _OTHER.search(text)
    return found[0] if found is not None else None


def bars_applying(text: str) -> bool:
    """Tell whether ``text`` keeps somebody from applying for years, months or rounds, or for ever."""
    said = squeezed(text)
    return bool(_NUMBERED.search(said)) or any((rounds_barred(said), barred_ever(said), rounds_unread(said)))


def barred_ever(text: str) -> str | None:
    """Return the words of ``text`` (no blanks) by which who won or lost an award may never apply again; None without."""
    for sentence in sentences(text):
        if lifelong := _LIFELONG.search(sentence):
            return lifelong[0]
        hit = _EVER.search(sentence)
        if hit is not None and _AFRESH.search(hit["said"]) and not _ENDS.search(sentence):
            return hit["said"]
    return None


def barred_for_life(text: str) -> bool:
    """Tell whether ``text`` keeps somebody from applying as long as it lives."""
    return _LIFELONG.search(squeezed(text)) is not None


def names_winners(text: str) -> bool:
    """Tell whether ``text`` speaks of who won an award of the place: not of another place's."""
    said = squeezed(text)
    return _WINNERS.search(said) is not None and not of_other_award(said)


def rounds_barred(text: str) -> tuple[int, str] | None:
    """Return for how many rounds somebody may not apply, with the words of ``text`` (no blanks); None where it says none.

    So many rounds are passed over: of 间隔一届 and of 一届内 the next one.
    """
    for sign in _SAID:
        hit = sign.search(text)
        if hit is not None and 0 < whole(hit["n"]) < 100:
            return whole(hit["n"]), hit[0]
    following = _NEXT.search(text)
    return (1, following[0]) if following is not None else None
