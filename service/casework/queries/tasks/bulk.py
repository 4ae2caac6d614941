"""Several tasks picked in the list: which go together with one form, which come after, which only one by one."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from service.casework.access.actor import Actor
from service.casework.access.case_access import is_free, recused_people, seat_for
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.tasks.task_list import TaskQuery, look_ahead, task_filter
from service.casework.reading.case_loading import open_read_only
from service.casework.reading.published import published
from service.casework.step.fill import form_settings
from service.casework.tasks.prefill import first_values
from service.casework.tasks.receivers import format_receiver_name, receivers_of
from service.catalog import Package
from service.catalog.called_processes import may_post_notice
from service.domain.calendar import local_date
from service.domain.errors import NotFound
from service.domain.forms import Form
from service.domain.text import Text
from service.store import Transaction
from service.store.models import TaskRow

MOST = 200
"""Most tasks completed in one request."""


class LeftOut(NamedTuple):
    """A picked task that cannot go together with others, and why."""

    task: TaskRow
    reason: Text


@dataclass(frozen=True, slots=True)
class BulkView:
    """Picked tasks: ``tasks`` go together now, ``later`` need another form or other colleagues and come after them.

    ``left`` cannot go together with others at all; ``not_ours`` counts those that are gone or not the actor's to do. ``why_not``
    says why nothing can be done. ``recused`` are the names of colleagues who are recused from one of the ``tasks``.
    ``posts`` says that a notice may follow at once. ``first`` is what the form of a task holds before anybody types, by
    its number, where the diagram says so: it stays where the common answer is blank.
    """

    tasks: tuple[TaskRow, ...]
    later: tuple[TaskRow, ...]
    left: tuple[LeftOut, ...]
    not_ours: int
    form: Form | None
    package: Package | None
    today: date
    colleagues: tuple[tuple[int, str], ...]
    recused: tuple[str, ...]
    why_not: Text | None
    settings: Mapping[str, Any] = field(default_factory=dict)
    posts: bool = False
    first: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)


@guarded("task.list")
def tasks_at_step(desk: Desk, actor: Actor, task_id: int) -> list[int]:
    """Return the tasks that wait for the actor at the step of task ``task_id``, in the same place, `MOST` at most."""
    with desk.store.read() as tx:
        publications, task = published(desk, tx), tx.tasks.get(task_id)
        query = TaskQuery("to_do", step=f"{task.process_id}/{task.element}", jurisdiction=task.jurisdiction)
        rows = tx.tasks.list_page(
            task_filter(actor, publications, query, look_ahead(publications, desk, actor)), None, MOST
        )
        return [row.id for row in rows if seat_for(actor, row) is not None and is_free(actor, row)]


@guarded("task.list")
def bulk_view(desk: Desk, actor: Actor, task_ids: Sequence[int], verb: str = "complete") -> BulkView:
    """Return what of the picked tasks can be done together by ``verb``, "complete" or "delegate"."""
    now = desk.clock.now()
    today = local_date(now)
    picked = list(dict.fromkeys(task_ids))[:MOST]
    with desk.store.read() as tx:
        rows = [
            row for row in (_find_task(tx, i) for i in picked) if row is not None and seat_for(actor, row) is not None
        ]
        packages = {row.id: desk.packages.get(tx.cases.get(row.case_id).definition, tx) for row in rows}
        reason = _not_handed_on if verb == "delegate" else _build_single_check(packages)
        omissions = tuple(LeftOut(row, why) for row in rows if (why := reason(row)) is not None)
        able = [row for row in rows if all(row is not omission.task for omission in omissions)]
        not_ours = len(picked) - len(rows)
        if not able:
            return BulkView(
                (), (), omissions, not_ours, None, None, today, (), (), _describe_nothing_possible(omissions)
            )
        key = _colleagues_key if verb == "delegate" else _form_key(packages)
        first, package = able[0], packages[able[0].id]
        together = [row for row in able if key(row) == key(first)]
        form = desk.packages.form(package, first.form) if first.form else None
        settings = form_settings(package, tx.cases.get(first.case_id).parameters)
        people = _list_colleagues(tx, actor, package, first, now) if verb == "delegate" else ()
        beyond = _collect_recused(tx, together) if people else frozenset()
        element = package.element(first.process_id, first.element)
        start_values = (
            _first_values(desk, tx, actor, together) if form and element.prefill and verb != "delegate" else {}
        )
    later = tuple(row for row in able if key(row) != key(first))
    able_too = tuple((ident, name) for ident, name in people if ident not in beyond)
    recused = tuple(name for ident, name in people if ident in beyond)
    posts = may_post_notice(package, first.process_id, first.element)
    return BulkView(
        tuple(together),
        later,
        omissions,
        not_ours,
        form,
        package,
        today,
        able_too,
        recused,
        None,
        settings,
        posts,
        start_values,
    )


def _first_values(desk: Desk, tx: Transaction, actor: Actor, tasks: Sequence[TaskRow]) -> dict[int, Mapping[str, Any]]:
    steps = ((task, open_read_only(desk, tx, tx.cases.get(task.case_id), actor)) for task in tasks)
    return {task.id: first_values(step, task) for task, step in steps}


def _find_task(tx: Transaction, ident: int) -> TaskRow | None:
    """Return a picked task; None where it is gone meanwhile, which must not lose the others."""
    try:
        return tx.tasks.get(ident)
    except NotFound:
        return None


def _form_key(packages: Mapping[int, Package]) -> Callable[[TaskRow], Hashable]:
    """Return what tasks with one form have in common: the step, the form, and the version of the procedure."""
    return lambda row: (row.process_id, row.element, row.form, id(packages[row.id]))


def _colleagues_key(row: TaskRow) -> Hashable:
    """Return what tasks have in common that the same colleagues may do."""
    return row.jurisdiction, row.role, row.body_id


def _build_single_check(packages: Mapping[int, Package]) -> Callable[[TaskRow], Text | None]:
    def find_obstacle(row: TaskRow) -> Text | None:
        if row.kind == "form" and packages[row.id].element(row.process_id, row.element).bulk:
            return None
        return Text("须逐件办理，不能批量提交", "has to be done by itself")

    return find_obstacle


def _not_handed_on(row: TaskRow) -> Text | None:
    if row.kind == "ballot" or row.personal:
        return Text("须由本人完成，不能转办", "is for this person alone and cannot be handed on")
    return None


def _list_colleagues(
    tx: Transaction, actor: Actor, package: Package, task: TaskRow, now: datetime
) -> tuple[tuple[int, str], ...]:
    receivers = receivers_of(tx, package, task, now)
    return tuple(
        (receiver.person_id, format_receiver_name(receiver))
        for receiver in receivers
        if receiver.person_id != actor.person_id
    )


def _collect_recused(tx: Transaction, tasks: Sequence[TaskRow]) -> frozenset[int]:
    """Return who is recused from the case of one of ``tasks``."""
    cases = {row.case_id: tx.cases.get(row.case_id) for row in tasks}
    return frozenset().union(*(recused_people(tx, case) for case in cases.values()))


def _describe_nothing_possible(omissions: Sequence[LeftOut]) -> Text:
    if not omissions:
        return Text("所选事项不在您的办理范围。", "None of the picked tasks is yours to do.")
    return Text("所选事项都不能这样一起办理。", "None of the picked tasks can be done like this.")
