"""The pages of package versions, and of two versions (or cities) side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.law.studied_packages import studied_cities, studied_package
from service.casework.reading.version_names import version_name, version_names
from service.casework.reading.version_record import first_days, published_again, withdrawals
from service.catalog import Package
from service.catalog.compare import Comparison, compare
from service.domain.calendar import local_date
from service.domain.errors import NotFound
from service.domain.text import Text
from service.store import Transaction
from service.store.models import PackageEventRow


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A published version: who published it when, how many cases run under it and how many ended; ``name`` is what people call it.

    ``again`` is its newest publication where it was published more than once, ``withdrawn`` how it was withdrawn, where it is.
    ``waits_for`` is the day set for it, where it has not begun so far.
    """

    version: str
    name: Text
    published_at: datetime
    published_by: str
    current: bool
    running: int
    ended: int
    again: PackageEventRow | None = None
    withdrawn: PackageEventRow | None = None
    waits_for: date | None = None


@dataclass(frozen=True, slots=True)
class VersionChoice:
    """What may be compared: ``key`` is "city/award" (as published) or "city/award@version"."""

    key: str
    name: Text


@dataclass(frozen=True, slots=True)
class CompareView:
    """A comparison (None until two are chosen) and what there is to choose from.

    ``names`` are what people call the two sides, where they are versions of one city.
    """

    found: Comparison | None
    choices: tuple[VersionChoice, ...]
    left: str
    right: str
    names: tuple[Text, Text] | None = None


@guarded("law.study")
def list_versions(desk: Desk, actor: Actor, package_key: str) -> tuple[Package, tuple[VersionLine, ...]]:
    """Return the published package with all its versions, newest first; raises NotFound."""
    with desk.store.read() as tx:
        package = studied_package(desk, tx, actor, package_key)
        return package, version_lines(tx, package_key)


def version_lines(tx: Transaction, package_key: str) -> tuple[VersionLine, ...]:
    """Return all versions of a package, newest first."""
    place = package_key.partition("/")[0]
    running, every = tx.cases.running_by_definition(place), tx.cases.all_by_definition(place)
    rows, events = tx.definitions.versions(package_key), tx.package_events.of_package(package_key)
    names, again, gone = version_names(rows), published_again(rows, events), withdrawals(events)
    waiting = first_days(events)
    return tuple(
        VersionLine(
            row.version,
            names[row.version],
            row.published_at,
            row.published_by,
            row.current,
            running.get(row.version, 0),
            every.get(row.version, 0) - running.get(row.version, 0),
            again.get(row.version),
            None if row.current else gone.get(row.version),
            None if row.current else waiting.get(row.version),
        )
        for row in rows
    )


@guarded("law.study")
def view_comparison(desk: Desk, actor: Actor, left: str = "", right: str = "", on: date | None = None) -> CompareView:
    """Return two packages side by side, with the values in force ``on`` a day (today); raises NotFound."""
    with desk.store.read() as tx:
        choices = tuple(_choices(desk, tx, actor))
        found, names = None, None
        if left and right:
            day = on or local_date(desk.clock.now())
            found = compare(_package(desk, tx, actor, left), _package(desk, tx, actor, right), day)
            names = _names(tx, found)
    return CompareView(found, choices, left, right, names)


def _names(tx: Transaction, found: Comparison) -> tuple[Text, Text] | None:
    if not found.one_city:
        return None
    left, right = (version_name(tx, side.key, side.version) for side in (found.left, found.right))
    return left, right


def _choices(desk: Desk, tx: Transaction, actor: Actor) -> list[VersionChoice]:
    found = []
    for _, packages in studied_cities(desk, tx, actor):
        for p in packages:
            city, award = p.jurisdiction.text, p.award.text
            found.append(VersionChoice(p.key, Text(f"{city.zh} · {award.zh}", f"{city.en} · {award.en}")))
            rows = tx.definitions.versions(p.key)
            names = version_names(rows)
            for row in rows:
                if not row.current:
                    name = Text(f"{city.zh} · {names[row.version].zh}", f"{city.en} · {names[row.version].en}")
                    found.append(VersionChoice(f"{p.key}@{row.version}", name))
    return found


def _package(desk: Desk, tx: Transaction, actor: Actor, word: str) -> Package:
    key, _, version = word.partition("@")
    current = studied_package(desk, tx, actor, key)
    if not version:
        return current
    if all(row.version != version for row in tx.definitions.versions(key)):
        raise NotFound(Text(f"“{key}”没有版本“{version[:12]}”。", f"“{key}” has no version “{version[:12]}”."))
    return desk.packages.get(version, tx)
