"""Phases of an objection within its whole period: each ends before the answer is due, where that counts from receipt or acceptance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.catalog.clause_kinds.phase_days import PHASE_OF, PhaseDays, days_held, ident_of
from service.catalog.package import Package
from service.catalog.parameters.parameters import Parameter, Unit
from service.domain.text import Text

_RECEIPT, _ACCEPTANCE, _WHOLE = "receipt", "acceptance", "reply"
FROM_A_DAY: Mapping[str, Text] = {_RECEIPT: Text("收到异议", "receipt"), _ACCEPTANCE: Text("受理异议", "acceptance")}
"""From which days of an objection the whole period counts, by the value of its setting."""
_PHASES = ("acceptance", "forwarding", "investigation", "finding")
"""In their order: the first two count from receipt, the others from a day of the objection, or from the phase before them."""
_COUNTED = {Unit.WORKING_DAYS: Text("个工作日", "working day"), Unit.CALENDAR_DAYS: Text("日", "day")}


@dataclass(frozen=True, slots=True)
class _TooLong:
    """A phase, with its parameter, that ends on day ``end`` from the day ``since``, after those of the ``whole``."""

    ident: str
    end: int
    whole: PhaseDays
    since: Text


def beyond_whole_period(package: Package, parameter: Parameter, value: Any) -> Text | None:
    """Return why the phases of an objection do not fit into its whole period once ``parameter`` has ``value``.

    None where they do, where ``parameter`` is none of them, and where the answer has a time limit of its own. What comes before
    the acceptance lies outside a period that counts from there.
    """
    found = _too_long(package, parameter, value)
    if found is None:
        return None
    known, whole = package.award.parameters, found.whole
    name, of_all, unit = known[found.ident].text, known[ident_of(_WHOLE, whole.unit)], _COUNTED[whole.unit]
    cited = "、".join(dict.fromkeys(map(package.law.article, of_all.clauses))) or of_all.name
    return Text(
        f"“{name.zh}”自{found.since.zh}起第{found.end}{unit.zh}才届满，超过依{cited}“{of_all.text.zh}”的{whole.number}{unit.zh}。"
        "请缩短这一环节，使它在总期限以内。",
        f"“{name.en}” ends on {unit.en} {found.end} from {found.since.en}, after the {whole.number} of “{of_all.text.en}” by {cited}: "
        "shorten the phase so that it lies within the whole.",
    )


def ends_beyond_whole(package: Package, parameter: Parameter) -> Text | None:
    """Return the same of the values that are written, for the phase alone that is the first to end too late."""
    value = parameter.values[-1].value if parameter.values else None
    found = _too_long(package, parameter, value)
    return beyond_whole_period(package, parameter, value) if found is not None and found.ident == parameter.id else None


def _too_long(package: Package, parameter: Parameter, value: Any) -> _TooLong | None:
    """Return the first phase that ends after the whole.

    So many working days take as many days at least; how many working days lie in days of all, nobody can tell beforehand.
    """
    if PHASE_OF.get(parameter.id) not in (_WHOLE, *_PHASES) and parameter.id not in map(_from, (_WHOLE, *_PHASES)):
        return None
    known = package.award.parameters
    held: dict[str, Any] = {ident: one.values[-1].value for ident, one in known.items() if one.values}
    held[parameter.id] = value
    whole, before = days_held(held, _WHOLE), 0
    counted = str(held.get(_from(_WHOLE)))
    if counted not in FROM_A_DAY or whole is None:
        return None
    for phase in _PHASES[counted == _ACCEPTANCE :]:
        days = days_held(held, phase)
        if days is None or (whole.unit, days.unit) == (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS):
            continue
        alike = (counted == _RECEIPT and phase in _PHASES[:2]) or held.get(_from(phase)) == counted
        end = days.number if alike else before + days.number
        if end > whole.number:
            return _TooLong(ident_of(phase, days.unit), end, whole, FROM_A_DAY[counted])
        before = max(before, end)
    return None


def _from(phase: str) -> str:
    return f"objection_{phase}_from"
