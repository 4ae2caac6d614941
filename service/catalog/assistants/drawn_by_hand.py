"""What a clause demands that no assistant writes, with how it is drawn, step by step."""

from __future__ import annotations

import re
from dataclasses import dataclass

from service.catalog.law_text.preset import squeezed
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class DrawnByHand:
    """What a clause ``asks``, and the ``steps`` in which it is drawn: on which page, which element, which shared piece."""

    asks: Text
    steps: tuple[Text, ...]


_WITNESS = DrawnByHand(
    Text("现场评审时有人在场见证", "Somebody present as a witness at the visit"),
    (
        Text(
            "“表单”：新建“现场见证”，有见证人、见证日期两栏，引用这一条。",
            "“Forms”: add one of the witness, with the name and the day, citing this clause.",
        ),
        Text(
            "流程图“申报”：在现场评审（被调用的专家评审）以后画一个任务“现场见证”，角色选推荐单位或者所在地的部门，单位填公式 "
            "case.recommender，表单选“现场见证”，引用这一条。",
            "Diagram of applications: behind the visit (the called review) draw a task; its role is that of the district, its body "
            "case.recommender, its form that of the witness; it cites this clause.",
        ),
        Text(
            "“情景”：评审以后加“现场见证”一步，期望这个任务已经办完，证明这一条。",
            "“Scenarios”: add the task behind the review and expect it done, proving this clause.",
        ),
    ),
)
_STILL_EQUAL = DrawnByHand(
    Text("仍相同的怎样决定", "What decides where they are equal again"),
    (
        Text(
            "助手“得票相同的次序”只写第一个次序：再相同的，名额空缺，表决结果中写明。",
            "The assistant of equal votes writes the first order alone: who is equal again leaves the place vacant, and the result says so.",
        ),
        Text(
            "条文由主持人决定的：第一个次序也改由主持人把关时，在助手中选“由主持人决定”，并在表决的提示（candidates 的 hint）中列出成立日期，"
            "引用这一条。",
            "Where the chair decides then: choose “the chair decides” as the order, and let the hint of the candidates show the day of "
            "founding, citing this clause.",
        ),
    ),
)
_BY_HAND = (
    (re.compile("(?:得?票数?)(?:相同|相等)[^。]{0,40}仍然?(?:相同|相等)"), _STILL_EQUAL),
    (re.compile("现场[^。；]{0,60}(?:见证|在场)"), _WITNESS),
)


def drawn_by_hand(text: str) -> tuple[DrawnByHand, ...]:
    """Return what ``text`` demands and no assistant writes, with how it is drawn."""
    said = squeezed(text)
    return tuple(how for asked, how in _BY_HAND if asked.search(said))
