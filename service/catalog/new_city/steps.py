"""The further steps of a first procedure, and what they make of its two diagrams."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import TypeAlias

from service.domain.text import Text


class CityStep(StrEnum):
    """A step that the first procedure of a place may have besides those that every one has."""

    OBJECTION = "objection"
    SCORING = "scoring"
    APPROVAL = "approval"
    PAYMENT = "payment"
    REVOCATION = "revocation"


CHOSEN_AT_START = (CityStep.SCORING, CityStep.OBJECTION, CityStep.APPROVAL)
"""Steps that are ticked when a place is started; the others are drawn by the assistant of a clause."""
STEP_TITLES = {
    CityStep.OBJECTION: Text("异议处理", "Objections"),
    CityStep.SCORING: Text("专家评审打分", "Scoring by experts"),
    CityStep.APPROVAL: Text("政府审定", "Approval by the government"),
    CityStep.PAYMENT: Text("奖金分期发放", "Prize in instalments"),
    CityStep.REVOCATION: Text("撤销奖励", "Revocation"),
}
Slots: TypeAlias = dict[str, str | None]
Cited: TypeAlias = Mapping[str, tuple[str, ...]]
"""The clauses that each step carries out."""


def application_slots(steps: Collection[CityStep], cited: Cited, first: str) -> Slots:
    """Return what the pattern of an application is filled with; ``first`` is cited where a shared diagram must cite."""
    scoring, waiting, objection = CityStep.SCORING in steps, _waiting(steps), CityStep.OBJECTION in steps
    variables = ["exam: context", "decision: string"]
    variables += ["review: context", "collected: context"] if scoring else []
    variables += ["verdict: context"] if waiting else []
    variables += ["disqualification: context"] if objection else []
    return {
        "variables": ", ".join(variables),
        "with_scoring": _yes(scoring),
        "with_waiting": _yes(waiting),
        "with_objection": _yes(objection),
        "waits_alone": _yes(waiting and not objection),
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
        "disqualified": _clauses(cited, "objection"),
    }


def round_slots(steps: Collection[CityStep], cited: Cited, first: str, prize: str = "param.prize_yuan") -> Slots:
    """Return what the pattern of a round is filled with; ``prize`` is the formula of what a row of winners is given."""
    objection, approval, payment = (step in steps for step in (CityStep.OBJECTION, CityStep.APPROVAL, CityStep.PAYMENT))
    return {
        **_round_reads(steps, prize),
        "with_objection": _yes(objection),
        "with_approval": _yes(approval),
        "with_payment": _yes(payment),
        "with_waiting": _yes(_waiting(steps)),
        "without_waiting": _yes(not _waiting(steps)),
        "notice_confers": _yes(not objection and not approval),
        "notice_submits": _yes(approval and not objection),
        "left_confers": _yes(objection and not approval),
        "left_submits": _yes(objection and approval),
        "confer_ends": _yes(not payment and not _waiting(steps)),
        "confer_tells": _yes(not payment and _waiting(steps)),
        "payments_end": _yes(payment and not _waiting(steps)),
        "payments_tell": _yes(payment and _waiting(steps)),
        "round_opened": None,
        **dict.fromkeys(("fix_deadline", "open_window", "window_over", "close_window"), _clauses(cited, "apply")),
        "all_examined": None,
        "vote": _bound(cited, "vote", first),
        "keep_elected": _clauses(cited, "vote"),
        "anyone_elected": None,
        "draft_winners": _clauses(cited, "notice"),
        "winners_notice": _bound(cited, "notice", first),
        **dict.fromkeys(("objections_over", "strike_upheld", "anyone_left"), _clauses(cited, "objection")),
        "set_submission": _clauses(cited, "approval"),
        "approval": _bound(cited, "approval", first),
        "approved": _clauses(cited, "approval"),
        "confer": _clauses(cited, "conferral"),
        "start_payments": _clauses(cited, "payment"),
        "vacant": None,
    }


def _round_reads(steps: Collection[CityStep], prize: str) -> Slots:
    """Return the formulas of a round that read otherwise with some steps."""
    waiting, approval, payment = _waiting(steps), CityStep.APPROVAL in steps, CityStep.PAYMENT in steps
    variables = ["frame: context", "listed: context", "held: context", "decision: string"] if approval else []
    variables += ["started: context"] if payment else []
    variables += ["told: context"] if waiting else []
    live = 'stage = "candidate" and status != "ended"' if waiting else 'outcome = "accepted"'
    examined = 'c.status = "ended"' + (' or c.stage = "candidate"' if waiting else "")
    after = "set_submission" if approval else "confer"
    return {
        "more_variables": "".join(f", {variable}" for variable in variables),
        "examined_when": f'every c in children[process = "application"] satisfies {examined}',
        "accepted_where": live.replace('"', '\\"'),
        "accepted_listed": live.replace('"', '\\\\\\"'),
        "more_columns": ", score: c.points" if CityStep.SCORING in steps else "",
        "after_notice": "objections_over" if CityStep.OBJECTION in steps else after,
        "nobody_elected": "tell_vacant" if waiting else "vacant",
        "conferred_rows": "case.approved_list" if approval else "case.elected",
        "decided_on": "date(case.decided_on)" if approval else "today()",
        "prize_from": feel_text(prize) if payment else None,
        "winners_fact": '"winners"' if payment else None,
    }


def feel_text(formula: str) -> str:
    """Return a formula as the text of it that an operation is handed, to be evaluated later."""
    return '"' + formula.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _waiting(steps: Collection[CityStep]) -> bool:
    """Tell whether an application goes on until the round has a result."""
    return CityStep.OBJECTION in steps or CityStep.APPROVAL in steps


def _yes(holds: bool) -> str | None:
    return "yes" if holds else None


def _clauses(cited: Cited, step: str) -> str | None:
    return " ".join(cited.get(step, ())) or None


def _bound(cited: Cited, step: str, first: str) -> str:
    return ",".join(cited.get(step, ())) or first
