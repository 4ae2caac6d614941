"""The same fictional applicants in another city: what they say of themselves, told in that city's own forms.

A field means the same where it has the same key or the same label, and takes the value; a choice is taken by its value
or by its words. What the other city asks besides, or offers by a formula (its districts), stays as its own scenario answers it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from service.casework.simulate.scenarios.scenario import Move, Scenario
from service.catalog import Package
from service.domain.errors import LaurelError

_ASKING = ("textfield", "textarea", "number", "datetime", "radio", "select", "checkbox")
_ALIKE = (("textfield", "textarea"), ("radio", "select"))


@dataclass(frozen=True, slots=True)
class MappedFacts:
    """What both cities ask of an applicant (by label), and what each asks alone."""

    both: tuple[str, ...]
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]


def with_applicants(
    first: Scenario, first_package: Package, second: Scenario, second_package: Package
) -> tuple[Scenario, Mapping[str, MappedFacts]]:
    """Return ``second`` with the applicants of ``first``, one after another, and what was mapped, by their names."""
    applied = _applications(first, first_package)
    pairs = dict(zip(second.organisations, first.organisations, strict=False))
    names = {nick: str((held or {}).get("name", nick)) for nick, held in first.organisations.items()}
    organisations = dict(second.organisations)
    for nick, source in pairs.items():
        own, other = dict(second.organisations[nick] or {}), dict(first.organisations[source] or {})
        kind = {"kind": other["kind"]} if "kind" in other else {}
        organisations[nick] = {**{k: v for k, v in own.items() if k != "kind"}, "name": names[source], **kind}
    moves: list[Move] = []
    told: dict[str, MappedFacts] = {}
    for move in second.moves:
        source = pairs.get(str(move.who), "")
        if move.verb == "start" and source in applied:
            move, facts = _mapped(move, second_package, *applied[source])
            if facts is not None:
                told.setdefault(names[source], facts)
        moves.append(move)
    return replace(second, organisations=organisations, moves=tuple(moves)), told


def _applications(
    scenario: Scenario, package: Package
) -> dict[str, tuple[dict[str, Mapping[str, Any]], dict[str, Any]]]:
    """Return the fields of the form by which each applicant first applied, and what they told."""
    found: dict[str, tuple[dict[str, Mapping[str, Any]], dict[str, Any]]] = {}
    for move in scenario.moves:
        who = str(move.who)
        if move.verb == "start" and who in scenario.organisations and who not in found:
            fields = _fields(package, str(move.value))
            if fields:
                found[who] = fields, dict(move.keys.get("with") or {})
    return found


def _mapped(
    move: Move, package: Package, asked: Mapping[str, Mapping[str, Any]], told: Mapping[str, Any]
) -> tuple[Move, MappedFacts | None]:
    fields = _fields(package, str(move.value))
    if not fields:
        return move, None
    given, both, taken = dict(move.keys.get("with") or {}), [], set()
    for key, field in fields.items():
        source = _same(key, field, asked)
        if source is None:
            continue
        both.append(_label(key, field))
        taken.add(source)
        value = _value(told.get(source), asked[source], field)
        if value is not None:
            given[key] = value
    facts = MappedFacts(
        tuple(both),
        tuple(_label(key, field) for key, field in asked.items() if key not in taken),
        tuple(_label(key, field) for key, field in fields.items() if _label(key, field) not in both),
    )
    return replace(move, keys={**move.keys, "with": given}), facts


def _same(key: str, field: Mapping[str, Any], asked: Mapping[str, Mapping[str, Any]]) -> str | None:
    """Return the field of the first city that means the same as ``field``: by key, else by label."""
    by_key = asked.get(key)
    if by_key is not None and _alike(field, by_key):
        return key
    label = _label(key, field)
    return next((name for name, other in asked.items() if _label(name, other) == label and _alike(field, other)), None)


def _alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    kinds = one.get("type"), other.get("type")
    return kinds[0] == kinds[1] or any(kinds[0] in group and kinds[1] in group for group in _ALIKE)


def _value(value: Any, asked: Mapping[str, Any], field: Mapping[str, Any]) -> Any:
    """Return a value as the other form takes it; None where it has no such choice, or has choices of its own city."""
    if field.get("valuesExpression"):
        return None
    options = [o for o in field.get("values") or () if isinstance(o, Mapping)]
    if value is None or not options:
        return value
    if any(str(o.get("value")) == str(value) for o in options):
        return value
    words = next((o.get("label") for o in asked.get("values") or () if str(o.get("value")) == str(value)), None)
    return next((o.get("value") for o in options if words is not None and o.get("label") == words), None)


def _fields(package: Package, process: str) -> dict[str, Mapping[str, Any]]:
    info = package.award.processes.get(process)
    form = (info.start_form or "") if info else ""
    if not form or not package.has_form(form):
        return {}
    try:
        components = package.form(form).get("components") or ()
    except LaurelError:  # the check says what is wrong with the form
        return {}
    parts = [
        part for one in components for part in (one, *(one.get("components") or ())) if one.get("type") != "dynamiclist"
    ]
    return {str(c["key"]): c for c in parts if c.get("type") in _ASKING and c.get("key")}


def _label(key: str, field: Mapping[str, Any]) -> str:
    return str(field.get("label") or field.get("dateLabel") or key).strip()
