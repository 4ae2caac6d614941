"""Seasons in which two have as many votes and there is a place for one of them: the first of them is the older one."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from typing import Any

from service.catalog.new_city.laid import Laid, Rows, is_of, renamed
from service.catalog.new_city.rows import flow_list, flow_row

_FOUNDED = ("founded", "established_on")
_RULE, _CHAIR = "vote_tie", "decide_tie"


def tied(laid: Laid) -> Rows | None:
    """The season up to its first vote in which two have as many votes; else the winner and one more like it have."""
    at, nicks = _equals(laid.steps)
    if nicks:
        return [_older(step, nicks[0]) for step in laid.steps[: at + 1]]
    if laid.vote < 0 or "award_places" not in laid.place.award.parameters:
        return None
    other, made = f"{laid.winner}2", list[Any]()
    laid.organisations[other] = flow_row({"name": f"{other}公司"})
    for number, step in enumerate(laid.steps[: laid.vote + 1]):
        if number == laid.vote:
            marks = step["vote"][laid.winner]
            made.append({**step, "vote": {laid.winner: marks, other: marks}})
        else:
            made += [
                _older(step, laid.winner),
                *([renamed(step, laid.winner, other)] if is_of(step, laid.winner) else []),
            ]
    return made


def with_one_place(document: dict[str, Any], laid: Laid) -> None:
    """Let a season keep to the draft's rule for equals, and have one place where it had none too few."""
    settings = document.setdefault("parameters", {})
    settings.pop(_RULE, None)
    if not _equals(laid.steps)[1]:
        settings["award_places"] = flow_list([flow_row({"tier": laid.tier, "places": 1})])
    if not settings:
        del document["parameters"]


def _equals(steps: Rows) -> tuple[int, list[str]]:
    """Return the first vote that leaves equals at the last place, with who they are: below others, or settled in the season."""
    for number, step in enumerate(steps):
        votes = step.get("vote") if isinstance(step, dict) else None
        counts = {nick: str(marks).count("y") for nick, marks in votes.items()} if isinstance(votes, Mapping) else {}
        for count in sorted(set(counts.values()), reverse=True):
            alike = [nick for nick, votes_of in counts.items() if votes_of == count]
            if len(alike) > 1 and (
                any(votes_of > count for votes_of in counts.values()) or _settled(steps[number + 1 :])
            ):
                return number, alike
    return -1, []


def _settled(after: Rows) -> bool:
    """Tell whether what follows a vote settles equal votes: the chair decides, or the vote is held again."""
    near = [step for step in after[:2] if isinstance(step, dict)]
    return any(step.get("complete") == _CHAIR or "vote" in step for step in near)


def _older(step: Any, nick: str) -> Any:
    """Return a step in which ``nick`` says a day of founding that lies a year before."""
    if not is_of(step, nick) or not isinstance(step.get("with"), Mapping):
        return step
    return {**step, "with": flow_row(_a_year_before(deepcopy(step["with"])))}


def _a_year_before(said: Any) -> Any:
    if not isinstance(said, Mapping):
        return said
    return {key: _before(value) if key in _FOUNDED else _a_year_before(value) for key, value in said.items()}


def _before(value: Any) -> Any:
    day = date.fromisoformat(str(value)[:10])
    return day.replace(year=day.year - 1, day=min(day.day, 28))
