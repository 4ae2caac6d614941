"""Whether a text lets a vote be repeated that did not bring enough votes."""

from __future__ import annotations

import re

_NEVER = re.compile("不再(?:进行|组织)?(?:第二次|再次)?(?:投票|表决)|只(?:进行|投票|表决)一(?:次|轮)(?:投票|表决)?")
_ONCE = re.compile(
    "(?:可以|可|应当|应|则)?(?:再|再次|重新|进行第二次|进行第二轮)(?:进行|组织)?(?:一次)?(?:投票|表决)"
    "|(?:可以|可|应当|应|则)?再投(?:票)?[一1](?:次|轮)"
    "|(?:可以|可|应当|应|则)?(?:进行|组织|再)?(?:一次|1次)?(?:复投|重投|补投)(?:一次|1次)?"
)


def ballots_said(text: str) -> tuple[str, str] | None:
    """Return how many ballots there are as somebody would type it, with the words; None where the text says nothing.

    That a place may stay vacant (空缺) says nothing of it: it may be so after one ballot or after two.
    """
    never = _NEVER.search(text)
    if never is not None:
        return "1", never[0]
    once = _ONCE.search(text)
    return ("2", once[0]) if once is not None else None
