"""Tell a person that somebody else set their password: who does not know of it cannot object."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.desk.desk import Desk
from service.casework.step.post import put
from service.store import Transaction
from service.store.rows import MailRow

SUBJECT = "您的登录口令已由他人重设 / Your password was set by somebody else"


def tell_of_password(desk: Desk, tx: Transaction, actor: Actor, person_id: int) -> None:
    """Put a message into the person's inbox, and send it on every channel that reaches them."""
    now, person = desk.clock.now(), tx.people.person(person_id)
    text = (
        f"{actor.name}重设了您的登录口令。这是一次性密码，登录后须先修改；如果不是您要求的，请立即告诉办公室和监督机构，"
        "并在办件的办理记录中核对此后以您的名义办理的事项。\n"
        f"{actor.name} set your password. Change it when you sign in. If you did not ask for it, tell the office and the"
        " supervisors at once, and see in the history of your cases what was done in your name since."
    )
    row = MailRow(
        person_id=person_id,
        address=person.email,
        subject=SUBJECT,
        text=text,
        effect_key=f"password:{person_id}:{now.isoformat()}",
        queued_at=now,
    )
    tx.work.enqueue_many(put(desk, tx, [row], now), now)
