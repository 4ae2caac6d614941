"""The history of a case in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from service.store.rows import AuditRow

INTERVENED = "intervened"
"""Action of what an administrator changed; its reason is internal unless it was marked public."""

_TONES = {
    "incident": "late",
    "undelivered": "late",
    "sent_back": "late",
    "suspended": "late",
    INTERVENED: "late",
    "ended": "now",
    "started": "now",
}


@dataclass(frozen=True, slots=True)
class EventView:
    """One line of the history; ``reason`` is the one given for it."""

    seq: int
    at: datetime
    who: str
    text: str
    reason: str
    tone: str
    element: str | None
    action: str = ""
    person_id: int | None = None
    internal: bool = False
    """Whether the reason is for those alone who oversee the case."""


def events_of(rows: Iterable[AuditRow]) -> tuple[EventView, ...]:
    """Return the lines of ``rows``, in their order."""
    return tuple(
        EventView(
            row.seq,
            row.at,
            row.actor,
            _without_actor(row.actor, row.text),
            str(row.data.get("reason") or "") if isinstance(row.data, dict) else "",
            _TONES.get(row.action, ""),
            row.element,
            row.action,
            row.person_id,
            row.action == INTERVENED and not (isinstance(row.data, dict) and row.data.get("public") is True),
        )
        for row in rows
    )


def _without_actor(who: str, text: str) -> str:
    """Return the text of an event without the actor's name, with which its line begins."""
    done = text.removesuffix(f"：{who}提交")
    return f"提交“{done}”" if done != text else text.removeprefix(who).removeprefix("：")
