"""Send a task back to the previous step with a reason, or take back what was just submitted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from service.casework.access.actor import Actor
from service.casework.access.case_access import (
    BALLOT,
    NotPossibleNow,
    named_for,
    require_case,
    require_running,
    require_task,
    require_task_case,
    seat_for,
)
from service.casework.access.guards import guarded
from service.casework.access.secrets import require_length, require_notes
from service.casework.desk.desk import Desk
from service.casework.reading.history import BETWEEN
from service.casework.reading.notes import NOTE, written
from service.casework.step.case_state import Cause, Returned
from service.casework.step.end_signs import drop_ask
from service.casework.step.history import TASK_TITLE, build_task_citation
from service.casework.step.save import save_step
from service.casework.step.step import Step, open_step
from service.casework.tasks.note_passed_on import SENT_BACK, TAKEN_BACK, note_passed_on
from service.casework.tasks.overtaken import require_task_unchanged
from service.casework.tasks.ways_back import EarlierStep, go_back, instead_of_going_back, steps_back, why_not_back
from service.domain.calendar import local_date
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.signatures import AWAITED
from service.domain.text import Text
from service.domain.values.bounds import Default, Length, Meaning, Named, Version
from service.store.models import CaseNoteRow, TaskRow

_OWN = "自行修改"


@guarded("task.send_back")
def send_back(
    desk: Desk,
    actor: Actor,
    task_id: int,
    version: Version,
    reason: Annotated[str, Length(0, 2000), Default(str)],
    to: Annotated[str | None, Length(1, 36)] = None,
    *,
    inside: Annotated[str, Length(0, 2000), Named("note"), Meaning("only those who handle the case read it")] = "",
) -> int | None:
    """Return the case to the person before, with a reason they will see; or to an earlier step of `steps_back`.

    What was submitted at the steps between stays on record and stands in their forms when they come again. ``inside``
    becomes a note of the case, which only those who handle it read. An applicant who goes back to a step of their own
    gives no reason, and gets the number of the task that is open again; for others it is None.

    Raises:
        Invalid: no reason given, ``to`` is none of the steps, or ``inside`` is too long.
        NotAllowed: ``inside`` of somebody who may write no notes there.
        TaskOver, TaskClaimed, TaskChanged, CaseSuspended: done or changed meanwhile, or the case is suspended.
        Conflict: no user task directly before, or the diagram forbids it there.
    """
    require_length(inside.strip())
    with desk.store.write() as tx:
        task = tx.tasks.get(task_id)
        require_task_case(actor, task, tx)
        require_task_unchanged(tx, actor, task, version)
        actor = named_for(actor, task)
        step = open_step(desk, tx, task.case_id, actor)
        require_running(step.case)
        steps = steps_back(step, task)
        if not steps:
            raise _build_refusal(step, task)
        before = _choose_step(steps, to)
        reason = reason.strip() or (_OWN if before.own else "")
        if not reason:
            raise Invalid(Text("请写明退回原因，对方据此修改。", "Say why: the other side works from it."))
        note = {"sent_back_by": actor.name, "reason": reason, "at": step.now.isoformat()}
        go_back(step, task, before.id)
        where = "" if before is steps[0] else f"至“{before.name}”"
        text = f"{actor.name}退回“{task.title}”{where}：{reason}"
        step.audit(
            "sent_back",
            text,
            task.element,
            {
                **build_task_citation(task),
                TASK_TITLE: task.title,
                BETWEEN: _list_bodies_between(step, task, before),
            },
        )
        note_passed_on(tx, actor, task, SENT_BACK, reason, step.now)
        if inside.strip():
            _note_inside(step, actor, task, inside.strip())
        ask = tx.sign_asks.find("-id", task_id=task.id, state="open") if task.signs_open in AWAITED else None
        if ask is not None:
            drop_ask(desk, tx, task, ask, "withdrawn")
        save_step(step, Cause(returned=Returned(before.id, note)))
        return step.projection.tasks.get(before.id) if before.own else None


@guarded("task.take_back")
def take_back(desk: Desk, actor: Actor, task_id: int) -> int:
    """Take back what the person submitted in ``task_id``, while the resulting tasks are unopened or others at its step wait.

    Returns the id of the task that is open again, theirs where they may do it.

    Raises:
        NotAllowed: another's, or the actor holds its role no more, or may not look at the case.
        NotPossibleNow, CaseSuspended, CaseEnded: opened or moved on meanwhile, or the case does not run.
    """
    with desk.store.write() as tx:
        task = tx.tasks.get(task_id)
        if task.done_by != actor.person_id:
            raise NotAllowed(Text("只能取回本人提交的内容。", "Only your own submission can be taken back."))
        require_task(actor, task)
        actor = named_for(actor, task)
        require_case(actor, tx.cases.get(task.case_id), tx)
        step = open_step(desk, tx, task.case_id, actor)
        require_running(step.case)
        why = explain_final_submission(step, task) if task.state == "done" else _GONE_BACK
        if why is not None:
            raise NotPossibleNow(
                Text(
                    f"“{task.title}”不能取回：{why.zh}。需要更正的，请联系现在的办理单位，能退回的由其退回。",
                    f"“{task.title}” cannot be taken back: {why.en}. Ask who handles the case now to send it back where it can be.",
                )
            )
        tx.forms.mark_taken_back(task.id, step.now)
        tx.sheets.change_where({"task_id": task.id, "state": "valid"}, state="taken_back", reason="本人取回")
        step.instance.rewind(task.engine_id)
        note_passed_on(tx, actor, task, TAKEN_BACK, "", step.now)
        step.audit("taken_back", f"{actor.name}取回“{task.title}”", task.element, build_task_citation(task))
        save_step(step, Cause(returned=Returned(task.engine_id, {"taken_back": True}, actor.person_id)))
        return step.projection.tasks[task.engine_id]


def _list_bodies_between(step: Step, task: TaskRow, before: EarlierStep) -> list[int]:
    """Return the bodies between which a task goes back: the reason is theirs to read, and of who oversees the case."""
    target = next(
        (
            earlier_task
            for earlier_task in step.tx.tasks.select(case_id=step.case.id)
            if earlier_task.engine_id == before.id
        ),
        None,
    )
    return sorted({row.body_id for row in (task, target) if row is not None and row.body_id is not None})


def _note_inside(step: Step, actor: Actor, task: TaskRow, words: str) -> None:
    """Write beside the case what only those who handle it read of why a task goes back."""
    require_notes(actor, step.case, step.tx)
    step.tx.case_notes.insert(
        CaseNoteRow(
            case_id=step.case.id, task_id=task.id, kind=NOTE, person_id=actor.signed_in_id, words=words, at=step.now
        )
    )
    step.audit("noted", written(actor.name, NOTE), task.element, build_task_citation(task))


def _build_refusal(step: Step, task: TaskRow) -> Conflict:
    obstacle = why_not_back(step, task)
    why = obstacle.named(obstacle.after)
    form = step.desk.packages.form(step.package, task.form) if task.form else None
    instead = instead_of_going_back(form, may_ask=task.kind == "form" and not task.personal)
    return Conflict(
        Text(
            f"“{task.title}”不能退回：{why.zh}。{instead.zh}",
            f"“{task.title}” cannot be sent back: {why.en}. {instead.en}",
        )
    )


def _choose_step(steps: Sequence[EarlierStep], to: str | None) -> EarlierStep:
    chosen_step = next((earlier_step for earlier_step in steps if earlier_step.id == to), None) if to else steps[0]
    if chosen_step is None:
        raise Invalid(
            Text(
                "不能退回到所选的环节：它不在可以退回的环节之中，或者流程已有变化。请重新打开后选择。",
                "It cannot be sent back there: the step is none of those offered, or the case has moved. Open it again.",
            )
        )
    return chosen_step


_GONE_BACK = Text("它已经退回或者取回", "it was sent or taken back already")


def may_take_back(step: Step, task: TaskRow) -> bool:
    """Return whether the submission of the done ``task`` may still be taken back."""
    if task.state != "done" or _takes_effect_at_once(step, task):
        return False
    if step.instance.is_item_under_way(task.engine_id):
        return True
    after = _find_next_tasks(step, task)
    return bool(after) and all(t.opened_at is None for t in after)


def explain_final_submission(step: Step, task: TaskRow) -> Text | None:
    """Return why the submission of the done ``task`` can no longer be taken back; None where it can."""
    if may_take_back(step, task):
        return None
    if _takes_effect_at_once(step, task):
        return Text("这一环节提交后即生效", "at this step a submission takes effect at once")
    if _find_next_tasks(step, task):
        return Text("下一环节的办理人已经打开", "who does the next step has opened it")
    return _name_what_followed(step, task)


def _takes_effect_at_once(step: Step, task: TaskRow) -> bool:
    return step.element(task.process_id, task.element).properties.get("take_back") == "no"


def _find_next_tasks(step: Step, task: TaskRow) -> list[TaskRow]:
    tasks = step.tx.tasks.open_of_case(step.case.id)
    return [t for t in tasks if step.instance.previous_person_task(t.engine_id) == task.engine_id]


def _name_what_followed(step: Step, task: TaskRow) -> Text:
    """Return what was done since the done ``task``: by a person, else by the program alone."""
    later = step.tx.tasks.select("done_at", case_id=step.case.id, state="done", created_at__ge=task.done_at)
    other = next((row for row in later if row.element != task.element), None)
    if other is not None:
        return Text(f"此后“{other.title}”已经办理", f"“{other.title}” was done since")
    return Text(
        "提交后系统已经自动往下办理（制发文书、发出通知或者登记），这些不能收回",
        "the program has gone on from it (letters, messages or records), which cannot be undone",
    )


@dataclass(frozen=True, slots=True)
class FinalSubmission:
    """What cannot be taken back, and why; ``returnable_from`` are the open tasks from which it can be sent back."""

    title: str
    why: Text
    returnable_from: tuple[int, ...]


def find_final_submission(step: Step, actor: Actor, tasks: Sequence[TaskRow]) -> FinalSubmission | None:
    """Return what ``actor`` submitted last today where it cannot be taken back; else None."""
    today = [t for t in tasks if t.done_by == actor.person_id and t.done_at and local_date(t.done_at) == step.today]
    done_tasks = [t for t in today if t.state == "done" and t.kind != BALLOT and seat_for(actor, t) is not None]
    last = max(done_tasks, key=lambda t: t.id, default=None)  # what was entered for another body is theirs to correct
    why = explain_final_submission(step, last) if last is not None and actor.person_id is not None else None
    if last is None or why is None:
        return None
    still = (task for task in tasks if task.state == "open")
    ways = {task.id: {earlier.id for earlier in steps_back(step, task)} for task in still}
    return FinalSubmission(last.title, why, tuple(ident for ident, way in ways.items() if last.engine_id in way))
