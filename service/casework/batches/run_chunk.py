"""Carry out the next cases of a batch and leave the work item that goes on: the same for every kind of batch.

A chunk is a work item; each case is changed in a transaction of its own, which notes what became of it. A process that is
killed in between repeats the chunk: what was noted is passed over. One that stood still for so long that another has
claimed the chunk changes nothing more, for each case is changed behind the fence of the claim. Nothing is held in memory
but one case.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from service.casework.access.actor import Actor, acting
from service.casework.desk.desk import Desk
from service.domain.errors import LaurelError, NotAllowed
from service.domain.text import Text
from service.store import FilesUnreachable, NewWork, ReadOnly, Stale, StorageFull, Transaction, Unreachable
from service.store.models import WorkItemRow


def require_still_administrator(author: Actor, jurisdiction: str) -> None:
    """Raise NotAllowed, with a sentence for the result of a case, where who began the batch lost the right meanwhile."""
    if not (author.administers(jurisdiction) or author.secures(jurisdiction)):
        raise NotAllowed(
            Text(
                f"发起人{author.name}现在不是本辖区管理员，这件没有办理。请由现任管理员重新发起。",
                f"{author.name}, who began this, is no longer an administrator of the place, so nothing was done here:"
                " let a present administrator begin it anew.",
            )
        )


CHUNK = 20
"""Cases of one work item: well below the time for which it is claimed."""

_OUTAGES = (Stale, StorageFull, ReadOnly, Unreachable, FilesUnreachable)
"""No answer about a case: the chunk is tried again."""

RowT = TypeVar("RowT")


class BatchKind(Protocol[RowT]):
    """What the runner asks of a kind of batch, whose own row is ``RowT``."""

    @property
    def work(self) -> str:
        """The kind of its work items."""

    def read(self, tx: Transaction, ident: int) -> RowT:
        """Return a batch; raises NotFound."""

    def begun_by(self, row: RowT) -> int:
        """Return the person who began it."""

    def goes_on(self, desk: Desk, tx: Transaction, row: RowT) -> bool:
        """Return whether it is neither stopped nor overtaken."""

    def ahead(self, tx: Transaction, row: RowT, after: int, limit: int) -> Sequence[int]:
        """Return the next cases, by id, that have no result yet."""

    def change(self, desk: Desk, author: Actor, row: RowT, case_id: int, item: WorkItemRow) -> None:
        """Change a case, note what became of it and demand the claim of ``item`` (`require_claimed`), in one commit.

        A LaurelError is a refusal, but Stale is not: another process goes on.
        """

    def note_refusal(self, tx: Transaction, row: RowT, case_id: int, why: Text, now: datetime) -> None:
        """Note that a case was not changed, and why."""

    def end(self, tx: Transaction, row: RowT, now: datetime, *, whole: bool) -> None:
        """Note that no case is left, or that it ended before (not ``whole``)."""


def build_batch_work(work: str, batch: int, after: int, now: datetime) -> NewWork:
    """Return the work item that carries out the cases of a batch behind ``after``."""
    return NewWork(work, None, f"{work}:{batch}:{after}", {"batch": batch, "after": after}, now)


def run_chunk(desk: Desk, item: WorkItemRow, kind: BatchKind[RowT]) -> None:
    """Carry out the claimed ``item``."""
    ident, after = int(item.payload["batch"]), int(item.payload["after"])
    with desk.store.read() as tx:
        row = kind.read(tx, ident)
        goes_on, author = kind.goes_on(desk, tx, row), acting(tx, kind.begun_by(row), desk.clock.now())
        cases = kind.ahead(tx, row, after, CHUNK) if goes_on else []
    for case in cases:
        with desk.store.read() as tx:
            fresh = kind.read(tx, ident)
            if not kind.goes_on(desk, tx, fresh):
                goes_on = False
                break
        _process_case(desk, author, kind, fresh, case, item)
    now = desk.clock.now()
    with desk.store.write() as tx:
        if goes_on and len(cases) == CHUNK:
            tx.work.enqueue_many([build_batch_work(kind.work, ident, cases[-1], now)], now)
        else:
            kind.end(tx, row, now, whole=goes_on)
        tx.work.finish(item, now)


def _process_case(desk: Desk, author: Actor, kind: BatchKind[RowT], row: RowT, case_id: int, item: WorkItemRow) -> None:
    try:
        with desk.store.read() as tx:
            if case_id not in kind.ahead(tx, row, case_id - 1, 1):  # it was stopped meanwhile, or is done
                return
            place = tx.cases.get(case_id).jurisdiction
        require_still_administrator(author, place)
        kind.change(desk, author, row, case_id, item)
    except _OUTAGES:
        raise
    except LaurelError as refusal:
        with desk.store.write() as tx:
            tx.work.require_claimed(item)
            kind.note_refusal(tx, row, case_id, refusal.message, desk.clock.now())
