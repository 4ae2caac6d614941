"""Interventions in an open task: restart its step, move its token back, reassign it, take it away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.interventions.effect import CaseChange, Effect
from service.casework.interventions.given import number_of
from service.casework.interventions.intervene import Done, InterventionAsked, apply_intervention, list_concerned_people
from service.casework.step.case_state import Cause, Returned
from service.casework.step.end_signs import OTHERS, RENEWED, end_signs
from service.casework.step.fill import get_element_label
from service.casework.step.post import list_responsible_people
from service.casework.step.settle import settle_instance
from service.casework.step.step import Step
from service.casework.step.task_row import build_task_changes
from service.casework.tasks.receivers import require_not_recused_receiver
from service.casework.tasks.ways_back import go_back, returnable_to
from service.catalog.scoring.scoring import edition_of
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.signatures import SENT
from service.domain.text import Text
from service.store.models import PersonRow, TaskRow

_TASK = Text("待办", "the task")
_HOLDER = Text("承办人", "whose tasks")


def chosen_tasks(step: Step, values: Mapping[str, Any]) -> list[TaskRow]:
    """Return the open task named by ``values``, or all that one person has in the case: task "holder:PERSON".

    Raises Conflict where there is none.
    """
    kind, _, ident = str(values.get("task") or "").partition(":")
    if kind != "holder":
        return [chosen_task(step, values)]
    holder = number_of({"holder": ident}, "holder", _HOLDER)
    rows = [row for row in step.tx.tasks.open_of_case(step.case.id) if row.assignee_id == holder]
    if not rows:
        name = step.tx.people.named({holder}).get(holder, ident)
        raise Conflict(
            Text(f"{name}在这个办件中没有认领的待办。", f"{name} has claimed no task of this case."),
        )
    return rows


def free_to_move(rows: Sequence[TaskRow]) -> list[TaskRow]:
    """Return those that are nobody's own; raises NotAllowed, saying why, where all are."""
    free = [row for row in rows if row.kind != "ballot" and not row.personal]
    if not free:
        require_no_bodys(rows[0])
    return free


def chosen_task(step: Step, values: Mapping[str, Any]) -> TaskRow:
    """Return the open task named by ``values``: its number, or "element:…" for the one that waits there.

    Raises Conflict where it is done, another case's, or not the only one there.
    """
    rows = step.tx.tasks.open_of_case(step.case.id)
    element_id = element_of(values, "task")
    if element_id:
        element_tasks = [t for t in rows if t.element == element_id]
        if len(element_tasks) != 1:
            raise Conflict(not_there())
        return element_tasks[0]
    ident = number_of(values, "task", _TASK)
    row = next((t for t in rows if t.id == ident), None)
    if row is None:
        raise Conflict(
            Text(
                "这项待办已经办结或者不在这个办件中，请重新选择。",
                "This task is done, or not of this case: choose again.",
            )
        )
    return row


def not_there() -> Text:
    """Return what is said where a case does not wait at the element that a batch names, or waits there several times."""
    return Text(
        "办件现在没有停在这个环节，或者停在其中几处，请逐件办理。",
        "The case does not wait at this step now, or several times: do it by itself.",
    )


def element_of(values: Mapping[str, Any], name: str) -> str:
    """Return the element that ``values`` names instead of a number, as a batch does; "" where it names none."""
    kind, _, ident = str(values.get(name) or "").partition(":")
    return ident if kind == "element" else ""


def require_no_bodys(row: TaskRow) -> None:
    """Raise NotAllowed for what one person or a body decides: a vote, or a task for one person alone."""
    if row.kind == "ballot":
        raise NotAllowed(
            Text(
                f"“{row.title}”由名册上的成员本人投票，管理员不能转办、收回或者重来。",
                f"“{row.title}” is the vote of a member on the roll; an administrator may not touch it.",
            )
        )
    if row.personal:
        raise NotAllowed(
            Text(
                f"“{row.title}”须由本人独立完成（如评分），管理员不能转办、收回或者重来；确实不能办理的，由办公室更换人员。",
                f"“{row.title}” is for one person alone (such as scoring): the office replaces them where needed.",
            )
        )


