"""Operation that imposes a sanction, kept across rounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from service.sdk import Invalid, Sanction, Text, Work, operation


@dataclass(frozen=True, slots=True)
class Impose:
    """A sanction against the organisation of the case."""

    ground: str = field(metadata={"help": '事由，例如 "concealment_or_false_material"'})
    effect: str = field(metadata={"help": '后果，例如 "ban"（不予受理申报）'})
    last_day: date | None = field(default=None, metadata={"help": "最后一日；空则没有期限"})
    from_day: date | None = field(default=None, metadata={"help": "起始日；空则为今日"})
    clauses: list[str] = field(default_factory=list, metadata={"help": "依据的条款编号"})
    reason_from: str = field(default="null", metadata={"help": "FEEL 文本，按办件记录给出理由"})
    whom: str = field(
        default="null",
        metadata={"help": "FEEL 文本，联合申报的只处理其中几个时给出其编号；空则牵头单位和联合单位都处理"},
    )


@operation(
    "register.sanction",
    Text("登记处理", "Put a sanction on record"),
    result={"sanction": "number", "from_day": "date", "last_day": "date"},
)
def impose(work: Work, parameters: Impose) -> Mapping[str, Any]:
    """Put a sanction against the organisation of the case, and its partners, on record; the next examination finds it.

    Raises:
        Invalid: when the case is about no organisation.
    """
    holders = work.case.holders
    if not holders:
        raise Invalid(
            Text(
                "这个办件没有当事组织，不能登记处理；请从该组织的办件中登记。",
                "This case is about no organisation, so nobody can be sanctioned; use a case of the organisation.",
            )
        )
    from_day = parameters.from_day or work.today
    reason = {"reason": work.evaluate(parameters.reason_from)}
    meant = work.evaluate(parameters.whom)
    numbers = [
        work.register.sanction(
            Sanction(
                subject,
                parameters.ground,
                parameters.effect,
                decided_on=work.today,
                from_day=from_day,
                last_day=parameters.last_day,
                clauses=parameters.clauses,
                details=reason,
            )
        )
        for subject in holders
        if meant is None or subject in meant
    ]
    last_day = parameters.last_day
    return {
        "sanction": numbers[0] if numbers else None,
        "from_day": from_day.isoformat(),
        "last_day": last_day and last_day.isoformat(),
    }
