"""The further steps of a first procedure, and what they make of its two diagrams."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from itertools import pairwise
from typing import TypeAlias


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
    SECOND_REVIEW = "second_review"
    THIRD_REVIEW = "third_review"
    SHORTLIST = "shortlist"
    RANKING = "ranking"
    ANNOUNCEMENT = "announcement"
    RECOMMENDATION = "recommendation"
    FURTHER_RECOMMENDATION = "further_recommendation"
    CALL = "call"
    CALL_DAY = "call_day"
    CYCLE = "cycle"
    GROUPS = "groups"


CHOSEN_AT_START = (
    CityStep.SCORING,
    CityStep.OBJECTION,
    CityStep.APPROVAL,
    CityStep.WITHDRAWAL,
    CityStep.RECOMMENDATION,
)
"""Steps that are ticked when a place is started; the others are drawn by the assistant of a clause."""
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
_CASES = (("payments", CityStep.PAYMENT), ("reports", CityStep.REPORTS), ("titles", CityStep.TITLE))
"""The cases that are started for winners, in this order, by the word that slots have for them."""
_FOLLOWING = (("announcement", CityStep.ANNOUNCEMENT), *_CASES)
"""What follows a conferral, in this order."""
_WAYS = {
    "confer_ends": ("confer", "end"),
    "confer_tells": ("confer", "tell"),
    "confer_waits": ("confer", "wait"),
    "confer_pays": ("confer", "payments"),
    "confer_reports": ("confer", "reports"),
    "confer_titles": ("confer", "titles"),
    "announced_ends": ("announcement", "end"),
    "announced_tells": ("announcement", "tell"),
    "announced_waits": ("announcement", "wait"),
    "announced_pays": ("announcement", "payments"),
    "announced_reports": ("announcement", "reports"),
    "announced_titles": ("announcement", "titles"),
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
_PASSING = "list contains(case.ranking[passing = true].case, item.id)"
"""Whether a child is among those who pass the cut-off."""
Slots: TypeAlias = dict[str, str | None]
Cited: TypeAlias = Mapping[str, tuple[str, ...]]
"""The clauses that each step carries out."""
RANKED: Mapping[str, str | None] = {
    "rank_weights": "{expert_review: 1}",
    "rank_cut_off": None,
    "rank_places": None,
    "rank_group": None,
    "first_cut_off": None,
    "first_places": None,
    "first_tie": '"all_pass"',
    "announcer": "announcement_issuer",
    "caller": "call_issuer",
    "call_says": "{param.call_content}",
    "vote_name": "评审委员会表决",
    "group_limits": "{}",
}
"""How scores are ranked where nothing else was answered, in whose name is announced and called, and what the vote is called."""


def round_slots(
    steps: Collection[CityStep],
    cited: Cited,
    prize: str = "param.prize_yuan",
    calendar: bool = False,
    more: Mapping[str, str | None] = RANKED,
) -> Slots:
    """Return what the pattern of a round is filled with; ``prize`` is the formula of what a row of winners is given.

    ``calendar``: the days of the notice are all days, not working days. ``more``: how scores are ranked, who announces.
    """
    objection, approval, payment, reports = (
        step in steps for step in (CityStep.OBJECTION, CityStep.APPROVAL, CityStep.PAYMENT, CityStep.REPORTS)
    )
    separate = objection and CityStep.SEPARATE in steps
    strike, ranking = objection or CityStep.WITHDRAWAL in steps, CityStep.RANKING in steps
    return {
        **_round_reads(steps, prize),
        **more,
        "with_objection": yes(objection),
        "with_approval": yes(approval),
        "with_payment": yes(payment),
        "with_ranking": yes(ranking),
        "without_ranking": yes(not ranking),
        "none_accepted_ends": yes(not (ranking and is_waiting(steps))),
        "none_accepted_tells": yes(ranking and is_waiting(steps)),
        **_with_or_without(steps),
        "with_call": yes(CityStep.CALL in steps),
        "without_call": yes(CityStep.CALL not in steps),
        "with_call_day": yes(CityStep.CALL_DAY in steps),
        "call_at_once": yes(CityStep.CALL in steps and CityStep.CALL_DAY not in steps),
        "with_announcement": yes(CityStep.ANNOUNCEMENT in steps),
        "with_waiting": yes(is_waiting(steps)),
        "without_waiting": yes(not is_waiting(steps)),
        "with_strike": yes(strike),
        "notice_strikes": yes(separate or (strike and not objection)),
        "notice_confers": yes(not strike and not approval),
        "notice_submits": yes(approval and not strike),
        "holds_all": yes(objection and not separate),
        "with_separate": yes(separate),
        "separate_approved": yes(separate and approval),
        "with_reports": yes(reports),
        "with_titles": yes(CityStep.TITLE in steps),
        "left_confers": yes(strike and not approval),
        "left_submits": yes(strike and approval),
        **_after_conferral(steps),
        "notice_working_days": None if calendar else "param.winners_notice_working_days",
        "notice_calendar_days": "param.winners_notice_calendar_days" if calendar else None,
        **_round_clauses(cited),
    }


def _with_or_without(steps: Collection[CityStep]) -> Slots:
    """Return the slots of steps beside which a flow goes otherwise."""
    found: Slots = {}
    for name, step in (("cycle", CityStep.CYCLE), ("groups", CityStep.GROUPS)):
        found |= {f"with_{name}": yes(step in steps), f"without_{name}": yes(step not in steps)}
    return found


def _round_clauses(cited: Cited) -> Slots:
    """Return what each element of a round cites."""
    return {
        "round_opened": None,
        **dict.fromkeys(("fix_deadline", "open_window", "window_over", "close_window"), clauses(cited, "apply")),
        "all_examined": None,
        "vote": bound(cited, "vote"),
        "keep_elected": clauses(cited, "vote"),
        "anyone_elected": None,
        "draft_winners": clauses(cited, "notice"),
        "winners_notice": bound(cited, "notice"),
        **dict.fromkeys(
            ("objections_over", "strike_upheld", "anyone_left", "anyone_waiting"), clauses(cited, "objection")
        ),
        "set_submission": clauses(cited, "approval"),
        "approval": bound(cited, "approval"),
        "approved": clauses(cited, "approval"),
        "confer": clauses(cited, "conferral"),
        "rank_candidates": clauses(cited, "ranking"),
        "rank_first": clauses(cited, "shortlist"),
        "announcement": clauses(cited, "announcement"),
        "call": clauses(cited, "call"),
        "cycle": clauses(cited, "cycle"),
        **dict.fromkeys(("set_selection", "keep_placed"), clauses(cited, "groups")),
        "place_in_groups": bound(cited, "groups"),
        "start_payments": clauses(cited, "payment"),
        "start_reports": clauses(cited, "reports"),
        "start_titles": clauses(cited, "title"),
        "vacant": None,
    }


def _after_conferral(steps: Collection[CityStep]) -> Slots:
    """Return which flows lead on from the conferral, over what follows it, to the end."""
    chain = ["confer", *(name for name, step in _FOLLOWING if step in steps)]
    separate = {CityStep.OBJECTION, CityStep.SEPARATE} <= set(steps)
    after = "wait" if separate else "tell" if is_waiting(steps) else "end"
    led = {*pairwise(chain), (chain[-1], after)}
    return {slot: yes(way in led) for slot, way in _WAYS.items()}


def _round_reads(steps: Collection[CityStep], prize: str) -> Slots:
    """Return the formulas of a round that read otherwise with some steps."""
    waiting, approval, payment = is_waiting(steps), CityStep.APPROVAL in steps, CityStep.PAYMENT in steps
    ranking = CityStep.RANKING in steps
    score = "case.ranking[item.case = c.id][1].points" if ranking else "c.points"
    followed = any(step in steps for _, step in _CASES)
    separate = {CityStep.OBJECTION, CityStep.SEPARATE} <= set(steps)
    variables = ["frame: context", "listed: context", "held: context", "decision: string"] if approval else []
    variables += ["started: context"] if followed else []
    variables += ["told: context"] if waiting else []
    variables += ["selection: context", "filled: context"] if CityStep.GROUPS in steps else []
    variables += ["ranked: context"] if ranking or CityStep.SHORTLIST in steps else []
    variables += ["earlier: context"] if CityStep.CYCLE in steps else []
    variables += ["call: context", "called: context"] if CityStep.CALL in steps else []
    variables += ["announcement: context", "announced: context"] if CityStep.ANNOUNCEMENT in steps else []
    live = 'stage = "candidate" and status != "ended"' if waiting else 'outcome = "accepted"'
    ranked = 'child.stage = "candidate" and child.status != "ended"' if waiting else 'child.outcome = "accepted"'
    passing = f"{live} and {_PASSING}" if ranking else live
    examined = 'c.status = "ended"' + (' or c.stage = "candidate"' if waiting else "")
    return {
        "with_shortlist": yes(CityStep.SHORTLIST in steps),
        "without_shortlist": yes(CityStep.SHORTLIST not in steps),
        "more_variables": "".join(f", {variable}" for variable in variables),
        "examined_when": f'every c in children[process = "application"] satisfies {examined}',
        "ranked_where": ranked.replace('"', '\\"'),
        "accepted_where": passing.replace('"', '\\"'),
        "accepted_listed": passing.replace('"', '\\\\\\"'),
        "nobody_accepted": "tell_vacant" if ranking and waiting else "vacant",
        "more_columns": (f", score: {score}" if CityStep.SCORING in steps else "")
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


def is_waiting(steps: Collection[CityStep]) -> bool:
    """Tell whether an application goes on until the round has a result."""
    return not {CityStep.OBJECTION, CityStep.APPROVAL, CityStep.WITHDRAWAL}.isdisjoint(steps)


def yes(holds: bool) -> str | None:
    """Return what fills a slot of ``spiffworkflow:only``."""
    return "yes" if holds else None


def clauses(cited: Cited, step: str) -> str | None:
    """Return the clauses of ``step`` as an element cites them."""
    return " ".join(cited.get(step, ())) or None


def bound(cited: Cited, step: str) -> str:
    """Return the clauses of ``step`` as a call binds them to a slot, "" where they are still to be cited."""
    return ",".join(cited.get(step, ()))
