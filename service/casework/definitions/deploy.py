"""Publish a version of a process package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.definitions.check_package import check_whole
from service.casework.definitions.package_events import record_event
from service.casework.definitions.publish import publish
from service.casework.desk.desk import Desk
from service.catalog import Package, Problem, Severity
from service.catalog.tree import Files, sources_of
from service.domain.calendar import local_date
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.store.rows import DefinitionRow


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


@dataclass(frozen=True, slots=True)
class Deployed:
    """What became of a package: ``changed`` is False when this very version was current already."""

    package: str
    version: str
    changed: bool


@guarded("definition.publish")
def deploy_package(
    desk: Desk,
    actor: Actor,
    package: Package,
    base: str | None = None,
    sources: Files | None = None,
    *,
    take_over: bool = False,
    memory: dict[object, Any] | None = None,
) -> Deployed:
    """Publish ``package``; cases that run keep their version.

    ``base`` is the version the edit started from; None means "whatever is current". ``sources`` are the files of the
    tree that the package was made from (`read_sources`): a draft of this version begins with them. ``take_over``
    puts the package in the place of a version that was published in the studio. ``memory`` is that of an earlier check
    (`check_whole`).

    Raises:
        PackageRefused: the package has errors.
        Conflict: another version was published after ``base``, or the current one comes from the studio.
    """
    errors = tuple(p for p in check_whole(package, memory) if p.severity is Severity.ERROR)
    if errors:
        raise PackageRefused(package.key, errors)
    with desk.store.write() as tx:
        row = tx.definitions.current(package.key)
        current = row.version if row else None
        if current == package.version:
            return Deployed(package.key, package.version, changed=False)
        if base is not None and base != current:
            raise Conflict(
                Text(
                    f"“{package.key}”在您修改期间已发布了新版本（{(current or '')[:8]}），请先并入该版本的改动再发布。",
                    f"“{package.key}” was published anew ({(current or '')[:8]}) while you edited: take its changes in first.",
                )
            )
        if row is not None and row.draft_id is not None and base is None and not take_over:
            raise _from_the_studio(row, package)
        if row is not None and row.draft_id is not None and take_over:
            text = f"以文件夹中的版本 {package.version[:8]} 取代设计页面发布的 {row.version[:8]}。"
            data = {"version": package.version, "instead_of": row.version}
            record_event(tx, actor, desk.clock.now(), package.key, "taken_over", text, row.draft_id, data)
        publish(tx, package, desk.clock.now(), actor.name, sources_of(sources, package.key) if sources else None)
    return Deployed(package.key, package.version, changed=True)


def _from_the_studio(row: DefinitionRow, package: Package) -> Conflict:
    day = local_date(row.published_at).isoformat()
    return Conflict(
        Text(
            f"“{package.key}”的现行版本 {row.version[:8]} 由{row.published_by}于{day}在设计页面发布，比文件夹中的 {package.version[:8]} 新，没有覆盖。"
            "请先用 laurel draft export 导出并入文件夹，再以 --base 注明该版本发布；确要取代的，加 --take-over。",
            f"The current version {row.version[:8]} of “{package.key}” was published in the studio by {row.published_by} on {day} and is newer "
            f"than {package.version[:8]} in the folder: it was not overwritten. Export it with laurel draft export, merge it into the folder and deploy "
            "with --base of that version; to replace it all the same, add --take-over.",
        )
    )
