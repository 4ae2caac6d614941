"""Take what was submitted in an earlier application of the same round into the form of a new one, with its files."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from service.casework.access.actor import Actor
from service.casework.access.case_access import demand_open, demand_task, demand_task_case, seat_for
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.reading.case_loading import open_read_only
from service.casework.reading.corrections import corrected_forms
from service.casework.reading.earlier_application import (
    EarlierAnswers,
    earlier_answers,
    may_be_used_again,
    with_files,
)
from service.casework.reading.submissions import uploads_in
from service.casework.tasks.prefill import first_values
from service.domain.errors import Conflict, NotAllowed
from service.domain.forms.laid_over import laid_over
from service.domain.text import Text
from service.store import Transaction
from service.store.models import TaskRow


@dataclass(frozen=True, slots=True)
class TakenAnswers:
    """The draft as it was kept at ``at``: ``files`` of the earlier case are in it, those ``left_out`` (names) could not be."""

    at: datetime
    values: Mapping[str, Any]
    files: int
    left_out: tuple[str, ...]


@guarded("task.view")
def view_earlier(desk: Desk, actor: Actor, task_id: int) -> EarlierAnswers | None:
    """Return what can be taken into the form of a task; None where there is nothing, or the form was submitted already.

    Raises NotFound, NotAllowed as `take_earlier` does.
    """
    with desk.store.read() as tx:
        task = tx.tasks.get(task_id)
        demand_task(actor, task)
        demand_task_case(actor, task, tx)
        return _earlier(desk, tx, actor, task)


@guarded("task.draft")
def take_earlier(desk: Desk, actor: Actor, task_id: int) -> TakenAnswers:
    """Lay what was submitted earlier into the blank fields of the person's draft, to be checked and submitted.

    Each file is taken as one of the new case and stays one of the earlier. One that was erased, set aside or changed
    beside the program is left out.

    Raises:
        NotFound, NotAllowed: the task is not theirs.
        Conflict: it is over, or nothing was submitted earlier.
        RowAltered: what was submitted earlier is not what is on record.
    """
    if actor.person_id is None:
        raise NotAllowed(Text("请先登录。", "Sign in first."))
    first = _first(desk, actor, task_id)
    with desk.store.write() as tx:
        task = tx.tasks.lock(task_id)
        demand_task(actor, task)
        demand_task_case(actor, task, tx)
        demand_open(task)
        earlier = _earlier(desk, tx, actor, task)
        if earlier is None:
            raise Conflict(
                Text(
                    f"“{task.title}”没有可以带入的内容：本届此前没有提交过这份表单，或者本次已经提交。",
                    f"There is nothing to take into “{task.title}”: the form was not submitted earlier in this round, or is"
                    " submitted already.",
                )
            )
        kept = tx.drafts.find(task_id=task_id, person_id=actor.person_id)
        typed = kept.data if kept is not None else {}
        form = desk.packages.form(desk.packages.get(tx.cases.get(task.case_id).definition, tx), task.form or "")
        asked, now = form.blank(), desk.clock.now()
        begun = {name: value for name, value in first.items() if name in asked}  # not what the diagram only shows
        laid = laid_over({**begun, **typed}, earlier.values)
        named = set(uploads_in(laid))
        taken, left_out = _taken(tx, [i for i in earlier.files if i in named], task_id, actor.person_id, now)
        values = with_files(laid, taken)
        tx.drafts.save(task_id, actor.person_id, values, now)
    return TakenAnswers(now, values, len(taken) - len(left_out), left_out)


def _first(desk: Desk, actor: Actor, task_id: int) -> dict[str, Any]:
    """Return what the form of the task holds before anybody types."""
    with desk.store.read() as tx:
        task = tx.tasks.get(task_id)
        demand_task(actor, task)
        demand_task_case(actor, task, tx)
        demand_open(task)
        return first_values(open_read_only(desk, tx, tx.cases.get(task.case_id), actor), task)


def _earlier(desk: Desk, tx: Transaction, actor: Actor, task: TaskRow) -> EarlierAnswers | None:
    """Return what can be taken into a task of an applicant whose form is the application and was not submitted yet."""
    seat, case = seat_for(actor, task), tx.cases.get(task.case_id)
    if seat is None or task.state != "open" or not task.form or case.parent_id is None:
        return None
    if case.subject_id is None or seat.body_id != case.subject_id:
        return None
    if task.form not in corrected_forms(desk.packages.get(case.definition, tx)):
        return None
    if tx.forms.of_case(case.id, task.form):
        return None
    return earlier_answers(desk, tx, actor, tx.cases.get(case.parent_id), case.process, task.form, case.subject_id)


def _taken(
    tx: Transaction, files: Collection[str], task_id: int, person_id: int, now: datetime
) -> tuple[dict[str, str | None], tuple[str, ...]]:
    """Enter each of ``files`` once more, as one of the task; returns which stands for which, and the names of those left out."""
    found: dict[str, str | None] = {}
    left_out = []
    for ident in files:
        row = tx.uploads.get(ident)
        if may_be_used_again(row):
            again = replace(
                row, id=str(uuid4()), case_id=None, task_id=task_id, secret=None, person_id=person_id, at=now
            )
            tx.uploads.add(again)
            found[ident] = again.id
        else:
            found[ident] = None
            left_out.append(row.name)
    return found, tuple(left_out)
