"""Grounds of a revocation that a place begun from blank has: what each is called, one more, one called otherwise."""

from __future__ import annotations

import re

from service.catalog.bpmn.change_element import change_element
from service.catalog.context_entries import entry_of, with_entry
from service.catalog.new_city.follow_up_pieces import ground_of, period_of
from service.catalog.package import Package
from service.catalog.tree import Files

_SETS = "set_revocation"
_LABEL = r'\{value: "%s", label: "([^"]*)", ban_years: param\.\w+\}'


def label_of_ground(package: Package, parameter: str) -> str:
    """Return what the ground is called whose bar ``parameter`` counts, "" where no revocation has it."""
    found = re.search(_LABEL % re.escape(parameter), entry_of(_said(package, _place(package)), "grounds", False))
    return found[1] if found else ""


def as_it_stands(package: Package, parameter: str) -> dict[str, str]:
    """Return what the questions of a revocation that is drawn were answered: its ground, who proposes and who decides.

    Empty for what is not there yet. Whoever changes something else, such as the years of a bar, leaves these alone.
    """
    bound, label = package.jurisdiction.bindings, label_of_ground(package, parameter)
    if not _said(package, _place(package)):
        return {}
    said = {"ground": label, "proposer": bound.get("revocation_proposer"), "decider": bound.get("revocation_authority")}
    return {question: answer for question, answer in said.items() if answer}


def with_ground(
    filled: Files, package: Package, path: str, clause: str, parameter: str, label: str, *, limited: bool
) -> dict[str, bytes]:
    """Return the revocation at ``path`` with a ground more that cites ``clause``; one that is there is called ``label``.

    ``limited``: it lies within the years after the award that the place asks for.
    """
    said = _said(package, path)
    grounds, ground = entry_of(said, "grounds", False), ground_of(label, parameter)
    if f"param.{parameter}" in grounds:
        named = re.sub(_LABEL % re.escape(parameter), lambda _: ground, grounds)
        after = with_entry(said, "grounds", named, False)
        return {} if after == said else {path: change_element(filled[path], path, _SETS, {}, {"values": after})}
    if not grounds.endswith("]"):
        return {}
    after = with_entry(said, "grounds", f"{grounds[:-1]}, {ground}]", False)
    old, period = re.findall(r'value: "(\w+)"', grounds), entry_of(said, "period", False)
    free = re.search(r"free: \[([^\]]*)\]", period)
    if limited or free is not None:
        kept = re.findall(r'"(\w+)"', free[1]) if free is not None else old
        kept += [] if limited else [parameter]
        after = with_entry(after, "period", period_of(kept), False)
    made = change_element(filled[path], path, _SETS, {}, {"values": after})
    call = package.diagrams[path].elements.get("revoke")
    if call is not None:
        slots = {slot: dict.fromkeys([*cited, clause]) for slot, cited in call.slots.items()}
        bound = " ".join(f"{slot}={','.join(cited)}" for slot, cited in slots.items())
        made = change_element(made, path, "revoke", {"slots": bound}, {})
    return {path: made}


def _place(package: Package) -> str:
    return f"processes/{package.key}/revocation.bpmn"


def _said(package: Package, path: str) -> str:
    diagram = package.diagrams.get(path)
    element = diagram.elements.get(_SETS) if diagram else None
    return element.operation.parameters.get("values", "") if element and element.operation else ""
