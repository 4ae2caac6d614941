"""The further steps of a first procedure, and what they make of its two diagrams."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import TypeAlias

from service.domain.text import Text


class CityStep(StrEnum):
    """A step that the first procedure of a place may have besides those that every one has."""

    OBJECTION = "objection"
    SCORING = "scoring"
    APPROVAL = "approval"
    PAYMENT = "payment"
    REVOCATION = "revocation"
    REPORTS = "reports"
    TITLE = "title"
    SEPARATE = "separate"
    WITHDRAWAL = "withdrawal"
    CORRECTION = "correction"
    CATEGORIES = "categories"


CHOSEN_AT_START = (CityStep.SCORING, CityStep.OBJECTION, CityStep.APPROVAL, CityStep.WITHDRAWAL)
"""Steps that are ticked when a place is started; the others are drawn by the assistant of a clause."""
STEP_TITLES = {
    CityStep.OBJECTION: Text("异议处理", "Objections"),
    CityStep.SCORING: Text("专家评审打分", "Scoring by experts"),
    CityStep.APPROVAL: Text("政府审定", "Approval by the government"),
    CityStep.PAYMENT: Text("奖金分期发放", "Prize in instalments"),
    CityStep.REVOCATION: Text("撤销奖励", "Revocation"),
    CityStep.WITHDRAWAL: Text("申报可以撤回", "Applications may be withdrawn"),
    CityStep.REPORTS: Text("年度报告", "Yearly reports"),
    CityStep.TITLE: Text("称号有效期", "Validity of the title"),
    CityStep.CORRECTION: Text("补正申报材料", "Correction of applications"),
    CityStep.CATEGORIES: Text("分类别申报", "One applies for one of the categories"),
    CityStep.SEPARATE: Text("异议只影响被异议的组织", "An objection holds only whom it concerns"),
}
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
_FOLLOWING = (("payments", CityStep.PAYMENT), ("reports", CityStep.REPORTS), ("titles", CityStep.TITLE))
"""What follows a conferral, in this order, by the word that slots have for it."""
_WAYS = {
    "confer_ends": ("confer", "end"),
    "confer_tells": ("confer", "tell"),
    "confer_waits": ("confer", "wait"),
    "confer_reports": ("confer", "reports"),
    "confer_titles": ("confer", "titles"),
    "payments_end": ("payments", "end"),
    "payments_tell": ("payments", "tell"),
    "payments_wait": ("payments", "wait"),
    "payments_report": ("payments", "reports"),
    "payments_title": ("payments", "titles"),
    "reports_end": ("reports", "end"),
    "reports_tell": ("reports", "tell"),
    "reports_wait": ("reports", "wait"),
    "reports_title": ("reports", "titles"),
    "titles_end": ("titles", "end"),
    "titles_tell": ("titles", "tell"),
    "titles_wait": ("titles", "wait"),
}
"""The slots of the flows behind a conferral: from where to where each leads."""
Slots: TypeAlias = dict[str, str | None]
Cited: TypeAlias = Mapping[str, tuple[str, ...]]
"""The clauses that each step carries out."""
AS_USUAL: Mapping[str, str] = MappingProxyType(
    {
        "correction_form": "apply",
        "correction_due": "workdays(param.correction_working_days)",
        "lapsed_name": "视为放弃申报",
    }
)
"""How a correction goes where nothing else was answered: the form that is filled in anew, its time limit, what is late."""
_LEFT_ROUNDS = "param.correction_rounds - (if case.corrections = null then 0 else case.corrections)"


def application_slots(
    steps: Collection[CityStep], cited: Cited, first: str, correction: Mapping[str, str] = AS_USUAL
) -> Slots:
    """Return what the pattern of an application is filled with; ``first`` is cited where a shared diagram must cite."""
    scoring, waiting, objection = CityStep.SCORING in steps, _waiting(steps), CityStep.OBJECTION in steps
    withdrawal = CityStep.WITHDRAWAL in steps
    variables = ["exam: context", "decision: string"]
    variables += ["review: context", "collected: context"] if scoring else []
    variables += ["verdict: context"] if waiting else []
    variables += ["disqualification: context"] if objection else []
    return {
        "variables": ", ".join(variables),
        "with_scoring": _yes(scoring),
        "with_waiting": _yes(waiting),
        "with_objection": _yes(objection),
        "with_withdrawal": _yes(withdrawal),
        "withdrawn_in_review": _yes(withdrawal and scoring),
        "with_choice": _yes(objection or withdrawal),
        "waits_alone": _yes(waiting and not objection and not withdrawal),
        "accepted_ends": _yes(not scoring and not waiting),
        "accepted_waits": _yes(waiting and not scoring),
        "scored_ends": _yes(scoring and not waiting),
        "scored_waits": _yes(scoring and waiting),
        "applied": _clauses(cited, "apply"),
        "examine": _clauses(cited, "conditions"),
        "decide": _clauses(cited, "acceptance"),
        "explain": _clauses(cited, "acceptance"),
        "open_review": _clauses(cited, "scoring"),
        "review": _bound(cited, "scoring", first),
        "mark_candidate": None,
        "await_result": None,
        "withdrawn": _clauses(cited, "withdrawal"),
        "disqualified": _clauses(cited, "objection"),
        **_correction_slots(steps, cited, correction),
        "with_categories": _yes(CityStep.CATEGORIES in steps),
        "without_categories": _yes(CityStep.CATEGORIES not in steps),
        "corrected_anew": _yes({CityStep.CORRECTION, CityStep.CATEGORIES} <= set(steps)),
        "corrected_as_it_was": _yes(CityStep.CORRECTION in steps and CityStep.CATEGORIES not in steps),
        "set_category": _clauses(cited, "categories"),
    }


def _correction_slots(steps: Collection[CityStep], cited: Cited, correction: Mapping[str, str]) -> Slots:
    """Return what lets the office ask for a correction instead of deciding."""
    asked = CityStep.CORRECTION in steps
    left = f", rounds_left: {_LEFT_ROUNDS}" if asked else ""
    returned = "要补正的一次告知，补正后重新审查；" if asked else ""
    return {
        **correction,
        "with_correction": _yes(asked),
        "withdrawn_in_correction": _yes(asked and CityStep.WITHDRAWAL in steps),
        "decide_prefill": f"{{conditions: exam.result{left}}}",
        "decide_consequence": f"{returned}受理的参加评选，不予受理的书面说明理由。",
        **dict.fromkeys(
            ("ask_correction", "correct_material", "correction_over", "tell_lapsed"), _clauses(cited, "correction")
        ),
    }


def round_slots(
    steps: Collection[CityStep], cited: Cited, first: str, prize: str = "param.prize_yuan", calendar: bool = False
) -> Slots:
    """Return what the pattern of a round is filled with; ``prize`` is the formula of what a row of winners is given.

    ``calendar``: the days of the notice are all days, not working days.
    """
    objection, approval, payment, reports = (
        step in steps for step in (CityStep.OBJECTION, CityStep.APPROVAL, CityStep.PAYMENT, CityStep.REPORTS)
    )
    separate = objection and CityStep.SEPARATE in steps
    strike = objection or CityStep.WITHDRAWAL in steps
    return {
        **_round_reads(steps, prize),
        "with_objection": _yes(objection),
        "with_approval": _yes(approval),
        "with_payment": _yes(payment),
        "with_waiting": _yes(_waiting(steps)),
        "without_waiting": _yes(not _waiting(steps)),
        "with_strike": _yes(strike),
        "notice_strikes": _yes(separate or (strike and not objection)),
        "notice_confers": _yes(not strike and not approval),
        "notice_submits": _yes(approval and not strike),
        "holds_all": _yes(objection and not separate),
        "with_separate": _yes(separate),
        "separate_approved": _yes(separate and approval),
        "with_reports": _yes(reports),
        "with_titles": _yes(CityStep.TITLE in steps),
        "left_confers": _yes(strike and not approval),
        "left_submits": _yes(strike and approval),
        **_after_conferral(steps),
        "notice_working_days": None if calendar else "param.winners_notice_working_days",
        "notice_calendar_days": "param.winners_notice_calendar_days" if calendar else None,
        **_round_clauses(cited, first),
    }


def _round_clauses(cited: Cited, first: str) -> Slots:
    """Return what each element of a round cites."""
    return {
        "round_opened": None,
        **dict.fromkeys(("fix_deadline", "open_window", "window_over", "close_window"), _clauses(cited, "apply")),
        "all_examined": None,
        "vote": _bound(cited, "vote", first),
        "keep_elected": _clauses(cited, "vote"),
        "anyone_elected": None,
        "draft_winners": _clauses(cited, "notice"),
        "winners_notice": _bound(cited, "notice", first),
        **dict.fromkeys(
            ("objections_over", "strike_upheld", "anyone_left", "anyone_waiting"), _clauses(cited, "objection")
        ),
        "set_submission": _clauses(cited, "approval"),
        "approval": _bound(cited, "approval", first),
        "approved": _clauses(cited, "approval"),
        "confer": _clauses(cited, "conferral"),
        "start_payments": _clauses(cited, "payment"),
        "start_reports": _clauses(cited, "reports"),
        "start_titles": _clauses(cited, "title"),
        "vacant": None,
    }


def _after_conferral(steps: Collection[CityStep]) -> Slots:
    """Return which flows lead on from the conferral, over what follows it, to the end."""
    chain = ["confer", *(name for name, step in _FOLLOWING if step in steps)]
    separate = {CityStep.OBJECTION, CityStep.SEPARATE} <= set(steps)
    after = "wait" if separate else "tell" if _waiting(steps) else "end"
    led = {*pairwise(chain), (chain[-1], after)}
    return {slot: _yes(way in led) for slot, way in _WAYS.items()}


def _round_reads(steps: Collection[CityStep], prize: str) -> Slots:
    """Return the formulas of a round that read otherwise with some steps."""
    waiting, approval, payment = _waiting(steps), CityStep.APPROVAL in steps, CityStep.PAYMENT in steps
    followed = any(step in steps for _, step in _FOLLOWING)
    separate = {CityStep.OBJECTION, CityStep.SEPARATE} <= set(steps)
    variables = ["frame: context", "listed: context", "held: context", "decision: string"] if approval else []
    variables += ["started: context"] if followed else []
    variables += ["told: context"] if waiting else []
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
        "prize_from": feel_text(prize) if payment else None,
        "winners_fact": '"winners"' if followed else None,
    }


def _after_notice(steps: Collection[CityStep]) -> str:
    """Return what follows a notice that is over: open objections, who is struck off, the government, or the conferral."""
    if CityStep.OBJECTION in steps and CityStep.SEPARATE not in steps:
        return "objections_over"
    if CityStep.OBJECTION in steps or CityStep.WITHDRAWAL in steps:
        return "strike_upheld"
    return "set_submission" if CityStep.APPROVAL in steps else "confer"


def feel_text(formula: str) -> str:
    """Return a formula as the text of it that an operation is handed, to be evaluated later."""
    return '"' + formula.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _waiting(steps: Collection[CityStep]) -> bool:
    """Tell whether an application goes on until the round has a result."""
    return not {CityStep.OBJECTION, CityStep.APPROVAL, CityStep.WITHDRAWAL}.isdisjoint(steps)


def _yes(holds: bool) -> str | None:
    return "yes" if holds else None


def _clauses(cited: Cited, step: str) -> str | None:
    return " ".join(cited.get(step, ())) or None


def _bound(cited: Cited, step: str, first: str) -> str:
    return ",".join(cited.get(step, ())) or first
