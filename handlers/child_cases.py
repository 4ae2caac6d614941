"""Operation that starts child cases: a supervision for every winner, a revocation, the next year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.sdk import Invalid, Text, Work, operation


@dataclass(frozen=True, slots=True)
class Start:
    """Which kind of case, for whom, with which facts."""

    process: str = field(metadata={"help": "办件种类，即 award.yaml 中 processes 的键"})
    rows: str = field(default="[{}]", metadata={"help": "FEEL 文本，每一行发起一个办件；空则一个"})
    subject_from: str = field(default="subject.id", metadata={"help": "FEEL 文本，给出组织编号；row 为当前行"})
    facts_from: dict[str, str] = field(
        default_factory=dict, metadata={"help": "事实名和 FEEL 文本，row 为当前行，例如 {tier: row.tier}"}
    )
    key_from: str = field(default='""', metadata={"help": "FEEL 文本，同一组织和相同的键只发起一次；空则每次发起"})


@operation("case.start", Text("发起下级办件", "Start cases below"), result={"count": "number"})
def start(work: Work, parameters: Start) -> Mapping[str, Any]:
    """Queue a child case of this one for every row; it starts after the commit, once per key and organisation.

    A row of ``register.confer`` whose award is held jointly lets the new case be about the partners too.
    """
    rows = work.evaluate(parameters.rows) or []
    for index, row in enumerate(rows):
        here = {"row": row}
        joint = {"partners": row["partners"]} if isinstance(row, Mapping) and row.get("partners") else {}
        facts = joint | {name: work.evaluate(text, here) for name, text in parameters.facts_from.items()}
        key = str(work.evaluate(parameters.key_from, here) or f"{work.element.id}:{work.case.id}:{work.now}:{index}")
        subject = _whole(work.evaluate(parameters.subject_from, here))
        work.cases.start(parameters.process, subject=subject, facts=facts, key=key)
    return {"count": len(rows)}


def _whole(value: Any) -> int | None:
    if value is None:
        return None
    try:
        return int(value)
    except (TypeError, ValueError):
        raise Invalid(
            Text(
                f"发起下级办件时给出的组织“{value}”不是组织编号，请改正 subject_from。",
                f"“{value}” is no organisation's number: correct subject_from.",
            )
        ) from None
