"""Find traps in a draft: a bounded search beside the requests, each trap with the shortest scenario that shows it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.simulate.scenarios.scenario_text import scenario_text
from service.casework.simulate.traps.found_traps import FoundTrap, RowPlay, is_act
from service.casework.simulate.traps.kept_traps import kept_row, kept_scenario
from service.casework.simulate.traps.trap_search import TrapSearch
from service.casework.simulate.traps.traps import Trap, TrapKind
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.scenarios.play_scenarios import scenario_files, workshop_of
from service.casework.studio.work.jobs import Job, JobOrder, Run, latest_job, latest_result, start_job
from service.catalog import Package
from service.catalog.played_version import played_version, rests_on
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.text import Text

TRAPS = "traps"
MINUTES = (1, 5, 15)
"""So long a search may go on at most: one of these."""
REACH = 8
"""Every way of so many acts is tried at most, as far as the time allows."""


@dataclass(frozen=True, slots=True)
class ShownTrap:
    """A trap, and the scenario that shows it by ``what`` was varied in ``title``: the file ``text`` for ``path``.

    ``steps`` is how often somebody acts in it; ``shortest`` says that every way of fewer acts was tried.
    """

    trap: Trap
    what: Text
    title: str
    steps: int
    path: str
    text: str
    shortest: bool = False


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of a table of conditions and the shortest play in which it came to ``result``, as `ShownTrap` has it."""

    table: str
    row: str
    name: str
    result: str
    clauses: tuple[str, ...]
    what: Text
    title: str
    steps: int
    path: str
    text: str


@dataclass(frozen=True, slots=True)
class SearchedTraps:
    """What a search in one ``version`` of a draft came to; ``whole`` says that everything was tried in time.

    ``untimed`` are the steps at which a case waits for somebody, and goes on by no day; ``unused`` what no play came to;
    ``acts`` up to how many acts every way was tried. ``scenarios`` and ``variants`` are how many were played, and of how many;
    ``conditions`` is how many rows the tables of conditions have.
    """

    version: str
    plays: int
    seconds: float
    whole: bool
    traps: tuple[ShownTrap, ...]
    rows: tuple[ShownRow, ...] = ()
    untimed: tuple[ShownTrap, ...] = ()
    acts: int = 0
    unused: tuple[ShownTrap, ...] = ()
    scenarios: tuple[int, int] = (0, 0)
    variants: tuple[int, int] = (0, 0)
    conditions: int = 0

    @property
    def barred(self) -> int:
        """How many rows of the tables of conditions came to “not met” in some play."""
        return len({(row.table, row.row) for row in self.rows if row.result == "not_met"})

    @property
    def offered(self) -> tuple[ShownTrap | ShownRow, ...]:
        """Everything that can be kept, in the order of its numbers: traps, rows, untimed, unused."""
        return (*self.traps, *self.rows, *self.untimed, *self.unused)


@dataclass(frozen=True, slots=True)
class TrapView:
    """The page of traps: a search that runs, or what the newest one found; ``stale`` when the draft changed since."""

    package: Package
    scenarios: int
    job: Job | None
    report: SearchedTraps | None
    stale: bool


@guarded("draft.view")
def view_traps(desk: Desk, actor: Actor, draft: int) -> TrapView:
    """Return what the newest search for traps in ``draft`` came to."""
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
        job = latest_job(tx, draft, TRAPS)
        report = latest_result(tx, draft, TRAPS, SearchedTraps)
    return TrapView(
        tree.package,
        len(scenario_files(tree.filled, row.package)),
        job,
        report,
        report is not None and not rests_on(report.version, tree.package),
    )


@guarded("draft.view")
def find_traps(desk: Desk, actor: Actor, draft: int, minutes: int = MINUTES[0]) -> int:
    """Start searching ``draft`` for traps, for so many ``minutes`` at most; returns the job's number. Raises Invalid where there is no scenario to vary."""
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    readable = [file.scenario for file in scenario_files(tree.filled, row.package) if file.scenario]
    if not readable:
        raise Invalid(
            Text(
                "查找隐患要从情景出发作各种变化，草稿里还没有情景，请先录制一个。",
                "The search varies scenarios, and the draft has none: record one first.",
            )
        )
    package = tree.package

    def work(job: Run) -> SearchedTraps:
        workshop, clock = workshop_of(package), job.own_seconds
        search = TrapSearch(package, desk.calendars, desk.operations, workshop, clock, job.beat, reach=REACH)
        found = search.run(readable, 60 * min(max(minutes, MINUTES[0]), MINUTES[-1]))
        shown = [_shown(package, trap) for trap in found.traps]
        together = {
            kind: tuple(one for one in shown if one.trap.kind is kind) for kind in (TrapKind.SILENCE, TrapKind.UNUSED)
        }
        traps = tuple(one for one in shown if one.trap.kind not in together)
        rows = tuple(_shown_row(package, play) for play in found.rows)
        return SearchedTraps(
            played_version(package), found.plays, found.seconds, found.whole, traps, rows, together[TrapKind.SILENCE],
            found.acts, together[TrapKind.UNUSED], found.scenarios, found.variants,
            sum(len(table.rows) for table in {t.id: t for t in package.tables.values()}.values() if table.is_eligibility),
        )  # fmt: skip

    return start_job(desk, actor, draft, JobOrder(TRAPS, 1, {"work": TRAPS, "minutes": minutes}), work)


@guarded("draft.edit")
def keep_trap(desk: Desk, actor: Actor, draft: int, number: int) -> str:
    """Keep the scenario that shows trap ``number`` of the newest search in the draft, counted as `SearchedTraps.offered`.

    It expects the trap, so that it fails as soon as the trap is gone. Returns its path; raises NotFound and Conflict.
    """
    report = view_traps(desk, actor, draft).report
    offered = report.offered if report else ()
    if not 0 <= number < len(offered):
        raise NotFound(Text("没有这个隐患，请重新查找。", "There is no such trap: search again."))
    found = offered[number]
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        if found.path in tree_of(desk, tx, draft).filled:
            raise Conflict(Text(f"这个隐患已留作情景“{found.path}”。", f"This trap is kept already as “{found.path}”."))
    save_file(desk, actor, draft, found.path, found.text.encode(), None, "留存隐患情景")
    return found.path


def _shown(package: Package, found: FoundTrap) -> ShownTrap:
    mark = sha256("/".join(found.trap.key).encode()).hexdigest()[:6]
    path = f"processes/{package.key}/scenarios/trap_{found.trap.kind}_{mark}.yaml"
    articles = (package.law.article(one) for one in found.trap.clauses if one in package.law.clauses)
    text = scenario_text(kept_scenario(found, next(articles, "")), path).decode()
    return ShownTrap(found.trap, found.what, found.scenario.title, found.acts, path, text, found.shortest)


def _shown_row(package: Package, play: RowPlay) -> ShownRow:
    table = package.tables[play.table]
    row = next(one for one in table.rows if one.id == play.row)
    name = row.description or row.id
    path = f"processes/{package.key}/scenarios/row_{play.row}_{play.result}.yaml"
    text = scenario_text(kept_row(play, name), path).decode()
    return ShownRow(
        table.id, row.id, name, play.result, table.clauses(row), play.what, play.scenario.title,
        sum(map(is_act, play.scenario.moves)), path, text,
    )  # fmt: skip
