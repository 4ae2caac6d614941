"""Versions of a package: what one of them is, what differs between two, and since when each holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from service.casework.access.actor import Actor
from service.casework.access.case_access import title_for
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.reading.published import (
    first_days,
    map_version_withdrawals,
    published,
    published_again,
    version_name,
    version_names,
)
from service.catalog import Package
from service.catalog.compare import Comparison, compare_packages
from service.domain.calendar import local_date
from service.domain.errors import NotFound
from service.domain.text import Text
from service.store import Transaction
from service.store.models import PackageEventRow
from service.store.queries.case_filter import CaseFilter


def studied_packages(desk: Desk, tx: Transaction, actor: Actor, jurisdiction: str) -> tuple[Package, ...]:
    """Return the current packages of ``jurisdiction``; raises NotFound where there are none or they are not the reader's."""
    packages = published(desk, tx).of(jurisdiction) if actor.studies(jurisdiction) else ()
    if not packages:
        raise NotFound(
            Text(
                "没有这个辖区，或者您不负责它。请从“条款与设置”进入。",
                "There is no such jurisdiction, or it is not yours. Start from “Law and settings”.",
            )
        )
    return packages


def studied_package(desk: Desk, tx: Transaction, actor: Actor, key: str) -> Package:
    """Return the current package ``key`` ("jurisdiction/award"); raises NotFound."""
    for package in studied_packages(desk, tx, actor, key.partition("/")[0]):
        if package.key == key:
            return package
    raise NotFound(Text(f"没有发布“{key}”。", f"“{key}” is not published."))


def studied_cities(desk: Desk, tx: Transaction, actor: Actor) -> tuple[tuple[str, tuple[Package, ...]], ...]:
    """Return every jurisdiction that the reader may study, with its packages."""
    publications = published(desk, tx)
    return tuple((city, publications.of(city)) for city in sorted(publications.jurisdictions()) if actor.studies(city))


@guarded("amendment.preview")
def version_days(desk: Desk, actor: Actor, package: str) -> Mapping[str, datetime]:
    """Return when each version of ``package`` was published; raises NotFound."""
    with desk.store.read() as tx:
        studied_package(desk, tx, actor, package)
        return {row.version: row.published_at for row in tx.definitions.of_package(package)}


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
    running, every = (
        tx.cases.count_by("definition", jurisdiction=place, status__ne="ended"),
        tx.cases.count_by("definition", jurisdiction=place),
    )
    rows, events = (
        tx.definitions.of_package(package_key),
        tx.package_events.select(package=package_key),
    )
    names, again, gone = version_names(rows), published_again(rows, events), map_version_withdrawals(events)
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
def view_comparison(desk: Desk, actor: Actor, left: str = "", right: str = "") -> CompareView:
    """Return two packages side by side, with the values in force today; raises NotFound."""
    with desk.store.read() as tx:
        choices = tuple(_list_choices(desk, tx, actor))
        comparison, names = None, None
        if left and right:
            today = local_date(desk.clock.now())
            comparison = compare_packages(
                _load_package(desk, tx, actor, left), _load_package(desk, tx, actor, right), today
            )
            names = _find_version_names(tx, comparison)
    return CompareView(comparison, choices, left, right, names)


def _find_version_names(tx: Transaction, comparison: Comparison) -> tuple[Text, Text] | None:
    if not comparison.one_city:
        return None
    left, right = (version_name(tx, side.key, side.version) for side in (comparison.left, comparison.right))
    return left, right


def _list_choices(desk: Desk, tx: Transaction, actor: Actor) -> list[VersionChoice]:
    choices = []
    for _, packages in studied_cities(desk, tx, actor):
        for p in packages:
            city, award = p.jurisdiction.text, p.award.text
            choices.append(VersionChoice(p.key, Text(f"{city.zh} · {award.zh}", f"{city.en} · {award.en}")))
            rows = tx.definitions.of_package(p.key)
            names = version_names(rows)
            for row in rows:
                if not row.current:
                    name = Text(f"{city.zh} · {names[row.version].zh}", f"{city.en} · {names[row.version].en}")
                    choices.append(VersionChoice(f"{p.key}@{row.version}", name))
    return choices


def _load_package(desk: Desk, tx: Transaction, actor: Actor, word: str) -> Package:
    key, _, version = word.partition("@")
    current = studied_package(desk, tx, actor, key)
    if not version:
        return current
    if all(row.version != version for row in tx.definitions.of_package(key)):
        raise NotFound(Text(f"“{key}”没有版本“{version[:12]}”。", f"“{key}” has no version “{version[:12]}”."))
    return desk.packages.get(version, tx)


PAGE = 50
"""Cases on a page."""


@dataclass(frozen=True, slots=True)
class VersionCase:
    """A running case: ``title`` as far as the reader may read it, ``opens`` whether they see its page."""

    id: int
    title: str
    kind: Text
    started_at: datetime
    opens: bool


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version of the published ``package`` with a page of the cases that run under it; ``after`` continues it.

    ``events`` are what the record says of it, newest first.
    """

    package: Package
    line: VersionLine
    events: tuple[PackageEventRow, ...]
    cases: tuple[VersionCase, ...]
    after: int | None


@guarded("law.study")
def view_version(desk: Desk, actor: Actor, package_key: str, version: str, after: int = 0) -> VersionView:
    """Return one published version of an award, with the cases that run under it; raises NotFound."""
    with desk.store.read() as tx:
        package = studied_package(desk, tx, actor, package_key)
        line = next(
            (version_line for version_line in version_lines(tx, package_key) if version_line.version == version), None
        )
        if line is None:
            raise NotFound(Text("没有这个版本，可能已被删除。", "There is no such version: it may have been deleted."))
        ids = tx.cases.under(package.jurisdiction.id, package.award.id, version, after, PAGE + 1)
        events = tx.package_events.select(package=package_key)
        return VersionView(
            package,
            line,
            tuple(
                event for event in reversed(events) if version in (event.data.get("version"), event.data.get("instead"))
            ),
            _list_cases(desk, tx, actor, ids[:PAGE]),
            ids[PAGE - 1] if len(ids) > PAGE else None,
        )


def _list_cases(desk: Desk, tx: Transaction, actor: Actor, ids: list[int]) -> tuple[VersionCase, ...]:
    rows = reversed(tx.cases.search(CaseFilter(ids=ids, recused=sorted(actor.recused)), limit=PAGE))
    return tuple(
        VersionCase(
            row.id,
            title_for(actor, row),
            desk.packages.get(row.definition, tx).process(row.process).text,
            row.started_at,
            actor.oversees(row.jurisdiction),
        )
        for row in rows
    )
