"""Seasons in which two have as many points, and in which one of two is suspended before the vote."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from typing import Any

from service.catalog.new_city.laid import Laid, Rows, is_of, renamed
from service.catalog.new_city.rows import flow_list, flow_row

_FOUNDED = ("founded", "established_on")
_UNITS, _MANY = "recommendation_places", 20
_REASON = "与获奖资格有关的诉讼正在进行。"


def equal_points(laid: Laid) -> Rows | None:
    """Return the season up to its vote, in which all have the marks of the first who is scored, and the last is the oldest.

    Where one alone is scored, another like it is too.
    """
    steps = laid.steps[: laid.vote] if laid.vote >= 0 else laid.steps
    nicks = _scored(steps)
    if not nicks:
        return None
    if len(nicks) == 1:
        steps, other = _with_another(laid, steps, nicks[0])
        nicks = [nicks[0], other]
    marks = [step["percent"] for step in steps if _is_scored(step, nicks[0])]
    oldest = min((day for step in steps for day in _days(step)), default=None)
    if oldest is None:
        return None
    counts = dict.fromkeys(nicks, 0)
    made: Rows = []
    for step in steps:
        if isinstance(step, dict) and step.get("case") in counts and _is_scored(step, step["case"]):
            number = counts[step["case"]]
            counts[step["case"]] += 1
            made.append({**step, "percent": deepcopy(marks[min(number, len(marks) - 1)])})
        else:
            made.append(_founded(step, nicks[-1], oldest))
    return made


def suspended(laid: Laid) -> Rows | None:
    """Return the season up to its vote, before which one of two is suspended: the other alone is voted on."""
    if laid.vote < 0:
        return None
    votes = laid.steps[laid.vote]["vote"]
    other = next((nick for nick in votes if nick != laid.winner), "")
    steps = laid.steps[: laid.vote]
    if not other:
        steps, other = _with_another(laid, steps, laid.winner, before=True)
    last = max((number for number, step in enumerate(steps) if is_of(step, other)), default=-1)
    if last < 0:
        return None
    kept = {nick: marks for nick, marks in votes.items() if nick != other}
    vote = {**laid.steps[laid.vote], "vote": kept or {laid.winner: votes[laid.winner]}}
    halted = {"as": "administrator", "case": other, "suspend": _REASON}
    return [*steps[: last + 1], halted, *steps[last + 1 :], vote]


def with_room(document: dict[str, Any], laid: Laid) -> None:
    """Let recommending units have places for one more: a season with another organisation says nothing of them."""
    known = laid.place.award.parameters.get(_UNITS)
    rows = [dict(row) for row in known.values[-1].value or ()] if known is not None else []
    if rows:
        free = flow_list([flow_row({**row, "places": _MANY}) for row in rows])
        document.setdefault("parameters", {})[_UNITS] = free


def _with_another(laid: Laid, steps: Rows, nick: str, *, before: bool = False) -> tuple[Rows, str]:
    """Return the steps with another organisation that does all that ``nick`` does, right behind it or ``before`` it, and who it is."""
    other = f"{nick}2"
    laid.organisations[other] = flow_row({"name": f"{other}公司"})
    made: Rows = []
    for step in steps:
        again = [renamed(step, nick, other)] if is_of(step, nick) else []
        made += [*again, step] if before else [step, *again]
    return made, other


def _scored(steps: Rows) -> list[str]:
    """Return whose cases are scored, in the order of their first scores."""
    return list(dict.fromkeys(step["case"] for step in steps if isinstance(step, dict) and _is_scored(step, None)))


def _is_scored(step: Any, nick: str | None) -> bool:
    scored = isinstance(step, dict) and step.get("each") == "score" and "percent" in step and "case" in step
    return scored and (nick is None or step["case"] == nick)


def _days(said: Any) -> list[date]:
    if isinstance(said, Mapping):
        own = [date.fromisoformat(str(value)[:10]) for key, value in said.items() if key in _FOUNDED and value]
        return own + [day for value in said.values() for day in _days(value)]
    return []


def _founded(step: Any, nick: str, oldest: date) -> Any:
    """Return a step in which ``nick`` says that it was founded a year before the oldest."""
    if not is_of(step, nick) or not isinstance(step.get("with"), Mapping):
        return step
    return {**step, "with": flow_row(_said_older(deepcopy(step["with"]), oldest))}


def _said_older(said: Any, oldest: date) -> Any:
    if not isinstance(said, Mapping):
        return said
    day = oldest.replace(year=oldest.year - 1, day=min(oldest.day, 28))
    return {key: day if key in _FOUNDED else _said_older(value, oldest) for key, value in said.items()}
