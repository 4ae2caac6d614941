"""The time limits of the phases of an objection that were typed where objections are drawn already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.studio.drafts.draft_tree import DraftTree
from service.casework.studio.law.typed_fields import TypedAssistance
from service.catalog.assistants.clause_questions import read_answers
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.clause_kinds.phase_days import PHASE_OF, PhaseDays, days_said, ident_of, in_other_unit
from service.catalog.law_text.objection_phases import PHASES, phases_in
from service.catalog.new_city.add_step import steps_of
from service.catalog.new_city.steps import CityStep
from service.catalog.package import Package
from service.catalog.parameters.parameter_entries import add_parameter, change_parameter, remove_parameter, set_value

_OPEN = {"source": "default", "question": "条文没有写明这个数，取值由本地选定，请核对。"}


def typed_phases(tree: DraftTree, typed: TypedAssistance) -> Mapping[str, PhaseDays]:
    """Return what was typed for each phase, by the id of its parameter; empty where objections are drawn with it."""
    drawn = typed.kind is AssistKind.OBJECTION_WINDOW and CityStep.OBJECTION in steps_of(tree.package)
    if typed.element or not drawn:
        return {}
    answers = read_answers(typed.kind, typed.answers)
    given = {phase: answers[phase] for phase in PHASES if answers.get(phase) is not None}
    return {ident_of(phase, days.unit): days for phase, days in given.items()}


def with_phases(tree: DraftTree, text: str, typed: TypedAssistance) -> str:
    """Return parameters.yaml with the phases that were typed anew: as the text says them, or as the place's own choice."""
    clause = tree.package.law.clause(typed.clause)
    said = phases_in(clause.text or clause.summary)
    for ident, days in typed_phases(tree, typed).items():
        old, preset = tree.package.award.parameters.get(ident), said.get(PHASE_OF[ident])
        if old is not None and old.values[-1].value == days.number:
            continue
        stated = preset is not None and days_said(preset) == days
        cited = [*(old.clauses if old else clauses_in_other_unit(tree.package, ident)), typed.clause]
        entry: dict[str, Any] = {"clauses": list(dict.fromkeys(cited))}
        entry |= {"source": "stated", "question": None} if stated else _OPEN
        value = {"value": days.number}
        held = change_parameter(text, ident, entry) if old else add_parameter(text, ident, {**entry, **value})
        text = set_value(without_other_unit(held, tree.package, ident), ident, days.number)
    return text


def clauses_in_other_unit(package: Package, ident: str) -> tuple[str, ...]:
    """Return what the time of the same phase cites that counts in the other unit; none where there is none."""
    other = package.award.parameters.get(in_other_unit(ident))
    return other.clauses if other is not None else ()


def without_other_unit(text: str, package: Package, ident: str) -> str:
    """Return parameters.yaml without the time of the same phase in the other unit: one of them is in force."""
    other = in_other_unit(ident)
    return remove_parameter(text, other) if other in package.award.parameters else text
