"""What the data of a process mean: Chinese and English words and an example for each declared name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a declared name stands for, and an ``example`` of its value, "" for none."""

    text: Text
    example: str = ""

    def value(self, kind: str) -> Any:
        """Return the example as a value of the FEEL type ``kind``; None where there is none or it is no such value."""
        if not self.example or kind not in ("string", "number", "boolean", "date", "any"):
            return None
        if kind == "number":
            return _number(self.example)
        return (
            {"true": True, "是": True, "false": False, "否": False}.get(self.example)
            if kind == "boolean"
            else self.example
        )


def parse_meanings(text: str) -> Mapping[str, Meaning]:
    """Read ``decision: 审定结论 | Decision | 同意; notice: 公示``: Chinese, English, an example; the last two may lack."""
    found = {}
    for part in text.split(";"):
        name, _, said = part.partition(":")
        zh, en, example, *_ = (*(word.strip() for word in said.split("|")), "", "", "")
        if name.strip() and (zh or en or example):
            found[name.strip()] = Meaning(Text(zh, en or zh), example)
    return found


def _number(typed: str) -> int | float | None:
    try:
        return int(typed) if typed.lstrip("-").isdigit() else float(typed)
    except ValueError:
        return None
