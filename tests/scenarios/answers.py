"""What a choice of a setting asks for that a scenario written for another choice does not fill in.

``=name`` takes over what is filled in under that name beside it. An answer is laid under what a scenario fills in at the
step (verb or element) named, in every case, and only where the group it belongs to is filled in; in a list, under every
row. What no form of the city asks for is left out. Where a choice asks for a step of its own, it is done right after the step named, by the same person.
Where it has decided by a vote what a scenario lets a sitting decide, whoever was elected before is voted for again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from service.casework.simulate.scenarios.scenario import Move, Scenario
from service.catalog import Package

Filled = Mapping[str, Any]
_FIELD = re.compile(r'"key": "(\w+)"')

_AWARDED = {"decide_list": {"award_date": "=decided_on"}}

ANSWERS: Mapping[str, Mapping[str, Filled]] = {
    "operating_years_from=first_business_licence": {
        "fill_application": {"organisation": {"licensed_on": "=established_on", "operating_since": "=established_on"}}
    },
    "operating_years_from=start_of_operation": {
        "fill_application": {"organisation": {"operating_since": "=established_on"}}
    },
    "award_date_basis=approval_date": _AWARDED,
    "award_date_basis=ceremony": _AWARDED,
    "electronic_is_written=False": {"submit_application": {"paper_delivered": True}},
    "committee_term=years": {"form_committee": {"term_until": "2030-12-31"}},
    "re_evaluation_counts_in_quota=True": {"report_results": {"kept_awards": 0}},
    "cycle_count_basis=decision_year": {"round": {"planned_decision_year": 2026}},
    "prize_basis=net": {"pay_prizes": {"rows": {"tax_yuan": 0}}},
    "user_evaluation_due=with_application": {
        "fill_application": {
            "evidence": {
                "satisfaction_summary": "抽样三百份，满意度高。",
                "satisfaction": 96,
                "satisfaction_report": "file:满意度.pdf",
            }
        }
    },
    "severity_source=office": {"examine_material": {"conditions": {"accidents": "met"}}},
}

STEPS: Mapping[str, tuple[str, str, Filled]] = {
    "criteria_edition_date=application_deadline": (
        "confirm_receipts",
        "confirm_edition",
        {"criteria": "GB/T 19580-2012、GB/Z 19579-2012"},
    )
}
"""After which step the choice asks for another one, and what is filled in there.

Where the award does not draw that step it asks for none: Urumqi enters the edition as it starts the review.
"""

UNASKED: Mapping[str, str] = {"user_evaluation_due=with_application": "file_satisfaction"}
"""Which step nobody is asked for under the choice."""

VOTED: Mapping[str, tuple[str, str]] = {"final_list_vote=always": ("prove_posting", "determine_list")}
"""Between which steps the choice has everybody voted on, the second being what nobody does then."""


def answered(scenario: Scenario, choice: str, package: Package) -> Scenario:
    """Return the scenario with what the choice asks for beside what it fills in."""
    answers = {step: _keep_asked(more, _fields(package)) for step, more in ANSWERS.get(choice, {}).items()}
    moves = tuple(_move(move, answers) for move in scenario.moves) if answers else scenario.moves
    moves = tuple(move for move in moves if choice not in UNASKED or move.value != UNASKED[choice])
    if choice in STEPS and _draws(package, STEPS[choice][1]):
        moves = tuple(_with_steps(moves, STEPS[choice]))
    return replace(scenario, moves=tuple(_with_votes(scenario, moves, *VOTED[choice])) if choice in VOTED else moves)


def _fields(package: Package) -> frozenset[str]:
    """Return the names of all fields of all forms."""
    forms = (content.decode() for path, content in package.files.items() if path.endswith(".json"))
    return frozenset(name for text in forms for name in _FIELD.findall(text))


def _draws(package: Package, element: str) -> bool:
    """Return whether a diagram of the package has the element."""
    diagrams = (content for path, content in package.files.items() if path.endswith(".bpmn"))
    return any(f'id="{element}"'.encode() in content for content in diagrams)


def _keep_asked(answers: Filled, fields: frozenset[str]) -> Filled:
    inner = {n: _keep_asked(a, fields) if isinstance(a, Mapping) else a for n, a in answers.items()}
    return {name: answer for name, answer in inner.items() if isinstance(answer, Mapping) or name in fields}


def _with_steps(moves: Iterable[Move], asked: tuple[str, str, Filled]) -> Iterator[Move]:
    after, step, filled = asked
    for move in moves:
        yield move
        if move.value == after and "refused" not in move.keys:
            yield replace(move, at=None, value=step, keys={**move.keys, "with": dict(filled)})


def _with_votes(scenario: Scenario, moves: Iterable[Move], after: str, before: str) -> Iterator[Move]:
    """Let all that were elected be voted on again between the two steps, as the scenario votes there on some of them.

    Who had the votes and no place, as the scenario expects, has ended before.
    """
    ended = {row["case"]: str(row["on"]) for row in scenario.expect if {"case", "outcome", "on"} <= row.keys()}
    elected: dict[str | None, dict[str, str]] = {}
    again: dict[str | None, dict[str, str]] = {}
    day = ""
    for move in moves:
        day = str(move.at.date()) if move.at else day
        done = move.value if "refused" not in move.keys else None
        if move.verb == "vote" and move.case in again:
            again[move.case] |= move.value
            continue
        if move.value == before and move.case in again:
            if done == before:
                papers = {**elected.get(move.case, {}), **again.pop(move.case)}
                papers = {name: said for name, said in papers.items() if ended.get(name, day) >= day}
                yield from _ballots(move, papers, move.keys["with"].get("rows") or [])
            continue
        if move.verb == "vote":
            passed = {k: "y" * len(v) for k, v in move.value.items() if v.count("y") > v.count("n")}
            elected[move.case] = {**elected.get(move.case, {}), **passed}
        if done == after:
            again[move.case] = {}
        yield move


def _ballots(move: Move, papers: Mapping[str, str], rows: Sequence[Filled]) -> Iterator[Move]:
    """Vote as the rows of a sitting decide: whom it does not confirm is not elected, nor in the ballot that follows."""
    left_out = [name for name, row in zip(papers, rows, strict=False) if row.get("confirmed") is False]
    against = {name: "n" * len(papers[name]) for name in left_out}
    for said in ({**papers, **against}, against):
        if said:
            yield replace(move, verb="vote", value=said, who=None, keys={"vote": said, "case": move.case})


def _move(move: Move, answers: Mapping[str, Filled]) -> Move:
    for step, more in answers.items():
        if step in (move.verb, move.value) and "with" in move.keys:
            return replace(move, keys={**move.keys, "with": _under(move.keys["with"] or {}, more)})
    return move


def _under(filled: Filled, more: Filled) -> dict[str, Any]:
    found = dict(filled)
    for name, answer in more.items():
        if isinstance(answer, Mapping):
            if isinstance(found.get(name), list):
                found[name] = [_under(row, answer) for row in found[name]]
            elif name in found:
                found[name] = _under(found[name], answer)
        elif name not in found:
            found[name] = filled.get(answer[1:]) if isinstance(answer, str) and answer.startswith("=") else answer
    return found
