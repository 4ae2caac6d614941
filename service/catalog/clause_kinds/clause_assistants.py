"""The common kinds of clauses: which parameter each needs, what shows that it happens."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from service.catalog.parameters.parameters import Unit
from service.domain.text import Text


class AssistKind(StrEnum):
    """What a clause commonly demands."""

    TIME_LIMIT = "time_limit"
    NOTICE = "notice"
    QUOTA = "quota"
    MAJORITY = "majority"
    PRIZE = "prize"
    BAR = "bar"
    OBJECTION_WINDOW = "objection_window"
    CORRECTION = "correction"
    REVOCATION = "revocation"
    REPORTS = "reports"
    VALIDITY = "validity"
    ANNOUNCEMENT = "announcement"
    CALL = "call"
    CUT_OFF = "cut_off"
    WEIGHTS = "weights"
    CYCLE = "cycle"
    GROUP_PLACES = "group_places"
    FURTHER_RECOMMENDATION = "further_recommendation"
    TERM = "term"
    RECOMMENDATION = "recommendation"
    EXPERT_BAR = "expert_bar"
    APPEAL = "appeal"
    TIE = "tie"
    POINTS_TIE = "points_tie"
    SUSPENSION = "suspension"
    CARRIED = "carried"


_NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class ClauseAssistant:
    """One kind: its ``units``, a suggested id, the bound that such clauses draw, and the records that prove them.

    ``second`` is the id of a further parameter that goes with the first, with its unit, what it asks and the bound that a
    text draws which gives it.
    """

    kind: AssistKind
    title: Text
    units: tuple[Unit, ...]
    ident: str
    bound: str
    proved_by: tuple[str, ...]
    second: str = ""
    second_title: Text = _NOTHING
    second_unit: Unit = Unit.COUNT
    second_bound: str = ""


_DAYS = (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS)
ASSISTANTS = {
    one.kind: one
    for one in (
        ClauseAssistant(
            AssistKind.TIME_LIMIT, Text("期限", "time limit"), _DAYS, "working_days", "maximum", ("task", "waiting")
        ),
        ClauseAssistant(
            AssistKind.NOTICE, Text("公示", "notice"), _DAYS, "notice_working_days", "minimum", ("notice",)
        ),
        ClauseAssistant(
            AssistKind.QUOTA,
            Text("名额", "quota"),
            (Unit.COUNT, Unit.FRACTION),
            "max_winners",
            "maximum",
            ("ballot",),
            "max_winners_share",
            Text("同时不超过申报总数的比例（例如 20%）", "and at most this share of the applications (such as 20%)"),
            Unit.FRACTION,
            "maximum",
        ),
        ClauseAssistant(
            AssistKind.MAJORITY,
            Text("表决票数和出席人数", "majority and attendance"),
            (Unit.TEXT,),
            "vote_threshold",
            "minimum",
            ("ballot",),
            "vote_quorum",
            Text(
                "出席人数（占委员的比例，例如 2/3；或者人数，例如 7）",
                "attendance (a share of the members such as 2/3, or so many of them such as 7)",
            ),
            Unit.FRACTION,
            "minimum",
        ),
        ClauseAssistant(
            AssistKind.TIE,
            Text("得票相同的次序", "order of equal votes"),
            (Unit.CHOICE,),
            "vote_tie",
            "",
            ("ballot",),
        ),
        ClauseAssistant(
            AssistKind.SUSPENSION,
            Text("诉讼、复议期间评选程序中止", "suspension while a suit or an appeal is open"),
            (Unit.CHOICE,),
            "suspended_at_vote",
            "",
            ("ballot",),
        ),
        ClauseAssistant(
            AssistKind.PRIZE,
            Text("奖金和分期", "prize and instalments"),
            (Unit.YUAN,),
            "prize_yuan",
            "",
            ("fact", "award"),
        ),
        ClauseAssistant(
            AssistKind.BAR,
            Text("几年（几个月、几届）内不得申报，或者不得再次申报", "bar for years, months or rounds, or for ever"),
            (Unit.YEARS, Unit.MONTHS, Unit.COUNT, Unit.BOOLEAN),
            "reapply_wait_years",
            "",
            ("finding",),
        ),
        ClauseAssistant(
            AssistKind.OBJECTION_WINDOW,
            Text("异议期限", "objection window"),
            _DAYS,
            "objection_reply_working_days",
            "maximum",
            ("task", "waiting"),
        ),
        ClauseAssistant(
            AssistKind.APPEAL,
            Text("不服异议结果的申诉（复核）", "appeal against the result of an objection"),
            tuple(reversed(_DAYS)),
            "appeal_calendar_days",
            "",
            ("task", "timer", "fact"),
        ),
        ClauseAssistant(
            AssistKind.CORRECTION,
            Text("补正期限", "correction of an application"),
            _DAYS,
            "correction_working_days",
            "maximum",
            ("waiting", "task"),
        ),
        ClauseAssistant(
            AssistKind.REVOCATION,
            Text("撤销后几年内不得申报", "revocation, and the bar after it"),
            (Unit.YEARS,),
            "false_material_ban_years",
            "",
            ("sanction",),
        ),
        ClauseAssistant(
            AssistKind.REPORTS,
            Text("获奖后的年度报告", "yearly reports of winners"),
            (Unit.YEARS,),
            "report_years",
            "",
            ("outcome",),
        ),
        ClauseAssistant(
            AssistKind.VALIDITY,
            Text("称号有效期", "validity of the title"),
            (Unit.YEARS,),
            "award_validity_years",
            "",
            ("outcome",),
        ),
        ClauseAssistant(
            AssistKind.ANNOUNCEMENT,
            Text("公告", "announcement"),
            (Unit.TEXT,),
            "announcement_issuer",
            "",
            ("document",),
        ),
        ClauseAssistant(
            AssistKind.CALL,
            Text("申报通知", "call for applications"),
            (Unit.TEXT,),
            "call_issuer",
            "",
            ("document",),
        ),
        ClauseAssistant(
            AssistKind.CYCLE,
            Text("评选周期（每几年评选一次）", "award cycle (given every so many years)"),
            (Unit.YEARS,),
            "cycle_years",
            "minimum",
            ("outcome",),
        ),
        ClauseAssistant(
            AssistKind.RECOMMENDATION,
            Text("审核推荐（第一级）", "recommendation, the first level"),
            (Unit.WORKING_DAYS,),
            "recommendation_working_days",
            "maximum",
            ("task", "waiting"),
        ),
        ClauseAssistant(
            AssistKind.FURTHER_RECOMMENDATION,
            Text("上一级审核推荐（县→州）", "second level of recommendation"),
            (Unit.WORKING_DAYS,),
            "further_recommendation_working_days",
            "maximum",
            ("task", "waiting"),
        ),
        ClauseAssistant(
            AssistKind.GROUP_PLACES,
            Text("行业（规模）名额", "places by industry or size"),
            (Unit.COUNT,),
            "group_most_winners",
            "maximum",
            ("fact",),
        ),
        ClauseAssistant(
            AssistKind.CARRIED,
            Text("余下的名额结转下一届", "places left over, carried to the next round"),
            (Unit.COUNT, Unit.BOOLEAN),
            "most_carried_places",
            "maximum",
            ("ballot", "fact"),
        ),
        ClauseAssistant(
            AssistKind.TERM,
            Text("任期（聘期）和连任", "term of office, and how many in a row"),
            (Unit.YEARS, Unit.MONTHS, Unit.COUNT),
            "term_years",
            "",
            (),
        ),
        ClauseAssistant(
            AssistKind.EXPERT_BAR,
            Text("评审专家的回避和限制", "bars of experts: interests, colleagues, rounds, practice"),
            (Unit.YEARS, Unit.COUNT),
            "interest_lookback_years",
            "",
            ("waiting",),
        ),
        ClauseAssistant(
            AssistKind.CUT_OFF,
            Text("入围的分数线或者名次", "cut-off by score or rank"),
            (Unit.POINTS, Unit.FRACTION, Unit.COUNT),
            "cut_off_points",
            "",
            ("fact",),
        ),
        ClauseAssistant(
            AssistKind.POINTS_TIE,
            Text("得分相同的次序", "order of equal points"),
            (Unit.CHOICE,),
            "points_tie",
            "",
            ("fact",),
        ),
        ClauseAssistant(
            AssistKind.WEIGHTS,
            Text("各评审阶段的比重", "weights of the stages of review"),
            (Unit.FRACTION,),
            "first_review_weight",
            "",
            ("fact",),
            "second_review_weight",
            Text("第二个评审阶段的比重（例如 60%）", "weight of the second stage (such as 60%)"),
            Unit.FRACTION,
        ),
    )
}
"""Every kind, in the order in which it is offered."""
CHOSEN_IN_WORDS = (AssistKind.TIE, AssistKind.POINTS_TIE, AssistKind.SUSPENSION)
"""Kinds whose value is an answer that is chosen among words: nothing is typed, and a place has one of each."""
