"""The further steps of a first procedure, and what they make of its two diagrams."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import TypeAlias

from service.domain.text import Text


class CityStep(StrEnum):
    """A step that the first procedure of a place may have besides those that every one has."""

    OBJECTION = "objection"
    SEPARATE = "separate"
    SCORING = "scoring"
    APPROVAL = "approval"
    WITHDRAWAL = "withdrawal"
    RECOMMENDATION = "recommendation"
    CATEGORIES = "categories"
    CYCLE = "cycle"


STEP_TITLES = {
    CityStep.RECOMMENDATION: Text("审核推荐", "Recommendation"),
    CityStep.SCORING: Text("专家评审打分", "Scoring by experts"),
    CityStep.OBJECTION: Text("异议处理", "Objections"),
    CityStep.SEPARATE: Text("异议只影响被异议的组织", "An objection holds only whom it concerns"),
    CityStep.APPROVAL: Text("政府审定", "Approval by the government"),
    CityStep.WITHDRAWAL: Text("申报可以撤回", "Applications may be withdrawn"),
    CityStep.CATEGORIES: Text("分类别申报", "One applies for one of the categories"),
    CityStep.CYCLE: Text("隔几年评选一次", "Given every so many years"),
}
CHOSEN_AT_START = tuple(step for step in STEP_TITLES if step not in (CityStep.CATEGORIES, CityStep.CYCLE))
"""Steps that are ticked; the others follow from tiers that are categories, and from the years between two rounds."""
_ALL_SETTLED = "count(children[open_objections > 0]) = 0"
_ANY_SETTLED = (
    "some e in case.set_aside satisfies every c in children satisfies c.id != e.case or c.open_objections = 0"
)
_STANDS = r"some c in children satisfies c.id = item.case and c.status != \"ended\""
_STRUCK = f'elected: "for e in case.elected[{_STANDS}] return e"'
_LEFT = "for e in (if case.set_aside = null then case.elected else case.set_aside)"
_SPLIT = (
    f'elected: "{_LEFT}[{_STANDS} and c.open_objections = 0] return e", '
    f'set_aside: "{_LEFT}[{_STANDS} and c.open_objections > 0] return e"'
)
"""Who is still elected once the notice is over; objected ones are set aside until their objection is settled."""
Slots: TypeAlias = dict[str, str | None]
Cited: TypeAlias = Mapping[str, tuple[str, ...]]
"""The clauses that each step carries out."""


def round_slots(steps: Collection[CityStep], cited: Cited, voters: str, calendar: bool = False) -> Slots:
    """Return what the pattern of a round is filled with; ``voters`` hold the vote.

    ``calendar``: the days of the notice are all days, not working days.
    """
    objection, approval = CityStep.OBJECTION in steps, CityStep.APPROVAL in steps
    separate = objection and CityStep.SEPARATE in steps
    strike, waiting = objection or CityStep.WITHDRAWAL in steps, is_waiting(steps)
    return {
        **_round_formulas(steps),
        "vote_name": f"{voters}表决",
        "with_objection": format_only_flag(objection),
        "with_approval": format_only_flag(approval),
        "with_cycle": format_only_flag(CityStep.CYCLE in steps),
        "without_cycle": format_only_flag(CityStep.CYCLE not in steps),
        "with_waiting": format_only_flag(waiting),
        "without_waiting": format_only_flag(not waiting),
        "with_strike": format_only_flag(strike),
        "notice_strikes": format_only_flag(separate or (strike and not objection)),
        "notice_confers": format_only_flag(not strike and not approval),
        "notice_submits": format_only_flag(approval and not strike),
        "holds_all": format_only_flag(objection and not separate),
        "with_separate": format_only_flag(separate),
        "separate_approved": format_only_flag(separate and approval),
        "left_confers": format_only_flag(strike and not approval),
        "left_submits": format_only_flag(strike and approval),
        "confer_ends": format_only_flag(not waiting),
        "confer_tells": format_only_flag(waiting and not separate),
        "confer_waits": format_only_flag(separate),
        "notice_working_days": None if calendar else "param.winners_notice_working_days",
        "notice_calendar_days": "param.winners_notice_calendar_days" if calendar else None,
        **dict.fromkeys(("fix_deadline", "open_window", "window_over", "close_window"), clauses(cited, "apply")),
        "vote": format_bound_clauses(cited, "vote"),
        "keep_elected": clauses(cited, "vote"),
        "draft_winners": clauses(cited, "notice"),
        "winners_notice": format_bound_clauses(cited, "notice"),
        **dict.fromkeys(
            ("objections_over", "strike_upheld", "anyone_left", "anyone_waiting"), clauses(cited, "objection")
        ),
        "set_submission": clauses(cited, "approval"),
        "approval": format_bound_clauses(cited, "approval"),
        "approved": clauses(cited, "approval"),
        "confer": clauses(cited, "conferral"),
        "cycle": clauses(cited, "cycle"),
    }


def _round_formulas(steps: Collection[CityStep]) -> Slots:
    """Return the formulas of a round that read otherwise with some steps."""
    waiting, approval = is_waiting(steps), CityStep.APPROVAL in steps
    separate = {CityStep.OBJECTION, CityStep.SEPARATE} <= set(steps)
    variables = ["frame: context", "listed: context", "held: context", "decision: string"] if approval else []
    variables += ["told: context"] if waiting else []
    variables += ["earlier: context"] if CityStep.CYCLE in steps else []
    live = 'stage = "candidate" and status != "ended"' if waiting else 'outcome = "accepted"'
    examined = 'c.status = "ended"' + (' or c.stage = "candidate"' if waiting else "")
    return {
        "more_variables": "".join(f", {variable}" for variable in variables),
        "examined_when": f'every c in children[process = "application"] satisfies {examined}',
        "accepted_where": live.replace('"', '\\"'),
        "accepted_listed": live.replace('"', '\\\\\\"'),
        "more_columns": (", score: c.points" if CityStep.SCORING in steps else "")
        + (", tier: c.category" if CityStep.CATEGORIES in steps else ""),
        "after_notice": _after_notice(steps),
        "objections_settled": _ANY_SETTLED if separate else _ALL_SETTLED,
        "struck": _SPLIT if separate else _STRUCK,
        "keep_more": ', set_aside: "null"' if separate else "",
        "nobody_elected": "tell_vacant" if waiting else "vacant",
        "conferred_rows": "case.approved_list" if approval else "case.elected",
        "decided_on": "date(case.decided_on)" if approval else "today()",
    }


def _after_notice(steps: Collection[CityStep]) -> str:
    """Return what follows a notice that is over: open objections, who is struck off, the government, or the conferral."""
    if CityStep.OBJECTION in steps and CityStep.SEPARATE not in steps:
        return "objections_over"
    if CityStep.OBJECTION in steps or CityStep.WITHDRAWAL in steps:
        return "strike_upheld"
    return "set_submission" if CityStep.APPROVAL in steps else "confer"


def application_slots(steps: Collection[CityStep], cited: Cited, recommender: str) -> Slots:
    """Return what the pattern of an application is filled with; ``recommender`` gives the body that recommends."""
    scoring, waiting, objection = CityStep.SCORING in steps, is_waiting(steps), CityStep.OBJECTION in steps
    withdrawal, needs_recommendation = CityStep.WITHDRAWAL in steps, CityStep.RECOMMENDATION in steps
    by_category = CityStep.CATEGORIES in steps
    variables = ["exam: context", "decision: string"]
    variables += ["review: context", "collected: context"] if scoring else []
    variables += ["verdict: context"] if waiting else []
    variables += ["disqualification: context"] if objection else []
    return {
        "variables": ", ".join(variables),
        "with_waiting": format_only_flag(waiting),
        "with_objection": format_only_flag(objection),
        "with_withdrawal": format_only_flag(withdrawal),
        "with_choice": format_only_flag(objection or withdrawal),
        "waits_alone": format_only_flag(waiting and not objection and not withdrawal),
        "accepted_ends": format_only_flag(not scoring and not waiting),
        "accepted_waits": format_only_flag(waiting and not scoring),
        "applied": clauses(cited, "apply"),
        "examine": clauses(cited, "conditions"),
        "decide": clauses(cited, "acceptance"),
        "explain": clauses(cited, "acceptance"),
        "withdrawn": clauses(cited, "withdrawal"),
        "disqualified": clauses(cited, "objection"),
        "with_scoring": format_only_flag(scoring),
        "withdrawn_in_review": format_only_flag(withdrawal and scoring),
        "scored_ends": format_only_flag(scoring and not waiting),
        "scored_waits": format_only_flag(scoring and waiting),
        "open_review": clauses(cited, "scoring"),
        "review": format_bound_clauses(cited, "scoring"),
        "with_categories": format_only_flag(by_category),
        "set_category": clauses(cited, "categories"),
        "with_recommendation": format_only_flag(needs_recommendation),
        "recommender_from": recommender,
        "recommendation": clauses(cited, "recommendation"),
        "withdrawn_in_recommendation": format_only_flag(needs_recommendation and withdrawal),
        "without_categories": format_only_flag(not by_category and not needs_recommendation),
        "categories_alone": format_only_flag(by_category and not needs_recommendation),
        "recommended_examined": format_only_flag(needs_recommendation and not by_category),
        "recommended_in_category": format_only_flag(needs_recommendation and by_category),
    }


def is_waiting(steps: Collection[CityStep]) -> bool:
    """Tell whether an application goes on until the round has a result."""
    return not {CityStep.OBJECTION, CityStep.APPROVAL, CityStep.WITHDRAWAL}.isdisjoint(steps)


def format_only_flag(holds: bool) -> str | None:
    """Return what fills a slot of ``spiffworkflow:only``."""
    return "yes" if holds else None


def clauses(cited: Cited, step: str) -> str | None:
    """Return the clauses of ``step`` as an element cites them."""
    return " ".join(cited.get(step, ())) or None


def format_bound_clauses(cited: Cited, step: str) -> str:
    """Return the clauses of ``step`` as a call binds them to a slot, "" where they are still to be cited."""
    return ",".join(cited.get(step, ()))
