"""What keeps somebody off a panel, in the words of a clause: interests, colleagues, rounds in a row, too few years of practice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.catalog.law_text.numbers import NUMERAL, whole
from service.catalog.law_text.preset import squeezed

_WHO = "(?:专家|评审员|评审人员|评审组|评审(?:工作)?的?(?:工作)?人员|参与[^，。；]{0,14}评审)"
_INTEREST = re.compile(
    f"(?:利害关系|利益关系)[^。；]{{0,30}}(?:回避|不得|不能)|(?:不得|不能)参加[^。；]{{0,14}}(?:利害关系|利益关系)|{_WHO}[^。；]{{0,60}}应[当该]?(?:主动)?(?:申明并|申请)?(?:回避|退出[^，。；]{{0,4}}(?:评审|表决))"
)
_APART = re.compile("(?:来自|属于)?不同(?:的)?(?:单位|组织|机构)")
_COLLEAGUES = re.compile(
    rf"(?:同一|每个?|一个)(?:单位|组织|机构)的?[^。；]{{0,10}}?(?:不得?超过|不得?多于|最多|至多|只能?有?|限)(?:为|派|推荐)?{NUMERAL}(?:名|人|位)"
)
_NOT_TOGETHER = re.compile("同一(?:单位|组织|机构)的?[^。；]{0,12}(?:不得|不能)(?:同时|一同|共同)")
_ROUNDS = re.compile(
    rf"连续(?!任职|受聘|聘任|连任)[^，。；]{{0,12}}?{NUMERAL}(?:届|次)[^。；]{{0,16}}?(?:轮换|轮空|回避|不得|不再)"
    rf"|连续(?:参加|参与|担任|从事)[^，。；]{{0,12}}?(?:不得?超过|不得?多于)(?P<most>[0-9]{{1,2}}|[一二两三四五六])(?:届|次)"
)
_PRACTICE = re.compile(rf"{NUMERAL}年(?:及)?以上[^。；]{{0,30}}?(?:经历|经验|从业|工作)")
_ABOUT_EXPERTS = re.compile(_WHO)
_LOOKED_BACK = re.compile(rf"(?:近|最近|前|过去){NUMERAL}年")
Found = tuple[str, str, str]


def expert_limits(text: str) -> tuple[Found, ...]:
    """Return what ``text`` says of the panels: which limit, its number ("" where the text has none) and its words.

    The limits are interest, employer, rounds and practice, each at most once.
    """
    said = squeezed(text)
    if not _ABOUT_EXPERTS.search(said) and not _INTEREST.search(said):
        return ()
    return tuple(_found(said))


def _found(text: str) -> Iterator[Found]:
    if interest := _INTEREST.search(text):
        back = _LOOKED_BACK.search(text)
        ends = [hit.span() for hit in (interest, back) if hit is not None]
        words = text[min(start for start, _ in ends) : max(end for _, end in ends)]
        yield "interest", str(whole(back["n"])) if back else "", words
    most, together = _COLLEAGUES.search(text), _NOT_TOGETHER.search(text) or _APART.search(text)
    if most or together:
        hit = most or together
        yield "employer", str(whole(most["n"])) if most else "1", hit[0] if hit else ""
    if rounds := _ROUNDS.search(text):
        yield "rounds", str(whole(rounds["most"] or rounds["n"])), rounds[0]
    if (practice := _PRACTICE.search(text)) and _ABOUT_EXPERTS.search(text):
        yield "practice", str(whole(practice["n"])), practice[0]
