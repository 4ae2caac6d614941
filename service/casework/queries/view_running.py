"""What an amendment would do to the cases that run: case by case, before anything is applied."""

from __future__ import annotations

from dataclasses import dataclass

from service.casework.access import is_recused
from service.casework.actor import Actor
from service.casework.amendments import Reach, reach_of
from service.casework.desk import Desk
from service.casework.guards import guarded
from service.casework.move_case import MovePlan, plan_move
from service.casework.queries.studied import studied_package
from service.catalog import Package
from service.domain.calendar import local_date
from service.domain.text import Text

PAGE = 50


@dataclass(frozen=True, slots=True)
class RunningLine:
    """A running case under an earlier version and what would become of it."""

    plan: MovePlan
    kind: Text
    version: str


@dataclass(frozen=True, slots=True)
class RunningView:
    """The cases of an award that run under earlier versions, one page of them.

    ``reaches`` says of every earlier version with cases whether they may move; ``after`` is the id to go on with.
    """

    package: Package
    reaches: tuple[tuple[str, Reach], ...]
    lines: tuple[RunningLine, ...]
    total: int
    after: int | None
    may_apply: bool


@guarded("law.study")
def view_running(desk: Desk, actor: Actor, package_key: str, after: int = 0) -> RunningView:
    """Return what moving the running cases to the current version would do; nothing is written. Raises NotFound."""
    today = local_date(desk.clock.now())
    with desk.store.read() as tx:
        package = studied_package(desk, tx, actor, package_key)
        rows = [
            row
            for row in tx.cases.running_under(package.jurisdiction.id, package.award.id)
            if row.definition != package.version and not is_recused(actor, row)
        ]
        page = [row for row in rows if row.id > after][:PAGE]
        lines = tuple(
            RunningLine(
                plan_move(desk, tx, actor, tx.cases.get(row.id), package),
                desk.packages.get(row.definition, tx).process(row.process).text,
                row.definition,
            )
            for row in page
        )
        versions = dict.fromkeys(row.definition for row in rows)
        reaches = tuple((version, reach_of(desk, tx, version, package, today)) for version in versions)
    more = page[-1].id if page and page[-1].id != rows[-1].id else None
    return RunningView(package, reaches, lines, len(rows), more, actor.administers(package.jurisdiction.id))
