"""Complete a task: check and record its form, and advance the case."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from service.casework.access.actor import Actor
from service.casework.access.case_access import (
    is_free,
    named_for,
    require_first,
    require_may_handle,
    require_open,
    require_running,
    require_task,
    seat_for,
)
from service.casework.access.guards import guarded
from service.casework.access.tie_guard import require_no_tie
from service.casework.desk.desk import Desk
from service.casework.desk.jsonable import to_json_value
from service.casework.reading.case_loading import token_data
from service.casework.reading.case_summary import outcome_words
from service.casework.reading.corrections import correction_of
from service.casework.reading.found_by_program import ConditionDoubt, list_condition_doubts
from service.casework.reading.notes import NOTE
from service.casework.review.sheets import check_scores, keep_other_version, keep_sheet
from service.casework.step.announce import announce_struck
from service.casework.step.case_state import Cause
from service.casework.step.fill import form_settings
from service.casework.step.limits.paper_entry import require_in_time
from service.casework.step.save import save_step
from service.casework.step.settle import settle_instance
from service.casework.step.step import Step, step_of
from service.casework.step.submission import CheckedForm, checked, record, require_blank, select_routed_values
from service.casework.tasks.followed import tell_came_back, tell_followed
from service.casework.tasks.keep_unsent import keep_unsent
from service.casework.tasks.own_page import require_form_task
from service.casework.tasks.prefill import first_values
from service.casework.tasks.save_draft import DraftPage, OtherPage, require_same_page
from service.casework.tasks.signs_awaited import find_blocking_request, keep_for_signers
from service.catalog.bpmn.mainpath import main_path
from service.domain.errors import Conflict
from service.domain.forms.model import Input, format_dotted_path
from service.domain.forms.normal import normal_fields
from service.domain.text import Text
from service.domain.values.bounds import Submission, Version
from service.store import TaskWithCase, Transaction
from service.store.models import CaseNoteRow, SignAskRow, TaskRow

Fill = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Makes a submission of the first values of a form: what the diagram says, or what was sent back."""


@dataclass(frozen=True, slots=True)
class Completed:
    """What came of a completed task; ``next_task_id`` is a task of the same case that the same person may do now.

    ``kept``: it waits for those who sign after, and takes effect with the last of them.
    """

    case_id: int
    next_task_id: int | None
    kept: bool = False


@dataclass(frozen=True, slots=True)
class OddMark:
    """An item of a form, at ``path``, that was not found in order."""

    path: str
    label: Text
    answer: Text

    @property
    def key(self) -> str:
        """What tells that the person was asked about it."""
        return f"mark-{self.path}-{self.answer.zh}"


class _Completion(NamedTuple):
    """A step by which a task was completed, and the tasks that came of it; ``kept`` as in `Completed`.

    ``doubts`` are what the program finds against what was sent, where a person sent it on a page, ``marks`` what they
    themselves did not find in order although the case goes ahead.
    """

    step: Step
    task: TaskRow
    fresh: Sequence[TaskRow]
    kept: bool = False
    doubts: Sequence[ConditionDoubt] = ()
    marks: Sequence[OddMark] = ()

    @property
    def ended(self) -> str:
        """What the case ended as by a decision; "" where it goes on, or nothing was decided."""
        step, outcome = self.step, self.step.changes.get("outcome")
        decides = step.element(self.task.process_id, self.task.element).routes
        return outcome_words(step.package, step.case.process, outcome) if outcome is not None and decides else ""

    @property
    def completed(self) -> Completed:
        """What its actor is told."""
        return Completed(self.step.case.id, _find_next_task(self.step.actor, self.fresh), self.kept)


class EndsCase(Exception):
    """A decision would end the case as ``ended``."""

    def __init__(self, ended: str) -> None:
        super().__init__(ended)
        self.ended = ended


class AgainstConditions(Exception):
    """What is sent stands against what the program finds (``doubts``) or its sender marked; those not asked about yet."""

    def __init__(self, doubts: Sequence[ConditionDoubt], marks: Sequence[OddMark]) -> None:
        super().__init__(len(doubts) + len(marks))
        self.doubts, self.marks = doubts, marks


