"""What a choice of a setting asks for that a scenario written for another choice does not fill in.

``=name`` takes over what is filled in under that name beside it. An answer is laid under what a scenario fills in at the
step (verb or element) named, in every case, and only where the group it belongs to is filled in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from service.casework.simulate.scenario import Move, Scenario

Filled = Mapping[str, Any]

_AWARDED = {"decide_list": {"award_date": "2026-11-20"}}

ANSWERS: Mapping[str, Mapping[str, Filled]] = {
    "operating_years_from=first_business_licence": {
        "fill_application": {"organisation": {"licensed_on": "=established_on"}},
    },
    "operating_years_from=start_of_operation": {
        "fill_application": {"organisation": {"operating_since": "=established_on"}},
    },
    "award_date_basis=approval_date": _AWARDED,
    "award_date_basis=ceremony": _AWARDED,
    "severity_source=office": {"examine_material": {"conditions": {"accidents": "met"}}},
}


def answered(scenario: Scenario, choice: str) -> Scenario:
    """Return the scenario with what the choice asks for beside what it fills in."""
    answers = ANSWERS.get(choice, {})
    return replace(scenario, moves=tuple(_move(move, answers) for move in scenario.moves)) if answers else scenario


def _move(move: Move, answers: Mapping[str, Filled]) -> Move:
    for step, more in answers.items():
        if step in (move.verb, move.value) and "with" in move.keys:
            return replace(move, keys={**move.keys, "with": _under(move.keys["with"] or {}, more)})
    return move


def _under(filled: Filled, more: Filled) -> dict[str, Any]:
    found = dict(filled)
    for name, answer in more.items():
        if isinstance(answer, Mapping):
            if name in found:
                found[name] = _under(found[name], answer)
        elif name not in found:
            found[name] = filled.get(answer[1:]) if isinstance(answer, str) and answer.startswith("=") else answer
    return found
