"""Questions for the day of a provisional limit that a program of before left open in cases that have ended."""

from __future__ import annotations

import logging
from collections.abc import Callable

from service.casework.access.actor import Actor
from service.casework.access.case_access import CONFIRM
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.step.save import save_step
from service.casework.step.step import open_step
from service.domain.errors import LaurelError
from service.store import Busy

log = logging.getLogger(__name__)

_AT_ONCE = 200


@guarded("soundness.prove")
def end_questions_left(desk: Desk, actor: Actor, stopped: Callable[[], bool] = bool) -> int:
    """Withdraw them case by case, each on record in its case; returns of how many cases.

    Nobody could answer them, since the case is over. A case that cannot be read keeps its own: the check tells of it.
    """
    count, after = 0, 0
    while not stopped():
        with desk.store.read() as tx:
            found = tx.soundness.asked_in_ended(CONFIRM, after, _AT_ONCE)
        if not found:
            break
        for case_id in found:
            count += _ended(desk, actor, case_id)
        after = found[-1]
    return count


def _ended(desk: Desk, actor: Actor, case_id: int) -> bool:
    try:
        with desk.store.write() as tx:
            step = open_step(desk, tx, case_id, actor)
            asked = [row for row in tx.tasks.open_of_case(case_id) if row.kind == CONFIRM]
            if step.case.status != "ended" or not asked:
                return False
            tx.tasks.cancel([row.id for row in asked], step.now)
            for row in asked:
                step.audit("question_ended", f"办件已经结束，不再需要办理：{row.title}", row.element)
            save_step(step)
    except (Busy, LaurelError) as error:
        log.info("what case %s still asks is not ended: %s", case_id, error)
        return False
    return True
