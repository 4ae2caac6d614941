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


_SUSPENSION = DrawnByHand(
    Text("诉讼、复议期间评选程序中止", "Suspension during a suit"),
    (
        Text(
            "中止和恢复不用画：管理员在办件页暂停这一件并写明理由；暂停期间期限不届满，恢复时给已过的期限定新的届满日。",
            "Suspending needs no drawing: the administrator suspends the case on its page; no limit ends meanwhile, and those that "
            "passed get a new last day when it is resumed.",
        ),
        Text(
            '中止的不提请表决：流程图“评选届次”，“提请表决”的 candidates 中，把 status != "ended" 改成 status = "running"，引用这一条。',
            "Who is suspended is not put to the vote: in the diagram of the round, in candidates of what is put to the vote, write "
            'status = "running" for status != "ended", citing this clause.',
        ),
        Text(
            "异议、申诉还没有办结的：在“异议期限”助手中选“只是被异议的组织”等待。",
            "While an objection or appeal is open: choose in the assistant of objections that only whom it concerns waits.",
        ),
        Text(
            "“情景”：表决以前以管理员“中止”一个申报，其他的照常表决，期望它的状态是“已中止”、表决的候选没有它，证明这一条。",
            "“Scenarios”: as administrator suspend an application before the vote, expect its status and that it is no candidate of the ballot, "
            "proving this clause.",
        ),
    ),
)
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
_CARRIED = DrawnByHand(
    Text("余下的名额结转或者调剂", "Places that are carried over"),
    (
        Text(
            "上一届余下几个名额，程序不会自动计算。“参数”：打开“各推荐单位推荐名额”（调剂到其他奖项的，打开“各奖项名额”），每届启动以前新增"
            "一个取值，从启动那天起，写结转以后的名额，不超过条文允许的；引用这一条。",
            "What was left of the last round is not computed. “Parameters”: open the places of each recommending unit (or of each "
            "tier) and before each round add a value from the day it starts, with what is carried over, within what the clause "
            "allows; it cites this clause.",
        ),
        Text(
            "“情景”：让这一届推荐到结转以后的个数，期望最后一个已推荐，证明这一条。",
            "“Scenarios”: let as many be recommended as there are then, and expect the last one to be, proving this clause.",
        ),
    ),
)
_AGE = DrawnByHand(
    Text("得分相同的看成立时间", "Equal points ordered by age"),
    (
        Text(
            "得票相同的，用助手“得票相同的次序”：选成立时间早的优先，每个申报就记下成立日期（事实 founded_on）。",
            "For equal votes use the assistant of their order: by age each application records the day of founding (the fact founded_on).",
        ),
        Text(
            "按得分排名的：流程图“评选届次”中排名的环节（操作 scores.rank），在 tie_by 中写先看什么、后看什么，引用这一条。",
            "Where points rank: in the diagram of the round, at the step that ranks (scores.rank), tie_by says what counts first and next; "
            "it cites this clause.",
        ),
        Text(
            "“情景”：两个组织得分相同，期望排在前面的是成立较早的，证明这一条。",
            "“Scenarios”: two with as many points, expect the older one ranked first, proving this clause.",
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
    (re.compile("(?:诉讼|复议|仲裁|申诉)[^。；]{0,40}(?:中止|暂停)|中止期间"), _SUSPENSION),
    (re.compile("现场[^。；]{0,60}(?:见证|在场)"), _WITNESS),
    (
        re.compile(
            "(?:余额|名额|空缺)[^。；]{0,20}(?:结转|转[至入到]|顺延[至到]|调剂)|结转[^。；]{0,6}(?:下一?届|次年|下一?年)"
        ),
        _CARRIED,
    ),
    (
        re.compile("(?:得分|分数)(?:相同|相等)[^。]{0,24}(?:成立|登记|注册)(?:时间|年限|年数|日期|较早|早)"),
        _AGE,
    ),
)


def drawn_by_hand(text: str) -> tuple[DrawnByHand, ...]:
    """Return what ``text`` demands and no assistant writes, with how it is drawn."""
    said = squeezed(text)
    return tuple(how for asked, how in _BY_HAND if asked.search(said))
