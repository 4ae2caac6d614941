"""The rounds that open tasks stand in, noted of tasks that a program of before has made."""

from __future__ import annotations

from collections.abc import Callable

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.soundness.persisting import persisting

_AT_ONCE = 200
"""How many tasks are noted in one transaction: others who write wait as long."""


@guarded("soundness.prove")
def note_rounds(desk: Desk, actor: Actor, stopped: Callable[[], bool] = bool) -> int:  # noqa: ARG001  the guard reads the actor
    """Note what is still to note, some in a transaction, unless another process does so; returns of how many tasks.

    Lists find a task whose round is not noted yet as well, only more slowly.

    Raises:
        Busy: if the database was busy again and again.
    """
    count = 0
    with desk.store.alone_at("rounds of tasks") as alone:
        while alone and not stopped() and (noted := persisting(lambda: _note_some(desk))):
            count += noted
    return count


def _note_some(desk: Desk) -> int:
    with desk.store.write() as tx:
        return tx.tasks.note_rounds(_AT_ONCE)
