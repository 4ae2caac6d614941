"""What a new parameter is called where whoever typed into an assistant named it no otherwise than was proposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from service.casework.studio.law.typed_fields import TypedAssistance
from service.casework.studio.parameters.new_parameter import unit_of
from service.catalog import Package, Unit
from service.catalog.assistants.clause_names import clause_name, proposed_names
from service.catalog.clause_kinds.bar_conditions import bar_name, since_of
from service.catalog.clause_kinds.clause_assistants import ASSISTANTS, AssistKind
from service.catalog.parameters.vocabulary import usual_names

_BY_ANSWER = (AssistKind.REVOCATION, AssistKind.EXPERT_BAR)
"""Kinds whose parameter is called after what was answered: the ground, the limit."""


def name_of(package: Package, typed: TypedAssistance, read: Mapping[str, str]) -> str:
    """Return the name of the parameter: as typed, or by article and matter where that is what was proposed for another unit.

    ``read`` is what the text of the clause says. A parameter of the common vocabulary keeps the name that it has there.
    """
    assistant, name = ASSISTANTS[typed.kind], typed.name.strip()
    article = package.law.article(typed.clause)
    known = package.derived("usual names", lambda: usual_names(package.files)).get(assistant.ident, "")
    tier = next((one.text.zh for one in package.award.tiers if one.id == typed.tier), "")
    proposed = [proposed_names(typed.kind, article, said, of) for said in (typed.answers, read) for of in ("", tier)]
    if not name or name not in {known}.union(*proposed):
        return typed.name
    if typed.kind in _BY_ANSWER or (known and typed.parameter == assistant.ident):
        return assistant.title.zh
    unit = unit_of(typed.unit or assistant.units[0].value)
    return clause_name(typed.kind, article, unit, typed.answers, tier)


def named_by_bar(typed: TypedAssistance) -> TypedAssistance:
    """Return a bar that is not the usual one, in years from an award, under a name of its own."""
    unit = unit_of(typed.unit or Unit.YEARS.value)
    if since_of(typed.answers) == "award" and unit is Unit.YEARS:
        return typed
    usual = typed.name.strip() in ("", ASSISTANTS[typed.kind].title.zh)
    return replace(typed, name=bar_name(typed.answers, unit) if usual else typed.name, parameter="")
