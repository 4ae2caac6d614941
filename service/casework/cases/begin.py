"""Create a case and run its first step, for every way of starting one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from service.casework.access.actor import SYSTEM, Actor
from service.casework.desk.calendars import parameters_on
from service.casework.desk.desk import Desk
from service.casework.step.case_state import Projection, pack_case_state
from service.casework.step.project import queue_parent_barriers
from service.casework.step.save import save_step
from service.casework.step.settle import settle_instance
from service.casework.step.step import Step, open_step
from service.casework.step.submission import FormInvalid, checked, record, require_blank, select_routed_values
from service.catalog import Kind, Package, ProcessInfo
from service.domain.calendar import local_date
from service.domain.forms import FieldError, Form
from service.domain.text import Text
from service.store import Transaction
from service.store.models import START_FORM, CaseRow, WorkItemRow


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

    Parameters come from the parent, if there is one and the kind has no values of its own.
    """
    now = desk.clock.now()
    frozen = parent.parameters if parent and not info.own_values else parameters_on(tx, package, local_date(now))
    row = CaseRow(
        definition=package.version,
        jurisdiction=package.jurisdiction.id,
        award=package.award.id,
        process=info.key,
        title=tx.bodies.get(subject).name if subject is not None else info.name,
        parent_id=parent.id if parent else None,
        subject_id=subject,
        facts={},
        parameters=frozen,
        state=pack_case_state(Projection(), b""),
        started_at=now,
        started_by=actor.person_id,
        changed_at=now,
    )
    row = replace(row, id=tx.cases.insert(row))
    tx.crash("case-inserted")
    return Step(desk, tx, row, actor)


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
        require_blank(step, submission)
        return {}
    form = step.desk.packages.form(step.package, info.start_form)
    if body_id is not None and body_id == step.case.subject_id:
        _require_no_staff_answers(form, submission)
        if step.by_program:  # it is not offered what is for staff, as a page holds it hidden
            submission = {**form.staff_defaults(), **submission}
    elif own := list_own_answers(form, submission):
        raise FormInvalid(own, submission)
    submitted = checked(step, form, submission, outside)
    data = submitted.values
    record(step, info.start_form, START_FORM, submitted, task_id=None, body_id=body_id)
    step.set_facts({k: v for k, v in data.items() if k in info.facts}, on_form=True)
    return data


def _require_no_staff_answers(form: Form, submission: Mapping[str, Any]) -> None:
    """Refuse of who starts for themselves what is for staff to say, as that an application came on paper."""
    foreign = [key for key, default in form.staff_defaults().items() if submission.get(key) not in (None, default)]
    if foreign:
        labels = {field.path: field.label for field in form.fields()}
        text = Text("这一项由工作人员登记，请不要填写。", "This is for staff to enter: leave it out.")
        raise FormInvalid([FieldError(key, labels[key], text, refused=True) for key in foreign], submission)


def list_own_answers(form: Form, submission: Mapping[str, Any]) -> list[FieldError]:
    """Return what only who starts for themselves may say, as that an organisation applies online, where staff say it."""
    own = [
        key
        for key, default in form.staff_defaults().items()
        if default is not None and submission.get(key, default) == default
    ]
    labels = {field.path: field.label for field in form.fields()} if own else {}
    text = Text(
        "本组织自己发起的才选这一项：工作人员代为登记的，请另选。",
        "Only who starts for themselves chooses this: staff choose another.",
    )
    return [FieldError(key, labels[key], text, refused=key in submission) for key in own]


def run_from_start(step: Step, info: ProcessInfo, data: Mapping[str, Any]) -> None:
    """Start the instance with the keys the start event routes, let it settle, write everything."""
    start = next(iter(step.package.diagram(info.process).of(Kind.START)))
    _name_case(step, info)
    step.audit("started", f"发起“{info.name}”：{step.case.title}", start.id)
    taken = select_routed_values(start.routes, data)
    step.instance = step.desk.engine.start(step.case.definition, info.process, taken, step.environment)
    settle_instance(step)
    _name_case(step, info)
    queue_parent_barriers(step)
    save_step(step)


def _name_case(step: Step, info: ProcessInfo) -> None:
    """Give the case its title: before the first elements run, which may publish it, and again with what they recorded."""
    if info.title:
        step.change(title=step.text(info.title) or step.case.title)


_LOOK_AGAIN = timedelta(days=1)
"""After so long a case that waits for one before it looks whether that has ended."""
_FIRST = "就同一事项另有查实的情况：本办件已经有人办理，等它办结后另行发起，另行听取申辩"
_PAUSED = "就同一事项另有查实的情况：本办件已经暂停，恢复以后并入，或者等它办结后另行发起"
_REVOKED = "就同一事项另有查实的情况：所涉奖项已经撤销，不再另行发起，查实的情况留在原办件"


