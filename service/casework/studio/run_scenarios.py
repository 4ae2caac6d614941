"""Run scenarios of a draft: started by a person, played beside the requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.simulate.scenario_result import ScenarioResult
from service.casework.studio.draft_access import visible_draft
from service.casework.studio.draft_tree import DraftTree, hash_of, tree_of
from service.casework.studio.jobs import Job, JobState, jobs_of
from service.casework.studio.play_scenarios import ScenarioFile, SuiteResult, play_suite, read_file, scenario_files
from service.catalog import Package
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text

SCENARIOS = "scenarios"
"""The key of the jobs that play scenarios."""


@dataclass(frozen=True, slots=True)
class ScenarioLine:
    """A scenario of a draft and what its newest run in this process came to; ``stale`` when the draft changed since."""

    file: ScenarioFile
    result: ScenarioResult | None
    stale: bool


@dataclass(frozen=True, slots=True)
class ScenarioList:
    """The scenarios of a draft; ``running`` is a run that is not over, ``whole`` the newest run of all of them."""

    draft: int
    package: Package
    lines: tuple[ScenarioLine, ...]
    running: Job | None
    whole: SuiteResult | None


@dataclass(frozen=True, slots=True)
class ScenarioView:
    """One scenario with its newest result; ``text`` and ``hash`` are the file's."""

    draft: int
    package: Package
    line: ScenarioLine
    text: str
    hash: str
    running: Job | None


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
    about = SCENARIOS if not paths else f"{SCENARIOS} {' '.join(paths)}"
    return jobs_of(desk).start(draft, about, len(files), lambda job: play_suite(desk, tree.package, files, job)).id


@guarded("draft.view")
def list_scenarios(desk: Desk, actor: Actor, draft: int) -> ScenarioList:
    """Return the scenarios of ``draft`` with what their newest runs came to."""
    key, tree = _seen(desk, actor, draft)
    whole = jobs_of(desk).latest(draft, SCENARIOS)
    lines = tuple(_line(desk, draft, tree, file) for file in scenario_files(tree.filled, key))
    finished = whole.result if whole and whole.state is JobState.DONE else None
    return ScenarioList(draft, tree.package, lines, whole if whole and not whole.over else None, finished)


@guarded("draft.view")
def view_scenario(desk: Desk, actor: Actor, draft: int, path: str) -> ScenarioView:
    """Return one scenario of ``draft`` with its newest result; raises NotFound."""
    _, tree = _seen(desk, actor, draft)
    file = _file(tree, path)
    newest = jobs_of(desk).latest(draft, f"{SCENARIOS} {path}")
    content = tree.filled[path]
    running = newest if newest and not newest.over else None
    return ScenarioView(
        draft, tree.package, _line(desk, draft, tree, file), content.decode(errors="replace"), hash_of(content), running
    )


@guarded("draft.view")
def diagram_of(desk: Desk, actor: Actor, draft: int, process: str) -> bytes:
    """Return the BPMN file of a process of ``draft``, its pattern filled; raises NotFound."""
    _, tree = _seen(desk, actor, draft)
    return tree.package.files[tree.package.diagram(process).file]


@guarded("draft.view")
def view_job(desk: Desk, actor: Actor, draft: int, job: int) -> Job:
    """Return a job of ``draft``; raises NotFound."""
    _seen(desk, actor, draft)
    return jobs_of(desk).get(draft, job)


@guarded("draft.view")
def stop_job(desk: Desk, actor: Actor, draft: int, job: int) -> None:
    """Stop a job of ``draft`` at its next step; raises NotFound."""
    view_job(desk, actor, draft, job).stop()


def _seen(desk: Desk, actor: Actor, draft: int) -> tuple[str, DraftTree]:
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        return row.package, tree_of(desk, tx, draft)


def _file(tree: DraftTree, path: str) -> ScenarioFile:
    if path not in tree.filled or "/scenarios/" not in path:
        raise NotFound(Text(f"草稿里没有情景“{path}”。", f"The draft has no scenario “{path}”."))
    return read_file(tree.filled, path)


def _line(desk: Desk, draft: int, tree: DraftTree, file: ScenarioFile) -> ScenarioLine:
    jobs = [jobs_of(desk).latest(draft, f"{SCENARIOS} {file.path}"), jobs_of(desk).latest(draft, SCENARIOS)]
    done = [job for job in jobs if job is not None and job.state is JobState.DONE and file.path in job.result.results]
    if not done:
        return ScenarioLine(file, None, stale=False)
    newest: SuiteResult = max(done, key=lambda job: job.id).result
    found = newest.results[file.path]
    changed = newest.version != tree.package.version or newest.hashes.get(file.path) != hash_of(tree.filled[file.path])
    return ScenarioLine(file, found, changed)
