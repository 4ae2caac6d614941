"""Operations that revoke awards and bar from later rounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from service.sdk import Invalid, Sanction, Text, Work, anniversary, operation


@dataclass(frozen=True, slots=True)
class Revoke:
    """Which award ends, and why."""

    award: int = field(metadata={"help": "登记编号，即登记获奖结果中各行的 award"})
    reason_from: str = field(metadata={"help": "FEEL 文本，按办件记录给出理由"})
    on: date | None = field(default=None, metadata={"help": "撤销日期；空则为今日"})


@operation("register.revoke", Text("撤销奖项登记", "Revoke an award"), result={"revoked_on": "date"})
def revoke(work: Work, parameters: Revoke) -> Mapping[str, Any]:
    """Note on record that an award was revoked or has expired."""
    day = parameters.on or work.today
    work.register.revoke(int(parameters.award), day, str(work.evaluate(parameters.reason_from) or ""))
    return {"revoked_on": day.isoformat()}


@dataclass(frozen=True, slots=True)
class Ban:
    """A bar against the organisation of the case, counted in years."""

    ground: str = field(metadata={"help": '事由，例如 "fraud_or_bribery"'})
    years: int = field(metadata={"help": "不予受理申报的年数；0 则不登记"})
    from_day: date | None = field(default=None, metadata={"help": "起算日；空则为今日"})
    effect: str = field(default="ban", metadata={"help": '后果，默认 "ban"（不予受理申报）'})
    clauses: list[str] = field(default_factory=list, metadata={"help": "依据的条款编号；空则取本环节引用的条款"})
    reason_from: str = field(default="null", metadata={"help": "FEEL 文本，按办件记录给出理由"})
    whom: str = field(
        default="null",
        metadata={"help": "FEEL 文本，联合申报的只限制其中几个时给出其编号；空则牵头单位和联合单位都限制"},
    )


@operation("register.ban", Text("登记禁止申报期", "Bar from applying"), result={"from_day": "date", "last_day": "date"})
def ban(work: Work, parameters: Ban) -> Mapping[str, Any]:
    """Put a bar of whole years on record, for partners too: from its first day, which counts as none, to the corresponding one.

    So ends every period of years from an event (Civil Code, articles 201 and 202), as ``years`` does in formulas.

    Raises:
        Invalid: when the case is about no organisation.
    """
    years = int(parameters.years or 0)
    if years < 1:
        return {"from_day": None, "last_day": None}
    if not work.case.holders:
        raise Invalid(
            Text(
                "这个办件没有当事组织，不能登记禁止申报期。",
                "This case is about no organisation, so nobody can be barred.",
            )
        )
    first = parameters.from_day or work.today
    last = anniversary(first, years)
    whom = work.evaluate(parameters.whom)
    for subject in work.case.holders if whom is None else [s for s in work.case.holders if s in whom]:
        work.register.sanction(
            Sanction(
                subject,
                parameters.ground,
                parameters.effect,
                decided_on=work.today,
                from_day=first,
                last_day=last,
                clauses=parameters.clauses or work.element.clauses,
                details={"reason": work.evaluate(parameters.reason_from)},
            )
        )
    return {"from_day": first.isoformat(), "last_day": last.isoformat()}
