"""What moves of running cases came to: the batches of an award, one of them, and whether a move can be undone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.amendments.move_case import may_undo
from service.casework.amendments.move_plan import Missing, MovePlan, Reach, missing_elements, plan_move, reach_of
from service.casework.desk.desk import Desk
from service.casework.due.move_batch import running_batches
from service.casework.interventions.batch import REFUSED, WAITING, undo_of
from service.casework.lists import Page, cut_page
from service.casework.queries.cases.case_diagram import bpmn_of
from service.casework.queries.law.versions import studied_package
from service.catalog import Package
from service.domain.calendar import local_date
from service.domain.errors import NotAllowed, NotFound
from service.domain.text import Text, text_of
from service.store import CaseFilter, Transaction
from service.store.models import CaseMoveRow, CaseRow, InterventionBatchRow, MoveBatchRow

BATCHES = 20
PAGE = 50


@dataclass(frozen=True, slots=True)
class MoveLine:
    """What became of one case, and whether that can be undone now; ``kept`` says why undoing all left it as it is."""

    row: CaseMoveRow
    title: str
    undoes: bool
    kept: Text | None = None

    @property
    def why(self) -> tuple[Text, ...]:
        """The reasons, as sentences."""
        return tuple(text_of(reason) for reason in self.row.why)


@dataclass(frozen=True, slots=True)
class Undoing:
    """How far the newest batch is that undoes a batch of moves."""

    reason: str
    total: int
    waiting: int
    refused: int


@dataclass(frozen=True, slots=True)
class MoveBatchView:
    """A batch with its counts by verdict and one page of its cases; ``after`` goes on, None at the end."""

    batch: MoveBatchRow
    counts: Mapping[str, int]
    lines: tuple[MoveLine, ...]
    after: int | None
    may_apply: bool
    undoable: int = 0
    """How many were moved and not brought back; those that have gone on since are among them."""
    undoing: Undoing | None = None

    @property
    def over(self) -> bool:
        """Whether nothing more happens in it."""
        return self.batch.state != "running"

    @property
    def done(self) -> int:
        """How many cases were looked at."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class RenamesView:
    """The elements of an earlier version with running cases that the current one lacks, with proposals."""

    package: Package
    old: Package
    missing: tuple[Missing, ...]
    may_apply: bool
    running: int | None = None
    """The batch of the award that runs now: another begins when it is over."""


@guarded("amendment.preview")
def list_batches(desk: Desk, actor: Actor, package: str, before: int | None = None) -> Page[MoveBatchRow, int]:
    """Return a page of the batches of an award, newest first; raises NotFound."""
    _require_overseer(actor, package)
    with desk.store.read() as tx:
        desk.packages.current(package, tx)
        rows = tx.move_batches.select("-id", package=package, limit=BATCHES + 1, after=before)
    return cut_page(rows, lambda row: row.id, BATCHES)


@guarded("amendment.preview")
def list_undoable(desk: Desk, actor: Actor, package: str) -> tuple[MoveLine, ...]:
    """Return the newest cases of an award that were moved one by one and can be taken back now."""
    _require_overseer(actor, package)
    place, _, award = package.partition("/")
    with desk.store.read() as tx:
        rows = tx.moves.select("-id", limit=PAGE, batch_id=None, before__ne=None, undone_at=None)
        mine = CaseFilter(
            ids=[row.case_id for row in rows], jurisdictions=[place], award=award, recused=sorted(actor.recused)
        )
        titles = {case.id: case.title for case in tx.cases.search(mine, limit=PAGE)} if rows else {}
        return tuple(
            MoveLine(row, titles[row.case_id], undoes=True)
            for row in rows
            if row.case_id in titles and may_undo(tx, row)
        )


@guarded("amendment.preview")
def view_batch(desk: Desk, actor: Actor, batch: int, verdict: str = "", after: int = 0) -> MoveBatchView:
    """Return a batch and a page of its cases, those of ``verdict`` alone where one is given; raises NotFound."""
    with desk.store.read() as tx:
        row = tx.move_batches.get(batch)
        _require_overseer(actor, row.package)
        rows = tx.moves.select(after=after, limit=PAGE, batch_id=batch, verdict__in=[verdict] if verdict else None)
        titles = _map_titles(tx, actor, rows)
        undo = undo_of(tx, batch)
        refused_reasons = _map_refused_reasons(tx, undo, rows) if undo else {}
        lines = tuple(
            MoveLine(
                move_row,
                titles.get(move_row.case_id, "—"),
                may_undo(tx, move_row),
                None if move_row.undone_at else refused_reasons.get(move_row.case_id),
            )
            for move_row in rows
        )
        more = rows[-1].id if len(rows) == PAGE else None
        may_apply, undoable = (
            actor.secures(row.package.split("/")[0]),
            len(tx.moves.pick("case_id", batch_id=batch, before__ne=None, undone_at=None)),
        )
        undoing = _build_undoing(tx, undo) if undo else None
        return MoveBatchView(
            row, tx.moves.count_by("verdict", batch_id=batch), lines, more, may_apply, undoable, undoing
        )


