"""Days on record that a corrected calendar counts otherwise, with the limits that end with them.

A limit that is drawn as a day on record (`case.deadline`) comes to the same day by every calendar: what was counted is
the day itself, from the day on which it was fixed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from service.casework.amendments.move_plan import DateChange
from service.casework.step.fill import compiled
from service.casework.step.instants import as_instant
from service.casework.step.limit_group import RecordedDay, RunningLimit, is_fixed, recorded_days, running_limits
from service.casework.step.rest_day_rule import rest_day_rule_of
from service.casework.step.step import Step
from service.casework.step.time_limits import data_of, last_day_before
from service.domain.calendar import Window, local_date

RECOUNTED = "recounted"
"""Action of the audit entry that says from which day to which a corrected calendar moved something, by its key."""


def recorded_dates(before: Step, after: Step) -> Iterator[DateChange]:
    """Yield the limits that end with a day on record which ``before`` counts as it stands, and ``after`` otherwise.

    A day that was moved since, or that nothing in the diagram explains any more, is left alone.
    """
    for limit in running_limits(after):
        days = [day for day in recorded_days(after.package) if _says(after, day, limit)]
        fixed = _fixed_last(after, days) if days else None
        if fixed is None:
            continue
        day, on = fixed
        old, new = (_counted(step, day, limit, on) for step in (before, after))
        if old is None or new is None or old.ends_at != limit.at or new.ends_at == limit.at:
            continue
        yield _change(after, limit, new.ends_at, new)


def dates_from_above(step: Step) -> Iterator[DateChange]:
    """Yield the limits that end with a day on record of a case above, where a corrected calendar has moved that day.

    The day above says the new one already, so that no calendar of before comes to the day on which such a limit still ends.
    """
    names = {day.name for day in recorded_days(step.package)}
    moved: Mapping[str, Collection[tuple[date, date]]] | None = None
    for limit in running_limits(step) if step.case.parent_id is not None else ():
        read = {path[1] for path in _paths(step, limit) if len(path) > 1 and path[0] != "case"} & names
        new = _counted_now(step, limit) if read and is_fixed(step, limit) else None
        if new is None or new[0] == limit.at:
            continue
        moved = _moved_above(step) if moved is None else moved
        old, day = last_day_before(limit.at), last_day_before(new[0])
        known = [move for name in read for move in moved.get(name, ())]
        if old in {before for before, _ in known} and day in {after for _, after in known}:
            yield _change(step, limit, new[0], new[1])


def _paths(step: Step, limit: RunningLimit) -> Iterator[tuple[str, ...]]:
    return iter(compiled(limit.place[2], step.desk.functions).paths if limit.place[2] else ())


def _counted_now(step: Step, limit: RunningLimit) -> tuple[datetime, Window | None] | None:
    if limit.timer is not None:
        return step.instance.timer_as_of(limit.timer.id, step.now)
    assert limit.task is not None
    value, windows = step.instance.evaluate(limit.place[2], data_of(limit.task))
    due = as_instant(value)
    return None if due is None else (due, windows[-1] if windows else None)


def _moved_above(step: Step) -> Mapping[str, Collection[tuple[date, date]]]:
    """Return from which day to which the calendar has moved the days on record of the cases above, by their names."""
    found: dict[str, list[tuple[date, date]]] = {}
    above = step.case.parent_id
    while above is not None:
        for event in step.tx.history.whole(above):
            kind, _, name = str(event.data.get("key", "")).partition(":")
            if event.action == RECOUNTED and kind == "fact":
                days = (date.fromisoformat(str(event.data[end])) for end in ("from", "to"))
                found.setdefault(name, []).append((next(days), next(days)))
        above = step.tx.cases.get(above).parent_id
    return found


def _change(step: Step, limit: RunningLimit, due: datetime, window: Window | None) -> DateChange:
    return DateChange(
        limit.name, last_day_before(limit.at), last_day_before(due), due <= step.now, due, window,
        task=limit.row.id if limit.row else None, timer=limit.timer.id if limit.timer else None,
    )  # fmt: skip


def _says(step: Step, day: RecordedDay, limit: RunningLimit) -> bool:
    return day.ends_with(limit) and as_instant(step.facts.get(f"{day.name}_at")) == limit.at


def _fixed_last(step: Step, days: Sequence[RecordedDay]) -> tuple[RecordedDay, date] | None:
    """Return which of the elements that fix a day was passed last, and on which day."""
    places = {(day.process, day.element): day for day in days}
    passed = [row for row in step.tx.cases.visits(step.case.id) if (row.process_id, row.element) in places]
    return (places[passed[-1].process_id, passed[-1].element], local_date(passed[-1].at)) if passed else None


def _counted(step: Step, day: RecordedDay, limit: RunningLimit, on: date) -> Window | None:
    """Return the period that ends with a day, counted from the day ``on`` which it was fixed; None where it is unknown."""
    given = _given(step, day, limit)
    if isinstance(working := given.get("working_days"), int | Decimal):
        return step.window(int(working), None, on)
    roll = rest_day_rule_of(str(given.get("roll") or ""))
    if isinstance(calendar := given.get("calendar_days"), int | Decimal):
        return step.window(None, int(calendar), on, roll=roll)
    return step.named_day(named, roll) if isinstance(named := given.get("day"), date) else None


def _given(step: Step, day: RecordedDay, limit: RunningLimit) -> Mapping[str, object]:
    """Return what the operation that fixed a day was given, as far as the token at a limit still tells."""
    operation = step.package.processes[day.process].elements[day.element].operation
    data = data_of(limit.task) if limit.task else step.instance.timer_data(limit.timer.id) if limit.timer else {}
    asked = operation.parameters if operation is not None and limit.place[0] == day.process else {}
    names = ("working_days", "calendar_days", "day", "roll")
    return {name: step.instance.evaluate(asked[name], data)[0] for name in names if asked.get(name)}
