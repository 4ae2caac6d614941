"""The seals of work items: what others wrote into the queue is not done, nor what was done done again.

A seal binds what is to be done, where and under which key, which no two items share; not when, nor how often it was tried.
That of an item which would do the same once more is noted as used as soon as it is done.
"""

from __future__ import annotations

from service.domain.running.lanes import serves_once
from service.store.json_text import as_stored
from service.store.rows import WorkItemRow
from service.store.rows.work import work_item
from service.store.seals.row_seals import RowSeals, mark_of
from service.store.seals.sealed_rows import SealedRows


def _words(row: WorkItemRow) -> list[object]:
    place = (row.lane, row.case_id, row.process_id, row.element)
    return [row.effect_key, row.kind, *place, row.provisional, as_stored(row.payload)]


WORK = SealedRows(work_item.name, _words)
"""Work items, and what their seals bind."""


def is_used(seals: RowSeals | None, row: WorkItemRow) -> bool:
    """Return whether this installation queued a work item as it is, and did it."""
    return WORK.was_made(seals, row) and WORK.lacks(seals, row)


def used_mark(row: WorkItemRow) -> list[str]:
    """Return what is noted of a work item once it is done; nothing where doing it again would change nothing."""
    return [mark_of(row.seal)] if row.seal and serves_once(row.kind) else []
