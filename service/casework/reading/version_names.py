"""How people call the published versions of a package: by the day, with a number where several are of one day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from service.domain.calendar import local_date
from service.domain.calendar.dates import full
from service.domain.text import Text
from service.store import Transaction
from service.store.models import DefinitionRow


def version_names(rows: Sequence[DefinitionRow]) -> Mapping[str, Text]:
    """Return the name of each version of one package, by its mark; ``rows`` are all of them."""
    days: dict[str, list[str]] = {}
    found = {}
    for row in sorted(rows, key=lambda row: (row.published_at, row.base is not None)):
        day = full(local_date(row.published_at))
        days.setdefault(day.zh, []).append(row.version)
        found[row.version] = day
    return {version: _name(day, days[day.zh], version) for version, day in found.items()}


def version_name(tx: Transaction, package: str, version: str) -> Text:
    """Return how people call ``version`` of ``package``; its mark where nothing is known of it."""
    names = version_names(tx.definitions.versions(package))
    return names.get(version, Text(f"版本 {version[:8]}", f"version {version[:8]}"))


def _name(day: Text, same_day: Sequence[str], version: str) -> Text:
    if len(same_day) == 1:
        return Text(f"{day.zh}发布的版本", f"the version of {day.en}")
    number = same_day.index(version) + 1
    return Text(f"{day.zh}发布的第{number}个版本", f"version {number} of {day.en}")
