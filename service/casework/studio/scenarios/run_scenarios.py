"""Run scenarios of a draft: started by a person, played beside the requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.simulate.playing.scenario_result import ScenarioResult
from service.casework.simulate.scenarios.scenario import values_beyond
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import DraftTree, hash_of, tree_of
from service.casework.studio.scenarios.play_scenarios import (
    ScenarioFile,
    Suite,
    SuiteResult,
    play_suite,
    read_file,
    scenario_files,
)
from service.casework.studio.scenarios.scenario_verdicts import holds
from service.casework.studio.work.jobs import Job, JobOrder, job_of, latest_job, latest_result, start_job
from service.casework.studio.work.kept_results import unpack_result
from service.catalog import Package
from service.catalog.layout.drawn import drawn
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text, text_of
from service.store.models import ScenarioResultRow

SCENARIOS = "scenarios"
"""The key of the jobs that play scenarios."""


@dataclass(frozen=True, slots=True)
class ScenarioLine:
    """A scenario of a draft and whether its newest play ``passed``, None before it was played.

    ``unmet`` are the steps and expectations that came out otherwise, ``stale`` when the draft changed since.
    """

    file: ScenarioFile
    passed: bool | None = None
    unmet: tuple[Text, ...] = ()
    stale: bool = False


@dataclass(frozen=True, slots=True)
class ScenarioList:
    """The scenarios of a draft; ``job`` is the newest run of all of them, ``whole`` what the newest finished one came to."""

    draft: int
    package: Package
    lines: tuple[ScenarioLine, ...]
    job: Job | None
    whole: SuiteResult | None


@dataclass(frozen=True, slots=True)
class ScenarioView:
    """One scenario with its newest result; ``text`` and ``hash`` are the file's, ``job`` is its newest run by itself."""

    draft: int
    package: Package
    line: ScenarioLine
    result: ScenarioResult | None
    text: str
    hash: str
    job: Job | None


@guarded("draft.view")
def run_scenarios(desk: Desk, actor: Actor, draft: int, paths: Sequence[str] = ()) -> int:
    """Start playing the scenarios at ``paths`` of ``draft`` (all of them where none is named); returns the job's number.

    Raises NotFound for a path the draft does not have, Invalid where there is nothing to play.
    """
    key, tree = _seen(desk, actor, draft)
    files = tuple(_file(tree, path) for path in paths) or scenario_files(tree.filled, key)
    if not files:
        raise Invalid(
            Text("草稿里还没有情景，请先录制或新建一个。", "The draft has no scenario yet: record or write one first.")
        )
    suite = Suite(draft, tree.revision, tree.package, files)
    order = JobOrder(_about(paths), len(files), {"work": SCENARIOS, "paths": list(paths)})
    return start_job(desk, actor, draft, order, lambda job: play_suite(desk, suite, job))


@guarded("draft.view")
def list_scenarios(desk: Desk, actor: Actor, draft: int) -> ScenarioList:
    """Return the scenarios of ``draft`` with what their newest runs came to."""
    key, tree = _seen(desk, actor, draft)
    with desk.store.read() as tx:
        job = latest_job(tx, draft, SCENARIOS)
        whole = latest_result(tx, draft, SCENARIOS, SuiteResult)
        known = {row.path: row for row in tx.studio_jobs.results(draft)}
    lines = tuple(_line(tree, file, known.get(file.path)) for file in scenario_files(tree.filled, key))
    return ScenarioList(draft, tree.package, lines, job, whole)


@guarded("draft.view")
def view_scenario(desk: Desk, actor: Actor, draft: int, path: str) -> ScenarioView:
    """Return one scenario of ``draft`` with its newest result; raises NotFound."""
    _, tree = _seen(desk, actor, draft)
    file = _file(tree, path)
    with desk.store.read() as tx:
        job = latest_job(tx, draft, _about((path,)))
        row = tx.studio_jobs.result(draft, path)
    content = tree.filled[path]
    result = unpack_result(ScenarioResult, row.content) if row else None
    line = _line(tree, file, row if result else None)
    return ScenarioView(draft, tree.package, line, result, content.decode(errors="replace"), hash_of(content), job)


def beyond_the_law(view: ScenarioView) -> tuple[Text, ...]:
    """Return why the law does not allow what the scenario sets parameters to, with the articles."""
    scenario = view.line.file.scenario
    return tuple(values_beyond(view.package, scenario.parameters)) if scenario is not None else ()


@guarded("draft.view")
def diagram_of(desk: Desk, actor: Actor, draft: int, process: str) -> bytes:
    """Return the BPMN file of a process of ``draft``, its pattern filled; raises NotFound."""
    _, tree = _seen(desk, actor, draft)
    file = tree.package.diagram(process).file
    return drawn(tree.package.files[file], file)


@guarded("draft.view")
def view_job(desk: Desk, actor: Actor, draft: int, job: int) -> Job:
    """Return a job of ``draft``; raises NotFound."""
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        return job_of(tx, draft, job)


@guarded("draft.view")
def stop_job(desk: Desk, actor: Actor, draft: int, job: int) -> None:
    """Stop a job of ``draft`` at its next step; raises NotFound."""
    with desk.store.write() as tx:
        visible_draft(tx, actor, draft)
        job_of(tx, draft, job)
        tx.studio_jobs.stop(job)


def _seen(desk: Desk, actor: Actor, draft: int) -> tuple[str, DraftTree]:
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        return row.package, tree_of(desk, tx, draft)


def _file(tree: DraftTree, path: str) -> ScenarioFile:
    if path not in tree.filled or "/scenarios/" not in path:
        raise NotFound(Text(f"草稿里没有情景“{path}”。", f"The draft has no scenario “{path}”."))
    return read_file(tree.filled, path)


def _about(paths: Sequence[str]) -> str:
    """Return the key of the jobs that play all scenarios, or those at ``paths``."""
    return f"{SCENARIOS} {sha256(' '.join(paths).encode()).hexdigest()[:32]}" if paths else SCENARIOS


def _line(tree: DraftTree, file: ScenarioFile, row: ScenarioResultRow | None) -> ScenarioLine:
    if row is None:
        return ScenarioLine(file)
    return ScenarioLine(file, row.passed, tuple(text_of(one) for one in row.unmet), not holds(row, tree, file.path))
