"""Parallel joins: every branch that should arrive does arrive."""

from __future__ import annotations

from collections.abc import Iterator

from service.catalog.bpmn.model import Diagram, Element, Kind, Trigger
from service.catalog.problems import Problem
from service.catalog.rules.context import Checked, Rule, error
from service.domain.text import Text


def joins_are_fed(checked: Checked) -> Iterator[Problem]:
    """No branch on its way to a parallel join may end elsewhere: the join would wait for ever (BPMN 2.0.2, 13.4.1)."""
    for path, diagram in checked.package.diagrams.items():
        for join in diagram.of(Kind.PARALLEL):
            if len(diagram.incoming(join.id)) > 1:
                yield from _starved(path, diagram, join)


def _starved(path: str, diagram: Diagram, join: Element) -> Iterator[Problem]:
    for split in diagram.of(Kind.PARALLEL):
        branches = [flow.target for flow in diagram.outgoing(split.id)]
        if split.id == join.id or len(branches) < 2:
            continue
        reach = {branch: _reached(diagram, branch, stop=join.id) for branch in branches}
        arriving = [branch for branch in branches if join.id in reach[branch]]
        for branch in arriving if len(arriving) > 1 else ():
            ends = [e for e in reach[branch] if _ends_the_branch(diagram, e)]
            if ends:
                yield error(
                    path, join.id, "join_starved",
                    f"并行网关“{join.name or join.id}”等待的一条分支可能在“{_word(diagram, ends[0])}”结束，汇合就永远不会发生。",
                    f"A branch that the join “{join.name or join.id}” waits for may end at “{_word(diagram, ends[0])}”: "
                    "then it waits for ever.",
                    Text(
                        "让该分支的每条路都通到汇合处，或者改用终止结束事件。",
                        "Lead every way of the branch to the join, or end the whole process there.",
                    ),
                )  # fmt: skip
                return


def _reached(diagram: Diagram, start: str, stop: str) -> list[str]:
    """Return what a token at ``start`` can come to, ``stop`` and what interrupts activities included, nothing behind ``stop``."""
    found: dict[str, None] = {}
    waiting = [start]
    while waiting:
        here = waiting.pop()
        if here in found:
            continue
        found[here] = None
        if here != stop:
            waiting += [flow.target for flow in diagram.outgoing(here)]
            waiting += [e.id for e in diagram.of(Kind.BOUNDARY) if e.attached_to == here and e.interrupting]
    return list(found)


def _ends_the_branch(diagram: Diagram, ident: str) -> bool:
    """Return whether a token is gone at ``ident`` while the rest of the process goes on."""
    element = diagram.elements[ident]
    return element.kind is Kind.END and element.trigger not in (Trigger.TERMINATE, Trigger.ERROR, Trigger.CANCEL)


def _word(diagram: Diagram, ident: str) -> str:
    return diagram.elements[ident].name or ident


RULES: tuple[Rule, ...] = (joins_are_fed,)
