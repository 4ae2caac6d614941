"""What was typed into the assistant of experts' bars: the parameter, its unit and the usual number of the limit chosen."""

from __future__ import annotations

from dataclasses import replace

from service.casework.studio.law.typed_fields import TypedAssistance
from service.catalog.assistants.expert_bars import LIMITS, USUAL_YEARS, limit_of
from service.catalog.clause_kinds.clause_assistants import ASSISTANTS
from service.catalog.package import Package
from service.domain.errors import Invalid
from service.domain.text import Text


def limited(package: Package, typed: TypedAssistance) -> TypedAssistance:
    """Return what was typed under the name and in the unit of its limit; interests look back as usual where nobody says.

    Raises Invalid where no limit was chosen, or the number counts something else than the limit does.
    """
    limit = limit_of(typed.answers)
    assistant = ASSISTANTS[typed.kind]
    old = package.award.parameters.get(typed.parameter)
    if old is not None and old.unit is not limit.unit and typed.parameter != assistant.ident:
        counted = "几年" if limit.unit.value == "years" else "几名（几届）"
        raise Invalid(
            Text(
                f"“{old.text.zh}”数的不是{counted}，不能用作“{limit.name.zh}”，请另填一个参数。",
                f"“{old.text.en}” counts something else than “{limit.name.en}” does: enter another parameter.",
            )
        )
    own = typed.parameter not in ("", *(one.ident for one in LIMITS.values()))
    usual = typed.name.strip() in ("", assistant.title.zh)
    return replace(
        typed,
        parameter=typed.parameter if own else limit.ident,
        name=limit.name.zh if usual else typed.name,
        unit=limit.unit.value,
        value=typed.value.strip() or (USUAL_YEARS if limit.rule == "lookback_years" else ""),
    )
