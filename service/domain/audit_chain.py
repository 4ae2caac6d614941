"""The audit chain: a case's history as a chain of hashes, in which any change is detected."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """What happened: ``actor`` is who, in words; ``data`` is a JSON object without anything secret or personal."""

    at: datetime
    actor: str
    action: str
    text: str
    person_id: int | None = None
    element: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Link:
    """An event in its place: number ``seq`` of its case (from 1), hash of the one before, and its own hash (hex)."""

    seq: int
    event: AuditEvent
    previous: str
    hash: str


def event_hash(case_id: int, seq: int, previous: str, event: AuditEvent) -> str:
    """Return the SHA-256 (hex) over the canonical JSON of the event, its place and the hash before it."""
    return hashlib.sha256(_canonical(case_id, seq, previous, event)).hexdigest()


def chain(case_id: int, seq: int, previous: str, events: Iterable[AuditEvent]) -> list[Link]:
    """Append ``events`` after event number ``seq`` whose hash is ``previous`` (0 and "" at the beginning)."""
    links: list[Link] = []
    for event in events:
        seq += 1
        own = event_hash(case_id, seq, previous, event)
        links.append(Link(seq, event, previous, own))
        previous = own
    return links


def first_broken(case_id: int, links: Sequence[Link]) -> int | None:
    """Return the number of the first event that is missing, changed or out of place; None when all hold."""
    previous = ""
    for expected, link in enumerate(links, start=1):
        true_hash = event_hash(case_id, expected, previous, link.event)
        if (link.seq, link.previous, link.hash) != (expected, previous, true_hash):
            return expected
        previous = link.hash
    return None


def _canonical(case_id: int, seq: int, previous: str, event: AuditEvent) -> bytes:
    """Sorted keys, no spaces, UTC with microseconds: the same bytes on every machine and database."""
    content = {
        "case": case_id,
        "seq": seq,
        "previous": previous,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": event.actor,
        "person": event.person_id,
        "action": event.action,
        "element": event.element,
        "text": event.text,
        "data": event.data,
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=dict).encode()
