"""Decisions are taken by people: nothing that a step decides is chosen before somebody chooses it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from service.catalog.bpmn.kinds import Kind
from service.catalog.bpmn.model import Element
from service.catalog.feel import compiled
from service.catalog.form_fields.deciding_fields import is_decided_by
from service.catalog.problems import Problem
from service.catalog.rules.context import Checked, build_error_problem
from service.catalog.rules.registry import Extent, check
from service.domain.feel import FeelLimitExceeded, FeelSyntaxError, nodes
from service.domain.text import Text

_CHOICES = ("radio", "select")


@check(Extent.PACKAGE, "decision_preselected")
def nothing_preselected(checked: Checked) -> Iterator[Problem]:
    """A choice by which a case goes on is made by who does the task: no first value says it, and no default of the form."""
    for diagram, element in checked.elements():
        schema = checked.schemas.get(element.form) if element.kind is Kind.USER_TASK and element.form else None
        if schema is None:
            continue
        for key, label in _iterate_decisions(checked, element, schema):
            if _is_constant(element.prefill, key):
                yield build_error_problem(
                    diagram.file, element.id, "decision_preselected",
                    f"“{label}”由办理人决定，初值却已经替他选好。", f"“{label}” is for who does the task to decide, but its first value chooses already.",
                    Text(f"从 prefill 中去掉“{key}”。", f"Take “{key}” out of prefill."),
                )  # fmt: skip
    for form, key, label in _iterate_defaults(checked):
        yield build_error_problem(
            checked.package.forms[form], key, "decision_preselected",
            f"“{label}”由办理人决定，表单却已经替他选好。", f"“{label}” is for who does the task to decide, but the form chooses already.",
            Text("去掉这个字段的默认值。", "Take the default value of the field away."),
        )  # fmt: skip


def _iterate_decisions(checked: Checked, element: Element, schema: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield key and label of the choices by which a case goes on from a task."""
    for item in _iterate_choice_fields(schema):
        key = str(item["key"])
        if key in element.routes or is_decided_by(checked.package, element.form, (key,)):
            yield key, str(item.get("label") or key)


def _iterate_defaults(checked: Checked) -> Iterator[tuple[str, str, str]]:
    """Yield form, key and label of the deciding choices that a form of a task fills in by itself, each once."""
    tasks = [element for _, element in checked.elements() if element.kind is Kind.USER_TASK]
    for form, schema in checked.schemas.items():
        chosen = {
            str(item["key"]) for item in _iterate_choice_fields(schema) if item.get("defaultValue") not in (None, "")
        }
        pairs = {pair for e in tasks if e.form == form and chosen for pair in _iterate_decisions(checked, e, schema)}
        yield from ((form, key, label) for key, label in sorted(pairs) if key in chosen)


def _iterate_choice_fields(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the fields of a form, outside of lists and groups, in which one of several answers is chosen."""
    for item in schema.get("components", ()):
        several = len(item.get("values") or ()) != 1
        if item.get("type") in _CHOICES and item.get("key") and several:
            yield item


def _is_constant(prefill: str, key: str) -> bool:
    """Tell whether the first values of a task say ``key`` without reading anything."""
    if key not in prefill:
        return False
    try:
        node = compiled(prefill).node
    except (FeelSyntaxError, FeelLimitExceeded):
        return False  # reported as a formula
    value = dict(node.entries).get(key) if isinstance(node, nodes.ContextLiteral) else None
    return isinstance(value, nodes.Literal) and value.value is not None
