"""Post one message to the gateway. Outside effects happen at least once; the key lets the receiver drop a repetition."""

from __future__ import annotations

from service.casework.desk.desk import Desk
from service.domain.errors import NotFound
from service.domain.text import Text
from service.store.rows import WorkItemRow


def send_webhook(desk: Desk, item: WorkItemRow) -> None:
    """Post with no database lock held, then note that it is done; raises OSError to be tried again."""
    key = str(item.payload["message"])
    with desk.store.read() as tx:
        row = tx.mail.by_key(key)
        person = tx.people.person(row.person_id) if row is not None and row.person_id is not None else None
    if row is None or person is None:
        raise NotFound(Text("要发送的消息已不存在。", "The message to be sent no longer exists."))
    if desk.webhook is not None:
        recipient = {"login": person.login, "name": person.name, "telephone": person.telephone, "email": person.email}
        content = {
            "subject": row.subject,
            "text": row.text,
            "case": row.case_id,
            "queued_at": row.queued_at.isoformat(),
        }
        desk.webhook.post(item.effect_key, {"recipient": recipient, **content})
        desk.store.crash_point("webhook-sent")
    with desk.store.write() as tx:
        tx.work.finish(item, desk.clock.now())
