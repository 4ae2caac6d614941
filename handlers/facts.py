"""Operations on the facts and deadlines of a case: record, count, number, bind, fix a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from service.sdk import Invalid, Text, Window, Work, only_computes, operation


@dataclass(frozen=True, slots=True)
class SetFacts:
    """Facts as values, and facts read from what is on record."""

    facts: dict[str, Any] = field(
        default_factory=dict, metadata={"help": '事实名和值，例如 {stage: "auditing"}', "facts": ("{}",)}
    )
    from_records: dict[str, str] = field(
        default_factory=dict,
        metadata={
            "formula": True,
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
    body_from: str = field(metadata={"formula": True, "help": "FEEL 文本，按办件记录计算出机构编号"})


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


@dataclass(frozen=True, slots=True)
class TakeValues:
    """What is read."""

    values: dict[str, str] = field(
        default_factory=dict,
        metadata={
            "formula": True,
            "help": '名称和 FEEL 文本，按办件记录计算，例如 {recommender: "application.audit_unit"}',
        },
    )
    given: dict[str, Any] = field(
        default_factory=dict,
        metadata={"help": '名称和值，照写的交出，不再计算，例如 {equals: "chair", caps: param.caps}'},
    )


@operation("values.take", Text("取值", "Read values"), undo=only_computes)
def take(work: Work, parameters: TakeValues) -> Mapping[str, Any]:
    """Compute every value over the record scope, beside what is given; a called diagram reads them under the result's name."""
    return {**parameters.given, **{name: work.evaluate(text) for name, text in parameters.values.items()}}


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline as a day or as a number of working or calendar days from today."""

    name: str = field(
        metadata={
            "help": "事实名；另以“名_at”记录终止时刻、以“名_provisional”记录是否为预计",
            "facts": ("{}", "{}_at", "{}_provisional"),
        }
    )
    day: date | None = field(default=None, metadata={"help": "指定的截止日；遇休息日按本地规定顺延"})
    working_days: int | None = field(default=None, metadata={"help": "或者：自今日起的工作日数"})
    calendar_days: int | None = field(default=None, metadata={"help": "或者：自今日起的自然日数，按本地规定顺延"})
    roll: str = field(
        default="", metadata={"help": "末日遇休息日：rest_day 顺延，none 不顺延，只用于这一期限；空则按本地规定"}
    )


@operation(
    "case.deadline",
    Text("确定截止时间", "Fix a deadline"),
    result={"start": "date", "day": "date", "at": "date and time", "provisional": "boolean"},
)
def fix_deadline(work: Work, parameters: Deadline) -> Mapping[str, Any]:
    """Compute a deadline on the case's calendar and record it; it ends at 24:00 of its last day, or when the city says."""
    window = _get_window(work, parameters)
    result = {
        "start": work.today.isoformat(),
        "day": window.last_day.isoformat(),
        "at": window.ends_at.isoformat(),
        "provisional": window.provisional,
    }
    name = parameters.name
    before = work.case.facts.get(name)
    work.cases.set({name: result["day"], f"{name}_at": result["at"], f"{name}_provisional": window.provisional})
    if before is not None and before != result["day"]:
        work.cases.put_off(name)
    return result


def _get_window(work: Work, parameters: Deadline) -> Window:
    if parameters.working_days is not None:
        return work.window(working_days=int(parameters.working_days))
    if parameters.calendar_days is not None:
        return work.window(calendar_days=int(parameters.calendar_days), roll=parameters.roll)
    if parameters.day is None:
        raise Invalid(
            Text(
                "没有填写截止日期，请填写日期或者天数。",
                "No deadline is given; enter a day or a number of days.",
            )
        )
    return work.named_day(parameters.day, parameters.roll)


@dataclass(frozen=True, slots=True)
class Receive:
    """When something was received and until when it had to be."""

    deadline: date = field(metadata={"help": "截止日期，当日24时止", "facts": ("received_on", "received_in_time")})
    received_on: date | None = field(default=None, metadata={"help": "真实收件日期；空则为今日"})


@operation("case.receive", Text("登记收件", "Record the receipt"), result={"in_time": "boolean", "received_on": "date"})
def receive(work: Work, parameters: Receive) -> Mapping[str, Any]:
    """Record the true date of receipt and whether it lies within the deadline."""
    received_on = parameters.received_on or work.today
    result = {"in_time": received_on <= parameters.deadline, "received_on": received_on.isoformat()}
    work.cases.set({"received_on": result["received_on"], "received_in_time": result["in_time"]})
    work.audit("登记收件", result)
    return result
