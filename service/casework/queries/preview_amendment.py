"""Preview of an amendment: what it would do to each running case, and which stay behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.case_access import is_recused
from service.casework.access.guards import guarded
from service.casework.amendments.move_plan import MovePlan, plan_move
from service.casework.amendments.reach import Reach, reach_of
from service.casework.desk.desk import Desk
from service.casework.queries.studied_packages import studied_package
from service.catalog import Package
from service.domain.calendar import local_date
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import CaseRow

PAGE = 50


@dataclass(frozen=True, slots=True)
class RunningLine:
    """A running case under an earlier version and what would become of it; ``left_behind`` stay below one that moves."""

    plan: MovePlan
    kind: Text
    version: str
    left_behind: int


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


@guarded("amendment.preview")
def preview_amendment(desk: Desk, actor: Actor, package_key: str, after: int = 0) -> RunningView:
    """Return what moving the running cases to the current version would do; nothing is written. Raises NotFound."""
    with desk.store.read() as tx:
        return running_view(desk, tx, actor, studied_package(desk, tx, actor, package_key), after)


def running_view(desk: Desk, tx: Transaction, actor: Actor, package: Package, after: int = 0) -> RunningView:
    """Return what moving the running cases to ``package``, which the desk knows, would do; nothing is written."""
    today = local_date(desk.clock.now())
    rows = [
        row
        for row in tx.cases.running_under(package.jurisdiction.id, package.award.id)
        if row.definition != package.version and not is_recused(actor, row)
    ]
    page = [row for row in rows if row.id > after][:PAGE]
    plans = _plans(desk, tx, actor, package, rows, page)
    stay = Counter(p.case.parent_id for p in plans.values() if not p.moves)
    lines = tuple(
        RunningLine(
            plans[row.id],
            desk.packages.get(row.definition, tx).process(row.process).text,
            row.definition,
            stay[row.id] if plans[row.id].moves else 0,
        )
        for row in page
    )
    versions = dict.fromkeys(row.definition for row in rows)
    reaches = tuple((version, reach_of(desk, tx, version, package, today)) for version in versions)
    more = page[-1].id if page and page[-1].id != rows[-1].id else None
    return RunningView(package, reaches, lines, len(rows), more, actor.administers(package.jurisdiction.id))


def _plans(
    desk: Desk, tx: Transaction, actor: Actor, package: Package, rows: Sequence[CaseRow], page: Sequence[CaseRow]
) -> dict[int, MovePlan]:
    """Return the plans of a page and of all parents of its cases; parents come first."""
    by_id = {row.id: row for row in rows}
    wanted: dict[int, None] = {}
    for row in page:
        here: CaseRow | None = row
        while here is not None and here.id not in wanted:
            wanted[here.id] = None
            here = by_id.get(here.parent_id) if here.parent_id is not None else None
    plans: dict[int, MovePlan] = {}
    for ident in sorted(wanted):
        moved = {i for i, plan in plans.items() if plan.moves}
        plans[ident] = plan_move(desk, tx, actor, tx.cases.get(ident), package, moved)
    return plans
