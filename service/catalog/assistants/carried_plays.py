"""Seasons of two rounds: the first leaves places, which the next has besides its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from service.catalog.assistants.carried_drawing import OF_UNITS, carried_as_drawn
from service.catalog.clause_kinds.term_lengths import CYCLE
from service.catalog.new_city.call_plays import moved_days, opened_on
from service.catalog.new_city.laid import Laid, Rows, is_of, renamed
from service.catalog.new_city.rows import flow_list, flow_row

NEXT = "下一届"
"""What the further round is called in a season."""
_PLACES, _UNITS = "award_places", "recommendation_places"
_YEAR, _MONTH = timedelta(days=364), timedelta(days=28)
_HOLIDAYS = (((1, 18), (2, 26)), ((4, 28), (5, 8)), ((9, 27), (10, 12)))
"""When time limits may end later for days of rest: no further round closes then."""


def carried(laid: Laid) -> Rows | None:
    """Nobody applies in the first round; in the next two are elected, or recommended, though there is one place of its own.

    In a place whose rounds are drawn otherwise the next round is only opened: it counts what is carried over then.
    """
    opened = opened_on(laid.steps)
    first = next((step for step in laid.steps if isinstance(step, dict) and step.get("start") == "round"), None)
    if opened is None or first is None:
        return None
    units = carried_as_drawn(laid.place, laid.parameter).get("of") == OF_UNITS
    if (_UNITS if units else _PLACES) not in laid.place.award.parameters:
        return _opened_next(laid, first, opened)
    applied = [number for number, step in enumerate(laid.steps[: laid.vote]) if is_of(step, laid.winner)]
    if laid.vote < 0 or not applied:
        return None
    number = next(n for n, step in enumerate(laid.steps) if step is first)
    until = [step for step in laid.steps[number + 1 : laid.vote] if isinstance(step, dict) and "until" in step]
    closed = [opened, *(date.fromisoformat(str(step["until"])[:10]) for step in until)][-1]
    later = _later(opened, closed, yearly=CYCLE in laid.place.award.parameters)
    other = f"{laid.winner}2"
    laid.organisations[other] = flow_row({"name": f"{other}公司"})
    made: Rows = [*laid.steps[: number + 1], *until[-1:], _next(first, opened, later)]
    for place in range(number + 1, laid.vote if units else laid.vote + 1):
        step = laid.steps[place]
        if units and not is_of(step, laid.winner):
            continue
        moved = _of_next(step, laid.round, opened, later)
        if place == laid.vote:
            marks = step["vote"][laid.winner]
            moved["vote"] = {laid.winner: marks, other: marks}
        made.append(flow_row(moved))
        if is_of(step, laid.winner):
            made.append(flow_row(renamed(moved, laid.winner, other)))
        if units and step.get("complete") == "recommend":
            break
    return [step for step in made if not _of_another(step, laid)]


def with_own_place(document: dict[str, Any], laid: Laid) -> None:
    """Let each round of the season have one place of its own."""
    known = laid.place.award.parameters
    if carried_as_drawn(laid.place, laid.parameter).get("of") == OF_UNITS:
        bodies = [body.id for body in laid.place.jurisdiction.bodies if "recommending_unit" in body.roles]
        rows, ident = [{"unit": body, "places": 1} for body in bodies], _UNITS
    else:
        rows, ident = [{"tier": laid.tier, "places": 1}], _PLACES
    if ident in known:
        document.setdefault("parameters", {})[ident] = flow_list([flow_row(row) for row in rows])


def _opened_next(laid: Laid, first: Mapping[str, Any], opened: date) -> Rows:
    """Return the season with the next round opened once it is over."""
    days = (str(s[key])[:10] for s in laid.steps if isinstance(s, dict) for key in ("at", "until") if key in s)
    last = max(map(date.fromisoformat, days))
    later = _YEAR
    while opened + later <= last:
        later += _YEAR
    return [*laid.steps, _next(first, opened, later)]


def _next(first: Mapping[str, Any], opened: date, later: timedelta) -> Mapping[str, Any]:
    again = {key: moved_days(value, opened, later) for key, value in first.items()}
    said = again.get("with", {})
    named = {**said, "round_name": NEXT} if "round_name" in said else said
    return flow_row({**again, "name": NEXT, **({"with": flow_row(named)} if said else {})})


def _of_next(step: Mapping[str, Any], held: str, opened: date, later: timedelta) -> dict[str, Any]:
    """Return a step of the first round as one of the next, so much ``later``."""
    moved = {key: moved_days(value, opened, later) for key, value in step.items()}
    return {key: NEXT if value == held and key in ("case", "parent") else value for key, value in moved.items()}


def _later(opened: date, closed: date, *, yearly: bool) -> timedelta:
    """Return how much later the next round is: once the first is over, or after a year, and not closing about days of rest."""
    later = _YEAR if yearly else _MONTH
    while opened + later <= closed:
        later += _MONTH
    while any(first <= ((day := closed + later).month, day.day) <= last for first, last in _HOLIDAYS):
        later += _MONTH
    return later


def _of_another(step: Any, laid: Laid) -> bool:
    """Tell whether a step is of an organisation that takes no part: who wins in the season, and its like, alone do."""
    if not isinstance(step, dict):
        return False
    nicks = set(laid.organisations) - {laid.winner, f"{laid.winner}2"}
    return any(is_of(step, nick) for nick in nicks)
