"""How the prize of a place is paid as it is drawn now, in the words of the questions of its assistant."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from service.catalog.assistants.part_times import YEAR_BEGINS
from service.catalog.package import Package
from service.catalog.settings.settings import typed_value
from service.catalog.source.freeze import thaw

_PART = re.compile("(?:share|when|at)_[0-9]+")
_REPORT = re.compile("report_([0-9]+)")
_OF_TIER = r'row\.tier = \\*"(\w+)\\*" then param\.{parameter}\b'
_WHOLE = 100


def prize_as_it_stands(package: Package, parameter: str) -> dict[str, str]:
    """Return of which tier the prize ``parameter`` is, in which parts and within how many days it is paid.

    Empty for a prize that is not drawn yet; without parts where it is paid at once, or by a plan that the questions cannot
    say. Whoever changes something else, such as the amount, leaves these alone.
    """
    said = _prize_from(package)
    if not parameter or not re.search(rf"param\.{re.escape(parameter)}\b", said):
        return {}
    tiers = re.findall(_OF_TIER.replace("{parameter}", re.escape(parameter)), said)
    tier = tiers[0] if len(tiers) == 1 else ""
    plan, days = (_value(package, ident) for ident in ("prize_parts", "prize_payment_calendar_days"))
    rows = [row for row in plan or () if row.get("tier", tier) == tier]
    paid_within = {"pay_days": typed_value(days)} if days is not None else {}
    return {**({"tier": tier} if tier else {}), **_parts(rows), **paid_within}


def with_parts_of(drawn: Mapping[str, str], answers: Mapping[str, str]) -> dict[str, str]:
    """Return ``answers`` over those that are ``drawn``; the parts of a prize are one plan, so they come from one of both."""
    anew = any(_PART.fullmatch(key) for key in answers)
    return {**{key: said for key, said in drawn.items() if not (anew and _PART.fullmatch(key))}, **answers}


def _parts(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the rows of a plan as they are typed; nothing for one part that is paid at once, and for other plans."""
    found: dict[str, str] = {}
    for number, row in enumerate(rows, 1):
        share, time = Fraction(str(row.get("share", 0))) * _WHOLE, _time(row, number)
        if time is None or share.denominator != 1:
            return {}
        when, at = time
        found |= {f"share_{number}": str(share), f"when_{number}": when, f"at_{number}": at}
    return {} if found.get("when_1") == "decision" and len(rows) == 1 else found


def _time(row: Mapping[str, Any], number: int) -> tuple[str, str] | None:
    """Return when a part is paid, as it is chosen and typed; None for what the assistant would not write so."""
    years, day, after = (row.get(key) for key in ("years", "on", "after"))
    if day and after:
        begins = (years, day, after) == (1, YEAR_BEGINS, f"confirmed_{number}")
        return ("next_year_event", "") if begins else None
    if day:
        return ("day", str(day)) if years == 1 else None
    if after == f"confirmed_{number}":
        return ("years_event", str(years)) if years else ("event", "")
    if report := _REPORT.fullmatch(str(after)):
        return ("years_report", f"{years}/{report[1]}") if years else ("report", report[1])
    if after:
        return None
    return ("years", str(years)) if years else ("decision", "")


def _prize_from(package: Package) -> str:
    diagram = package.diagrams.get(f"processes/{package.key}/round.bpmn")
    element = diagram.elements.get("confer") if diagram else None
    return element.operation.parameters.get("prize_from", "") if element and element.operation else ""


def _value(package: Package, ident: str) -> Any:
    known = package.award.parameters.get(ident)
    return thaw(known.values[-1].value) if known is not None and known.values else None
