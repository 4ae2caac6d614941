"""Operations that confer awards: entries of the register, with numbers that are never given twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from service.sdk import Conferral, Invalid, Text, Work, operation


@dataclass(frozen=True, slots=True)
class Confer:
    """The winners and how their awards are numbered."""

    rows: str = field(
        metadata={"help": "FEEL 文本，给出获奖各行：case 为下级办件编号，逐件授奖时为本办件编号；tier 为类别"}
    )
    round: str = field(metadata={"help": "届次名称"})
    decided_on: date = field(metadata={"help": "授奖决定日期"})
    decision: str = field(default="", metadata={"help": "授奖决定文号"})
    items: dict[str, str] = field(
        default_factory=dict,
        metadata={
            "help": '证书、奖牌等及其编号式样，可用 {year} 和 {sequence}，例如 {certificate: "证〔{year}〕{sequence}"}'
        },
    )
    prize_from: str = field(
        default="0",
        metadata={
            "help": "FEEL 文本，给出该行奖金（元）；row 为当前行，row.earlier 为该组织此前的获奖登记，与 register.awards 同形"
        },
    )
    name: str = field(default="", metadata={"help": "记录获奖名单的事实名；空则不记", "facts": ("{}",)})


@operation(
    "register.confer",
    Text("登记获奖", "Put awards on record"),
    result={"winners": "list", "count": "number", "prize_yuan": "number"},
)
def confer(work: Work, parameters: Confer) -> Mapping[str, Any]:
    """Put one award on record for every row and give each item its number.

    A row whose case has an award of this tier and round already is left as it is. Joint applicants hold it jointly.

    Raises:
        Invalid: when a row names neither a child case of this one nor this one, or one without organisation.
    """
    subjects: dict[int, Mapping[str, Any]] = {
        child.id: {**child.subject, "partners": child.facts.get("partners")} if child.subject else {}
        for child in work.cases.children()
    }
    subjects[work.case.id] = work.evaluate("subject") or {}
    winners = [_one(work, parameters, dict(row), subjects) for row in work.evaluate(parameters.rows) or []]
    if parameters.name:
        work.cases.set({parameters.name: winners})
    return {"winners": winners, "count": len(winners), "prize_yuan": sum(w["prize_yuan"] for w in winners)}


def _one(
    work: Work, parameters: Confer, row: dict[str, Any], subjects: Mapping[int, Mapping[str, Any]]
) -> dict[str, Any]:
    case = int(row.get("case") or 0)
    subject = subjects.get(case)
    if not subject:
        raise Invalid(
            Text(
                f"获奖名单中有一行（case 为 {row.get('case')}）没有对应的申报：应是下级办件或者本办件的编号，并有当事组织。请核对名单。",
                f"A row of the winners (case {row.get('case')}) belongs to no application: "
                "it names a case below this one, or this one, that is about an organisation. Check the list.",
            )
        )
    partners = subject.get("partners") or []
    holders = [int(subject["id"]), *(int(partner["id"]) for partner in partners)]
    earlier = {award["id"]: award for holder in holders for award in work.register.awards(holder)}
    prize = int(work.evaluate(parameters.prize_from, {"row": {**row, "earlier": list(earlier.values())}}) or 0)
    items = {name: work.cases.sequence(f"{name}:{pattern}", pattern) for name, pattern in parameters.items.items()}
    award = work.register.confer(
        Conferral(
            subject=holders[0],
            tier=str(row["tier"]),
            round=parameters.round,
            decided_on=parameters.decided_on,
            number=items.get("certificate"),
            prize_yuan=prize,
            items=items,
            details={"decision": parameters.decision, "application": case},
            partners=holders[1:],
        )
    )
    own = {"award": award, "case": case, "subject": holders[0], "name": subject["name"]}
    return {
        **row,
        **own,
        **({"partners": partners} if partners else {}),
        "tier": str(row["tier"]),
        "prize_yuan": prize,
        "items": items,
        "number": items.get("certificate"),
    }


@dataclass(frozen=True, slots=True)
class Change:
    """What is added to awards on record."""

    rows: str = field(metadata={"help": "FEEL 文本，给出各行：award 为登记编号，其余各项记入该奖项"})


@operation("register.change", Text("更新获奖登记", "Change awards on record"), result={"count": "number"})
def change(work: Work, parameters: Change) -> Mapping[str, Any]:
    """Add to what is on record of awards: paid, returned, extended."""
    rows = [dict(row) for row in work.evaluate(parameters.rows) or []]
    for row in rows:
        work.register.change(int(row.pop("award")), row)
    return {"count": len(rows)}
