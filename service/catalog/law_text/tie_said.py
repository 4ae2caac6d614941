"""What a clause says of candidates with as many votes where the places do not suffice: who of them goes first."""

from __future__ import annotations

import re
from enum import StrEnum

from service.catalog.law_text.preset import squeezed


class TieOrder(StrEnum):
    """Who of those with as many votes gets the last place."""

    OLDER = "older"
    SCORE = "score"
    BALLOT = "ballot"
    CHAIR = "chair"
    VACANT = "vacant"


_EQUAL = "(?:得?票数?|(?:赞成|同意)票数?)(?:出现)?(?:相同|相等|持平)[^。；]{0,36}?"
_SAID = (
    (
        TieOrder.OLDER,
        re.compile(f"{_EQUAL}(?:成立|登记|注册|设立)(?:时间|年限|年数|日期)?[^，。；]{{0,6}}(?:较?早|较?长)"),
    ),
    (
        TieOrder.SCORE,
        re.compile(
            f"{_EQUAL}(?:评审|评分|综合|现场)?(?:得分|分数|成绩|总分)[^，。；]{{0,8}}(?:较?高|排序|顺序|确定|优先)"
        ),
    ),
    (TieOrder.BALLOT, re.compile(f"{_EQUAL}(?:再次|重新|另行|再行|二次|第二[轮次])[^，。；]{{0,6}}(?:投票|表决)")),
    (
        TieOrder.CHAIR,
        re.compile(f"{_EQUAL}由[^，。；]{{0,10}}(?:主任委员?|主持人|组长|主席)[^，。；]{{0,6}}(?:决定|确定|裁定)"),
    ),
    (TieOrder.VACANT, re.compile(f"{_EQUAL}(?:均|都)?(?:不(?:予)?入选|空缺|不(?:予)?授[予奖]|落选)")),
)


def tie_said(text: str) -> tuple[TieOrder, str] | None:
    """Return who goes first of those with as many votes, with the words of the text; None where it does not say it."""
    said = squeezed(text)
    found = ((order, hit) for order, words in _SAID if (hit := words.search(said)))
    return next(((order, hit[0]) for order, hit in found), None)
