"""Undo a move of all cases, by the runner of all batches: with progress, stopped, resumed, a result for each case.

A case that has gone on since stays on its new version, and its result says so.
"""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.amendments.move_case import require_undo_reason, require_undoing, undo_within
from service.casework.batches.run_chunk import build_batch_work, run_chunk
from service.casework.desk.desk import Desk
from service.casework.due.move_batch import ANOTHER_RUNS, running_batches
from service.casework.interventions.batch import DONE, STOPPED, WAITING, NotedBatch, undo_of
from service.casework.interventions.kinds import UNDO
from service.domain.errors import Conflict
from service.domain.text import Text
from service.store.models import InterventionBatchRow, WorkItemRow

WORK = "undo_moves"
"""Kind of the work item that brings back the cases of a chunk."""

_BACK = Text("已撤销迁移，仍按原版本办理", "the move is undone: it keeps the version that it had")


@guarded("amendment.apply")
def begin_undo(desk: Desk, actor: Actor, batch: int, reason: str) -> int:
    """Begin to undo what the batch ``batch`` moved; returns the number of the batch that does it.

    The second of two clicks gets the batch of the first.

    Raises NotFound, NotAllowed, Invalid without a reason, Conflict where it only tried, moved nothing that still stands as
    moved, or while cases of this award are being moved.
    """
    why, now = require_undo_reason(reason), desk.clock.now()
    with desk.store.write() as tx:
        row = tx.move_batches.get(batch)
        require_undoing(actor, row.package.split("/")[0])
        tx.turns.take(f"moves {row.package}")
        if running_batches(tx, row.package):
            raise Conflict(ANOTHER_RUNS)
        begun = undo_of(tx, batch)
        if begun is not None and tx.intervention_results.count_by("state", batch_id=begun.id).get(WAITING):
            return begun.id
        cases = [] if row.dry else sorted(tx.moves.pick("case_id", batch_id=batch, before__ne=None, undone_at=None))
        if not cases:
            raise Conflict(Text("这一批没有可以撤销的迁移。", "This batch moved nothing that could be undone."))
        batch_row = InterventionBatchRow(
            kind=UNDO, given={"batch": batch}, reason=why, dry=False, person_id=actor.person_id or 0, at=now
        )
        ident = tx.interventions.begin(batch_row, cases)
        tx.work.enqueue_many([build_batch_work(WORK, ident, 0, now)], now)
    return ident


@guarded("amendment.apply")
def stop_undo(desk: Desk, actor: Actor, batch: int) -> None:
    """Stop undoing the batch ``batch`` after the case it is at; raises NotFound, NotAllowed, Conflict where it is over."""
    with desk.store.write() as tx:
        require_undoing(actor, tx.move_batches.get(batch).package.split("/")[0])
        begun = undo_of(tx, batch)
        if begun is None or not tx.intervention_results.refuse_waiting(begun.id, STOPPED.as_json(), desk.clock.now()):
            raise Conflict(Text("这一批已经结束。", "This batch is over."))


def undo_chunk(desk: Desk, item: WorkItemRow) -> None:
    """Bring back the next cases of a batch, and leave the work item that goes on."""
    run_chunk(desk, item, _Undoes())


class _Undoes(NotedBatch):
    """How the moves of a batch are undone, case by case."""

    work = WORK

    def change(self, desk: Desk, author: Actor, row: InterventionBatchRow, case_id: int, item: WorkItemRow) -> None:
        with desk.store.write() as tx:
            moved = tx.moves.find(mark=f"{row.given['batch']}:{case_id}")
            assert moved is not None
            undo_within(desk, tx, author, moved.id, row.reason)
            tx.work.require_claimed(item)
            tx.intervention_results.note(row.id, case_id, DONE, {"changes": [_BACK.as_json()]}, desk.clock.now())
