"""Put a task that scenarios do not know yet into all of them: shown for each before it is written, written at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.simulate.expecting.known_words import demand_known
from service.casework.simulate.scenarios.scenario import read_scenario
from service.casework.simulate.writing.insert_step import InsertedRow, NewStep, StepPlaced, place_step
from service.casework.studio.drafts.draft_access import open_for_change, visible_draft
from service.casework.studio.drafts.draft_tree import DraftTree, tree_of
from service.casework.studio.drafts.save_files import FileChange, save_files
from service.casework.studio.scenarios.play_scenarios import ScenarioFile, scenario_files, workshop_of
from service.casework.studio.scenarios.scenario_proposals import (
    ProposalView,
    chosen_lines,
    demand_proposal,
    newest_proposal,
)
from service.casework.studio.work.jobs import JobOrder, Run, start_job
from service.catalog import Package
from service.catalog.played_version import played_version
from service.catalog.source.format_yaml import dump_yaml, load_yaml
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text

STEP = "step"
"""The key of the jobs that look where a step belongs."""

_OUTDATED = Text(
    "预览之后草稿又改过，没有写入。请重新查看位置，再确认。",
    "The draft changed since this was shown; nothing was written. Look again, then confirm.",
)


@dataclass(frozen=True, slots=True)
class StepLine:
    """A scenario and where the step belongs in it; ``hash`` is that of the file that was looked at."""

    path: str
    title: str
    hash: str
    placed: StepPlaced


@dataclass(frozen=True, slots=True)
class StepProposal:
    """What it takes to have the task at ``element`` done in all scenarios of ``version``."""

    version: str
    element: str
    values: dict[str, Any]
    lines: tuple[StepLine, ...]

    @property
    def writable(self) -> tuple[StepLine, ...]:
        """The scenarios in which rows would be written."""
        return tuple(line for line in self.lines if line.placed.rows)


@guarded("draft.edit")
def propose_step(desk: Desk, actor: Actor, draft: int, element: str, values: Mapping[str, Any] | None = None) -> int:
    """Look beside the requests where the task at ``element`` stands in each scenario; returns the job's number.

    Raises NotFound for an element at which nobody fills anything in, Invalid where there is no scenario.
    """
    with desk.store.read() as tx:
        row = open_for_change(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    demand_task(tree.package, element)
    files = scenario_files(tree.filled, row.package)
    if not files:
        raise Invalid(Text("草稿里还没有情景。", "The draft has no scenario yet."))
    step = NewStep(element, dict(values or {}))
    order = JobOrder(STEP, len(files), {"work": STEP, "element": element, "values": dict(step.values)})
    return start_job(desk, actor, draft, order, lambda job: _proposal(desk, tree.package, files, step, job))


def demand_task(package: Package, element: str) -> None:
    """Raise NotFound unless somebody fills a form in at ``element``."""
    if not any(e.id == element and e.form for d in package.diagrams.values() for e in d.elements.values()):
        raise NotFound(
            Text(
                f"流程图中没有由人填表办理的环节“{element}”。",
                f"No diagram has a task with a form called “{element}”.",
            )
        )


@guarded("draft.view")
def view_step(desk: Desk, actor: Actor, draft: int) -> ProposalView[StepProposal]:
    """Return the newest proposal for ``draft``, and the job that makes one."""
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        return newest_proposal(desk, tx, draft, STEP, StepProposal)


@guarded("draft.edit")
def write_step(desk: Desk, actor: Actor, draft: int, paths: Collection[str]) -> tuple[str, ...]:
    """Write the rows of the newest proposal into the scenarios at ``paths``, all or none; returns what was written.

    Raises:
        Conflict: the draft changed since the proposal was made, or there is none.
        Invalid: no scenario is chosen.
    """
    with desk.store.read() as tx:
        open_for_change(tx, actor, draft)
        tree, proposal = demand_proposal(desk, tx, draft, STEP, StepProposal, _OUTDATED)
    chosen = chosen_lines(proposal.writable, paths)
    changes = [_written(tree, line) for line in chosen]
    save_files(desk, actor, draft, changes, f"把“{_name(tree.package, proposal.element)}”加入{len(changes)}个情景")
    return tuple(line.path for line in chosen)


def _proposal(
    desk: Desk, package: Package, files: tuple[ScenarioFile, ...], step: NewStep, job: Run
) -> StepProposal:  # fmt: skip
    lines = []
    for number, file in enumerate(files):
        job.beat(number, len(files), Text(f"{number + 1}/{len(files)} {file.title}", f"{number + 1} {file.title}"))
        lines.append(StepLine(file.path, file.title, file.hash, _placed(desk, package, file, step, job)))
    return StepProposal(played_version(package), step.element, dict(step.values), tuple(lines))


def _placed(desk: Desk, package: Package, file: ScenarioFile, step: NewStep, job: Run) -> StepPlaced:
    if file.scenario is None:
        return StepPlaced((), file.trouble)
    return place_step(
        package,
        file.scenario,
        step,
        desk.calendars,
        desk.operations,
        workshop=workshop_of(package),
        beat=lambda _number: job.check(),
    )


def _written(tree: DraftTree, line: StepLine) -> FileChange:
    before = tree.filled[line.path].decode()
    after = with_rows(before, line.placed.rows)
    demand_known(tree.package, read_scenario(after.encode(), line.path))
    return FileChange(line.path, before, after)


def with_rows(text: str, rows: tuple[InsertedRow, ...]) -> str:
    """Return a scenario with ``rows`` put where they belong; all else stays as it is written."""
    document = load_yaml(text)
    for more, row in enumerate(rows):  # in the order of the play: each one before moves the next by one
        document["steps"].insert(row.before + more, load_yaml(row.text + "\n"))
    return dump_yaml(document)


def _name(package: Package, element: str) -> str:
    named = (d.elements[element].name for d in package.diagrams.values() if element in d.elements)
    return next(named, "") or element