@guarded("task.complete")
def complete_task(
    desk: Desk,
    actor: Actor,
    task_id: int,
    version: Version,  # None skips the comparison: bulk and simulations
    submission: Submission,
    by_program: bool = False,
) -> Completed:
    """Submit the form of task ``task_id`` and move its case on.

    ``version`` is the one that the person saw: a task that changed since is a conflict. Without it nothing is compared.
    What was sent for a task that is over, or claimed by another, is kept as the caller's own draft of it, in place of the one before.

    Raises:
        NotAllowed: the person does not hold the task's role, or the task is for another body.
        DoneByYou, DoneOtherwise, TaskReopened, TaskOver, TaskClaimed, TaskChanged: done, claimed or changed meanwhile.
        CaseSuspended, CaseEnded, AwaitsSignatures: nobody may do it now.
        FormInvalid: the form breaks a rule; nothing is changed.
    """
    with keeping_overtaken(actor, desk, task_id, submission), desk.store.write() as tx:
        return complete_within(
            desk, tx, actor, task_id, version, lambda _first: submission, by_program=by_program
        ).completed


@guarded("task.complete")
def complete_on_page(
    desk: Desk,
    actor: Actor,
    task_id: int,
    version: int | None,
    submission: Mapping[str, Any],
    page: DraftPage | None,
    known: Collection[str] | None = None,
) -> tuple[Completed, Text | None, Text | None]:
    """Complete a task as `complete_task` does. The person is led to the next task at once.

    What followed is returned as well, and, where the step came to nothing and waits anew, that it did and why.

    Raises what `complete_task` raises, and OtherPage where the same person typed something else on another page than
    ``page`` and saved it as a draft, which would be dropped; and, with nothing done, EndsCase where a decision would
    end the case otherwise than in ``known``, AgainstConditions where what is sent stands against conditions that are not
    named there (None: neither is asked about), or against the sender's own findings with no reason given on the page:
    that reason is noted beside the case for whoever handles it next.
    """
    with keeping_overtaken(actor, desk, task_id, submission), desk.store.write() as tx:
        stepped = complete_within(desk, tx, actor, task_id, version, lambda _first: submission, page)
        if known is not None:
            _require_known(stepped, known, page)
        done = stepped.completed
        if done.next_task_id is not None:
            tx.tasks.change_where(
                {"id": done.next_task_id, "opened_at": None, "state": "open"}, opened_at=desk.clock.now()
            )
        if done.kept:
            return done, None, None
        step, fresh = stepped.step, stepped.fresh
        return done, tell_followed(step, actor, fresh), tell_came_back(step, stepped.task, fresh)


def _require_known(stepped: _Completion, known: Collection[str], page: DraftPage | None) -> None:
    """Raise EndsCase, AgainstConditions where the person was not asked about it yet, or gave no reason."""
    if stepped.ended:
        if stepped.ended not in known:
            raise EndsCase(stepped.ended)
        return
    reason = page.reason if page is not None else ""
    doubts = [doubt for doubt in stepped.doubts if doubt.key not in known]
    marks = [mark for mark in stepped.marks if mark.key not in known or not reason]
    if doubts or marks:
        raise AgainstConditions(doubts, marks)
    if stepped.marks:
        _note_reason(stepped, reason)


def _note_reason(stepped: _Completion, reason: str) -> None:
    """Note beside the case, for whoever handles it next, why it goes ahead against what its sender found."""
    step, task = stepped.step, stepped.task
    found = "、".join(f"{mark.label.zh}（{mark.answer.zh}）" for mark in stepped.marks)
    words = f"“{task.title}”中{found}，仍然提交的理由：{reason}"
    writer = step.actor.signed_in_id
    step.tx.case_notes.insert(
        CaseNoteRow(case_id=step.case.id, task_id=task.id, kind=NOTE, person_id=writer, words=words, at=step.now)
    )


