"""How long a phase of an objection takes: so many working days, or so many days of all (15日)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from unicodedata import normalize

from service.catalog.law_text.objection_phases import PHASES
from service.catalog.law_text.preset import Preset
from service.catalog.parameters.parameters import Unit
from service.domain.errors import Invalid
from service.domain.text import Text

UNITS = (Unit.CALENDAR_DAYS, Unit.WORKING_DAYS)
"""In what a phase may count; where a place has both, the first is in force."""
_MOST = 3650
_CALLED = {"forwarding": "objection_forward", "appeal": "appeal", "appeal_decision": "appeal_decision"}
APPEAL, DECISION = "appeal", "appeal_decision"
"""The time to appeal against the result of an objection, and the time to decide on it: phases that come after its answer."""
_TYPED = re.compile(r"(\d{1,4}) ?个?(?:(工作日|working days?)|(自然日|日历日|日|天|calendar days?|days?))?")


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


def in_other_unit(ident: str) -> str:
    """Return the parameter that is the time of the same phase in the other unit, "" for what is the time of none."""
    phase = PHASE_OF.get(ident)
    return next(other for unit in UNITS if (other := ident_of(phase, unit)) != ident) if phase else ""


def read_phase_days(typed: str) -> PhaseDays | None:
    """Read days as they are typed: 5 and 5个工作日 are working days, 15日 and 15个自然日 days of all; None for no days."""
    found = _TYPED.fullmatch(normalize("NFKC", typed).strip().lower())
    if found is None or not int(found[1]):
        return None
    return PhaseDays(int(found[1]), Unit.CALENDAR_DAYS if found[3] else Unit.WORKING_DAYS)


def demand_phase_days(title: Text, typed: str) -> PhaseDays:
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


def days_said(preset: Preset) -> PhaseDays:
    """Return the days that a text gives."""
    return PhaseDays(int(preset.value), Unit.CALENDAR_DAYS if preset.calendar else Unit.WORKING_DAYS)


def days_held(held: Mapping[str, Any], phase: str) -> PhaseDays | None:
    """Return how long a phase takes by the values ``held`` of parameters; None where that is not said."""
    for unit in UNITS:
        value = held.get(ident_of(phase, unit))
        if isinstance(value, int) and not isinstance(value, bool):
            return PhaseDays(value, unit)
    return None
