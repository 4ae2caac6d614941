"""Grounds of a revocation that a place begun from blank has: what each is called, one more, one called otherwise."""

from __future__ import annotations

import re

from service.catalog.bpmn.change_element import change_element
from service.catalog.context_entries import entry_of, with_entry
from service.catalog.law_text.preset import squeezed
from service.catalog.law_text.revocation import WITHIN_YEARS
from service.catalog.new_city.follow_up_pieces import period_of
from service.catalog.new_city.grounds import grounds_of, labels_in
from service.catalog.package import Package
from service.catalog.tree import Files

_SETS = "set_revocation"
_VALUE = r'value: "(\w+)"'
_FREE = re.compile(r"free: \[([^\]]*)\]")
_GROUND = r'\{value: "(\w+)", label: "([^"]*)", ban_years: param\.%s\}'


def label_of_ground(package: Package, parameter: str) -> str:
    """Return what the ground is called whose bar ``parameter`` counts, several with ； between them; "" where none has it."""
    return "；".join(label for _, label in _grounds(_said(package, _place(package)), parameter))


def _grounds(said: str, parameter: str) -> list[tuple[str, str]]:
    """Return the grounds whose bar ``parameter`` counts: the value that is chosen, and what it is called."""
    return re.findall(_GROUND % re.escape(parameter), entry_of(said, "grounds", False))


def _instead(grounds: str, parameter: str, ground: str) -> str:
    """Return the list ``grounds`` with ``ground`` instead of those whose bar ``parameter`` counts."""
    one = re.compile(_GROUND % re.escape(parameter))
    first = next(one.finditer(grounds))
    return grounds[: first.start()] + ground + re.sub(f", {one.pattern}", "", grounds[first.end() :])


def free_grounds(label: str, parameter: str, text: str) -> list[str]:
    """Return the values of those grounds in ``label`` of which ``text`` does not say that they lie within so many years.

    Of grounds that several clauses list, it is said of those that this one names; of all where it names none of them.
    """
    said, labels = squeezed(text), labels_in(label)
    named = [one for one in labels if WITHIN_YEARS.search(one)] or [one for one in labels if squeezed(one) in said]
    marks = re.findall(_VALUE, grounds_of(label, parameter))
    return [mark for mark, one in zip(marks, labels, strict=False) if named and one not in named]


def _lasting(said: str) -> frozenset[str]:
    """Return the values of the grounds that lie within so many years: all but those that are free, none without years."""
    free = _FREE.search(entry_of(said, "period", False))
    marks = frozenset(re.findall(_VALUE, entry_of(said, "grounds", False)))
    return marks - set(re.findall(r'"(\w+)"', free[1])) if free is not None else frozenset()


def _text(package: Package, clause: str) -> str:
    known = package.law.clauses.get(clause)
    return (known.text or known.summary) if known is not None else ""


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

    ``label`` has ； between several grounds of one bar. Those that are there are chosen by the same values as before.
    ``limited``: what the clause names of them lies within the years after the award that the place asks for.
    """
    said = _said(package, path)
    grounds, ground = entry_of(said, "grounds", False), grounds_of(label, parameter)
    held, marks = _grounds(said, parameter), re.findall(_VALUE, ground)
    if not held and not grounds.endswith("]"):
        return {}
    listed = _instead(grounds, parameter, ground) if held else f"{grounds[:-1]}, {ground}]"
    after, lasting = with_entry(said, "grounds", listed, False), _lasting(said)
    if limited:
        named = frozenset(marks) - set(free_grounds(label, parameter, _text(package, clause)))
    else:  # whoever changes a ground leaves what holds of it; another of the same bar is free
        known = package.award.parameters.get(parameter)
        again = bool(held) and known is not None and clause in known.clauses
        named = frozenset(marks) if again and lasting.issuperset(mark for mark, _ in held) else frozenset()
    if named or _FREE.search(entry_of(said, "period", False)):
        free = [mark for mark in re.findall(_VALUE, listed) if mark not in lasting | named]
        after = with_entry(after, "period", period_of(free), False)
    if held:
        return {} if after == said else {path: change_element(filled[path], path, _SETS, {}, {"values": after})}
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
