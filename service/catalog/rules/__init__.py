"""The rules a package is checked by, grouped by subject."""

from service.catalog.rules import (
    awards,
    citations,
    decisions,
    definite_assignment,
    diagrams,
    drawing,
    elements,
    events,
    facts,
    flows,
    form_types,
    forms,
    formulas,
    frames,
    instants,
    literals,
    loops,
    messages,
    operations,
    panels,
    parameters,
    periods,
    personal_data,
    references,
    roles,
    scores,
    settings,
    table_types,
    tables,
    texts,
    types,
    variables,
)
from service.catalog.rules.registry import Check, Extent, Rule

_FAMILIES = (
    awards, roles, parameters, settings, diagrams, elements, flows, events, loops, references, operations,
    panels, scores, facts, definite_assignment, messages, formulas, literals, periods,
    texts, types, variables, instants, frames, tables, table_types, forms, form_types, decisions,
    personal_data, citations, drawing,
)  # fmt: skip
RULES = tuple(check for family in _FAMILIES for check in vars(family).values() if isinstance(check, Check))
"""All checks in the order in which they are made, each with the rules it is about."""

__all__ = ["RULES", "Check", "Extent", "Rule"]
