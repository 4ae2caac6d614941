"""Moves of running cases to other versions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from service.store.repositories.base import Repository, one, word
from service.store.rows import CaseMoveRow, MoveBatchRow
from service.store.rows.moves import case_move, move_batch

_BATCH = ("批量迁移", "batch of moves")
_MOVE = ("迁移记录", "move")
_COUNTS = (
    sa.select(case_move.c.verdict, sa.func.count())
    .where(case_move.c.batch_id == sa.bindparam("batch"))
    .group_by(case_move.c.verdict)
)
_WITHOUT_STATE = [sa.null().label("before") if c.name == "before" else c for c in case_move.c]


class MoveRepository(Repository):
    """Batches, and what became of each case."""

    def begin(self, row: MoveBatchRow) -> int:
        """Begin a batch and return its id."""
        return self._insert(move_batch, row)

    def batch(self, ident: int) -> MoveBatchRow:
        """Return a batch; raises NotFound."""
        return self._existing(MoveBatchRow, _BATCH, one(move_batch, "id"), ident)

    def batches(self, package: str, limit: int = 20, before: int | None = None) -> list[MoveBatchRow]:
        """Return the batches of an award, newest first, below the number ``before``."""
        found = sa.select(move_batch).where(move_batch.c.package == package).order_by(move_batch.c.id.desc())
        if before is not None:
            found = found.where(move_batch.c.id < before)
        return self._all(MoveBatchRow, found.limit(limit))

    def recent(self, packages: Sequence[str], limit: int = 20, before: int | None = None) -> list[MoveBatchRow]:
        """Return the newest batches of these awards, newest first, below the number ``before``."""
        found = sa.select(move_batch).where(move_batch.c.package.in_(packages)).order_by(move_batch.c.id.desc())
        if before is not None:
            found = found.where(move_batch.c.id < before)
        return self._all(MoveBatchRow, found.limit(limit))

    def end(self, ident: int, state: str, at: datetime) -> bool:
        """Let a batch be over; returns whether it was running."""
        running = sa.update(move_batch).where(move_batch.c.id == ident, move_batch.c.state == word("running"))
        return self._change(running.values(state=state, ended_at=at)) == 1

    def add(self, row: CaseMoveRow) -> bool:
        """Note what became of a case, unless this was noted already; returns whether it was new."""
        return bool(self._insert_new(case_move, [row], "mark"))

    def versions_before(self, case_id: int) -> list[str]:
        """Return the versions from which a case was moved, or was to be."""
        found = sa.select(case_move.c.from_version).where(case_move.c.case_id == case_id).distinct()
        return sorted(self._connection.scalars(found))

    def get(self, ident: int) -> CaseMoveRow:
        """Return a move with the state before; raises NotFound."""
        return self._existing(CaseMoveRow, _MOVE, one(case_move, "id"), ident)

    def by_mark(self, mark: str) -> CaseMoveRow | None:
        """Return what became of a case in a batch."""
        return self._first(CaseMoveRow, sa.select(*_WITHOUT_STATE).where(case_move.c.mark == mark))

    def of_batch(self, batch: int, verdicts: Sequence[str] = (), after: int = 0, limit: int = 50) -> list[CaseMoveRow]:
        """Return what became of the cases of a batch, without states; ``verdicts`` none means all."""
        found = sa.select(*_WITHOUT_STATE).where(case_move.c.batch_id == batch, case_move.c.id > after)
        if verdicts:
            found = found.where(case_move.c.verdict.in_(verdicts))
        return self._all(CaseMoveRow, found.order_by(case_move.c.id).limit(limit))

    def undoable(self, batch: int) -> list[int]:
        """Return the cases of a batch that were moved and not brought back, by number."""
        kept = (case_move.c.batch_id == batch, case_move.c.before.is_not(None), case_move.c.undone_at.is_(None))
        return [*self._connection.scalars(sa.select(case_move.c.case_id).where(*kept).order_by(case_move.c.case_id))]

    def counts(self, batch: int) -> dict[str, int]:
        """Return how many cases of a batch came to what."""
        return {str(verdict): int(count) for verdict, count in self._read(_COUNTS, {"batch": batch})}

    def undone(self, ident: int, at: datetime) -> bool:
        """Note that a move was undone; returns whether it had not been."""
        fresh = sa.update(case_move).where(case_move.c.id == ident, case_move.c.undone_at.is_(None))
        return self._change(fresh.values(undone_at=at, before=None)) == 1
