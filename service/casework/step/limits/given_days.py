"""A limit that was given another day stays so: what is counted by the same formula later in the case ends on that day too.

A task, the timer that cuts it off and the explanation that follows are often drawn with one formula, counted from a day
on record. Whoever moves the first of them moves all, also those that have not begun.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import NamedTuple

from service.casework.step.behind_gateway import get_timed_element
from service.casework.step.step import Step
from service.domain.calendar import Window
from service.domain.text import Text


class Place(NamedTuple):
    """Where a limit is drawn: the diagram, the calls by which it runs, and the formula."""

    process: str
    path: tuple[str, ...]
    formula: str


def keep_moved(step: Step, place: Place, old: datetime, window: Window) -> None:
    """Keep that the limit drawn at ``place`` that ends at ``old`` ends with ``window`` instead."""
    closes = window.closes.isoformat() if window.closes else None
    entry = {"day": window.last_day.isoformat(), "closes": closes, "zh": window.reason.zh, "en": window.reason.en}
    moved = step.projection.moved
    for key, before in moved.items():  # it was moved before: what is counted anew comes to the first day again
        if _is_drawn_at(key, place) and _build_window(before).ends_at == old:
            moved[key] = dict(entry)
    moved[_build_key(place, old)] = entry


def moved_window(step: Step, place: Place, due: datetime) -> Window | None:
    """Return the window that was given to the limit of ``place`` that is counted to end at ``due``; usually None."""
    entry = step.projection.moved.get(_build_key(place, due)) if step.projection.moved else None
    return _build_window(entry) if entry else None


def forecast_limit_end(step: Step, formula: str, due: datetime) -> datetime:
    """Return when a limit ahead ends that is counted to end at ``due``, wherever its formula is drawn."""
    wanted = (due.astimezone(UTC).isoformat(), " ".join(formula.split()))
    given = (entry for key, entry in step.projection.moved.items() if tuple(key.split("|", 3)[2:]) == wanted)
    return next((_build_window(entry).ends_at for entry in given), due)


def move_fresh_timers(step: Step) -> None:
    """Let timers that have just begun to run end as their limit was moved."""
    if not step.projection.moved:
        return
    for timer in step.instance.timers():
        if timer.id in step.projection.timers:
            continue
        drawn = get_timed_element(step.package, timer.process_id, timer.element_id)
        if drawn.timer is not None:
            window = moved_window(step, Place(timer.process_id, timer.call_path, drawn.timer.expression), timer.due)
            if window is not None:
                step.instance.move_timer(timer.id, window.ends_at, window)


def _build_key(place: Place, due: datetime) -> str:
    formula = " ".join(place.formula.split())
    return "|".join([place.process, "/".join(place.path), due.astimezone(UTC).isoformat(), formula])


def _is_drawn_at(key: str, place: Place) -> bool:
    process, path, _, formula = key.split("|", 3)
    return (process, path, formula) == (place.process, "/".join(place.path), " ".join(place.formula.split()))


def _build_window(entry: dict[str, str | None]) -> Window:
    day, closes = date.fromisoformat(entry["day"] or ""), entry["closes"]
    why = Text(entry["zh"] or "", entry["en"] or "")
    return Window(day, day, False, why, closes=time.fromisoformat(closes) if closes else None)
