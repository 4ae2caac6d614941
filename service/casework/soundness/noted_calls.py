"""The call activities that cases stand in, noted of cases that a program of before has moved."""

from __future__ import annotations

import logging
from collections.abc import Callable

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.step.calls import bring_in_line
from service.casework.step.step import open_step
from service.domain.errors import LaurelError
from service.store import Busy

log = logging.getLogger(__name__)
_PAGE = 50
_COUNTED_EVERY = 20
"""So many pages are noted before it is counted again how many cases are left, which the monitor says."""


@guarded("soundness.prove")
def note_calls(desk: Desk, actor: Actor, stopped: Callable[[], bool] = bool, rest: Callable[[], object] = bool) -> int:
    """Note what is still to note, a case in a transaction, unless another process does so; returns how much it noted.

    Cases that a program of before has ended left what they stood in when they ended. ``rest`` is called after every page,
    so that other work has its turn. A case that cannot be loaded, or that somebody moves just now, is left to the next time.
    """
    count = after = pages = 0
    with desk.store.alone_at("calls") as alone:
        while alone and not stopped():
            if pages % _COUNTED_EVERY == 0:
                _count_left(desk)
            pages += 1
            with desk.store.read() as tx:
                page = tx.calls.unnoted(after, _PAGE)
            if not page:
                break
            after = page[-1]
            for case_id in page:
                if stopped():
                    break
                count += _noted(desk, actor, case_id)
            rest()
        if alone:
            _count_left(desk)
        while alone and not stopped():
            with desk.store.write() as tx:
                left = tx.calls.leave_ended(_PAGE)
            count += left
            if not left:
                break
            rest()
    return count


def _count_left(desk: Desk) -> None:
    with desk.store.write() as tx:
        tx.calls.count_unnoted()


def _noted(desk: Desk, actor: Actor, case_id: int) -> bool:
    try:
        with desk.store.write() as tx:
            step = open_step(desk, tx, case_id, actor)
            if step.case.status == "ended" or step.case.calls_noted == step.case.version:
                return False
            bring_in_line(tx, step.case, step.instance.calls(), step.now)
            tx.calls.note(case_id)
    except (Busy, LaurelError) as error:  # told of where every case is looked at
        log.info("call activities of case %s are not noted: %s", case_id, error)
        return False
    return True
