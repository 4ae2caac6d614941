"""Open tasks that a time limit cuts off: once it is over they can be done only until it is carried out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from service.casework.desk.desk import Desk
from service.catalog import Package
from service.store import CaseFilter, Transaction
from service.store.rows import CaseRow, TaskRow, WorkItemRow

_PAGE = 500


def ending_tasks(
    desk: Desk, tx: Transaction, rows: Sequence[TaskRow], cases: Mapping[int, CaseRow], until: datetime
) -> frozenset[int]:
    """Return which of these tasks, by number, end with a limit that is over at ``until`` and still waits.

    A provisional limit ends none: the office is asked for its day.
    """
    over: defaultdict[int, set[tuple[str, str]]] = defaultdict(set)
    for item in _timers(tx, sorted(cases), until):
        assert item.case_id is not None, "it was found by its case"
        package = desk.packages.get(cases[item.case_id].definition, tx)
        drawn = package.element(item.process_id or "", item.element or "")
        if drawn.attached_to and drawn.interrupting:
            over[item.case_id].add((drawn.process_id, drawn.attached_to))
    return frozenset(
        row.id
        for row in rows
        if row.case_id in over
        and not over[row.case_id].isdisjoint(
            _around(desk.packages.get(cases[row.case_id].definition, tx), cases[row.case_id], row)
        )
    )


def _timers(tx: Transaction, case_ids: Sequence[int], until: datetime) -> Iterator[WorkItemRow]:
    after: tuple[datetime, int] | None = None
    while case_ids:
        found = tx.work.timers(CaseFilter(ids=case_ids, status="running"), after, _PAGE, until, settled=True)
        yield from found
        if len(found) < _PAGE:
            return
        after = (found[-1].due_at, found[-1].id)


def _around(package: Package, case: CaseRow, row: TaskRow) -> Iterator[tuple[str, str]]:
    """Yield the activities in which a task waits, itself and its calls included, each with its process."""
    process = package.process(case.process).process
    for ident in (*row.call_path, row.element):
        elements, inside = package.diagram(process).elements, ident
        while inside:
            yield process, inside
            inside = elements[inside].parent
        process = elements[ident].called
