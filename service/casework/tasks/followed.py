"""What followed on a completed step: what was issued to whom, and who does what until when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.case_access import may_see_task, may_view_case
from service.casework.access.declarations import awaits_recusal
from service.casework.desk.desk import Desk
from service.casework.reading.case_summary import outcome_words
from service.casework.reading.stages import is_awaited, limited_by, waits_for
from service.casework.step.limits.days import last_day_of
from service.casework.step.step import Step
from service.catalog import Kind, Package
from service.domain.calendar.clock import format_full_day
from service.domain.text import Text
from service.store import NEVER, Transaction
from service.store.models import BodyRow, CaseRow, DocumentRow, NoticeRow, TaskRow


def tell_followed(step: Step, actor: Actor, fresh: Sequence[TaskRow]) -> Text | None:
    """Return what followed on what ``actor`` submitted, once it is saved; ``fresh`` are the tasks that came of it.

    Tasks of single persons are told by the role alone. None where they may not look at the case, or nothing is known;
    whoever declared a tie is told who decides on it all the same.
    """
    if not may_view_case(actor, step.case, step.tx):
        return _tell_who_decides(step) if awaits_recusal(step.tx, actor.person_id or 0, step.case) else None
    follows = next((str(task.note["follows"]) for task in fresh if task.note and task.note.get("follows")), "")
    parts = [Text(follows.rstrip("。"), follows.rstrip("。"))] if follows else []
    parts += _list_published(step)
    if (outcome := step.changes.get("outcome")) is not None:
        ended = outcome_words(step.package, step.case.process, outcome)
        parts.append(Text(f"办件结束：{ended}", "The case has ended"))
    else:
        parts += _list_waits(step, actor, fresh)
    if not parts:
        return None
    return Text("。".join(part.zh for part in parts) + "。", ". ".join(part.en for part in parts) + ".")


def tell_begun(desk: Desk, tx: Transaction, actor: Actor, case: CaseRow) -> Text | None:
    """Return who does what until when in a case that ``actor`` has just begun, None where it waits for nobody."""
    waits = _list_waits(Step(desk, tx, case, actor), actor, tx.tasks.open_of_case(case.id))
    return Text("".join(f"{each.zh}。" for each in waits), " ".join(f"{each.en}." for each in waits)) if waits else None


def _tell_who_decides(step: Step) -> Text | None:
    """Return by roles alone who has what to do next in a case whose papers are closed to the reader; None for nobody."""
    tasks = {(task.process_id, task.element): task for task in step.tx.tasks.open_of_case(step.case.id)}
    waits = []
    for (process_id, ident), task in tasks.items():
        role, name = step.package.jurisdiction.roles.get(task.role), step.element(process_id, ident).name or task.title
        if role is not None:
            last = _last_day(task.due_at, task.due_reason)
            waits.append(
                Text(f"接下来由{role.name}办理“{name}”{last.zh}。", f"Next: “{name}”, with {role.name_en}{last.en}.")
            )
    return Text("".join(each.zh for each in waits), " ".join(each.en for each in waits)) if waits else None


def tell_came_back(step: Step, task: TaskRow, fresh: Sequence[TaskRow]) -> Text | None:
    """Return that ``task`` waits anew for the same hands although it was submitted, and what to do; None elsewhere."""
    place = task.process_id, task.element, task.body_id, task.assignee_id
    redo = step.element(task.process_id, task.element).properties.get("redo")
    if not redo or not any((one.process_id, one.element, one.body_id, one.assignee_id) == place for one in fresh):
        return None
    unsent = Text("没有发出任何文书。", " Nothing was sent.") if not _list_published(step) else Text("", "")
    return Text(
        f"“{task.title}”没有办成，须重新办理。{unsent.zh}{redo}",
        f"“{task.title}” did not go through and is to be done anew.{unsent.en} {redo}",
    )


def _list_published(step: Step) -> list[Text]:
    """Return what the step issued and posted in its case."""
    tx, case, actions = step.tx, step.case.id, {event.action for event in step.pending.events}
    documents = tx.documents.select(case_id=case, issued_at__ge=step.now) if "document" in actions else []
    notices = tx.notices.select(case_id=case, posted_at__ge=step.now) if "notice" in actions else []
    parties = tx.cases.parties(case) if documents else {}
    issued = [_format_issued_document(step.package, row, parties) for row in documents]
    return issued + [_format_posted_notice(row) for row in notices]


def _format_issued_document(package: Package, row: DocumentRow, parties: Mapping[str, Sequence[BodyRow]]) -> Text:
    names = [body.name for role in row.recipients for body in parties.get(role, ())]
    names = names or [role.name for ident in row.recipients if (role := package.jurisdiction.roles.get(ident))]
    whom = _format_names(list(dict.fromkeys(names)))
    return Text(
        f"已制发《{row.title}》{f'，送{whom}' if whom else ''}",
        f"Issued: “{row.title}”{f', to {whom}' if whom else ''}",
    )


def _format_posted_notice(row: NoticeRow) -> Text:
    last = format_full_day(row.last_day)
    if row.content.get("announcement"):
        return Text(f"已发布“{row.title}”", f"Posted: “{row.title}”")
    return Text(f"已发布“{row.title}”，{last.zh}期满", f"Posted: “{row.title}”, until {last.en}")


def _list_waits(step: Step, actor: Actor, fresh: Sequence[TaskRow]) -> list[Text]:
    """Return who does what until when; of a case that waits for nobody, the days on its way."""
    tx, package = step.tx, step.package
    tasks = fresh if len(fresh) == len(step.projection.tasks) else tx.tasks.open_of_case(step.case.id)
    came, hidden = {task.id for task in fresh}, [task for task in tasks if not may_see_task(actor, task)]
    steps: dict[tuple[str, str], list[TaskRow]] = {}
    for task in tasks:
        if task not in hidden:
            steps.setdefault((task.process_id, task.element), []).append(task)
    bodies = tx.bodies.by_id({task.body_id for task in tasks if task.body_id is not None})
    own = {seat.body_id for seat in actor.seats if seat.body_kind == "organisation"}
    waits = []
    for (process_id, ident), rows in steps.items():
        role = package.jurisdiction.roles.get(rows[0].role)
        names = [bodies[row.body_id].name for row in rows if row.body_id in bodies]
        who = _format_names(list(dict.fromkeys(names))) or (role.name if role is not None else "")
        whom = Text("您", "you") if own and all(row.body_id in own for row in rows) else Text(who, who)
        name = package.diagram(process_id).elements[ident].name or rows[0].title
        last = _last_day(min(row.due_at for row in rows), rows[0].due_reason)
        since = Text("接下来由", "Next") if any(row.id in came for row in rows) else Text("还在等", "Still waiting for")
        waits.append(
            Text(f"{since.zh}{whom.zh}办理“{name}”{last.zh}", f"{since.en}: “{name}”, with {whom.en}{last.en}")
        )
    waiting = waits_for(package, hidden)
    if waiting is not None:
        latest = max((task for task in hidden if task.due_at != NEVER), key=lambda task: task.due_at, default=None)
        last = _last_day(latest.due_at, latest.due_reason) if latest is not None else Text("", "")
        waits.append(Text(f"接下来{waiting.zh}{last.zh}", f"Next: {waiting.en}{last.en}"))
    if not waits:
        for item in tx.work.of_case(step.case.id):
            if item.kind == "timer" and is_awaited(package, item.process_id, item.element):
                name = limited_by(package, item.process_id or "", item.element or "")
                last = format_full_day(last_day_of(item.due_at, item.payload))
                element = package.diagram(item.process_id or "").elements.get(item.element or "")
                over = element is not None and element.kind is Kind.CATCH
                until = Text(last.zh, f"on {last.en}") if over else Text(f"到{last.zh}为止", f"until {last.en}")
                waits.append(Text(f"接下来：{name}，{until.zh}", f"Next: “{name}”, {until.en}"))
    return waits


def _last_day(due_at: datetime, reason: Mapping[str, Any] | None) -> Text:
    if due_at == NEVER:
        return Text("", "")
    last = format_full_day(last_day_of(due_at, reason))
    return Text(f"，最迟{last.zh}", f", by {last.en}")


_MOST_NAMED = 3


def _format_names(names: Sequence[str]) -> str:
    return "、".join(names[:_MOST_NAMED]) + (f"等{len(names)}家" if len(names) > _MOST_NAMED else "")