@guarded("step.restart")
def restart_step(
    desk: Desk, actor: Actor, case_id: int, request: InterventionAsked, values: Mapping[str, Any]
) -> Effect:
    """Begin a step of a case anew. ``values``: task, or nothing for the program's steps that failed.

    The limit of a task stays: only `change_due` moves it. Drafts stay with it, what was submitted before is
    untouched; signatures asked for beside it are ended, and who was asked is told.

    Raises:
        NotAllowed: a vote, or a task for one person alone.
        Conflict: it does not wait any more, or there is nothing to restart.
    """

    def restart_chosen(step: Step) -> Done:
        if step.case.status != "running":
            raise Conflict(Text("办件已经暂停，请先恢复。", "The case is suspended: resume it first."))
        return _restart_task(step, values, request) if values.get("task") else _restart_calls(step)

    return apply_intervention(desk, actor, case_id, request, restart_chosen)


def _restart_task(step: Step, values: Mapping[str, Any], request: InterventionAsked) -> Done:
    row = chosen_task(step, values)
    require_no_bodys(row)
    waiting = next((t for t in step.instance.person_tasks() if t.id == row.engine_id), None)
    if waiting is None:
        raise Conflict(Text(f"“{row.title}”不是流程图中的环节。", f"“{row.title}” is no step of the diagram."))
    before = list_responsible_people(step.tx, step.package, step.case, row, step.now)
    details = {"restarted_by": step.actor.name, "because": request.reason.strip()}
    end_signs(step, row, RENEWED)
    row = step.tx.tasks.get(row.id)
    step.tx.tasks.step(row.id, row.version, **build_task_changes(step, waiting), note=details, opened_at=None)
    after = list_responsible_people(step.tx, step.package, step.case, step.tx.tasks.get(row.id), step.now)
    people = tuple({p.id: p for p in (*before, *after)}.values())
    text = Text(f"“{row.title}”重新开始，期限不变。", f"“{row.title}” begins anew; its limit stays.")
    return Done(text, tell=people, element=row.element)


def _restart_calls(step: Step) -> Done:
    calls = step.instance.service_calls()
    if not calls:
        raise Conflict(Text("没有停下来的系统环节。", "No step of the program has stopped."))
    names = "、".join(dict.fromkeys(get_element_label(step.package, c.process_id, c.element_id) for c in calls))
    settle_instance(step)
    return Done(Text(f"“{names}”重新执行。", f"“{names}” was tried again."), element=calls[0].element_id)


@guarded("token.move")
def move_token(desk: Desk, actor: Actor, case_id: int, request: InterventionAsked, values: Mapping[str, Any]) -> Effect:
    """Move a waiting task back to the task before it, which opens again. ``values``: task; to, the element, may be left out.

    Raises:
        NotAllowed: another target than that task, or one that is a vote or one person's own.
        Conflict: the diagram has no task to go back to, or going back would take other work along.
    """

    def move_task_back(step: Step) -> Done:
        if step.case.status != "running":
            raise Conflict(Text("办件已经暂停，请先恢复。", "The case is suspended: resume it first."))
        row = chosen_task(step, values)
        require_no_bodys(row)
        before = target_of(step, row)
        if values.get("to") and str(values["to"]) != before.element:
            raise NotAllowed(
                Text(
                    f"只能移回到紧接在前的“{before.title}”：向前移动等于代替有权的人办理，移到别处不能证明没有遗漏或者重复。",
                    f"Only back to “{before.title}”, directly before it: forwards it would be done in somebody's place, and "
                    "elsewhere nothing proves that no work is lost or done twice.",
                )
            )
        people = list_concerned_people(step)
        go_back(step, row, before.engine_id)
        details = {"sent_back_by": step.actor.name, "reason": request.told, "at": step.now.isoformat()}
        text = Text(f"由“{row.title}”移回“{before.title}”。", f"moved back from “{row.title}” to “{before.title}”.")
        cause = Cause(returned=Returned(before.engine_id, details))
        return Done(text, cause, people, row.element)

    return apply_intervention(desk, actor, case_id, request, move_task_back)


