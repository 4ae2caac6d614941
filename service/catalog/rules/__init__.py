"""The rules a package is checked by, grouped by subject."""

from service.catalog.rules import (
    awards,
    citations,
    dates,
    diagrams,
    drawing,
    facts,
    flows,
    forms,
    formulas,
    frames,
    handed,
    joins,
    law,
    messages,
    operations,
    panels,
    parameters,
    references,
    roles,
    settings,
    slots,
    tables,
)
from service.catalog.rules.context import Checked, Rule

RULES: tuple[Rule, ...] = (
    *awards.RULES,
    *roles.RULES,
    *parameters.RULES,
    *settings.RULES,
    *diagrams.RULES,
    *flows.RULES,
    *joins.RULES,
    *references.RULES,
    *operations.RULES,
    *panels.RULES,
    *facts.RULES,
    *messages.RULES,
    *formulas.RULES,
    *frames.RULES,
    *handed.RULES,
    *tables.RULES,
    *forms.RULES,
    *dates.RULES,
    *slots.RULES,
    *citations.RULES,
    *law.RULES,
    *drawing.RULES,
)

__all__ = ["RULES", "Checked", "Rule"]
