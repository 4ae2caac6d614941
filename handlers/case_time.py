"""Operations on deadlines: fix a deadline, record a receipt in or out of time, record acceptance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from service.sdk import Invalid, Text, Window, Work, operation


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
    window = _window(work, parameters)
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


def _window(work: Work, parameters: Deadline) -> Window:
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


@dataclass(frozen=True, slots=True)
class Accept:
    """From which day the case counts as accepted."""

    name: str = field(
        metadata={"help": '事实名，例如 "accepted_on"；另以“名_times”记录第几次', "facts": ("{}", "{}_times")}
    )
    on: date | None = field(default=None, metadata={"help": "受理日期；空则为今日，不得晚于今日"})


@operation("case.accept", Text("受理", "Accept"), result={"day": "date", "times": "number"})
def accept(work: Work, parameters: Accept) -> Mapping[str, Any]:
    """Record the day of acceptance of this case, from which ``workdays(n, case.accepted_on)`` counts.

    A second call after a correction restarts every running time limit and timer whose formula reads that day.

    Raises:
        Invalid: the day lies ahead.
    """
    day = parameters.on or work.today
    if day > work.today:
        raise Invalid(Text(f"受理日期{day}晚于今日，请核对。", f"The day of acceptance, {day}, lies ahead: check it."))
    return {"day": day.isoformat(), "times": work.cases.accept(parameters.name, day)}
