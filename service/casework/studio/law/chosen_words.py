"""What was typed into an assistant whose value is an answer among words: who goes first of equals, who is put to the vote."""

from __future__ import annotations

from dataclasses import replace

from service.casework.studio.law.typed_fields import TypedAssistance
from service.catalog import Package, Unit
from service.catalog.assistants.clause_questions import QUESTIONS, read_answers
from service.catalog.assistants.drawn_answers import answers_over
from service.catalog.assistants.tie_drawing import RULE_OF
from service.catalog.clause_kinds.clause_assistants import ASSISTANTS, AssistKind
from service.catalog.law_text.tie_said import TieOrder


def chosen_in_words(package: Package, typed: TypedAssistance) -> TypedAssistance:
    """Return what was typed with the answer as its value, under the one name that a place has for it."""
    ident, question = ASSISTANTS[typed.kind].ident, QUESTIONS[typed.kind][0].id
    said = read_answers(typed.kind, answers_over(package, typed.kind, ident, typed.answers))[question]
    value = RULE_OF[TieOrder(said)] if typed.kind is AssistKind.TIE else said
    return replace(typed, parameter=ident, unit=Unit.CHOICE.value, value=value, bound="")
