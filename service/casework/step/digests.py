"""One mail a day for many messages: when it goes, as work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from service.domain.calendar import CHINA
from service.domain.calendar.reminder_schedule import HOUR
from service.store import NewWork

_AFTER = timedelta(minutes=30)
"""So long after the hour of reminders a day's mail waits, until all of them are written."""


def digest_work(case_id: int | None, person_id: int, now: datetime, *, today: bool) -> NewWork:
    """Return the work of the next mail of a day to a person; one is queued for each day, whoever asks for it.

    A message of the morning goes with the morning's mail, one that comes later with that of the next morning; with
    ``today`` (a reminder that was held up) it goes within the hour, with all that came in that hour.
    """
    local = now.astimezone(CHINA)
    at = datetime.combine(local.date(), HOUR, tzinfo=CHINA) + _AFTER
    key = f"digest:{person_id}:{local.date()}"
    if local >= at and today:
        at, key = local + _AFTER, f"{key}:{local.hour}"
    elif local >= at:
        at += timedelta(days=1)
        key = f"digest:{person_id}:{at.date()}"
    return NewWork("digest", case_id, key, {"person": person_id}, at.astimezone(UTC))