@guarded("amendment.preview")
def view_renames(desk: Desk, actor: Actor, package: str, version: str) -> RenamesView:
    """Return what of an earlier ``version`` the current one lacks; raises NotFound."""
    _require_overseer(actor, package)
    with desk.store.read() as tx:
        new, old = desk.packages.current(package, tx), desk.packages.get(version, tx)
        running = next((running_batch.id for running_batch in running_batches(tx, package)), None)
    if old.key != package:
        raise NotFound(Text("这个版本不属于该奖项。", "This version belongs to another award."))
    return RenamesView(new, old, tuple(missing_elements(old, new)), actor.secures(new.jurisdiction.id), running)


@guarded("amendment.preview")
def moved_diagram(desk: Desk, actor: Actor, package: str, version: str, process: str) -> bytes:
    """Return the BPMN of a diagram of a version of ``package``; raises NotFound."""
    _require_overseer(actor, package)
    with desk.store.read() as tx:
        diagram_package = desk.packages.get(version, tx)
    if diagram_package.key != package:
        raise NotFound(Text("这个版本不属于该奖项。", "This version belongs to another award."))
    return bpmn_of(diagram_package, process)


def _build_undoing(tx: Transaction, undo: InterventionBatchRow) -> Undoing:
    counts = tx.intervention_results.count_by("state", batch_id=undo.id)
    return Undoing(undo.reason, sum(counts.values()), counts.get(WAITING, 0), counts.get(REFUSED, 0))


def _map_refused_reasons(tx: Transaction, undo: InterventionBatchRow, rows: list[CaseMoveRow]) -> dict[int, Text]:
    """Return why cases of a page were not brought back."""
    if not rows:
        return {}
    first = min(row.case_id for row in rows)
    results = tx.intervention_results.select("case_id", batch_id=undo.id, state=REFUSED, after=first - 1, limit=PAGE)
    return {result.case_id: text_of(result.said) for result in results}


def _map_titles(tx: Transaction, actor: Actor, rows: list[CaseMoveRow]) -> dict[int, str]:
    mine = CaseFilter(ids=[row.case_id for row in rows], recused=sorted(actor.recused))
    return {case.id: case.title for case in tx.cases.search(mine, limit=PAGE)}


def _require_overseer(actor: Actor, package: str) -> None:
    place = package.split("/")[0]
    if not (actor.oversees(place) or actor.secures(place)):
        raise NotAllowed(
            Text("只能查看本辖区办件的迁移。", "Only moves of cases of your own jurisdiction can be looked at.")
        )


@dataclass(frozen=True, slots=True)
class RunningLine:
    """A running case under an earlier version and what would become of it.

    ``left_behind`` stay below one that moves; ``first`` is the title of the case above that has to move first, "" for none.
    """

    plan: MovePlan
    kind: Text
    version: str
    left_behind: int
    first: str


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
    plans = _plan_page(desk, tx, actor, package, page)
    stay = Counter(p.case.parent_id for p in plans.values() if not p.moves)
    lines = tuple(
        RunningLine(
            plans[row.id],
            desk.packages.get(row.definition, tx).process(row.process).text,
            row.definition,
            stay[row.id] if plans[row.id].moves else 0,
            _get_first_to_move(plans, row),
        )
        for row in page
    )
    running = tx.cases.count_by("definition", jurisdiction=place, status__ne="ended")
    versions = [row.version for row in reversed(tx.definitions.of_package(package.key)) if row.version in running]
    reaches = tuple((v, reach_of(desk, tx, v, package, today)) for v in versions if v != package.version)
    more = ids[-1] if ids and tx.cases.behind(place, award, package.version, ids[-1], 1) else None
    total = tx.cases.count_behind(place, award, package.version)
    return RunningView(package, reaches, lines, total, more, actor.secures(place))


def _get_first_to_move(plans: Mapping[int, MovePlan], row: CaseRow) -> str:
    above = plans.get(row.parent_id) if row.parent_id is not None else None
    return above.case.title if above is not None and above.moves and plans[row.id].moves else ""


def _plan_page(
    desk: Desk, tx: Transaction, actor: Actor, package: Package, page: Sequence[CaseRow]
) -> dict[int, MovePlan]:
    """Return the plans of a page and of all running parents of its cases under earlier versions; parents come first."""
    wanted: dict[int, None] = {}
    for row in page:
        current: CaseRow | None = row
        while current is not None and current.id not in wanted:
            if current.status == "ended" or current.definition == package.version:
                break
            wanted[current.id] = None
            current = tx.cases.get(current.parent_id) if current.parent_id is not None else None
    plans: dict[int, MovePlan] = {}
    for ident in sorted(wanted):
        moved = {i for i, plan in plans.items() if plan.moves}
        plans[ident] = plan_move(desk, tx, actor, tx.cases.get(ident), package, moved)
    return plans
