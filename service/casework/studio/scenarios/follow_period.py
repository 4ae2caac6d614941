"""Let the days of a draft's scenarios follow a longer period: shown for each before it is written, written at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.simulate.playing.patience import Patience
from service.casework.simulate.playing.scenario_result import ScenarioResult
from service.casework.simulate.scenarios.scenario import read_scenario
from service.casework.simulate.writing.follow_days import ScenarioDay, with_days
from service.casework.simulate.writing.follow_results import ExpectedResult, with_results
from service.casework.studio.drafts.draft_access import open_for_change, visible_draft
from service.casework.studio.drafts.draft_tree import hash_of, tree_of
from service.casework.studio.drafts.save_files import FileChange, save_files
from service.casework.studio.scenarios.play_scenarios import ScenarioFile, play_one, play_patiently, scenario_files
from service.casework.studio.scenarios.scenario_proposals import (
    ProposalView,
    chosen_lines,
    demand_proposal,
    newest_proposal,
)
from service.casework.studio.work.jobs import JobOrder, Run, start_job
from service.catalog import Package
from service.catalog.played_version import played_version, rests_on
from service.catalog.scenarios.expectation_words import row_texts
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.store.rows import ScenarioResultRow

DAYS = "days"
"""The key of the jobs that look which days of scenarios move."""

_OUTDATED = Text(
    "预览之后草稿又改过，没有写入。请重新查看哪些日子变动，再确认。",
    "The draft changed since this was shown; nothing was written. Look again, then confirm.",
)


@dataclass(frozen=True, slots=True)
class DaysLine:
    """A scenario and its ``days`` that move; none where ``reason`` says why.

    ``after`` is the file that would be written in the place of that with ``hash``, ``passes`` whether it holds then,
    ``unmet`` what is otherwise all the same. ``results`` are those that came instead of the expected ones, where the
    scenario fails at nothing else: a person may take them over (`write_results`).
    """

    path: str
    title: str
    hash: str
    days: tuple[ScenarioDay, ...] = ()
    after: str = ""
    passes: bool = False
    unmet: tuple[Text, ...] = ()
    reason: Text | None = None
    results: tuple[ExpectedResult, ...] = ()


@dataclass(frozen=True, slots=True)
class DaysProposal:
    """What moves in the scenarios under the rules of ``version``."""

    version: str
    lines: tuple[DaysLine, ...]

    @property
    def writable(self) -> tuple[DaysLine, ...]:
        """The scenarios in which days would move."""
        return tuple(line for line in self.lines if line.days)

    @property
    def otherwise(self) -> tuple[DaysLine, ...]:
        """The scenarios that fail only at results, each with those that came."""
        return tuple(line for line in self.lines if line.results)


@guarded("draft.edit")
def propose_days(desk: Desk, actor: Actor, draft: int, paths: Collection[str] = ()) -> int:
    """Look beside the requests which days of the scenarios at ``paths`` (all, where none is named) follow the draft.

    A scenario that passes keeps its days. Returns the job's number; raises Invalid where there is no scenario.
    """
    with desk.store.read() as tx:
        row = open_for_change(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
        known = {one.path: one for one in tx.studio_jobs.results(draft)}
    files = [file for file in scenario_files(tree.filled, row.package) if not paths or file.path in paths]
    if not files:
        raise Invalid(Text("草稿里还没有情景。", "The draft has no scenario yet."))
    package = tree.package

    def work(job: Run) -> DaysProposal:
        lines = []
        for number, file in enumerate(files):
            job.beat(number, len(files), Text(f"{number + 1}/{len(files)} {file.title}", f"{number + 1} {file.title}"))
            passes = _passed(package, file, known.get(file.path))
            lines.append(_passing(file) if passes else _line(desk, package, file, tree.filled[file.path].decode(), job))
        return DaysProposal(played_version(package), tuple(lines))

    return start_job(desk, actor, draft, JobOrder(DAYS, len(files), {"work": DAYS, "paths": list(paths)}), work)


@guarded("draft.view")
def view_days(desk: Desk, actor: Actor, draft: int) -> ProposalView[DaysProposal]:
    """Return the newest proposal for ``draft``, and the job that makes one."""
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        return newest_proposal(desk, tx, draft, DAYS, DaysProposal)


@guarded("draft.edit")
def write_days(desk: Desk, actor: Actor, draft: int, paths: Collection[str]) -> tuple[str, ...]:
    """Write the days of the newest proposal into the scenarios at ``paths``, all or none; returns what was written.

    Raises:
        Conflict: the draft changed since the proposal was made, or there is none.
        Invalid: no scenario is chosen.
    """
    with desk.store.read() as tx:
        open_for_change(tx, actor, draft)
        tree, proposal = demand_proposal(desk, tx, draft, DAYS, DaysProposal, _OUTDATED)
    chosen = chosen_lines(proposal.writable, paths)
    changes = [FileChange(line.path, tree.filled[line.path].decode(), line.after) for line in chosen]
    save_files(desk, actor, draft, changes, f"{len(changes)}个情景的日子随新期限顺延")
    return tuple(line.path for line in chosen)


@guarded("draft.edit")
def write_results(desk: Desk, actor: Actor, draft: int, paths: Collection[str], reason: str) -> tuple[str, ...]:
    """Let the scenarios at ``paths`` expect the results that came, for a ``reason`` that its history keeps; all or none.

    Returns what was written.

    Raises:
        Conflict: the draft changed since the proposal was made, or there is none.
        Invalid: no scenario is chosen, or there is no reason.
    """
    if not reason.strip():
        raise Invalid(
            Text(
                "请写明为什么应当是新的结果：依据修改决定的哪一条。情景里的期望原是用来发现做错的。",
                "Say why the new results are right: by which point of the decision. What a scenario expects is there to find "
                "what is done wrongly.",
            )
        )
    with desk.store.read() as tx:
        open_for_change(tx, actor, draft)
        tree, proposal = demand_proposal(desk, tx, draft, DAYS, DaysProposal, _OUTDATED)
    chosen = chosen_lines(proposal.otherwise, paths)
    if any(hash_of(tree.filled.get(line.path)) != line.hash for line in chosen):
        raise Conflict(_OUTDATED)
    changes = [FileChange(line.path, tree.filled[line.path].decode(), line.after) for line in chosen]
    save_files(desk, actor, draft, changes, f"{len(changes)}个情景改为新的结果：{reason.strip()[:200]}")
    return tuple(line.path for line in chosen)


def _passed(package: Package, file: ScenarioFile, known: ScenarioResultRow | None) -> bool:
    return bool(known and known.passed and rests_on(known.version, package) and known.hash == file.hash)


def _passing(file: ScenarioFile) -> DaysLine:
    return DaysLine(file.path, file.title, file.hash, reason=Text("通过，日子不动。", "It passes; no day moves."))


def _line(desk: Desk, package: Package, file: ScenarioFile, text: str, job: Run) -> DaysLine:
    if file.scenario is None:
        return DaysLine(file.path, file.title, file.hash, reason=file.trouble)
    first = play_one(desk, package, file, job)
    if first.passed:
        return _passing(file)
    result, patience = play_patiently(desk, package, file.scenario, job, Patience(expects=True))
    after, days = with_days(text, result, patience)
    if not days:
        after, results = with_results(text, first, row_texts(package))
        then = _again(desk, package, file, after, job) if results else first
        if results and then.passed:
            return DaysLine(file.path, file.title, file.hash, after=after, passes=True, results=results)
        never = Text("未通过，但不是因为期限变长：没有日子可顺延。", "It fails, but no day that moves would mend it.")
        return DaysLine(file.path, file.title, file.hash, unmet=tuple(line.words for line in first.unmet), reason=never)
    then = _again(desk, package, file, after, job)
    return DaysLine(
        file.path, file.title, file.hash, days, after, then.passed, tuple(line.words for line in then.unmet)
    )


def _again(desk: Desk, package: Package, file: ScenarioFile, text: str, job: Run) -> ScenarioResult:
    return play_one(
        desk, package, ScenarioFile(file.path, file.name, file.hash, read_scenario(text.encode(), file.name)), job
    )
