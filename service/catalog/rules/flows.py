"""Flows: gateways know where to go."""

from __future__ import annotations

from collections.abc import Iterator

from service.catalog.bpmn.model import Kind
from service.catalog.problems import Problem
from service.catalog.rules.context import Checked, Rule, error, warning
from service.domain.text import Text


def gateway_conditions(checked: Checked) -> Iterator[Problem]:
    """Every way out of an exclusive or inclusive gateway has a condition, except the default."""
    for diagram, element in checked.elements():
        ways = diagram.outgoing(element.id)
        if element.kind not in (Kind.EXCLUSIVE, Kind.INCLUSIVE) or len(ways) < 2:
            continue
        for flow in ways:
            if not flow.condition and flow.id != element.default_flow:
                yield error(
                    diagram.file, flow.id, "condition_missing",
                    f"网关“{element.name}”的出口“{flow.name}”没有条件。",
                    f"The way “{flow.name}” out of gateway “{element.name}” has no condition.",
                    Text("写上 FEEL 条件，或设为默认出口。", "Give it a FEEL condition or make it the default."),
                )  # fmt: skip


def gateway_default(checked: Checked) -> Iterator[Problem]:
    """A gateway that decides has a default, so that a case never stands still."""
    for diagram, element in checked.elements():
        if element.kind in (Kind.EXCLUSIVE, Kind.INCLUSIVE) and len(diagram.outgoing(element.id)) > 1:
            if not element.default_flow:
                yield error(
                    diagram.file, element.id, "default_missing",
                    f"网关“{element.name}”没有默认出口。", f"Gateway “{element.name}” has no default way.",
                    Text("指定一个默认出口。", "Choose a default flow."),
                )  # fmt: skip
            elif diagram.flows.get(element.default_flow) and diagram.flows[element.default_flow].condition:
                yield warning(
                    diagram.file, element.default_flow, "default_condition",
                    f"网关“{element.name}”的默认出口带有条件，条件不起作用。",
                    f"The default way of gateway “{element.name}” has a condition, which has no effect.",
                    Text("删去该条件。", "Remove the condition."),
                )  # fmt: skip


def gateway_named(checked: Checked) -> Iterator[Problem]:
    """A gateway that decides says what it asks, and its ways say the answers."""
    for diagram, element in checked.elements():
        ways = diagram.outgoing(element.id)
        if element.kind is not Kind.EXCLUSIVE or len(ways) < 2:
            continue
        if not element.name or any(not flow.name for flow in ways):
            yield warning(
                diagram.file, element.id, "gateway_unnamed",
                f"网关“{element.name or element.id}”或其出口没有名称。",
                f"Gateway “{element.name or element.id}” or one of its ways has no name.",
                Text("网关写问题，出口写答案。", "Name the gateway by its question, the ways by the answers."),
            )  # fmt: skip


RULES: tuple[Rule, ...] = (gateway_conditions, gateway_default, gateway_named)
