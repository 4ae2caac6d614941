"""The record of a package: what people did with its drafts and versions, chained like the history of a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.book.acting import tell
from service.casework.access.book.enter import EVERYWHERE
from service.domain.proof.audit_chain import AuditEvent, Link, chain, first_broken
from service.store import Transaction
from service.store.models import PackageEventRow

_CHAIN = 0
"""Number under which the events of a package are chained: cases count from 1."""


def record_event(
    tx: Transaction,
    actor: Actor,
    at: datetime,
    package: str,
    action: str,
    text: str,
    draft: int | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Append what ``actor`` did; ``text`` are the words people read, ``data`` is what programs read."""
    tell(f"{package}：{text}", place=package.partition("/")[0] if "/" in package else EVERYWHERE)
    last = tx.package_events.last(package)
    facts = {"package": package, "draft": draft, **(data or {})}
    event = AuditEvent(at, actor.name, action, text, actor.person_id, None, facts)
    (link,) = chain(_CHAIN, last.seq if last else 0, last.hash if last else "", [event], tx.digest)
    tx.package_events.insert(
        PackageEventRow(
            package=package,
            seq=link.seq,
            draft_id=draft,
            at=at,
            actor=actor.name,
            person_id=actor.person_id,
            action=action,
            text=text,
            data=facts,
            previous=link.previous,
            hash=link.hash,
        )
    )


def first_wrong_event(tx: Transaction, package: str) -> int | None:
    """Return the number of the first event of a package that does not hold; None when all hold."""
    return first_broken_event(tx.package_events.of_package(package))


def first_broken_event(rows: Sequence[PackageEventRow]) -> int | None:
    """Return the number of the first event that is missing, changed or out of place; None when all hold."""
    links = [
        Link(r.seq, AuditEvent(r.at, r.actor, r.action, r.text, r.person_id, None, r.data), r.previous, r.hash)
        for r in rows
    ]
    return first_broken(_CHAIN, links)
