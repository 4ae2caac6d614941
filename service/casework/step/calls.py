"""The call activities that a case stands in, kept beside it: the monitor counts cases by them, and how long they stand."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from service.casework.step.step import Step
from service.store import Transaction
from service.store.models import CallRow, CaseRow

Place = tuple[str, str]
"""A call activity: process id and element id."""


def project_calls(step: Step) -> None:
    """Note which call activities the step entered and left.

    All of them are looked at where the case goes on in another instance: by a move to another version of its package or its
    undoing.
    """
    case, now = step.case, {} if step.case.status == "ended" else step.instance.calls()
    before = step.calls_before
    if step.engine_state and before is None:
        bring_in_line(step.tx, case, now, step.now)
    else:
        before = before or {}
        repeated_calls = {each for each in before.keys() & now.keys() if not before[each] & now[each]}
        _leave_and_enter(
            step.tx,
            case,
            (before.keys() - now.keys()) | repeated_calls,
            dict.fromkeys((now.keys() - before.keys()) | repeated_calls, step.now),
            step.now,
        )


def rename_calls(tx: Transaction, case_id: int, renames: Mapping[str, Mapping[str, str]]) -> None:
    """Let call activities that another version calls otherwise keep since when a case stands in them.

    ``renames`` are the new ids of elements by their old ones, by process.
    """
    for row in tx.calls.select(case_id=case_id, left_at=None):
        after = renames.get(row.process_id, {}).get(row.element)
        if after is not None:
            tx.calls.change(row.id, element=after)


def bring_in_line(tx: Transaction, case: CaseRow, now: Collection[Place], at: datetime) -> None:
    """Let what is noted of a case say that it stands in ``now``, entered when it was reached last."""
    places = {(row.process_id, row.element) for row in tx.calls.select(case_id=case.id, left_at=None)}
    fresh = set(now) - places
    reached = {(v.process_id, v.element): v.at for v in tx.visits.select(case_id=case.id)} if fresh else {}
    _leave_and_enter(tx, case, places - set(now), {each: reached.get(each, at) for each in fresh}, at)


def _leave_and_enter(
    tx: Transaction, case: CaseRow, ended_places: Collection[Place], entered: Mapping[Place, datetime], at: datetime
) -> None:
    if ended_places:
        tx.calls.leave(case.id, sorted(ended_places), at)
    if entered:
        rows = [
            CallRow(case_id=case.id, jurisdiction=case.jurisdiction, process_id=process, element=element, since=since)
            for (process, element), since in sorted(entered.items())
        ]
        tx.calls.add(*rows)
