"""Scenarios with so many applicants that a share of them gives as many places as the season elects."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import Any

from service.catalog.new_city.laid import is_of, renamed
from service.catalog.new_city.rows import flow_row
from service.catalog.source.format_yaml import dump_yaml, load_yaml

_MOST = 20


def with_applicants(text: str, share: Fraction) -> str:
    """Return a scenario to which others are added that apply like one whom the season does not elect.

    It stays as it is where it has enough, elects nobody, has nobody else who applies, or would need too many.
    """
    document = load_yaml(text)
    steps = document.get("steps") if isinstance(document, dict) else None
    if not isinstance(steps, list) or not isinstance(document.get("organisations"), dict):
        return text
    votes = [step["vote"] for step in steps if isinstance(step, dict) and isinstance(step.get("vote"), dict)]
    elected = max((sum(set(str(marks)) == {"y"} for marks in vote.values()) for vote in votes), default=0)
    applied = [str(s["name"]) for s in steps if isinstance(s, dict) and s.get("start") == "application" and "name" in s]
    like = next((nick for nick in applied if all(nick not in vote for vote in votes)), None)
    missing = ceil(elected / share) - len(applied)
    if like is None or not 0 < missing <= _MOST:
        return text
    others = [f"{like}{number}" for number in range(2, missing + 2)]
    for other in others:
        document["organisations"][other] = flow_row({"name": f"{other}公司"})
    document["steps"] = [row for step in steps for row in _repeated(step, like, others)]
    return dump_yaml(document)


def _repeated(step: Any, like: str, others: list[str]) -> list[Any]:
    return [step, *(flow_row(renamed(step, like, other)) for other in others)] if is_of(step, like) else [step]
