"""Plays of a bar: who is barred applies on its last day, and somebody else who is free again since the day before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

from service.catalog.assistants.condition_rows import names_reference_date
from service.catalog.clause_kinds.bar_conditions import drawn_since, field_of
from service.catalog.clause_kinds.term_lengths import CYCLE
from service.catalog.new_city.call_plays import moved_days, opened_on
from service.catalog.new_city.laid import Laid, Rows, is_of, last_day, renamed
from service.catalog.new_city.rows import flow_row
from service.catalog.parameters.parameters import Unit

_COUNTED = (Unit.YEARS, Unit.MONTHS)
_AGAIN = "下一届{}"
"""What a case of the next round is called in a play."""


def applicant_of(steps: Rows) -> str | None:
    """Return who applies first in a season, None where nobody does."""
    begun = (
        step
        for step in steps
        if isinstance(step, dict) and step.get("start") == "application" and "refused" not in step
    )
    return next((str(step["name"]) for step in begun if "name" in step), None)


def barred(laid: Laid) -> Rows | None:
    """The winner applies on the last day of the bar, so that it is barred; what comes of it is looked at.

    Where the conditions are reckoned on the day of the application, another applies who was free from that day on.
    """
    applied = next((n for n, step in enumerate(laid.steps) if _applies(step, laid.winner)), -1)
    if applied < 0 or not isinstance(laid.value, int) or laid.value < 1 or not laid.tier:
        return None
    begun, unit = last_day(laid.steps[: applied + 1]), laid.place.award.parameters[laid.parameter].unit
    named = names_reference_date(laid.place)
    reckoned = laid.reference if named else begun
    last = _last_barred(reckoned, laid.value, unit) if reckoned else _too_late(begun, laid.value, unit)
    free = f"{laid.winner}2" if not named else ""
    if free:
        laid.organisations[free] = flow_row({"name": f"{free}公司"})
    sent = [_told(laid, laid.winner, applied, last)]
    before = [*_awarded(laid, laid.winner, last)]
    if free:
        sent.insert(0, _told(laid, free, applied, last - timedelta(days=1)))
        before += [*_awarded(laid, free, last - timedelta(days=1))] if unit in _COUNTED else []
    between = _rounds_between(laid, begun) if unit is Unit.COUNT and before else []
    return [*before, *between, *laid.steps[:applied], *sent, *_with_other(laid, laid.steps[applied + 1 :], free)]


def applied_again(laid: Laid, revoked: Rows) -> Rows:
    """Return the steps by which the winner applies in the next round, after it was ``revoked``; none where the bar is over then.

    They are those of the season, as far as it is examined, a year later, or as many as the award is given in.
    """
    known = laid.place.award.parameters.get(CYCLE)
    years = int(known.values[-1].value) if known is not None else 1
    opened, later = opened_on(laid.steps), timedelta(days=365 * years)
    decided = next((n for n, s in enumerate(laid.steps) if is_of(s, laid.winner) and s.get("complete") == "decide"), -1)
    if opened is None or decided < 0 or not isinstance(laid.value, int) or laid.value < years:
        return []
    if last_day([*laid.steps, *revoked]) >= opened + later:
        return []
    made: Rows = []
    for step in laid.steps[:decided]:
        if not isinstance(step, dict) or not (is_of(step, laid.winner) or is_of(step, laid.round) or "until" in step):
            continue
        moved = {key: moved_days(value, opened, later) for key, value in step.items()}
        for key in ("case", "name", "parent"):
            moved |= {key: _AGAIN.format(moved[key])} if moved.get(key) in (laid.round, laid.winner) else {}
        if moved.get("start") == "round":
            moved["with"] = flow_row({**moved.get("with", {}), "round_name": "下一届"})
        made.append(moved)
    return made


def _with_other(laid: Laid, steps: Rows, other: str) -> Rows:
    """Return the steps with those of the winner also done for ``other``, before; as they are without another."""
    made: Rows = []
    for step in steps:
        of_winner = isinstance(step, dict) and laid.winner in (step.get("as"), step.get("case"))
        made += [renamed(step, laid.winner, other), step] if of_winner and other else [step]
    return made


def _applies(step: Any, nick: str) -> bool:
    return isinstance(step, dict) and step.get("name") == nick and "start" in step and "refused" not in step


def _counts_from(laid: Laid) -> str:
    """Return from what the bar counts, from an award where a row of the place's own carries it out."""
    rows = (row.id for table in laid.place.tables.values() for row in table.rows)
    return drawn_since(rows, laid.parameter) or "award"


def _told(laid: Laid, nick: str, applied: int, last: date) -> Mapping[str, Any]:
    """Return the step by which ``nick`` applies; it tells the day of what happened where the bar counts from that."""
    step = renamed(laid.steps[applied], laid.winner, nick)
    has_day = nick == laid.winner or laid.place.award.parameters[laid.parameter].unit in _COUNTED
    if has_day and _counts_from(laid) == "event":
        step["with"] = {**deepcopy(step.get("with", {})), field_of(laid.parameter): last}
    return step


def _awarded(laid: Laid, nick: str, last: date) -> Iterator[dict[str, Any]]:
    since = _counts_from(laid)
    if since == "event":
        return
    earlier: dict[str, Any] = {"for": nick, "tier": laid.tier, "decided_on": last}
    if since == "revocation":
        earlier["revoked_on"] = date(last.year, last.month, last.day)
    yield {"award": flow_row(earlier)}


def _last_barred(reckoned: date, value: int, unit: Unit) -> date:
    """Return the day from which a bar still holds on ``reckoned``, and no day before it does."""
    if unit not in _COUNTED:
        return _too_late(reckoned, value, unit)
    back = reckoned.year * 12 + reckoned.month - 1 - (value * 12 if unit is Unit.YEARS else value)
    try:
        return date(back // 12, back % 12 + 1, reckoned.day)
    except ValueError:  # a month without that day: the next one begins
        return date((back + 1) // 12, (back + 1) % 12 + 1, 1)


def _too_late(begun: date, value: int, unit: Unit) -> date:
    """Return a day from which so many years, months or rounds are not over on ``begun``, nor a few weeks later."""
    if unit is Unit.COUNT:  # a round a year: the present one is the last that is passed over
        return date(begun.year - value, begun.month, 1)
    back = begun.year * 12 + begun.month - 1 - (value * 12 if unit is Unit.YEARS else value)
    return min(date(back // 12, back % 12 + 1, 1) + timedelta(days=31), begun - timedelta(days=1))


def _rounds_between(laid: Laid, begun: date) -> Rows:
    """Return a round a year between the one that counts and the present one, in each of which another organisation won."""
    other = next((nick for nick in laid.organisations if nick not in (laid.winner, f"{laid.winner}2")), None)
    return [
        {
            "award": flow_row(
                {"for": other, "tier": laid.tier, "round": f"往届{year}", "decided_on": date(year, begun.month, 1)}
            )
        }
        for year in range(begun.year - laid.value + 1, begun.year)
        if other is not None
    ]
