"""Which elements of two diagrams mean the same: by kind, name and place in the flow, whatever their ids."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from service.catalog.bpmn.model import Diagram, Element, Flow
from service.catalog.meaning.pairs import Pairs

_DEPTHS = (6, 4, 3, 2, 1, 0)
"""How many steps of the flow around an element are looked at, the whole neighbourhood first."""


def pair_elements(left: Diagram, right: Diagram) -> Pairs:
    """Pair elements, flows and lanes of two diagrams; what has no counterpart is left out."""
    pairs = Pairs()
    told: dict[Hashable, int] = {}
    for depth in _DEPTHS:
        colours = {**_colours(left, depth, told, "l"), **_colours(right, depth, told, "r")}
        ours = {ident: colours["l", ident] for ident in left.elements}
        theirs = {ident: colours["r", ident] for ident in right.elements}
        pairs.pair(ours, theirs, lambda colour: colour, twins=depth == _DEPTHS[0])
    _by_neighbours(pairs, left, right)
    pairs.pair(left.elements, right.elements, lambda e: (e.kind, e.name), twins=True)
    _pair_flows(pairs, left, right)
    lanes = [{lane.id: lane.name for lane in diagram.lanes} for diagram in (left, right)]
    pairs.pair(lanes[0], lanes[1], lambda name: name, twins=True)
    return pairs


def _colours(diagram: Diagram, depth: int, told: dict[Hashable, int], side: str) -> dict[tuple[str, str], int]:
    """Return a number for what each element says, and the elements around it ``depth`` steps far."""

    def number(said: Hashable) -> int:
        return told.setdefault(said, len(told))

    colour = {e.id: number(("alone", *_says(e))) for e in diagram.elements.values()}
    for _ in range(depth):
        around: dict[str, list[Hashable]] = {ident: [] for ident in colour}
        for flow in diagram.flows.values():
            if flow.source in colour and flow.target in colour:
                around[flow.source].append(("to", flow.name, colour[flow.target]))
                around[flow.target].append(("from", flow.name, colour[flow.source]))
        for element in diagram.elements.values():
            held = element.attached_to or element.parent
            if held in colour:
                around[element.id].append(("on", "", colour[held]))
        colour = {ident: number((colour[ident], *sorted(map(repr, near)))) for ident, near in around.items()}
    return {(side, ident): value for ident, value in colour.items()}


def _says(element: Element) -> tuple[Hashable, ...]:
    return element.kind, element.name, element.trigger, bool(element.attached_to)


def _by_neighbours(pairs: Pairs, left: Diagram, right: Diagram) -> None:
    """Pair renamed elements: of the same kind, between elements that are paired."""
    while True:
        names = {name: name for name in left.elements}, pairs.left_of
        ours = {i: _between(left, e, names[0]) for i, e in left.elements.items()}
        theirs = {i: _between(right, e, names[1]) for i, e in right.elements.items()}
        if not pairs.pair(ours, theirs, lambda said: said, twins=False):
            return


def _between(diagram: Diagram, element: Element, names: Mapping[str, str]) -> Hashable | None:
    before = sorted(names[f.source] for f in diagram.incoming(element.id) if f.source in names)
    after = sorted(names[f.target] for f in diagram.outgoing(element.id) if f.target in names)
    on = names.get(element.attached_to, "")
    return (element.kind, tuple(before), tuple(after), on) if before or after or on else None


def _pair_flows(pairs: Pairs, left: Diagram, right: Diagram) -> None:
    def ours(flow: Flow) -> Hashable:
        return flow.source, flow.target

    def theirs(flow: Flow) -> Hashable:
        return pairs.left_of.get(flow.source), pairs.left_of.get(flow.target)

    for whole in (True, False):
        said = [
            {i: (ends(f), f.name if whole else "", f.condition if whole else "") for i, f in diagram.flows.items()}
            for diagram, ends in ((left, ours), (right, theirs))
        ]
        pairs.pair(said[0], said[1], lambda telling: telling, twins=True)
