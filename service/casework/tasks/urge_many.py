"""Urge whoever holds up a selection of cases (批量催办): each case by itself, with what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.case_access import may_urge, require_case
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.tasks.urge import urge_task
from service.domain.errors import Invalid, LaurelError
from service.domain.text import Text
from service.store.models import TaskRow

MOST = 200
"""So many cases are urged at once."""


@dataclass(frozen=True, slots=True)
class UrgedCase:
    """A case of the selection: how many people were told, and what was not urged, with why."""

    case_id: int
    title: str
    told: int
    refused: tuple[Text, ...]


@guarded("task.urge")
def urge_cases(desk: Desk, actor: Actor, case_ids: Sequence[int], words: str = "") -> list[UrgedCase]:
    """Urge who must do what is open in each case, each task at most once a day; one refusal does not stop the others.

    Raises Invalid where more than `MOST` cases are named, or none.
    """
    picked = list(dict.fromkeys(case_ids))
    if not 1 <= len(picked) <= MOST:
        raise Invalid(
            Text(f"请勾选要催办的办件，一次1至{MOST}件。", f"Pick the cases to be urged, 1 to {MOST} at once.")
        )
    return [_urge_case(desk, actor, case_id, words) for case_id in picked]


def _urge_case(desk: Desk, actor: Actor, case_id: int, words: str) -> UrgedCase:
    try:
        title, tasks = _list_waiting(desk, actor, case_id)
    except LaurelError as refusal:
        return UrgedCase(case_id, str(case_id), 0, (refusal.message,))
    informed_count, refused = 0, [] if tasks else [_describe_nothing(title)]
    for task in tasks:
        try:
            informed_count += len(urge_task(desk, actor, task.id, words))
        except LaurelError as refusal:
            refused.append(refusal.message)
    return UrgedCase(case_id, title, informed_count, tuple(refused))


def _list_waiting(desk: Desk, actor: Actor, case_id: int) -> tuple[str, list[TaskRow]]:
    """Return the title of a case and what in it waits for others; raises NotFound, NotAllowed."""
    with desk.store.read() as tx:
        case = tx.cases.get(case_id)
        require_case(actor, case, tx)
        return case.title, [task for task in tx.tasks.open_of_case(case_id) if may_urge(actor, task)]


def _describe_nothing(title: str) -> Text:
    return Text(
        f"“{title}”现在没有等待他人办理的事项，不需要催办。",
        f"Nothing in “{title}” waits for others now: there is nobody to urge.",
    )
