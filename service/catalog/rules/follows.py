"""What follows from another fault is not told beside it: one fault, one message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from service.catalog.problems import Problem, Severity


class Near(StrEnum):
    """Where the cause has to stand for something to follow from it."""

    ELEMENT = "element"
    """At the same element."""
    ENTRY = "entry"
    """At another key of the same entry of a file."""
    WORD = "word"
    """In the same file, about the same name."""
    FILE = "file"
    """Anywhere in the same file."""
    PACKAGE = "package"
    """Anywhere."""


FOLLOWS: Mapping[str, tuple[tuple[Near, str], ...]] = {
    "role_missing": ((Near.ELEMENT, "unknown_property"),),
    "form_missing": ((Near.ELEMENT, "unknown_property"),),
    "no_operation": ((Near.ELEMENT, "unknown_property"),),
    "parameter_missing": ((Near.ELEMENT, "unknown_parameter"),),
    "route_not_in_form": ((Near.ELEMENT, "unknown_form"),),
    "prefill_not_in_form": ((Near.ELEMENT, "unknown_form"),),
    "undeclared_variable": (
        (Near.ELEMENT, "route_not_in_form"), (Near.ELEMENT, "bad_key"), (Near.FILE, "unknown_property"),
    ),
    "undeclared_name": ((Near.WORD, "undeclared_variable"), (Near.FILE, "unknown_property")),
    "variable_never_set": (
        (Near.PACKAGE, "never_run"), (Near.PACKAGE, "unknown_process"), (Near.FILE, "route_not_in_form"), (Near.FILE, "unknown_property"),
        (Near.FILE, "no_operation"), (Near.FILE, "undeclared_variable"),
    ),
    "may_be_empty": (
        (Near.FILE, "route_not_in_form"), (Near.PACKAGE, "form"), (Near.PACKAGE, "unknown_form"), (Near.PACKAGE, "variable_never_set"),
        (Near.FILE, "no_operation"), (Near.FILE, "unknown_property"), (Near.FILE, "undeclared_variable"),
    ),
    "unknown_clause": ((Near.ELEMENT, "clause_in_shared"),),
    "slot_unbound": ((Near.ELEMENT, "unknown_property"), (Near.ELEMENT, "unknown_slot")),
    "unknown_slot": ((Near.FILE, "unknown_property"),),
    "message_never_caught": ((Near.PACKAGE, "no_message"), (Near.PACKAGE, "message_never_sent")),
    "message_never_sent": ((Near.PACKAGE, "no_message"),),
    "property_value": ((Near.ELEMENT, "unknown_property"),),
    "lane_of_role": ((Near.ELEMENT, "lane_missing"),),
    "table": ((Near.ELEMENT, "row_incomplete"),),
    "form": ((Near.FILE, "duplicate_id"),),
    "role_not_held": ((Near.FILE, "unknown_role"),),
    "never_run": ((Near.PACKAGE, "unknown_process"),),
    "unknown_edition": ((Near.PACKAGE, "edition"),),
    "cited_not_read": ((Near.PACKAGE, "feel_syntax"), (Near.PACKAGE, "undeclared_fact"), (Near.PACKAGE, "unknown_term")),
    "value_unit": ((Near.ENTRY, "missing_key"),),
}  # fmt: skip
"""Rule → the rules, and where, beside which it is not told: it may only follow, and if it does not it is told next time."""
_WEIGHT = (Severity.REMARK, Severity.WARNING, Severity.ERROR)


def causes(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems without those that may only follow from others, which weigh no less."""
    problem_list = tuple(problems)
    by_rule: dict[str, list[Problem]] = {}
    for problem in problem_list:
        by_rule.setdefault(problem.rule, []).append(problem)
    return tuple(
        problem
        for problem in problem_list
        if not any(
            _is_near(near, cause, problem)
            for near, rule in FOLLOWS.get(problem.rule, ())
            for cause in by_rule.get(rule, ())
            if _WEIGHT.index(cause.severity) >= _WEIGHT.index(problem.severity)
        )
    )


def _is_near(near: Near, cause: Problem, problem: Problem) -> bool:
    if near is Near.PACKAGE:
        return True
    if cause.file != problem.file:
        return False
    if near is Near.WORD:
        return cause.word == problem.word
    if near is Near.ENTRY:
        return cause.element.rpartition(".")[0] == problem.element.rpartition(".")[0]
    return near is Near.FILE or cause.element == problem.element
