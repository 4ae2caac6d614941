"""The seals of tasks: who holds one is the program's word alone.

A seal binds what the task is of, its role and its body, the person whose it is or who has claimed it meanwhile, and whether
it waits for signatures.
"""

from __future__ import annotations

from collections.abc import Collection

from service.store.rows import TaskRow
from service.store.rows.cases import task
from service.store.seals.sealed_rows import SealedRows

HELD_BY = frozenset(
    {
        *("case_id", "engine_id", "entry", "process_id", "element", "kind", "form"),
        *("jurisdiction", "role", "body_id", "personal", "assignee_id", "signs_open"),
    }
)
"""The columns of which a change may ask for another seal."""

_CLAIM = "assignee_id"


def is_claim(row: TaskRow, changes: Collection[str]) -> bool:
    """Return whether ``changes`` of a shared task are a claim alone, or its end.

    That its seal of before is taken back is noted at once, but a claim waits for no disk.
    """
    return not row.personal and HELD_BY & {*changes} == {_CLAIM}


def _words(row: TaskRow) -> list[object]:
    place = (row.case_id, row.engine_id, row.entry, row.process_id, row.element, row.kind, row.form)
    signs = () if row.signs_open is None else (row.signs_open,)  # where nobody was ever asked a seal of before holds
    return [*place, row.jurisdiction, row.role, row.body_id, row.personal, row.assignee_id, *signs]


TASKS = SealedRows(task.name, _words)
"""Tasks, and what their seals bind."""
