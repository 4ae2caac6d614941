"""The page of bulk completion: several tasks picked in the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.case_access import seat_for
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.step.form_settings import form_settings
from service.catalog import Package
from service.domain.calendar import local_date
from service.domain.forms import Form
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import TaskRow

MOST = 200
"""Most tasks completed in one request."""


@dataclass(frozen=True, slots=True)
class BulkView:
    """Picked tasks; ``why_not`` says why they cannot be completed with one form."""

    tasks: tuple[TaskRow, ...]
    form: Form | None
    package: Package | None
    today: date
    colleagues: tuple[tuple[int, str], ...]
    why_not: Text | None
    settings: Mapping[str, Any]


@guarded("task.list")
def bulk_view(desk: Desk, actor: Actor, task_ids: Sequence[int]) -> BulkView:
    """Return the picked tasks the actor may do; others are left out."""
    now = desk.clock.now()
    with desk.store.read() as tx:
        rows = [row for row in (tx.tasks.get(i) for i in task_ids[:MOST]) if seat_for(actor, row) is not None]
        if not rows:
            nothing = Text("所选事项不在您的办理范围。", "None of the picked tasks is yours to do.")
            return BulkView((), None, None, local_date(now), (), nothing, {})
        first = rows[0]
        case = tx.cases.get(first.case_id)
        package = desk.packages.get(case.definition, tx)
        settings = form_settings(package, case.parameters)
        why_not = _why_not(desk, tx, rows, package)
        form = desk.packages.form(package, first.form) if first.form else None
        people = tx.people.people_with(first.jurisdiction, first.role, first.body_id, now)
    colleagues = tuple((p.id, p.name) for p in people if p.id != actor.person_id)
    return BulkView(tuple(rows), form, package, local_date(now), colleagues, why_not, settings)


def _why_not(desk: Desk, tx: Transaction, rows: Sequence[TaskRow], package: Package) -> Text | None:
    if len({(r.process_id, r.element, r.form) for r in rows}) > 1:
        return Text(
            "所选事项属于不同环节，请只选同一环节的事项。",
            "The picked tasks stand at different steps; pick one step only.",
        )
    if any(desk.packages.get(tx.cases.get(r.case_id).definition, tx) is not package for r in rows):
        return Text(
            "所选事项使用不同版本的流程，请分开办理。", "The picked tasks run under different versions; do them apart."
        )
    if not package.element(rows[0].process_id, rows[0].element).bulk:
        return Text(f"“{rows[0].title}”须逐件办理，不能批量提交。", f"“{rows[0].title}” must be done one by one.")
    return None
