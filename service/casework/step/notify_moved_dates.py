"""Notify those who must act that a time limit moved: old day, new day and reason, by inbox and mail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from service.casework.access.roles import office_role
from service.casework.step.fill import in_english, in_words
from service.casework.step.post import leading, queue_to_concerned, responsible
from service.casework.step.step import Step
from service.casework.step.time_limits import NO_DUE_DATE, statutory
from service.domain.calendar import local_date
from service.domain.text import Text, joined
from service.store.models import PersonRow, TaskRow


@dataclass(frozen=True, slots=True)
class Moved:
    """A time limit called ``name`` that ended with ``old`` and now ends with ``new``; ``task`` None for a timer.

    A timer is notified to the holder of the task at ``attached_to``; one without a task, to the office.
    """

    name: str
    old: date
    new: date
    task: TaskRow | None = None
    attached_to: str = ""


def notify_moved_dates(step: Step, moved: Sequence[Moved], why: Text, *, noted: bool = True) -> None:
    """Queue one letter per person about what moved in this step, in its transaction; nothing where no day changed.

    ``noted``: the history says so in a line of its own; else the line of what moved it does.
    """
    found: dict[int, tuple[PersonRow, dict[str, Moved]]] = {}
    for move in moved:
        if move.old == move.new:
            continue
        for name, person in _audience(step, move):
            _, lines = found.setdefault(person.id, (person, {}))
            lines.setdefault(f"{name}/{move.old}/{move.new}", Moved(name, move.old, move.new))
    for person, lines in found.values():
        _letter(step, person, list(lines.values()), why)
    if found and noted:
        step.audit("told", f"期限有变动，已告知{len(found)}人：{why.zh}")


def notify_suspension(step: Step, reason: str, *, halted: bool, inside: str = "") -> frozenset[int]:
    """Notify everyone with a task of the case that it is suspended, or resumed, and that the days stay as they are.

    The office reads the reason ``inside`` it, where there is one. Returns the people told.
    """
    office = {p.id for p in step.tx.deputies.reached(step.case.jurisdiction, office_role(step.package), None, step.now)}
    found: dict[int, tuple[PersonRow, list[TaskRow]]] = {}
    for task in step.tx.tasks.open_of_case(step.case.id):
        for person in responsible(step.tx, step.package, step.case, task, step.now):
            found.setdefault(person.id, (person, []))[1].append(task)
    what = Text("已暂停办理", "is suspended") if halted else Text("已恢复办理", "goes on")
    for person, tasks in found.values():
        subject = Text(f"{what.zh}：{step.case.title}", f"“{step.case.title}” {what.en}")
        why = (inside or reason) if person.id in office else reason
        text = joined([_halted(step, what, why, halted), *(_stands(task) for task in tasks)], "\n")
        queue_to_concerned(step, [person], f"{'halted' if halted else 'resumed'}:{step.case.version}", subject, text)
    return frozenset(found)


def _audience(step: Step, move: Moved) -> Iterator[tuple[str, PersonRow]]:
    tasks = [move.task] if move.task else _bounded(step, move)
    for task in tasks:
        for person in responsible(step.tx, step.package, step.case, task, step.now):
            yield task.title, person
    if not tasks:
        for person in step.tx.deputies.reached(step.case.jurisdiction, office_role(step.package), None, step.now):
            yield move.name, person


def _bounded(step: Step, move: Moved) -> list[TaskRow]:
    rows = step.tx.tasks.open_of_case(step.case.id) if move.attached_to else []
    return [row for row in rows if row.element == move.attached_to]


def _letter(step: Step, person: PersonRow, lines: Sequence[Moved], why: Text) -> None:
    first = lines[0]
    more, more_en = (f"等{len(lines)}项", f", {len(lines)} limits") if len(lines) > 1 else ("", "")
    subject = Text(
        f"期限变更：“{first.name}”改为{in_words(first.new)}{more}",
        f"Time limit changed: “{first.name}” is due {in_english(first.new)}{more_en}",
    )
    sentences = [
        Text(
            f"“{line.name}”（{step.case.title}）的期限由{in_words(line.old)}改为{in_words(line.new)}。",
            f"“{line.name}” ({step.case.title}) was due {in_english(line.old)}, is now due {in_english(line.new)}.",
        )
        for line in lines
    ]
    text = joined([*sentences, Text(f"原因：{why.zh}", f"Why: {why.en}")], "\n")
    queue_to_concerned(step, [person], f"moved:{step.case.version}", subject, leading(text, f"/cases/{step.case.id}"))


def _halted(step: Step, what: Text, reason: str, halted: bool) -> Text:
    zh = (
        "期间不能提交，期限届满也不会自动前进，直到恢复。"
        if halted
        else "现在可以继续办理，暂停期间到期的事项随即处理。"
    )
    en = "Nothing can be submitted until it goes on." if halted else "It can be worked on again."
    why, why_en = (f"：{reason}", f": {reason}") if reason else ("。", ".")
    return Text(f"“{step.case.title}”{what.zh}{why}\n{zh}", f"“{step.case.title}” {what.en}{why_en}\n{en}")


def _stands(task: TaskRow) -> Text:
    due, reason = statutory(task)
    if due == NO_DUE_DATE:
        return Text(f"“{task.title}”没有期限。", f"“{task.title}” has no limit.")
    day = date.fromisoformat((reason or {}).get("last_day") or local_date(due).isoformat())
    return Text(
        f"“{task.title}”的期限不变，仍为{in_words(day)}。", f"The limit of “{task.title}” stays: {in_english(day)}."
    )
