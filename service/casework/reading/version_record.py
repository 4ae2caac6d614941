"""What the record of a package says of one of its versions: published once more, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from service.domain.calendar import local_date
from service.store.models import DefinitionRow, PackageEventRow

REPUBLISHED = "republished"
"""What the record of a package calls a version that a folder published once more, in the place of the one named."""
_PUBLISHED = ("published", "taken_over", REPUBLISHED)
WITHDRAWN = "withdrawn"
"""What the record of a package calls a version that gave way to the one before."""
BEGUN = "begun"
"""What the record of a package calls a version whose day has come."""


def published_again(rows: Sequence[DefinitionRow], events: Sequence[PackageEventRow]) -> Mapping[str, PackageEventRow]:
    """Return the newest publication of each version that was published more than once, by its mark; ``events`` are in order."""
    first = {row.version: row.published_at for row in rows}
    return {
        version: event
        for version, event in _newest(events, _PUBLISHED).items()
        if version in first and event.at > first[version]
    }


def withdrawals(events: Sequence[PackageEventRow]) -> Mapping[str, PackageEventRow]:
    """Return the withdrawal of each version that is withdrawn now, by its mark: not published or brought back since."""
    back: dict[str, datetime] = {version: event.at for version, event in _newest(events, _PUBLISHED).items()}
    for event in events:
        if event.action == WITHDRAWN and (instead := event.data.get("instead")):
            back[instead] = event.at
    return {v: event for v, event in _newest(events, (WITHDRAWN,)).items() if v not in back or event.at >= back[v]}


def first_days(events: Sequence[PackageEventRow]) -> Mapping[str, date]:
    """Return on which day each version begins, or was to begin, that was published for a later day and did not so far."""
    begun = _newest(events, (BEGUN, *_PUBLISHED[1:]))
    waiting = {}
    for version, event in _newest(events, _PUBLISHED[:1]).items():
        day = date.fromisoformat(str(event.data.get("from") or local_date(event.at)))
        if day > local_date(event.at) and (version not in begun or begun[version].at < event.at):
            waiting[version] = day
    return waiting


def _newest(events: Sequence[PackageEventRow], actions: Sequence[str]) -> dict[str, PackageEventRow]:
    return {
        str(event.data["version"]): event for event in events if event.action in actions and "version" in event.data
    }
