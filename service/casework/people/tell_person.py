"""Put a message of its own into a person's inbox, and send it on every channel that reaches them."""

from __future__ import annotations

from service.casework.desk.desk import Desk
from service.casework.step.post import put
from service.store import Transaction
from service.store.models import MailRow, PersonRow

_FORMER = ":before:"
"""In the key of a mail to an address at which somebody was reached until now."""


def tell_person(desk: Desk, tx: Transaction, person: PersonRow, subject: str, text: str, kind: str) -> None:
    """Tell ``person`` in the transaction ``tx``; ``kind`` keeps messages of one moment apart."""
    now = desk.clock.now()
    key = f"{kind}:{person.id}:{now.isoformat()}"
    row = MailRow(person_id=person.id, address=person.email, subject=subject, text=text, effect_key=key, queued_at=now)
    tx.work.enqueue_many(put(desk, tx, [row], now), now)


def tell_former_address(desk: Desk, tx: Transaction, address: str, subject: str, text: str, kind: str) -> None:
    """Send a mail to an address at which somebody was reached until now; ``kind`` keeps messages of one moment apart."""
    now = desk.clock.now()
    key = f"{kind}{_FORMER}{now.isoformat()}"
    row = MailRow(address=address, subject=subject, text=text, effect_key=key, queued_at=now)
    tx.work.enqueue_many(put(desk, tx, [row], now), now)


def is_for_former_address(row: MailRow) -> bool:
    """Return whether a mail goes to an address at which somebody was reached before, where it may well be refused."""
    return row.person_id is None and _FORMER in row.effect_key
