"""Create a case and run its first step, for every way of starting one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from service.casework.access.actor import Actor
from service.casework.cases.partners import take_over
from service.casework.desk.city_settings import parameters_on
from service.casework.desk.desk import Desk
from service.casework.step.case_state import Projection, pack
from service.casework.step.project import queue_parent_barriers
from service.casework.step.save import save_step
from service.casework.step.settle import settle
from service.casework.step.step import Step
from service.casework.step.submission import checked, record, routed
from service.casework.subjects.case_subjects import partners_in
from service.catalog import Kind, Package, ProcessInfo
from service.domain.calendar import local_date
from service.store import Transaction
from service.store.models import START_FORM, CaseRow


def insert_case(
    desk: Desk,
    tx: Transaction,
    package: Package,
    info: ProcessInfo,
    parent: CaseRow | None,
    subject: int | None,
    actor: Actor,
) -> Step:
    """Insert the row of a new case and return the step that will run it.

    Parameters come from the parent, if there is one and the kind has no values of its own. A case about the same
    organisation as the one above is about its partners too.
    """
    now = desk.clock.now()
    frozen = parent.parameters if parent and not info.own_values else parameters_on(tx, package, local_date(now))
    row = CaseRow(
        definition=package.version,
        jurisdiction=package.jurisdiction.id,
        award=package.award.id,
        process=info.key,
        title=tx.people.body(subject).name if subject is not None else info.name,
        parent_id=parent.id if parent else None,
        subject_id=subject,
        facts={},
        parameters=frozen,
        state=pack(Projection(), b""),
        started_at=now,
        started_by=actor.person_id,
        changed_at=now,
    )
    row = replace(row, id=tx.cases.insert(row))
    tx.crash("case-inserted")
    step = Step(desk, tx, row, actor)
    if parent is not None and subject is not None and parent.subject_id == subject and partners_in(parent.facts):
        take_over(step, partners_in(parent.facts))
    return step


def take_start_form(
    step: Step,
    info: ProcessInfo,
    submission: Mapping[str, Any],
    body_id: int | None,
    outside: Mapping[str, Any] = MappingProxyType({}),
) -> dict[str, Any]:
    """Check and record the start form; its keys that are declared facts become facts of the case.

    ``outside`` are names that the form may read besides its fields.
    """
    if not info.start_form:
        return {}
    form = step.desk.packages.form(step.package, info.start_form)
    data = checked(step, form, submission, outside)
    record(step, info.start_form, START_FORM, data, task_id=None, body_id=body_id)
    step.set_facts({k: v for k, v in data.items() if k in info.facts}, on_form=True)
    return data


def run_from_start(step: Step, info: ProcessInfo, data: Mapping[str, Any]) -> None:
    """Start the instance with the keys the start event routes, let it settle, write everything."""
    start = next(iter(step.package.diagram(info.process).of(Kind.START)))
    _name(step, info)
    step.audit("started", f"发起“{info.name}”：{step.case.title}", start.id)
    taken = routed(start.routes, data)
    step.instance = step.desk.engine.start(step.case.definition, info.process, taken, step.environment)
    settle(step)
    _name(step, info)
    queue_parent_barriers(step)
    save_step(step)


def _name(step: Step, info: ProcessInfo) -> None:
    """Give the case its title: before the first elements run, which may publish it, and again with what they recorded."""
    if info.title:
        step.change(title=step.text(info.title) or step.case.title)
