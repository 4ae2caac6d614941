"""The time limits of the phases of an objection that were typed where objections are drawn already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.studio.draft_tree import DraftTree
from service.casework.studio.typed_fields import TypedAssistance
from service.catalog.clause_assistants import AssistKind
from service.catalog.clause_questions import read_answers
from service.catalog.law_text.objection_phases import phases_in
from service.catalog.most_periods import PHASE_OF
from service.catalog.new_city.add_step import steps_of
from service.catalog.new_city.steps import CityStep
from service.catalog.parameter_entries import add_parameter, change_parameter, set_value

_OPEN = {"source": "default", "question": "条文没有写明这个数，取值由本地选定，请核对。"}


def typed_phases(tree: DraftTree, typed: TypedAssistance) -> Mapping[str, int]:
    """Return what was typed for each phase, by the id of its parameter; empty where objections are drawn with it."""
    drawn = typed.kind is AssistKind.OBJECTION_WINDOW and CityStep.OBJECTION in steps_of(tree.package)
    if typed.element or not drawn:
        return {}
    answers = read_answers(typed.kind, typed.answers)
    return {ident: answers[phase] for ident, phase in PHASE_OF.items() if answers.get(phase) is not None}


def with_phases(tree: DraftTree, text: str, typed: TypedAssistance) -> str:
    """Return parameters.yaml with the phases that were typed anew: as the text says them, or as the place's own choice."""
    clause = tree.package.law.clause(typed.clause)
    said = phases_in(clause.text or clause.summary)
    for ident, days in typed_phases(tree, typed).items():
        old, preset = tree.package.award.parameters.get(ident), said.get(PHASE_OF[ident])
        if old is not None and old.values[-1].value == days:
            continue
        stated = preset is not None and not preset.calendar and preset.value == str(days)
        cited = list(dict.fromkeys([*(old.clauses if old else ()), typed.clause]))
        entry: dict[str, Any] = {"clauses": cited} | ({"source": "stated", "question": None} if stated else _OPEN)
        held = change_parameter(text, ident, entry) if old else add_parameter(text, ident, {**entry, "value": days})
        text = set_value(held, ident, days)
    return text
