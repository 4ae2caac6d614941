"""Elements that got another id in a newer version: what is proposed, what may be chosen, and how the engine is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TypeAlias

from service.catalog import Diagram, Element, Kind, Package
from service.domain.errors import Invalid
from service.domain.text import Text

Renames: TypeAlias = Mapping[str, Mapping[str, str]]
"""For a diagram: the ids of elements before and after."""

_ALIKE = 0.6
"""From here on two names are taken for one that was reworded."""


@dataclass(frozen=True, slots=True)
class Missing:
    """An element that the newer version lacks: which of its new ones it may have become, and which is proposed, and why."""

    process: str
    element: Element
    choices: tuple[Element, ...]
    proposed: Element | None
    why: Text

    @property
    def choice_ids(self) -> tuple[str, ...]:
        """The ids of those it may have become."""
        return tuple(element.id for element in self.choices)


def missing_elements(old: Package, new: Package) -> list[Missing]:
    """Return the elements of ``old`` that ``new`` lacks in diagrams that both have, each with a proposal from its name and work."""
    found: list[Missing] = []
    for process, diagram in old.processes.items():
        after = new.processes.get(process)
        if after is not None:
            found += _missing(process, diagram, after)
    return found


def read_renames(old: Package, new: Package, chosen: Mapping[tuple[str, str], str]) -> Renames:
    """Return what a person chose for (process, element before), empty texts left out; raises Invalid for what cannot be."""
    offered = {(one.process, one.element.id): one for one in missing_elements(old, new)}
    found: dict[str, dict[str, str]] = {}
    for (process, before), after in chosen.items():
        if not after:
            continue
        known = offered.get((process, before))
        if known is None or after not in {choice.id for choice in known.choices}:
            raise Invalid(
                Text(
                    f"“{before}”不能对应到“{after}”：新版本里须是同一种类的新节点。请重新选择。",
                    f"“{before}” cannot become “{after}”: it must be a new element of the same kind. Choose again.",
                )
            )
        if after in found.setdefault(process, {}).values():
            raise Invalid(Text(f"“{after}”被对应了两次，请改正。", f"“{after}” was chosen twice: correct one of them."))
        found[process][before] = after
    return found


def for_engine(old: Package, renames: Renames) -> Renames:
    """Return the same for the engine, to which a process drawn inside another is one of its own."""
    found = dict(renames)
    for process, names in renames.items():
        for element in old.diagram(process).elements.values():
            if element.kind is Kind.SUBPROCESS:
                found[element.id] = names
    return found


def _missing(process: str, before: Diagram, after: Diagram) -> Iterator[Missing]:
    fresh = [one for one in after.elements.values() if one.id not in before.elements]
    for element in before.elements.values():
        if element.id in after.elements or element.kind is Kind.SUBPROCESS:
            continue
        choices = [one for one in fresh if one.kind is element.kind and one.parent == element.parent]
        proposed, why = _proposal(element, choices)
        yield Missing(process, element, tuple(choices), proposed, why)


def _proposal(element: Element, choices: list[Element]) -> tuple[Element | None, Text]:
    for same, why in (
        (lambda one: bool(one.name) and one.name == element.name, Text("名称相同", "same name")),
        (lambda one: _work(one) is not None and _work(one) == _work(element), Text("所办的事相同", "same work")),
    ):
        alike = [one for one in choices if same(one)]
        if len(alike) == 1:
            return alike[0], why
    near = sorted(choices, key=lambda one: _likeness(one, element), reverse=True)
    if near and _likeness(near[0], element) >= _ALIKE:
        return near[0], Text("名称相近", "similar name")
    return None, Text("没有相近的节点", "nothing like it")


def _work(element: Element) -> object:
    """Return what an element does, None for one that does nothing of its own."""
    if element.operation is not None:
        return element.operation.operation, tuple(sorted(element.operation.parameters.items()))
    if element.timer is not None:
        return element.timer.expression
    return element.form or element.decision or element.called or element.message or None


def _likeness(one: Element, other: Element) -> float:
    return SequenceMatcher(None, one.name or one.id, other.name or other.id).ratio()
