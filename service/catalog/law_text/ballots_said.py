"""Whether a text lets a vote be repeated that did not bring enough votes."""

from __future__ import annotations

import re

_NEVER = re.compile("不再(?:进行|组织)?(?:第二次|再次)?(?:投票|表决)|只(?:进行|投票|表决)一(?:次|轮)(?:投票|表决)?")
_ONCE = re.compile(
    "(?:可以|可|应当|应|则)?(?:再|再次|重新|进行第二次|进行第二轮)(?:进行|组织)?(?:一次)?(?:投票|表决)"
    "|(?:可以|可|应当|应|则)?再投(?:票)?[一1](?:次|轮)"
    "|(?:可以|可|应当|应|则)?(?:进行|组织|再)?(?:一次|1次)?(?:复投|重投|补投)(?:一次|1次)?"
)

_MADE = "(?:列为|列入|确定为|评为|评定为|作为|产生)"
_FIRST_ROUND, _SECOND_ROUND = re.compile("第[一1]轮"), re.compile("第[二2两]轮")
_BECOMES = re.compile(f"(?<!未)(?<!没有){_MADE}([^，。；、]{{1,16}})")
"""What somebody is made: the prize, or the list of its candidates."""


def rounds_apart(text: str) -> bool:
    """Tell whether ``text`` gives each round a prize of its own: 第一轮…列为金奖候选，其余的第二轮…列为银奖候选 repeats no vote."""
    return any(_gives_each_its_own(sentence) for sentence in text.split("。"))


def _gives_each_its_own(sentence: str) -> bool:
    begins = _FIRST_ROUND.search(sentence)
    first = _BECOMES.search(sentence, begins.end()) if begins else None
    goes_on = _SECOND_ROUND.search(sentence, first.start(1) + 1) if first else None
    second = _BECOMES.search(sentence, goes_on.end()) if goes_on else None
    if first is None or goes_on is None or second is None:
        return False
    return sentence[first.start(1) : min(first.end(1), goes_on.start())] != second[1]


def ballots_said(text: str) -> tuple[str, str] | None:
    """Return how many ballots there are as somebody would type it, with the words; None where the text says nothing.

    That a place may stay vacant (空缺) says nothing of it: it may be so after one ballot or after two.
    """
    if rounds_apart(text):
        return None
    never = _NEVER.search(text)
    if never is not None:
        return "1", never[0]
    once = _ONCE.search(text)
    return ("2", once[0]) if once is not None else None
