"""Put a message of its own into a person's inbox, and send it on every channel that reaches them."""

from __future__ import annotations

from service.casework.desk.desk import Desk
from service.casework.step.post import letter_rows, put
from service.domain.text import Text
from service.store import Transaction
from service.store.models import MailRow, PersonRow

_FORMER = ":before:"
"""In the key of a mail to an address at which somebody was reached until now."""


def tell_person(
    desk: Desk, tx: Transaction, person: PersonRow, subject: Text | str, text: Text | str, kind: str
) -> None:
    """Tell ``person`` in the transaction ``tx``; ``kind`` keeps messages of one moment apart."""
    now = desk.clock.now()
    rows = letter_rows([person], None, f"{kind}:{now.isoformat()}", subject, text, now)
    tx.work.enqueue_many(put(desk, tx, rows, now), now)


def tell_former_address(
    desk: Desk, tx: Transaction, person: PersonRow, address: str, subject: Text, text: Text, kind: str
) -> None:
    """Send a mail to an address at which ``person`` was reached until now; ``kind`` keeps messages of one moment apart."""
    now = desk.clock.now()
    key, language = f"{kind}:{person.id}{_FORMER}{now.isoformat()}", person.language
    subject_read, text_read = subject.pick(language), text.pick(language)
    row = MailRow(address=address, subject=subject_read, text=text_read, effect_key=key, queued_at=now)
    tx.work.enqueue_many(put(desk, tx, [row], now), now)


def is_for_former_address(row: MailRow) -> bool:
    """Return whether a mail goes to an address at which somebody was reached before, where it may well be refused."""
    return row.person_id is None and _FORMER in row.effect_key