@contextmanager
def keeping_overtaken(actor: Actor, desk: Desk, task_id: int, submission: Mapping[str, Any]) -> Iterator[None]:
    """Keep what was typed where somebody else was faster."""
    try:
        yield
    except OtherPage:
        raise
    except Conflict:
        keep_other_version(desk, actor, task_id, submission)
        overtaken = keep_unsent(desk, actor, task_id, submission)
        if overtaken is not None:
            raise overtaken from None
        raise


@guarded("task.complete")
def complete_filled(desk: Desk, actor: Actor, task_id: int, fill: Fill) -> Completed:
    """Complete a task as a person does who opens its form and submits it at once."""
    with desk.store.write() as tx:
        return complete_within(desk, tx, actor, task_id, None, fill).completed


@guarded("task.complete")
def complete_among(desk: Desk, actor: Actor, task_id: int, fill: Fill) -> Text | None:
    """Complete a task as `complete_filled` does, and return what followed on it."""
    with desk.store.write() as tx:
        stepped = complete_within(desk, tx, actor, task_id, None, fill)
        return None if stepped.completed.kept else tell_followed(stepped.step, actor, stepped.fresh)


def complete_within(
    desk: Desk,
    tx: Transaction,
    actor: Actor,
    task_id: int,
    version: int | None,
    fill: Fill,
    page: DraftPage | None = None,
    by_program: bool = False,
    received_on: date | None = None,
) -> _Completion:
    """Complete a task within a unit of work that is open already; raises like ``complete_task``.

    ``received_on``: the day on which it came on paper.
    """
    task_with_case = tx.tasks.with_locked_case(task_id)
    task, case = task_with_case.task, task_with_case.case
    if task.form:  # submitting it drops them
        tx.forms.keep_at_hand(case.id, task_with_case.forms)
    require_task(actor, task)
    require_first(actor, task)
    require_form_task(task)
    require_open(task, version)
    actor = named_for(actor, task)
    require_may_handle(tx, actor, case)
    require_running(case)
    step = step_of(desk, tx, case, actor)
    require_no_tie(tx, actor, task, case, step.now)
    require_in_time(step, task, received_on)
    step.by_program = by_program
    draft = (
        tx.drafts.find(task_id=task_id, person_id=actor.person_id)
        if page is not None and task_with_case.drafted and actor.person_id is not None
        else None
    )
    ask = find_blocking_request(step, task)
    if ask is not None:
        _store_submission(step, task, ask, fill)
        stepped = _Completion(step, task, (), kept=True)
    else:
        submitted = _check_submission(step, task, fill)
        doubts = _list_doubts(step, task, submitted) if page is not None and page.asks else ()
        marks = _list_odd_marks(step, task, submitted) if page is not None else ()
        fresh = _complete_in(step, task_with_case, submitted)
        marks = marks if marks and _goes_ahead(step, task, fresh) else ()
        stepped = _Completion(step, task, fresh, doubts=doubts, marks=marks)
    if draft is not None:
        require_same_page(draft, page, fill({}))
    return stepped


def _store_submission(step: Step, task: TaskRow, ask: SignAskRow, fill: Fill) -> None:
    """Check a submission, and keep it for those who sign after; raises FormInvalid."""
    submission = fill(first_values(step, task) if task.form else {})
    _check_submission(step, task, lambda _first: submission)
    keep_for_signers(step, task, ask, submission)


def _list_doubts(step: Step, task: TaskRow, submitted: CheckedForm) -> Sequence[ConditionDoubt]:
    form = step.desk.packages.form(step.package, task.form) if task.form else None
    return list_condition_doubts(step, task.role, form, to_json_value(submitted.values)) if form else ()


_NOT_CLAIMED = "none"
"""What an item says of which there is nothing to examine."""


