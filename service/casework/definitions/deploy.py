"""Publish a version of a process package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.book.acting import describe_current_act
from service.casework.access.guards import guarded
from service.casework.definitions.check import check_whole
from service.casework.definitions.publish import current_in_turn, places_in_force, publish_package, record_event
from service.casework.definitions.settings import (
    ReplacedValue,
    changed_values,
    package_in_force,
    settings_ended_by,
)
from service.casework.desk.desk import Desk
from service.casework.reading.published import REPUBLISHED
from service.catalog import Package, Problem, errors_of
from service.catalog.tree import Files, sources_of
from service.domain.calendar import local_date
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.store import Transaction
from service.store.models import DefinitionRow

_TAKEN_OVER = "taken_over"
"""What the record of a package calls a folder that replaced what was newer."""


class PackageRefused(Invalid):
    """A package with errors is not published: ``problems`` names element, reason and remedy."""

    code = "package_refused"

    def __init__(self, package: str, problems: tuple[Problem, ...]) -> None:
        first = problems[0]
        super().__init__(
            Text(
                f"“{package}”有{len(problems)}处错误，未发布。第一处：{first.file} {first.element} {first.message.zh} {first.remedy.zh}",
                f"“{package}” has {len(problems)} errors and was not published. First: {first.file} {first.element} "
                f"{first.message.en} {first.remedy.en}",
            )
        )
        self.problems = problems


class SettingsWouldEnd(Conflict):
    """A version is not published that would end what a city set itself: ``ended`` names each value."""

    code = "settings_would_end"

    def __init__(self, package: str, ended: tuple[ReplacedValue, ...]) -> None:
        sentences = [replacement.sentence for replacement in ended]
        super().__init__(
            Text(
                f"“{package}”的这一版会使本地在“条款与设置”中自行设定的{len(ended)}项不再算数，没有发布。{'；'.join(sentence.zh for sentence in sentences)}。"
                "请与办公室商定：先在“条款与设置”中改设，或者改文件夹；确要不再算数的，加 --end-settings。",
                f"This version of “{package}” would end {len(ended)} value(s) that the city set itself: it was not published."
                f" {'; '.join(sentence.en for sentence in sentences)}. Agree with the office: set another value first or change the folder; to end"
                " them all the same, add --end-settings.",
            )
        )
        self.ended = ended


@dataclass(frozen=True, slots=True)
class Deployed:
    """What became of a package: ``changed`` is False when this very version was current already.

    ``changed_values`` are the package's own values of today that are others by it, ``ended`` what the city had chosen and
    holds no more.
    """

    package: str
    version: str
    changed: bool
    changed_values: tuple[ReplacedValue, ...] = ()
    ended: tuple[ReplacedValue, ...] = ()


@guarded("definition.publish")
def deploy_package(
    desk: Desk,
    actor: Actor,
    package: Package,
    base: str | None = None,
    sources: Files | None = None,
    *,
    take_over: bool = False,
    end_settings: bool = False,
    memory: dict[object, Any] | None = None,
) -> Deployed:
    """Publish ``package``; cases that run keep their version.

    ``base`` is the version the edit started from; None means "whatever is current". ``sources`` are the files of the
    tree that the package was made from (`read_sources`): a draft of this version begins with them. ``take_over``
    puts the package in the place of what is newer: a version of the studio or made from one, or one that replaced
    this very version. ``end_settings`` lets what the city set itself end where this version does not allow it or states
    another value from a later day on. ``memory`` is that of an earlier check (`check_whole`).

    Raises:
        PackageRefused: the package has errors.
        SettingsWouldEnd: what the city set itself would no longer hold.
        Conflict: another version was published after ``base``, or the current one is newer than the folder.
    """
    if errors := errors_of(check_whole(package, memory)):
        raise PackageRefused(package.key, errors)
    describe_current_act(package.key, place=package.jurisdiction.id)
    with desk.store.write() as tx:
        row = current_in_turn(tx, package.key)
        current = row.version if row else None
        if current == package.version:
            return Deployed(package.key, package.version, changed=False)
        if base is not None and base != current:
            raise _published_meanwhile(package, current)
        if row is not None and base is None:
            _require_not_newer(desk, tx, actor, row, package, take_over=take_over)
        done = _describe_changes(desk, tx, package)
        if done.ended and not end_settings:
            raise SettingsWouldEnd(package.key, done.ended)
        if base is not None:
            _record_republication(desk, tx, actor, package, base)
        package_sources = sources_of(sources, package.key) if sources else None
        publish_package(
            tx, package, desk.clock.now(), actor.name, package_sources, said=places_in_force(desk, tx, package)
        )
        if done.ended:
            _record_ended(desk, tx, actor, package, done.ended)
    return done


def _published_meanwhile(package: Package, current: str | None) -> Conflict:
    return Conflict(
        Text(
            f"“{package.key}”在您修改期间已发布了新版本（{(current or '')[:8]}），请先并入该版本的改动再发布。",
            f"“{package.key}” was published anew ({(current or '')[:8]}) while you edited: take its changes in first.",
        )
    )


def _describe_changes(desk: Desk, tx: Transaction, package: Package) -> Deployed:
    """Return what ``package`` changes of the values in force, as what becomes of it once it is published."""
    before, today = package_in_force(desk, tx, package.key), local_date(desk.clock.now())
    values = changed_values(before, package, today) if before is not None else ()
    return Deployed(package.key, package.version, True, values, settings_ended_by(desk, tx, package, today))


def _record_ended(
    desk: Desk, tx: Transaction, actor: Actor, package: Package, ended: tuple[ReplacedValue, ...]
) -> None:
    text = f"版本 {package.version[:8]} 使本地设定的{len(ended)}项不再算数：{'；'.join(replacement.sentence.zh for replacement in ended)}。"
    record_event(tx, actor, desk.clock.now(), package.key, "settings_ended", text, None, {"version": package.version})


def _record_republication(desk: Desk, tx: Transaction, actor: Actor, package: Package, base: str) -> None:
    """Record that a version known from before is published once more on ``base``; a new one needs no record of it."""
    if any(definition.version == package.version for definition in tx.definitions.of_package(package.key)):
        text = f"从文件夹再次发布版本 {package.version[:8]}，取代 {base[:8]}。"
        data = {"version": package.version, "instead_of": base}
        record_event(tx, actor, desk.clock.now(), package.key, REPUBLISHED, text, None, data)


def _require_not_newer(
    desk: Desk, tx: Transaction, actor: Actor, row: DefinitionRow, package: Package, *, take_over: bool
) -> None:
    """Refuse to replace the current version ``row`` where it is newer than the folder; a take-over goes on record."""
    newer = _from_the_studio(row, package) if _has_studio_work(tx, row) else _find_outdated_refusal(tx, row, package)
    if newer is None:
        return
    if not take_over:
        raise newer
    text = f"以文件夹中的版本 {package.version[:8]} 取代更新的 {row.version[:8]}。"
    data = {"version": package.version, "instead_of": row.version}
    record_event(tx, actor, desk.clock.now(), package.key, _TAKEN_OVER, text, row.draft_id, data)


def _has_studio_work(tx: Transaction, row: DefinitionRow) -> bool:
    """Tell whether a version was published in the studio, or made from one that was since a folder last took over."""
    rows_by_version = {definition.version: definition for definition in tx.definitions.of_package(row.package)}
    events = tx.package_events.select(package=row.package)
    taken = {event.data["version"] for event in events if event.action == _TAKEN_OVER}
    at: DefinitionRow | None = row
    while at is not None and at.version not in taken:
        if at.draft_id is not None:
            return True
        at = rows_by_version.get(at.base or "")
    return False


def _find_outdated_refusal(tx: Transaction, row: DefinitionRow, package: Package) -> Conflict | None:
    """Return the refusal of a version that was published already and is not in force any more, None for any other."""
    former_row = next(
        (definition for definition in tx.definitions.of_package(package.key) if definition.version == package.version),
        None,
    )
    if former_row is None:
        return None
    before, since = local_date(former_row.published_at).isoformat(), local_date(row.published_at).isoformat()
    return Conflict(
        Text(
            f"文件夹中的“{package.key}”是{before}发布过的版本 {package.version[:8]}，现行版本是{row.published_by}于{since}发布的 {row.version[:8]}，没有覆盖。"
            "请核对文件夹是否过时；确要改回这一版的，加 --take-over。",
            f"“{package.key}” in the folder is the version {package.version[:8]} of {before}; in force is {row.version[:8]}, which {row.published_by} "
            f"published on {since}: it was not overwritten. Look whether the folder is outdated; to go back to it all the same, add --take-over.",
        )
    )


def _from_the_studio(row: DefinitionRow, package: Package) -> Conflict:
    day, is_studio_work = local_date(row.published_at).isoformat(), row.draft_id is not None
    how = "在设计页面发布" if is_studio_work else "发布，含有设计页面的修改"
    how_en = "in the studio by" if is_studio_work else "with changes of the studio by"
    return Conflict(
        Text(
            f"“{package.key}”的现行版本 {row.version[:8]} 由{row.published_by}于{day}{how}，比文件夹中的 {package.version[:8]} 新，没有覆盖。"
            "请先在设计页面的草稿中导出并入文件夹，再以 --base 注明该版本发布；确要取代的，加 --take-over。",
            f"The current version {row.version[:8]} of “{package.key}” was published {how_en} {row.published_by} on {day} and is newer "
            f"than {package.version[:8]} in the folder: it was not overwritten. Export it from a draft in the studio, merge it into the folder and deploy "
            "with --base of that version; to replace it all the same, add --take-over.",
        )
    )