def target_of(step: Step, row: TaskRow) -> TaskRow:
    """Return the done task to which ``row`` may be moved back; raises Conflict, NotAllowed."""
    engine_id = returnable_to(step, row)
    done = [t for t in step.tx.tasks.select(case_id=step.case.id) if t.engine_id == engine_id and t.state == "done"]
    if engine_id is None or not done:
        raise Conflict(
            Text(
                f"“{row.title}”之前没有可以单独移回的环节：会牵动并行的或者已经完成的其他工作。",
                f"No step before “{row.title}” can be moved back to alone: other work would be taken along.",
            )
        )
    before = done[-1]
    require_no_bodys(before)
    if edition_of(before.form or "") is not None:
        raise NotAllowed(
            Text(f"“{before.title}”是评分，提交后管理员不能重开。", f"“{before.title}” are scores; they stay closed.")
        )
    return before


_PERSON = Text("接办人员", "the person")
_STAYS = Text("须由本人办理，没有改动", "theirs alone: stays as it is")


@guarded("task.reassign")
def reassign_task(
    desk: Desk, actor: Actor, case_id: int, request: InterventionAsked, values: Mapping[str, Any]
) -> Effect:
    """Give an open task to one person who holds its role and body. ``values``: task, person.

    With the task "holder:PERSON" all that this person has claimed in the case, each to "person-BODY" of its body
    ("person-0" where it is of no body), else to "person". What is for the holder alone stays, and so does a task for
    which nobody is named, or somebody who may not do it; the effect says so of each. Raises where none remains.

    Raises:
        NotAllowed: a vote or a task for one person alone, or the administrator would give it to themselves.
        Invalid: that person does not hold the role, or is recused; or nobody is named for the body.
    """

    def reassign_chosen(step: Step) -> Done:
        chosen = chosen_tasks(step, values)
        shares, refusals = _shared_out(step, free_to_move(chosen), values)
        rows = [row for row, _ in shares]
        before = _list_holders(step, rows)
        details = {"reassigned_by": actor.name, "because": request.reason.strip()}
        for row, to in ((_withdraw_submission(step, row), to) for row, to in shares):
            step.tx.tasks.step(row.id, row.version, assignee_id=to.id, note={**(row.note or {}), **details})
        text = Text(
            "".join(f"“{row.title}”改由{to.name}办理。" for row, to in shares),
            " ".join(f"“{row.title}” is {to.name}'s now." for row, to in shares),
        )
        people_by_id = {person.id: person for person in (*(to for _, to in shares), *before)}
        follows = _describe_remaining_tasks(step, chosen, rows, refusals)
        return Done(text, tell=tuple(people_by_id.values()), element=rows[0].element, follows=follows)

    return apply_intervention(desk, actor, case_id, request, reassign_chosen)


@guarded("task.reassign")
def take_away_task(
    desk: Desk, actor: Actor, case_id: int, request: InterventionAsked, values: Mapping[str, Any]
) -> Effect:
    """Put a claimed task back into the list of its body. ``values``: task, or "holder:PERSON" for all of a person.

    Raises NotAllowed for a vote or a task for one person alone, Conflict when nobody has it.
    """

    def take_away_chosen(step: Step) -> Done:
        chosen = chosen_tasks(step, values)
        rows = free_to_move(chosen)
        title = "”“".join(row.title for row in rows)
        if any(row.assignee_id is None for row in rows):
            raise Conflict(Text(f"“{title}”没有人认领。", f"Nobody has claimed “{title}”."))
        before = _list_holders(step, rows)
        details = {"taken_away_by": actor.name, "because": request.reason.strip()}
        for row in [_withdraw_submission(step, row) for row in rows]:
            step.tx.tasks.step(row.id, row.version, assignee_id=None, note={**(row.note or {}), **details})
        names = "、".join(p.name for p in before)
        text = Text(f"从{names}收回“{title}”，同角色人员都可以办理。", f"“{title}” was taken from {names}.")
        return Done(
            text, tell=before, element=rows[0].element, follows=_describe_remaining_tasks(step, chosen, rows, {})
        )

    return apply_intervention(desk, actor, case_id, request, take_away_chosen)