def _list_odd_marks(step: Step, task: TaskRow, submitted: CheckedForm) -> tuple[OddMark, ...]:
    """Return the items of a form that were not found in order."""
    if not task.form:
        return ()
    form, values = step.desk.packages.form(step.package, task.form), to_json_value(submitted.values)
    stored = {**form_settings(step.package, step.case.parameters), **values}
    return tuple(
        OddMark(format_dotted_path(row.path), row.node.label, _find_label(row.node, str(row.found)))
        for row in normal_fields(form.nodes, form.state(values, today=step.today, stored=stored))
        if row.is_choice and row.found not in (None, row.normal, _NOT_CLAIMED)
    )


def _find_label(node: Input, value: str) -> Text:
    options = node.options if isinstance(node.options, tuple) else ()
    return next((option.label for option in options if option.value == value), Text(value, value))


def _goes_ahead(step: Step, task: TaskRow, fresh: Sequence[TaskRow]) -> bool:
    """Return whether a completed task let its case go on along the main path of its diagram."""
    diagram = step.package.diagram(task.process_id)
    visits = step.tx.visits.select(case_id=step.case.id, process_id=task.process_id, at=step.now)
    reached = {row.element for row in visits} | {row.element for row in fresh if row.process_id == task.process_id}
    ahead = (reached - {task.element}) & set(main_path(diagram))
    return any(diagram.elements[ident].kind.is_activity for ident in ahead)


def _complete_in(step: Step, task_with_case: TaskWithCase, submitted: CheckedForm) -> list[TaskRow]:
    """Complete the task found inside ``step``, write everything and return the tasks that came of it."""
    tx, task = step.tx, task_with_case.task
    data = submitted.values
    seat = seat_for(step.actor, task)
    if task.form:
        record(step, task.form, task.element, submitted, task_id=task.id, body_id=seat.body_id if seat else None)
    tx.crash("form-recorded")
    tx.tasks.step(task.id, task.version, state="done", done_at=step.now, done_by=step.actor.person_id)
    for person in {step.actor.person_id, task.assignee_id} if task_with_case.drafted else ():
        if person is not None:  # what others typed stays theirs
            tx.drafts.delete(task_id=task.id, person_id=person)
    keep_sheet(step, task, data)
    note = _build_return_note(step, task, data)
    step.audit("completed", f"{task.title}：{step.actor.name}提交", task.element, {"task": task.id})
    step.instance.complete_person(
        task.engine_id, select_routed_values(step.element(task.process_id, task.element).routes, data)
    )
    tx.crash("engine-moved")
    settle_instance(step)
    if note is None:
        announce_struck(step, task, data)
    return save_step(step, Cause(done_task=task.id, note=note))


RETURN = "return"
"""What a decision comes to that sends back what it was asked about; its form says why under ``reason``."""


def _build_return_note(step: Step, task: TaskRow, data: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return what those who do it anew are told: who sent it back, when, why, and what follows; None of other decisions."""
    element = step.element(task.process_id, task.element)
    chosen = select_routed_values(element.routes, data)
    if not any(value == RETURN for value in chosen.values()):
        return None
    follows = step.text(element.consequence, {**token_data(step, task), **chosen}) if element.consequence else ""
    return {
        "sent_back_by": step.actor.name,
        "step": task.title,
        "reason": str(data.get("reason") or ""),
        "at": step.now.isoformat(),
        "follows": follows,
    }


def _check_submission(step: Step, task: TaskRow, fill: Fill) -> CheckedForm:
    """Return what is kept of a task's form; raises FormInvalid."""
    if not task.form:
        require_blank(step, fill({}))
        return CheckedForm({}, {})
    form = step.desk.packages.form(step.package, task.form)
    first = first_values(step, task)
    submission = fill(first)
    answer = correction_of(step, task, first)
    submitted = checked(step, form, submission, first, answer.shut if answer else ())
    check_scores(step, task, submitted.values, submission)
    return submitted


def _find_next_task(actor: Actor, fresh: Sequence[TaskRow]) -> int | None:
    """Return the first resulting task that the actor may do and that is not assigned to another person."""
    for task in fresh:
        if is_free(actor, task) and seat_for(actor, task) is not None:
            return task.id
    return None
