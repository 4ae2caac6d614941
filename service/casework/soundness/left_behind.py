"""What a program of before left in cases that have ended: voting tasks, ballots, questions for a provisional day, visits."""

from __future__ import annotations

import logging
from collections.abc import Callable

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.step.end_what_hangs import end_all_that_hangs
from service.casework.step.save import save_step
from service.casework.step.step import open_step
from service.domain.errors import LaurelError
from service.store import Busy

log = logging.getLogger(__name__)

_AT_ONCE = 200


@guarded("soundness.prove")
def end_what_is_left(desk: Desk, actor: Actor, stopped: Callable[[], bool] = bool) -> int:
    """End case by case what would end today with the case, each on record in its case; returns of how many cases.

    Nobody could act on it, since the case is over. A case that cannot be read keeps its own: the check tells of it.
    """
    count, after = 0, 0
    while not stopped():
        with desk.store.read() as tx:
            found = tx.hanging.left_in_ended(after, _AT_ONCE, desk.clock.now())
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
            asked = tx.tasks.open_of_case(case_id)
            if step.case.status != "ended":
                return False
            end_all_that_hangs(step)
            names = "、".join(dict.fromkeys(row.title for row in asked))
            step.audit(
                "question_ended", f"办件已经结束，不再需要办理：{names}" if names else "办件已经结束，清理所余事项"
            )
            save_step(step)
    except (Busy, LaurelError) as error:
        log.info("what case %s still asks is not ended: %s", case_id, error)
        return False
    return True
