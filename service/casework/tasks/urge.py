"""Urge whoever must do a task (催办), by hand: a message to each of them, and a line in the history."""

from __future__ import annotations

from typing import Annotated

from service.casework.access.actor import Actor
from service.casework.access.case_access import require_case, require_running
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.step.history import append_case_event, build_task_citation
from service.casework.step.post import add_page_link, letter_rows, list_responsible_people, put
from service.casework.tasks.note_passed_on import URGED, note_passed_on
from service.casework.tasks.overtaken import require_unchanged
from service.domain.calendar import local_date
from service.domain.errors import Conflict, NotAllowed
from service.domain.text import Text
from service.domain.values.bounds import Length
from service.store.models import TaskRow

_ENDS = "。！？….!?"


@guarded("task.urge")
def urge_task(desk: Desk, actor: Actor, task_id: int, words: Annotated[str, Length(0, 200)] = "") -> tuple[str, ...]:
    """Urge those who must do task ``task_id``, once a day; ``words`` go with it. Returns the names of who was told.

    Raises:
        NotAllowed: the actor does not oversee the place of the task.
        Conflict: a vote, done already, suspended, urged today, or nobody holds its role.
    """
    now = desk.clock.now()
    with desk.store.write() as tx:
        task = tx.tasks.get(task_id)
        _require_overseer(actor, task)
        require_unchanged(tx, actor, task)
        case = tx.cases.get(task.case_id)
        require_case(actor, case, tx)
        require_running(case)
        people = list_responsible_people(tx, desk.packages.get(case.definition, tx), case, task, now)
        people = [receiver for receiver in people if receiver.id != actor.person_id]
        if not people:
            raise Conflict(
                Text(
                    f"“{task.title}”没有其他人可以催办，请管理员核对担任角色的人员。",
                    f"There is nobody to urge about “{task.title}”: ask an administrator who holds the role.",
                )
            )
        key, (subject, text) = f"urge:{task.id}:{local_date(now)}", _write_letter(actor, task, words.strip())
        rows = letter_rows(people, task.case_id, key, subject, text, now)
        if any(tx.mail.find(effect_key=row.effect_key) for row in rows):
            raise Conflict(
                Text(
                    f"“{task.title}”今天已经催办过，请明天再催。",
                    f"“{task.title}” was urged today: try again tomorrow.",
                )
            )
        tx.work.enqueue_many(put(desk, tx, rows, now), now)
        suffix = f"：{words.strip()}" if words.strip() else ""
        append_case_event(
            desk,
            tx,
            case.id,
            actor,
            "reminded",
            f"{actor.name}催办“{task.title}”，已告知{len(rows)}人{suffix}",
            task.element,
            build_task_citation(task),
        )
        note_passed_on(tx, actor, task, URGED, words.strip(), now)
        return tuple(receiver.name for receiver in people)


def _write_letter(actor: Actor, task: TaskRow, words: str) -> tuple[Text, Text]:
    """Return the subject and the text of what is sent."""
    sender_words = _end_sentence(words)
    zh = f"{actor.name}催办“{task.title}”（{task.subject}）。{sender_words.zh}请在“待办”中尽快办理。"
    en = f"{actor.name} asks you to do “{task.title}” ({task.subject}) soon. {sender_words.en}It is in your tasks."
    return Text(f"催办：{task.title}", f"Please do soon: {task.title}"), add_page_link(
        Text(zh, en), f"/tasks/{task.id}"
    )


def _end_sentence(words: str) -> Text:
    """Return what somebody typed as a sentence that the next one can follow; nothing where nothing was typed."""
    if not words:
        return Text("", "")
    ended = words[-1] in _ENDS
    return Text(words if ended else f"{words}。", f"{words} " if ended else f"{words}. ")


def _require_overseer(actor: Actor, task: TaskRow) -> None:
    if not actor.oversees(task.jurisdiction):
        raise NotAllowed(
            Text(
                "只有办公室、监督机构和政府人员可以催办本地的事项。",
                "Only the office, supervisors and the government urge what waits in their place.",
            )
        )
    if task.kind == "ballot":
        raise Conflict(
            Text(
                "投票不能催办：谁还没有投票不公开，系统会在截止前提醒。",
                "A vote is not urged: who has not voted is not told, and all are reminded before it closes.",
            )
        )
