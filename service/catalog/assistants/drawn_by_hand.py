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


_APPEAL = DrawnByHand(
    Text("对异议处理结果的申诉", "An appeal against the result of an objection"),
    (
        Text(
            "“地方与奖项”：新增决定申诉的机构和角色（例如省市场监督管理局）；办件种类“异议”记录的事实加一行 appeal_result: string；"
            "新增办件动作“申诉”：对“异议”，公众和办公室可以做，表单“不服异议结果的申诉”，消息 appeal_lodged，"
            '什么时候可以做填 case.stage = "appealable"，引用这一条。',
            "“Place and award”: add the body that decides and its role; the kind “objection” gets the fact appeal_result: string; "
            "add the action of appealing: on objections, for the public and the office, with the form of an appeal, the message "
            'appeal_lodged, possible while case.stage = "appealable", citing this clause.',
        ),
        Text(
            "“参数”：新增 appeal_calendar_days（几日内提出，自然日）、appeal_decision_calendar_days（几日内决定，自然日）和 "
            "appeal_decider（由哪个角色决定，单位选“选项”），引用这一条；按工作日计算的，另写 appeal_working_days、"
            "appeal_decision_working_days。",
            "“Parameters”: add appeal_calendar_days (to appeal), appeal_decision_calendar_days (to decide) and appeal_decider (a "
            "choice: which role decides), citing this clause; in working days add appeal_working_days and "
            "appeal_decision_working_days.",
        ),
        Text(
            "流程图“异议”：在“异议处理”和“异议办结”之间画一个判断和一个被调用的流程“异议结果申诉”（其中的条款都选这一条）；判断到它的"
            "连线，条件是 finding_result != null，缺省的连线直接到“异议办结”；流程的变量加 appeal_result: string。",
            "Diagram of objections: between handling and the end draw a gateway and a call of the shared process of appeals (its "
            "clauses: this one); the flow to it has the condition finding_result != null, the default one leads to the end; the "
            "process gets the variable appeal_result: string.",
        ),
        Text(
            "“情景”：复制有异议的情景，答复以后加“申诉”和“决定申诉”两步，期望“决定申诉”的期限，证明这一条。",
            "“Scenarios”: copy one with an objection, add the appeal and its decision behind the reply, expect the day on which the "
            "decision is due, proving this clause.",
        ),
    ),
)
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
    Text("得票或者得分相同的看成立时间", "Equals ordered by their age"),
    (
        Text(
            "“地方与奖项”：办件种类“申报”记录的事实加一行 founded_days: number。",
            "“Place and award”: the kind “application” gets the fact founded_days: number.",
        ),
        Text(
            "流程图“申报”：在“审查条件”以前画一个服务任务，操作选“记录事实”，from_records 填 "
            '{founded_days: "(today() - date(apply.founded)).days"}，引用这一条。',
            "Diagram of applications: before the conditions are examined draw a service task that records facts, with from_records "
            '{founded_days: "(today() - date(apply.founded)).days"}, citing this clause.',
        ),
        Text(
            "流程图“评选届次”：“提请表决”的 candidates 中，每个候选加一栏 score: c.founded_days，引用这一条；参数 vote_tie（末位得票相同）取 "
            "review_score，引用这一条。按得分排名的，改写 scores.rank 的 tie_by。",
            "Diagram of the round: in candidates of what is put to the vote each gets score: c.founded_days, citing this clause; the parameter vote_tie is "
            "review_score, citing this clause. Where points rank, it is tie_by of scores.rank.",
        ),
        Text(
            "“情景”：名额一个、两个组织得票相同，期望当选的是成立较早的，证明这一条。",
            "“Scenarios”: one place, two with as many votes, expect the older one elected, proving this clause.",
        ),
    ),
)
_BY_HAND = (
    (re.compile("不服[^。；]{0,40}(?:申诉|申请复核)|日内[^。；]{0,20}申诉"), _APPEAL),
    (re.compile("(?:诉讼|复议|仲裁|申诉)[^。；]{0,40}(?:中止|暂停)|中止期间"), _SUSPENSION),
    (re.compile("现场[^。；]{0,60}(?:见证|在场)"), _WITNESS),
    (
        re.compile(
            "(?:余额|名额|空缺)[^。；]{0,20}(?:结转|转[至入到]|顺延[至到]|调剂)|结转[^。；]{0,6}(?:下一?届|次年|下一?年)"
        ),
        _CARRIED,
    ),
    (
        re.compile("(?:得?票数?|得分|分数)(?:相同|相等)[^。]{0,24}(?:成立|登记|注册)(?:时间|年限|年数|日期|较早|早)"),
        _AGE,
    ),
)


def drawn_by_hand(text: str) -> tuple[DrawnByHand, ...]:
    """Return what ``text`` demands and no assistant writes, with how it is drawn."""
    said = squeezed(text)
    return tuple(how for asked, how in _BY_HAND if asked.search(said))
