"""Operation for prizes paid in instalments (分期拨付): which is next, its amount, its first day, whether it is paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from service.sdk import Invalid, Text, Work, exact_number, operation

KEYS = ("tier", "share", "yuan", "years", "months", "on", "when", "after", "name")


@dataclass(frozen=True, slots=True)
class Instalment:
    """Which prize, in which parts, and which of them."""

    plan: list[Any] = field(
        metadata={
            "help": "各期，按先后：tier（只适用于这一类别，空则都适用）、share（占奖金的比例）或者 yuan（元）、years 和 months（授奖后多久）"
            '或者 on（每年的“月-日”，例如 "06-30"，与 years 一起）、when（FEEL 文本，到期时不为真的不拨付）、'
            'after（等获奖登记上有这一标记再拨付，例如 "report_1"）、name'
        }
    )
    tier: str = field(metadata={"help": "获奖类别"})
    prize_yuan: int = field(metadata={"help": "奖金总额（元）"})
    decided_on: date = field(metadata={"help": "授奖日期"})
    number: int = field(metadata={"help": "第几期，从1起"})


@operation(
    "prize.part",
    Text("核定一期奖金", "Find a part of the prize"),
    result={
        "there": "boolean",
        "yuan": "number",
        "day": "date",
        "pay": "boolean",
        "name": "string",
        "last": "boolean",
        "after": "string",
    },
)
def part(work: Work, parameters: Instalment) -> Mapping[str, Any]:
    """Say what the part is; ``there`` is false after the last one, ``pay`` while its condition does not hold.

    Parts written as shares are rounded to whole yuan, and the last one takes what is left where all are shares of the whole.

    Raises:
        Invalid: the plan is wrong, or its parts are more than the prize.
    """
    rows = [row for row in parameters.plan if row.get("tier") in (None, parameters.tier)]
    amounts = _amounts(rows, int(parameters.prize_yuan))
    number = int(parameters.number)
    if number > len(rows):
        return {"there": False, "yuan": 0, "day": None, "pay": False, "name": "", "last": True, "after": None}
    row = rows[number - 1]
    return {
        "there": True,
        "yuan": amounts[number - 1],
        "day": _day(row, parameters.decided_on).isoformat(),
        "pay": row.get("when") is None or work.evaluate(str(row["when"])) is True,
        "name": str(row.get("name") or f"第{number}期"),
        "last": number == len(rows),
        "after": str(row["after"]) if row.get("after") else None,
    }


def _amounts(rows: list[Any], prize: int) -> list[int]:
    for row in rows:
        strange = sorted(set(row) - set(KEYS))
        if strange or ("share" in row) == ("yuan" in row):
            raise _wrong(f"第{rows.index(row) + 1}期", f"part {rows.index(row) + 1}")
    amounts = [int(row["yuan"]) if "yuan" in row else int(exact_number(row["share"]) * prize) for row in rows]
    if rows and all("share" in row for row in rows) and sum(exact_number(row["share"]) for row in rows) == 1:
        amounts[-1] = prize - sum(amounts[:-1])
    if sum(amounts) > prize:
        raise _wrong(f"各期合计{sum(amounts)}元，超过奖金{prize}元", f"its parts are {sum(amounts)} of {prize} yuan")
    return amounts


def _day(row: Mapping[str, Any], decided: date) -> date:
    months = decided.month - 1 + int(row.get("months") or 0)
    year = decided.year + int(row.get("years") or 0) + months // 12
    if row.get("on"):
        month, day = (int(part) for part in str(row["on"]).split("-"))
        return date(year, month, day)
    month = months % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - date.resolution).day
    return date(year, month, min(decided.day, last))


def _wrong(zh: str, en: str) -> Invalid:
    return Invalid(
        Text(
            f"分期拨付的安排写得不对：{zh}。每期写 share 或者 yuan 之一，可用的键：{'、'.join(KEYS)}。",
            f"The plan of instalments is wrong: {en}. Each part has “share” or “yuan”; keys: {', '.join(KEYS)}.",
        )
    )
