"""Find traps in a draft: a bounded search beside the requests, each trap with the shortest scenario that shows it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from time import monotonic

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.simulate.scenario_text import scenario_text
from service.casework.simulate.trap_search import TrapReport, TrapSearch, kept_scenario
from service.casework.studio.draft_access import visible_draft
from service.casework.studio.draft_tree import tree_of
from service.casework.studio.jobs import Job, JobState, jobs_of
from service.casework.studio.play_scenarios import scenario_files, workshop_of
from service.casework.studio.save_file import save_file
from service.catalog import Package
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.text import Text

TRAPS = "traps"
MINUTES = (1, 5, 15)
"""So long a search may go on at most: one of these."""


@dataclass(frozen=True, slots=True)
class TrapView:
    """The page of traps: a search that runs, or what the newest one found; ``stale`` when the draft changed since."""

    package: Package
    scenarios: int
    running: Job | None
    trouble: Text | None
    report: TrapReport | None
    stale: bool


@dataclass(frozen=True, slots=True)
class _Searched:
    version: str
    report: TrapReport


@guarded("draft.view")
def view_traps(desk: Desk, actor: Actor, draft: int) -> TrapView:
    """Return what the newest search for traps in ``draft`` came to."""
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    job = jobs_of(desk).latest(draft, TRAPS)
    done: _Searched | None = job.result if job and job.state is JobState.DONE else None
    return TrapView(
        tree.package,
        len(scenario_files(tree.filled, row.package)),
        job if job and not job.over else None,
        job.trouble if job else None,
        done.report if done else None,
        done is not None and done.version != tree.package.version,
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

    def work(job: Job) -> _Searched:
        search = TrapSearch(package, desk.calendars, desk.operations, workshop_of(package), monotonic, job.beat)
        return _Searched(package.version, search.run(readable, 60 * min(max(minutes, MINUTES[0]), MINUTES[-1])))

    return jobs_of(desk).start(draft, TRAPS, 1, work).id


@guarded("draft.edit")
def keep_trap(desk: Desk, actor: Actor, draft: int, number: int) -> str:
    """Keep the scenario that shows trap ``number`` of the newest search in the draft; returns its path.

    It expects the trap, so that it fails as soon as the trap is gone. Raises NotFound and Conflict.
    """
    report = view_traps(desk, actor, draft).report
    if report is None or not 0 <= number < len(report.traps):
        raise NotFound(Text("没有这个隐患，请重新查找。", "There is no such trap: search again."))
    found = report.traps[number]
    with desk.store.read() as tx:
        key = visible_draft(tx, actor, draft).package
        mark = sha256("/".join(found.trap.key).encode()).hexdigest()[:6]
        path = f"processes/{key}/scenarios/trap_{found.trap.kind.name.lower()}_{mark}.yaml"
        if path in tree_of(desk, tx, draft).filled:
            raise Conflict(Text(f"这个隐患已留作情景“{path}”。", f"This trap is kept already as “{path}”."))
    save_file(desk, actor, draft, path, scenario_text(kept_scenario(found), path), None, "留存隐患情景")
    return path