def join_begun(desk: Desk, tx: Transaction, parent: CaseRow, item: WorkItemRow) -> bool:
    """Settle ``item`` by a case begun alike; returns whether it did, so that none is to be started now.

    Alike is a case of the kind about the same organisation that has not ended, below ``parent`` or one of its kind beside
    it, whose facts are the same but those that the item names to join. While it runs and nobody has filled in anything
    there, it takes these: who is accused is told of all at once. One that is being handled was not heard on them. Where the
    item is to start in turn, it waits until that one has ended, a suspended one too, or any of the kind that is about the
    same award of the organisation, however it was begun; it is done once the award is revoked.
    """
    names = [str(name) for name in item.payload.get("join") or []]
    if names:
        tx.turns.count_beside(parent)  # nobody begins one alike below a case beside it meanwhile
    facts = dict(item.payload.get("facts") or {})
    same = {name: value for name, value in facts.items() if name not in names}
    more, before = {name: facts[name] for name in names if facts.get(name)}, None
    for row in _iterate_same_cases(tx, parent, item, same) if names else ():
        before = open_step(desk, tx, row.id, SYSTEM)
        if row.status == "running" and not before.submissions():
            _merge_facts(before, more)
            tx.work.finish(item, before.now)
            return True
    return bool(item.payload.get("in_turn")) and _defer_start(desk, tx, parent, item, before, more)


def _defer_start(
    desk: Desk, tx: Transaction, parent: CaseRow, item: WorkItemRow, before: Step | None, more: Mapping[str, str]
) -> bool:
    """Let ``item`` wait for the case ``before`` it, or be done where the award is revoked; False where it may start."""
    facts = item.payload.get("facts") or {}
    award = facts.get("award") or parent.facts.get("award")
    revoked = award is not None and tx.awards.get(int(award)).revoked_on is not None
    if before is None and award is not None and not revoked:
        rows = _about_award(desk, tx, parent, item, int(award))
        before = next((open_step(desk, tx, row.id, SYSTEM) for row in rows), None)
    if before is None and not revoked:
        return False
    blocking_step = before or open_step(desk, tx, parent.id, SYSTEM)
    why = (
        _REVOKED
        if revoked
        else _PAUSED
        if blocking_step.case.status == "suspended" and not blocking_step.submissions()
        else _FIRST
    )
    if item.last_error != why:
        blocking_step.audit("joined", why, None, more)
        save_step(blocking_step)
    if revoked:
        tx.work.finish(item, desk.clock.now())
    else:
        tx.work.wait_on(item, why, desk.clock.now() + _LOOK_AGAIN)
    return True


def _about_award(desk: Desk, tx: Transaction, parent: CaseRow, item: WorkItemRow, award: int) -> Iterable[CaseRow]:
    """Yield the cases of the item's kind that have not ended and are about this award of the organisation.

    Begun by people, they lie below the kind that theirs is started from, which may be another than ``parent``. Cases of
    other kinds that do the same themselves (``after``) count once they have the fact that the item names with their kind.
    """
    others = dict(item.payload.get("after") or {})
    process, subject = str(item.payload["process"]), item.payload.get("subject")
    usual = desk.packages.get(parent.definition, tx).process(process).parent
    above = {parent.id: parent}
    level = parent.parent_id
    while level is not None and usual is not None:
        above |= {row.id: row for row in tx.cases.select(parent_id=level, process=usual) if row.subject_id == subject}
        level = tx.cases.get(level).parent_id
    for row in tx.cases.select(parent_id=sorted(above), process=[process, *others]):
        if row.process in others and row.facts.get(others[row.process]) is None:
            continue
        award_id = row.facts.get("award") or above[row.parent_id or parent.id].facts.get("award")
        if row.status != "ended" and row.subject_id == subject and award_id is not None and int(award_id) == award:
            yield row


def _iterate_same_cases(
    tx: Transaction, parent: CaseRow, item: WorkItemRow, same: Mapping[str, Any]
) -> Iterable[CaseRow]:
    beside = [] if parent.parent_id is None else tx.cases.select(parent_id=parent.parent_id, process=parent.process)
    above = {parent.id, *(row.id for row in beside)}
    for row in tx.cases.select(parent_id=sorted(above), process=[str(item.payload["process"])]):
        about = row.status != "ended" and row.subject_id == item.payload.get("subject")
        if about and all(row.facts.get(name) == value for name, value in same.items()):
            yield row


def _merge_facts(step: Step, facts: Mapping[str, str]) -> None:
    for name, more in facts.items():
        had = step.facts.get(name)
        step.set_facts({name: f"{had}\n{more}" if had else more})
    step.audit("joined", "就同一事项另有查实的情况，并入本办件一并办理", None, facts)
    queue_parent_barriers(step)
    settle_instance(step)
    save_step(step)
