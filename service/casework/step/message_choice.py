"""On which channels people wish to get which messages: the inbox keeps all, documents and letters of a procedure always go.

A choice is kept under `KEY` (`service.casework.people.accounts.preferences`) as {kind: {mail, webhook}}; mail is ``each``, ``daily``
or ``off``, a webhook ``each`` or ``off``; what is absent goes at once, reminders as the place has it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from service.store import Transaction
from service.store.models import MailRow

KEY = "messages.channels"
REMINDER, COLLEAGUE, NEWS = "reminder", "colleague", "news"
EACH, DAILY, OFF = "each", "daily", "off"

BEGINNINGS: Mapping[str, str] = {
    "escalate:": REMINDER, "urge:": REMINDER, "delegate:": COLLEAGUE, "note:": COLLEAGUE, "news:": NEWS,
}  # fmt: skip
"""How the effect keys of messages begin of which one may choose; all others go on every channel."""


def kind_of(message: MailRow) -> str | None:
    """Return the kind of a message of which a person may choose; None where it always goes, as what brings a document."""
    if message.documents or message.person_id is None:
        return None
    return BEGINNINGS.get(message.effect_key.partition(":")[0] + ":")


class MessageChoices:
    """What the readers of some messages chose."""

    def __init__(self, tx: Transaction, messages: Iterable[MailRow]) -> None:
        """Read the choices, in one statement and only where one of the messages leaves a choice."""
        asked: Collection[int] = {m.person_id for m in messages if m.person_id is not None and kind_of(m)}
        self._chosen: Mapping[int, Any] = tx.preferences.of_people(asked, KEY) if asked else {}

    def wish(self, message: MailRow, channel: str) -> str | None:
        """Return how a message goes to its reader on a channel: ``each``, ``daily``, ``off``; None: nothing was chosen."""
        kind = kind_of(message)
        kept = self._chosen.get(message.person_id or 0) if kind else None
        of_kind = kept.get(kind) if isinstance(kept, Mapping) else None
        wish = of_kind.get(channel) if isinstance(of_kind, Mapping) else None
        return wish if isinstance(wish, str) else None
