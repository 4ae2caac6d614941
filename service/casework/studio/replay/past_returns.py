"""What was sent back, taken back, suspended and resumed in a past round, as steps of a season."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from service.casework.studio.replay.past_order import PastOrder, place_of
from service.store.rows import AuditRow, CaseRow, TaskRow

_STOPPED = {"suspended": ("suspend", "暂停办理："), "resumed": ("resume", "恢复办理：")}
"""The verb of a season, and how the entry of the history begins."""


def return_steps(
    order: PastOrder,
    case: CaseRow,
    tasks: Sequence[TaskRow],
    who: Callable[[TaskRow, int | None], str],
    plain: Callable[[Any], Any],
) -> Iterator[tuple[datetime, int, dict[str, Any]]]:
    """Yield when, and at which place of its instant, something went back or stood still in ``case``.

    ``who`` names the person who did it with a task, ``plain`` masks a reason.
    """
    by_id = {task.id: task for task in tasks}
    for event in order.of_case(case.id, "sent_back", "taken_back", *_STOPPED):
        task = by_id.get(event.data.get("task", 0))
        if event.action in _STOPPED:
            verb, begins = _STOPPED[event.action]
            yield event.at, place_of(event), {"as": "administrator", verb: plain(event.text.removeprefix(begins))}
        elif task is not None:
            yield event.at, place_of(event), _returned(event, task, who(task, event.person_id), plain)


def _returned(event: AuditRow, task: TaskRow, who: str, plain: Callable[[Any], Any]) -> dict[str, Any]:
    if event.action == "taken_back":
        return {"as": who, "take_back": task.element}
    reason = event.text.partition(f"“{task.title}”")[2].partition("：")[2]
    return {"as": who, "send_back": task.element, "reason": plain(reason)}
