"""Preview of an amendment: what it would do to each running case, and which stay behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.amendments.move_plan import MovePlan, plan_move
from service.casework.amendments.reach import Reach, reach_of
from service.casework.desk.desk import Desk
from service.casework.queries.law.studied_packages import studied_package
from service.catalog import Package
from service.domain.calendar import local_date
from service.domain.text import Text
from service.store import CaseFilter, Transaction
from service.store.models import CaseRow

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
    place, award = package.jurisdiction.id, package.award.id
    ids = tx.cases.behind(place, award, package.version, after, PAGE)
    mine = CaseFilter(ids=ids, recused=sorted(actor.recused))
    page = list(reversed(tx.cases.search(mine, limit=PAGE)))
    plans = _plans(desk, tx, actor, package, page)
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
    running = tx.cases.running_by_definition(place)
    versions = [row.version for row in reversed(tx.definitions.versions(package.key)) if row.version in running]
    reaches = tuple((v, reach_of(desk, tx, v, package, today)) for v in versions if v != package.version)
    more = ids[-1] if ids and tx.cases.behind(place, award, package.version, ids[-1], 1) else None
    total = tx.cases.count_behind(place, award, package.version)
    return RunningView(package, reaches, lines, total, more, actor.secures(place))


def _plans(desk: Desk, tx: Transaction, actor: Actor, package: Package, page: Sequence[CaseRow]) -> dict[int, MovePlan]:
    """Return the plans of a page and of all running parents of its cases under earlier versions; parents come first."""
    wanted: dict[int, None] = {}
    for row in page:
        here: CaseRow | None = row
        while here is not None and here.id not in wanted:
            if here.status == "ended" or here.definition == package.version:
                break
            wanted[here.id] = None
            here = tx.cases.get(here.parent_id) if here.parent_id is not None else None
    plans: dict[int, MovePlan] = {}
    for ident in sorted(wanted):
        moved = {i for i, plan in plans.items() if plan.moves}
        plans[ident] = plan_move(desk, tx, actor, tx.cases.get(ident), package, moved)
    return plans
