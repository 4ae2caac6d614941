"""Publications of the studio that wait for their day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from service.domain.calendar import end_of_day
from service.store import NewWork, Transaction

PUBLICATION = "publication"
"""The kind of work item that lets a version begin."""

APPROVED, PUBLISHED = "approved", "published"
"""States of a draft: reviewed and waiting, and taken by new cases."""


def begin_on(tx: Transaction, draft: int, version: str, day: date, now: datetime) -> None:
    """Let ``version`` of ``draft`` begin when ``day`` begins."""
    key, payload = f"{PUBLICATION}/{draft}/{now.isoformat()}", {"draft": draft, "version": version}
    due = end_of_day(day - timedelta(days=1))
    tx.work.enqueue_many([NewWork(PUBLICATION, None, key, payload, due)], now)
