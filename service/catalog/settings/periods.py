"""Periods of clauses and parameters: how long the phases of an objection take."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from unicodedata import normalize

from service.catalog.package import Package
from service.catalog.parameters.parameters import Parameter, Unit
from service.domain.errors import Invalid
from service.domain.text import Text

PHASES = ("acceptance", "completion", "forwarding", "investigation", "finding", "reply")
"""The phases of an objection, each with a time limit of its own."""
UNITS = (Unit.CALENDAR_DAYS, Unit.WORKING_DAYS)
"""In what a phase may count; where a place has both, the first is in force."""
_MOST = 3650
_CALLED = {"forwarding": "objection_forward", "appeal": "appeal", "appeal_decision": "appeal_decision"}
APPEAL, DECISION = "appeal", "appeal_decision"
"""The time to appeal against the result of an objection, and the time to decide on it: phases that come after its answer."""
_TYPED = re.compile(r"(\d{1,4}) ?个?(?:(工作日|working days?)|(自然日|日历日|日|天|calendar days?|days?))?")
_RECEIPT, _ACCEPTANCE, _WHOLE = "receipt", "acceptance", "reply"
FROM_A_DAY: Mapping[str, Text] = {_RECEIPT: Text("收到异议", "receipt"), _ACCEPTANCE: Text("受理异议", "acceptance")}
"""From which days of an objection the whole period counts, by the value of its setting."""
_BEFORE_REPLY = ("acceptance", "forwarding", "investigation", "finding")
"""In their order: the first two count from receipt, the others from a day of the objection, or from the phase before them."""
_COUNTED = {Unit.WORKING_DAYS: Text("个工作日", "working day"), Unit.CALENDAR_DAYS: Text("日", "day")}


@dataclass(frozen=True, slots=True)
class PhaseDays:
    """So many days of one unit."""

    number: int
    unit: Unit = Unit.WORKING_DAYS

    @property
    def typed(self) -> str:
        """The days as somebody types them: 5 working days as 5, 15 days of all as 15日."""
        return str(self.number) if self.unit is Unit.WORKING_DAYS else f"{self.number}日"


def ident_of(phase: str, unit: Unit) -> str:
    """Return the parameter that is the time of a phase in this unit."""
    return f"{_CALLED.get(phase, f'objection_{phase}')}_{unit.value}"


PHASE_OF: Mapping[str, str] = {ident_of(phase, unit): phase for phase in (*PHASES, APPEAL, DECISION) for unit in UNITS}
"""Which phase of an objection, or of an appeal against its result, a parameter is the time of."""


def read_phase_days(typed: str) -> PhaseDays | None:
    """Read days as they are typed: 5 and 5个工作日 are working days, 15日 and 15个自然日 days of all; None for no days."""
    match = _TYPED.fullmatch(normalize("NFKC", typed).strip().lower())
    if match is None or not int(match[1]):
        return None
    return PhaseDays(int(match[1]), Unit.CALENDAR_DAYS if match[3] else Unit.WORKING_DAYS)


def require_phase_days(title: Text, typed: str) -> PhaseDays:
    """Return the days as they are typed; raises Invalid, naming the question, for what is no such period."""
    days = read_phase_days(typed)
    if days is None or days.number > _MOST:
        raise Invalid(
            Text(
                f"“{title.zh}”应填写1至{_MOST}之间的整数，例如 5（工作日）或者 15日（自然日）。",
                f"“{title.en}” should be a whole number from 1 to {_MOST}, such as 5 (working days) or 15日 (calendar days).",
            )
        )
    return days


def find_phase_days(values: Mapping[str, Any], phase: str) -> PhaseDays | None:
    """Return how long a phase takes by the values ``values`` of parameters; None where that is not said."""
    for unit in UNITS:
        value = values.get(ident_of(phase, unit))
        if isinstance(value, int) and not isinstance(value, bool):
            return PhaseDays(value, unit)
    return None


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
    excess = _too_long(package, parameter, value)
    if excess is None:
        return None
    parameters, whole = package.award.parameters, excess.whole
    name, of_all, unit = parameters[excess.ident].text, parameters[ident_of(_WHOLE, whole.unit)], _COUNTED[whole.unit]
    cited = "、".join(dict.fromkeys(map(package.law.article, of_all.clauses))) or of_all.name
    return Text(
        f"“{name.zh}”自{excess.since.zh}起第{excess.end}{unit.zh}才届满，超过依{cited}“{of_all.text.zh}”的{whole.number}{unit.zh}。"
        "请缩短这一环节，使它在总期限以内。",
        f"“{name.en}” ends on {unit.en} {excess.end} from {excess.since.en}, after the {whole.number} of “{of_all.text.en}” by {cited}: "
        "shorten the phase so that it lies within the whole.",
    )


def ends_beyond_whole(package: Package, parameter: Parameter) -> Text | None:
    """Return the same of the values that are written, for the phase alone that is the first to end too late."""
    value = parameter.values[-1].value if parameter.values else None
    excess = _too_long(package, parameter, value)
    return (
        beyond_whole_period(package, parameter, value) if excess is not None and excess.ident == parameter.id else None
    )


def _too_long(package: Package, parameter: Parameter, value: Any) -> _TooLong | None:
    """Return the first phase that ends after the whole.

    So many working days take as many days at least; how many working days lie in days of all, nobody can tell beforehand.
    """
    if PHASE_OF.get(parameter.id) not in (_WHOLE, *_BEFORE_REPLY) and parameter.id not in map(
        _from, (_WHOLE, *_BEFORE_REPLY)
    ):
        return None
    parameters = package.award.parameters
    values: dict[str, Any] = {
        ident: setting.values[-1].value for ident, setting in parameters.items() if setting.values
    }
    values[parameter.id] = value
    whole, before = find_phase_days(values, _WHOLE), 0
    counted = str(values.get(_from(_WHOLE)))
    if counted not in FROM_A_DAY or whole is None:
        return None
    for phase in _BEFORE_REPLY[counted == _ACCEPTANCE :]:
        days = find_phase_days(values, phase)
        if days is None or (whole.unit, days.unit) == (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS):
            continue
        alike = (counted == _RECEIPT and phase in _BEFORE_REPLY[:2]) or values.get(_from(phase)) == counted
        end = days.number if alike else before + days.number
        if end > whole.number:
            return _TooLong(ident_of(phase, days.unit), end, whole, FROM_A_DAY[counted])
        before = max(before, end)
    return None


def _from(phase: str) -> str:
    return f"objection_{phase}_from"
