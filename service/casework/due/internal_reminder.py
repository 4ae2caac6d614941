"""Internal reminders of open tasks that have waited longer than the office wishes; without legal effect."""

from __future__ import annotations

from service.casework.access.actor import SYSTEM
from service.casework.desk.desk import Desk
from service.casework.step.history import note
from service.casework.step.post import leading, letter_rows
from service.domain.text import Text
from service.store.models import WorkItemRow


def remind(desk: Desk, item: WorkItemRow) -> None:
    """Remind those who hold the task that it still waits; does nothing when it is done."""
    with desk.store.write() as tx:
        task = tx.tasks.get(int(item.payload["task"]))
        if task.state == "open":
            people = tx.deputies.reached(task.jurisdiction, task.role, task.body_id, desk.clock.now())
            message = Text(
                f"“{task.title}”（{task.subject}）等待办理。", f"“{task.title}” ({task.subject}) is waiting."
            )
            text = leading(message, f"/tasks/{task.id}")
            rows = letter_rows(people, task.case_id, item.effect_key, message, text, desk.clock.now())
            tx.mail.queue_many(rows)
            if people:
                body = tx.people.body(task.body_id).name if task.body_id is not None else ""
                said = f"已提醒{body}{len(people)}人办理“{task.title}”（{task.subject}）"
                note(desk, tx, task.case_id, SYSTEM, "reminded", said, task.element)
        tx.work.finish(item, desk.clock.now())
