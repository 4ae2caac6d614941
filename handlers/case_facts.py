"""Operations on the facts of a case: record, count, number, bind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.sdk import Invalid, Text, Work, operation


@dataclass(frozen=True, slots=True)
class SetFacts:
    """Facts as values, and facts read from what is on record."""

    facts: dict[str, Any] = field(
        default_factory=dict, metadata={"help": '事实名和值，例如 {stage: "auditing"}', "facts": ("{}",)}
    )
    from_records: dict[str, str] = field(
        default_factory=dict,
        metadata={
            "help": '事实名和 FEEL 文本，按办件记录计算，例如 {channel: "start_application.channel"}',
            "facts": ("{}",),
        },
    )


@operation("case.set", Text("记录办件事实", "Record facts of the case"))
def set_facts(work: Work, parameters: SetFacts) -> None:
    """Record facts; those in ``from_records`` are computed over the record scope."""
    computed = {name: work.evaluate(text) for name, text in parameters.from_records.items()}
    work.cases.set({**parameters.facts, **computed})


@dataclass(frozen=True, slots=True)
class CountRound:
    """The fact that counts."""

    name: str = field(metadata={"help": '计数的事实名，例如 "corrections"', "facts": ("{}",)})


def uncount_round(work: Work, parameters: CountRound) -> None:
    """Take one from the counting fact: the round is counted again when it comes again."""
    work.cases.set({parameters.name: max(int(work.case.facts.get(parameters.name) or 0) - 1, 0)})


@operation("case.count", Text("轮次计数", "Count a round"), result={"value": "number"}, undo=uncount_round)
def count_round(work: Work, parameters: CountRound) -> Mapping[str, Any]:
    """Add one to a counting fact and return it; loops are bounded by it."""
    value = int(work.case.facts.get(parameters.name) or 0) + 1
    work.cases.set({parameters.name: value})
    return {"value": value}


@dataclass(frozen=True, slots=True)
class Number:
    """How the number is built."""

    pattern: str = field(metadata={"help": "编号式样，可用 {year} 和 {sequence}"})


@operation("case.number", Text("编号", "Number the case"), result={"number": "string"})
def number_case(work: Work, parameters: Number) -> Mapping[str, Any]:
    """Give the case its number, once."""
    return {"number": work.cases.number(parameters.pattern)}


@dataclass(frozen=True, slots=True)
class Bind:
    """Which body holds which role."""

    role: str = field(metadata={"help": '本办件中的角色，例如 "audit_unit"'})
    body_from: str = field(metadata={"help": "FEEL 文本，按办件记录计算出机构编号"})


@operation("case.bind", Text("确定承办机构", "Bind a body to a role"), result={"body": "string"})
def bind_body(work: Work, parameters: Bind) -> Mapping[str, Any]:
    """Let the body that the record names hold a role in this case.

    Raises:
        Invalid: when the record names no body.
    """
    body = work.evaluate(parameters.body_from)
    if not isinstance(body, str) or not body:
        raise Invalid(
            Text(
                f"没有填写由哪个机构办理（{parameters.body_from}），请补填后再提交。",
                f"No body is named to act ({parameters.body_from}); fill it in and submit again.",
            )
        )
    work.cases.bind(parameters.role, body)
    return {"body": body}
