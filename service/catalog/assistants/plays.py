"""Seasons in which a clause shows: a scenario with the steps that only then happen, as a scenario of its own."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Any

from service.catalog.assistants.bar_plays import applicant_of, applied_again, barred
from service.catalog.assistants.carried_plays import carried, with_own_place
from service.catalog.assistants.equal_plays import equal_points, suspended, with_room
from service.catalog.assistants.expert_bar_plays import panel_short
from service.catalog.clause_kinds.clause_assistants import ASSISTANTS, AssistKind
from service.catalog.new_city.call_plays import called_on_its_day
from service.catalog.new_city.cycle_pieces import opened_too_early
from service.catalog.new_city.group_places import one_too_many
from service.catalog.new_city.laid import Laid, Rows, is_of, last_day, renamed
from service.catalog.new_city.objection_plays import appealed, objected
from service.catalog.new_city.payment_plays import first_parts
from service.catalog.new_city.rows import flow_row
from service.catalog.new_city.scored_plays import below_the_line, unequal_stages
from service.catalog.new_city.tie_plays import tied, with_one_place
from service.catalog.package import Package
from service.catalog.parameters.parameters import Unit
from service.catalog.source.format_yaml import dump_yaml, load_yaml
from service.catalog.source.freeze import thaw
from service.domain.ballots.rules import read_threshold

_MOST_CANDIDATES = 20
_VOTERS = 9
_MOST_REPORTS = 12
_FOLLOWING = {"payment": "奖金", "reports": "年度报告", "title": "称号"}
"""The cases that follow an award, by their kind, with the names that plays give them."""


_NOBODY_WINS = (
    AssistKind.BAR,
    AssistKind.EXPERT_BAR,
    AssistKind.APPEAL,
    AssistKind.TIE,
    AssistKind.POINTS_TIE,
    AssistKind.SUSPENSION,
    AssistKind.CARRIED,
)
"""Kinds that show although nobody is elected by all votes: somebody is barred, appeals, or has as many votes as another."""


def laid_over(text: str, kind: AssistKind, place: Package, parameter: str, title: str, tier: str = "") -> str | None:
    """Return the scenario ``text`` as one in which a clause of ``kind`` with ``parameter`` shows, expecting nothing yet.

    None where the season itself shows it, or where it has no vote that somebody wins.
    """
    document = load_yaml(text)
    steps = document.get("steps") if isinstance(document, dict) else None
    lay = _LAID.get(kind)
    if lay is None or not isinstance(steps, list):
        return None
    vote = next(
        (n for n, step in enumerate(steps) if isinstance(step, dict) and isinstance(step.get("vote"), dict)), -1
    )
    votes = steps[vote]["vote"] if vote >= 0 else {}
    winner = next((nick for nick, marks in votes.items() if set(str(marks)) == {"y"}), None)
    if winner is None and kind in _NOBODY_WINS:
        winner = applicant_of(steps) or next(iter(votes or document.get("organisations") or ()), None)
    if winner is None or not isinstance(document.get("organisations"), dict):
        return None
    value = thaw(place.award.parameters[parameter].values[-1].value)
    whose = tier
    case, tier = str(steps[vote].get("case", "")), tier or next((tier.id for tier in place.award.tiers), "")
    laid = Laid(steps, vote, case, str(winner), document["organisations"], value, tier, place, parameter)
    if kind is AssistKind.BAR:
        laid = replace(laid, reference=_reckoned_on(document, str(winner)))
    if kind is AssistKind.CUT_OFF or (kind is AssistKind.BAR and whose):
        laid = replace(laid, steps=_of_tier(laid, steps))
    made = lay(laid)
    if made is None:
        return None
    document["title"] = title
    if kind is AssistKind.PRIZE or (kind is AssistKind.MAJORITY and whose):
        document.update(_only_tier(laid))
        made = _of_tier(laid, made)
    if kind is AssistKind.TIE:
        with_one_place(document, laid)
    if kind in (AssistKind.POINTS_TIE, AssistKind.SUSPENSION):
        with_room(document, laid)
    if kind is AssistKind.CARRIED:
        with_own_place(document, laid)
    document["steps"] = [flow_row(row) if type(row) is dict else row for row in made]
    document["expect"] = []
    document.pop("clauses", None)
    return dump_yaml(document)


def _reckoned_on(document: dict[str, Any], nick: str) -> date | None:
    """Return the day on which the season expects the conditions of ``nick`` to be reckoned; None where it says nothing."""
    for row in document.get("expect") or ():
        if isinstance(row, dict) and (row.get("case"), row.get("fact")) == (nick, "reference_date"):
            return date.fromisoformat(str(row["value"]))
    return None


def _only_tier(laid: Laid) -> dict[str, Any]:
    """Return the parameters under which the winner gets the prize of a tier below the first: there are no other places."""
    places = laid.place.award.parameters.get("award_places")
    rows = [row for row in thaw(places.values[-1].value) if row.get("tier") == laid.tier] if places else []
    first = next((tier.id for tier in laid.place.award.tiers), "")
    return {"parameters": {"award_places": [flow_row(row) for row in rows]}} if rows and laid.tier != first else {}


def _of_tier(laid: Laid, steps: Rows) -> Rows:
    """Return the steps where the winner applies for the tier, in a place where one applies for one of them."""
    if "category" not in laid.place.award.processes["application"].facts:
        return steps
    return [
        {**step, "with": {**step["with"], "category": laid.tier}}
        if isinstance(step, dict) and step.get("name") == laid.winner and "start" in step
        else step
        for step in steps
    ]


def _correction(laid: Laid) -> Rows | None:
    """The winner corrects at once and is examined again; another, asked like it, lets the time pass."""
    begun = next((n for n, s in enumerate(laid.steps) if s.get("name") == laid.winner and "start" in s), -1)
    decided = next((n for n, s in enumerate(laid.steps) if s.get("complete") == "decide"), -1)
    if begun < 0 or decided < begun or not isinstance(laid.value, int):
        return None
    sent, late = laid.steps[begun], f"{laid.winner}2"
    laid.organisations[late] = flow_row({"name": f"{late}公司"})
    asked = {"decision": "correct", "missing": "缺质量管理体系证书，请补交。"}
    before = laid.steps[begun:decided]  # who recommends one recommends the other
    made: Rows = [
        *laid.steps[:begun],
        *(one for step in before for one in (step, renamed(step, laid.winner, late))[: 1 + is_of(step, laid.winner)]),
        {"as": "office", "case": laid.winner, "complete": "decide", "with": asked},
        {"as": "office", "case": late, "complete": "decide", "with": dict(asked)},
        {"as": laid.winner, "case": laid.winner, "complete": "correct_material", "with": deepcopy(sent.get("with", {}))},
        laid.steps[decided],
    ]  # fmt: skip
    return [*made, {"until": last_day(made) + timedelta(days=laid.value * 3 + 20)}]


def _payment(laid: Laid) -> Rows:
    found = _found(laid, "payment")
    return [*laid.steps, *found, *(first_parts(laid, _FOLLOWING["payment"]) if found else [])]


def _found(laid: Laid, *processes: str) -> Rows:
    """Return the steps that name the cases that follow the award of the winner, of kinds that the place has."""
    return [
        {"find": process, "parent": laid.round, "for": laid.winner, "name": _FOLLOWING[process]}
        for process in processes
        if process in laid.place.award.processes
    ]


def _reports(laid: Laid) -> Rows | None:
    """Every report comes in time and is in order, until none is left."""
    if not isinstance(laid.value, int) or not 0 < laid.value < _MOST_REPORTS:
        return None
    year, name = last_day(laid.steps).year, _FOLLOWING["reports"]
    made: Rows = [*laid.steps, *_found(laid, "reports")]
    for number in range(1, laid.value + 1):
        report = {"summary": "质量管理体系有效运行，持续改进。", "indicators": [{"name": "顾客满意率", "value": "98%"}]}
        reviewed = {"review_result": "good", "analysis": "报告完整，审核合格。"}
        made += [
            {"until": f"{year + number}-01-05 09:00"},
            {"as": laid.winner, "case": name, "complete": "yearly_report", "with": report},
            {"as": laid.place.jurisdiction.bind("supervising"), "case": name, "complete": "review_report", "with": reviewed},
        ]  # fmt: skip
    return made


def _validity(laid: Laid) -> Rows | None:
    """The years go by, and one working week more, so that the day is a day of work."""
    if not isinstance(laid.value, int) or not 0 < laid.value < _MOST_REPORTS:
        return None
    day = last_day(laid.steps)
    over = date(day.year + laid.value, day.month, 1) + timedelta(days=62)
    return [*laid.steps, *_found(laid, "title"), {"until": over}]


def _revocation(laid: Laid) -> Rows:
    day, bind = last_day(laid.steps), laid.place.jurisdiction.bind
    ground = laid.parameter or "false_material_ban_years"
    facts = {"ground": ground, "facts": "查明的事实。", "happened_on": day, "evidence": "file:证据.pdf"}
    decided = {
        "revocation": "revoke",
        "reason": "查证属实。",
        "number": "撤一号",
        "decided_on": date.fromisoformat(str(day)),
    }
    proposed = {"proposal": "revoke", "reasons": "申辩理由不成立。"}
    roles = [bind(role) for role in ("revocation_proposer", "revocation_authority")]
    revoked: Rows = [
        *_found(laid, "payment", "reports", "title"),
        {"as": "office", "start": "revocation", "parent": laid.winner, "for": laid.winner, "name": "撤销"},
        {"as": "office", "case": "撤销", "complete": "state_ground", "with": facts},
        {"as": laid.winner, "case": "撤销", "complete": "answer_ground", "with": {"statement": "没有申辩意见。"}},
        {"as": roles[0], "case": "撤销", "complete": "propose_revocation", "with": proposed},
        {"as": roles[1], "case": "撤销", "complete": "decide_revocation", "with": decided},
    ]
    return [*laid.steps, *revoked, *applied_again(laid, revoked)]


def _quota(laid: Laid) -> Rows | None:
    """More candidates than there are places; of those without one each has a vote less than the one before."""
    candidates, places = _candidates(laid)
    if not 0 < places < candidates <= _MOST_CANDIDATES:
        return None
    others = [f"{laid.winner}{number}" for number in range(2, candidates + 1)]
    against = {other: min(number, _VOTERS // 2) for number, other in enumerate(others[places - 1 :], 1)}
    fewer = {other: "y" * (_VOTERS - number) + "n" * number for other, number in against.items()}
    votes = {**dict.fromkeys((laid.winner, *others), "y" * _VOTERS), **fewer}
    made: Rows = []
    for number, step in enumerate(_with_voters(laid.steps[: laid.vote + 1])):
        made.append({**step, "vote": votes} if number == laid.vote else step)
        made += [renamed(step, laid.winner, other) for other in others] if is_of(step, laid.winner) else []
    for other in others:
        laid.organisations[other] = flow_row({"name": f"{other}公司"})
    return made


def _candidates(laid: Laid) -> tuple[int, int]:
    """Return how many apply so that the limits of a quota show, and how many places there are then."""
    known = laid.place.award.parameters
    counted = known[laid.parameter].unit is Unit.COUNT
    beside = known.get(ASSISTANTS[AssistKind.QUOTA].second)
    said = beside.values[-1].value if beside else None
    share = Fraction(str(said if counted else laid.value)) if said or not counted else None
    if share is None:
        return int(laid.value) + 1, int(laid.value)
    enough, least = (ceil(places / share) for places in (int(laid.value) if counted else 1, 1))
    candidates = enough if enough <= _MOST_CANDIDATES else least
    places = floor(share * candidates)
    return candidates, min(places, int(laid.value)) if counted else places


def _majority(laid: Laid) -> Rows | None:
    """One vote too few: so many of nine that one more would do."""
    threshold = read_threshold(str(laid.value))
    short = max((n for n in range(_VOTERS + 1) if not threshold.met(n, _VOTERS)), default=0)
    made = _with_voters(laid.steps[: laid.vote + 1])
    made[laid.vote]["vote"] = {laid.winner: "y" * short + "n" * (_VOTERS - short)}
    return made


def _with_voters(steps: Rows) -> Rows:
    """Return the steps with a committee of so many that one vote is a small share."""
    made = deepcopy(list(steps))
    for step in made:
        if isinstance(step, dict) and isinstance(step.get("members"), dict):
            step["members"]["count"] = _VOTERS
    return made


_LAID: dict[AssistKind, Callable[[Laid], Rows | None]] = {
    AssistKind.OBJECTION_WINDOW: objected,
    AssistKind.APPEAL: appealed,
    AssistKind.TIE: tied,
    AssistKind.POINTS_TIE: equal_points,
    AssistKind.SUSPENSION: suspended,
    AssistKind.CARRIED: carried,
    AssistKind.PRIZE: _payment,
    AssistKind.REVOCATION: _revocation,
    AssistKind.CORRECTION: _correction,
    AssistKind.REPORTS: _reports,
    AssistKind.VALIDITY: _validity,
    AssistKind.QUOTA: _quota,
    AssistKind.MAJORITY: _majority,
    AssistKind.BAR: barred,
    AssistKind.EXPERT_BAR: panel_short,
    AssistKind.CUT_OFF: below_the_line,
    AssistKind.WEIGHTS: unequal_stages,
    AssistKind.CALL: called_on_its_day,
    AssistKind.CYCLE: opened_too_early,
    AssistKind.GROUP_PLACES: one_too_many,
}
