"""Dispatch one due work item, exactly once: its effect and its end are one commit."""

from __future__ import annotations

from collections.abc import Callable

from service.casework.access.actor import SYSTEM, Actor
from service.casework.access.guards import guarded
from service.casework.ballots.anew import BALLOT_REISSUE, reissue_ballot
from service.casework.ballots.notify_ballot_complete import destroy_keys, notify_ballot_complete
from service.casework.ballots.void_left import is_ballot_abandoned
from service.casework.cases.start import start_child
from service.casework.desk.desk import Desk
from service.casework.desk.packages import REMEDY, VersionAltered
from service.casework.documents.produce_document import produce_document
from service.casework.due.fire_timer import fire_timer
from service.casework.due.reminders import remind_task_holders, send_digest, send_reminder
from service.casework.due.send_message import send_message
from service.casework.review.disqualify import WORK as REVIEWER
from service.casework.review.disqualify import remove_from_panel
from service.casework.step.limits.move import PUT_OFF, restart_periods
from service.casework.step.messages import receive_case_message
from service.casework.step.save import cache_instance, save_step
from service.casework.step.settle import settle_instance
from service.casework.step.step import Step, open_step
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.store.models import WorkItemRow


class UnknownWork(LaurelError):
    """A work item of a kind this version does not know."""

    code = "unknown_work"


@guarded("work.run")
def run_item(desk: Desk, actor: Actor, item: WorkItemRow) -> None:  # noqa: ARG001  the guard reads the actor
    """Carry out the claimed ``item``; any exception leaves nothing of it committed."""
    work = _KINDS.get(item.kind) or (send_message if item.kind in {each.name for each in desk.channels} else None)
    work = work or _find_rare_work(item.kind)
    if work is None:
        raise UnknownWork(Text(f"不认识的后台事项“{item.kind}”。", f"Unknown kind of work item “{item.kind}”."))
    try:
        work(desk, item)
    except VersionAltered as altered:  # no further attempt could do it
        with desk.store.write() as tx:
            tx.work.give_up(item, altered.message, REMEDY, desk.clock.now())


def _find_rare_work(kind: str) -> Callable[[Desk, WorkItemRow], None] | None:
    """Return what carries out work that hardly ever comes; it is loaded then, and seasons are played without it."""
    from service.casework.due.rare_work import RARE

    return RARE.get(kind)


def _deliver_message(desk: Desk, item: WorkItemRow) -> None:
    def receive_message(step: Step) -> None:
        receive_case_message(step, item.effect_key, str(item.payload["message"]), item.payload.get("payload") or {})

    _move_case(desk, item, receive_message)


def _complete_ballot(desk: Desk, item: WorkItemRow) -> None:
    _move_case(desk, item, lambda step: notify_ballot_complete(step, item))


def _call_ballot_again(desk: Desk, item: WorkItemRow) -> None:
    def call_ballot(step: Step) -> None:
        row = step.tx.ballots.lock(int(item.payload["ballot"]))
        if not is_ballot_abandoned(step, row):
            reissue_ballot(step, row, str(item.payload["reason"]))

    _move_case(desk, item, call_ballot)


def _remove_reviewer(desk: Desk, item: WorkItemRow) -> None:
    _move_case(desk, item, lambda step: remove_from_panel(step, item))


def _follow_day(desk: Desk, item: WorkItemRow) -> None:
    _move_case(desk, item, lambda step: restart_periods(step, str(item.payload["day"]), PUT_OFF))


def _check_barriers(desk: Desk, item: WorkItemRow) -> None:
    _move_case(desk, item, _do_nothing)


def _do_nothing(step: Step) -> None:
    """Change nothing: looking at the case's barriers is all that is asked."""


def _move_case(desk: Desk, item: WorkItemRow, change: Callable[[Step], object]) -> None:
    """Lock the item's case, change it, let it settle, and finish the item in the same commit.

    Where nothing was changed and nothing moves, as at most looks at a barrier, there is nothing to write.
    """
    assert item.case_id is not None
    with desk.store.write() as tx:
        step, moved = open_step(desk, tx, item.case_id, SYSTEM), False
        if step.case.status == "running":
            change(step)
            moved = settle_instance(step) or change is not _do_nothing
            if moved:
                save_step(step)
        if not moved:
            tx.after_commit(lambda: cache_instance(step))
        if step.case.status == "suspended":
            tx.work.hold(item, desk.clock.now())
            return
        tx.crash("before-finish")
        tx.work.finish(item, desk.clock.now())


_KINDS: dict[str, Callable[[Desk, WorkItemRow], None]] = {
    "timer": fire_timer,
    "message": _deliver_message,
    "barrier": _check_barriers,
    "follow": _follow_day,
    "ballot": _complete_ballot,
    "ballot_keys": destroy_keys,
    BALLOT_REISSUE: _call_ballot_again,
    REVIEWER: _remove_reviewer,
    "document": produce_document,
    "reminder": remind_task_holders,
    "escalation": send_reminder,
    "digest": send_digest,
    "start": start_child,
}