def _withdraw_submission(step: Step, row: TaskRow) -> TaskRow:
    """Return a task as it stands once nothing that its former holder submitted waits for signatures."""
    if row.signs_open != SENT:
        return row
    end_signs(step, row, OTHERS)
    return step.tx.tasks.get(row.id)


_Shares = list[tuple[TaskRow, PersonRow]]


def _shared_out(step: Step, rows: Sequence[TaskRow], values: Mapping[str, Any]) -> tuple[_Shares, dict[int, Text]]:
    """Return who gets each task, and by its number why another of the same holder stays; raises Invalid where all do."""
    shares: _Shares = []
    refusals: dict[int, Text] = {}
    for row in rows:
        try:
            shares.append((row, _get_receiver(step, row, _get_named_person(step, row, values))))
        except Invalid as why:
            refusals[row.id] = Text(f"没有改动：{why.message.zh}", f"stays as it is: {why.message.en}")
            if len(refusals) == len(rows):
                raise
    return shares, refusals


def _get_named_person(step: Step, row: TaskRow, values: Mapping[str, Any]) -> int:
    """Return who is named for a task: for its body, else for all."""
    field_name = f"person-{row.body_id or 0}"
    if str(values.get(field_name) or "").strip():
        return number_of(values, field_name, _PERSON)
    if not str(values.get("person") or "").strip() and str(values.get("task") or "").startswith("holder:"):
        body = step.tx.bodies.find(id=row.body_id) if row.body_id is not None else None
        of = Text(body.name, body.name) if body is not None else Text("不限单位", "no body")
        raise Invalid(
            Text(
                f"没有写明“{row.title}”（{of.zh}）由谁接办，请选择本单位具有相同角色的人员。",
                f"Nobody is named for “{row.title}” ({of.en}): choose a colleague who holds its role.",
            )
        )
    return number_of(values, "person", _PERSON)


def _describe_remaining_tasks(
    step: Step, chosen: Sequence[TaskRow], moved: Sequence[TaskRow], why: Mapping[int, Text]
) -> tuple[CaseChange, ...]:
    """Return what stays the holder's, and ``why`` by the number of the task; else it is theirs alone."""
    remaining = [row for row in chosen if row not in moved]
    names = step.tx.people.named({row.assignee_id for row in remaining if row.assignee_id is not None})
    task_holders = ((row, names.get(row.assignee_id or 0, "—")) for row in remaining)
    return tuple(
        CaseChange(Text("待办", "task"), row.title, Text(name, name), why.get(row.id, _STAYS))
        for row, name in task_holders
    )


def list_task_receivers(step: Step, row: TaskRow) -> list[PersonRow]:
    """Return who may be given a task: everybody who holds its role and body now, the administrator aside."""
    people = step.tx.people.people_with(row.jurisdiction, row.role, row.body_id, step.now)
    return [p for p in people if p.id != step.actor.person_id]


def _get_receiver(step: Step, row: TaskRow, person_id: int) -> PersonRow:
    if person_id == step.actor.person_id:
        raise NotAllowed(Text("管理员不能把待办转给自己办理。", "An administrator may not give a task to themselves."))
    to = next((p for p in list_task_receivers(step, row) if p.id == person_id), None)
    if to is None:
        raise Invalid(
            Text(
                f"对方没有办理“{row.title}”的角色，请选择本单位具有相同角色的人员。",
                f"That person does not hold the role of “{row.title}”: choose a colleague who does.",
            ),
            field="person",
        )
    if to.id == row.assignee_id:
        raise Conflict(Text(f"“{row.title}”已经由{to.name}办理。", f"“{row.title}” is {to.name}'s already."))
    require_not_recused_receiver(step.tx, step.case, to.id, to.name, step.now)
    return to


def _list_holders(step: Step, rows: Sequence[TaskRow]) -> tuple[PersonRow, ...]:
    """Return who had the tasks so far, where they were one person's."""
    claimed = [row for row in rows if row.assignee_id is not None]
    people_by_id = {
        p.id: p for row in claimed for p in list_responsible_people(step.tx, step.package, step.case, row, step.now)
    }
    return tuple(people_by_id.values())
