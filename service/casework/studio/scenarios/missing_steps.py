"""What the scenarios of a draft lack: tasks that nobody does, and required fields that nobody fills in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.simulate.playing.scenario_result import How, ScenarioResult
from service.casework.simulate.scenarios.form_rows import form_of_row, rows_lacking
from service.casework.simulate.scenarios.scenario import Scenario
from service.casework.simulate.seasons.season_record import Lasting
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.scenarios.play_scenarios import scenario_files
from service.catalog import Package
from service.domain.errors import LaurelError
from service.domain.forms.model import FormNode, Group, Input, Rows
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class MissingStep:
    """A task by element and name, with the name of its diagram."""

    element: str
    name: str
    process: str


@dataclass(frozen=True, slots=True)
class MissingEntry:
    """A required field that rows of a form leave out: the form and the field's path, and what people call it."""

    form: str
    path: str
    label: Text


@dataclass(frozen=True, slots=True)
class MissingInScenarios:
    """Tasks that no scenario does, and required fields that every row of their form leaves out."""

    steps: tuple[MissingStep, ...]
    entries: tuple[MissingEntry, ...]


@guarded("draft.view")
def missing_steps(desk: Desk, actor: Actor, draft: int) -> MissingInScenarios:
    """Return what all scenarios of a draft lack; nothing where it has none that can be read."""
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    moves = [m for file in scenario_files(tree.filled, row.package) if file.scenario for m in file.scenario.moves]
    if not moves:
        return MissingInScenarios((), ())
    done = {str(m.value) for m in moves if m.verb in ("complete", "each")}
    by_form: dict[str, list[Any]] = {}
    for move in moves:
        if name := form_of_row(tree.package, move.keys):
            by_form.setdefault(name, []).append(move.keys)
    steps = tuple(one for one in tasks_of(tree.package) if one.element not in done)
    return MissingInScenarios(steps, tuple(_left_out(desk, tree.package, by_form)))


def tasks_of(package: Package) -> tuple[MissingStep, ...]:
    """Return the tasks with a form in the diagrams of a package."""
    return tuple(
        MissingStep(e.id, e.name or e.id, d.name or d.process_id)
        for d in package.diagrams.values()
        for e in d.elements.values()
        if e.form
    )


def does_step(scenario: Scenario, element: str) -> bool:
    """Tell whether some step of ``scenario`` does the task at ``element``."""
    return any(move.verb in ("complete", "each") and move.value == element for move in scenario.moves)


def stopped_for(package: Package, scenario: Scenario, result: ScenarioResult) -> tuple[MissingStep, ...]:
    """Return the tasks at which cases wait at the end of a play that went wrong, and that the scenario never does."""
    if result.passed or result.record is None:
        return ()
    waiting = dict.fromkeys(one for end in result.record.ends.values() for one in end.open_tasks)
    known = {one.element: one for one in tasks_of(package)}
    return tuple(known[one] for one in waiting if one in known and not does_step(scenario, one))


@dataclass(frozen=True, slots=True)
class UnsettledDay:
    """A day that came while it rested on the holidays of a ``year`` that are not published: ``name`` is the element's."""

    name: str
    year: int


def unsettled_days(result: ScenarioResult) -> tuple[UnsettledDay, ...]:
    """Return the days at which cases wait at the end of a play that went wrong, until somebody confirms them."""
    if result.passed or result.record is None:
        return ()
    waiting = {(nick, one) for nick, end in result.record.ends.items() for one in end.open_tasks}
    found = (
        UnsettledDay(span.label, (span.last - timedelta(days=1)).year)  # due as the day after begins
        for span in result.record.spans
        if span.lasting is Lasting.TIMER and span.last is not None and (span.case, span.element) in waiting
    )
    return tuple(dict.fromkeys(found))


def unfilled_at(desk: Desk, package: Package, scenario: Scenario, result: ScenarioResult) -> tuple[MissingEntry, ...]:
    """Return the required fields for which the step at which a play stopped was refused."""
    stopped = next((line for line in result.lines if line.how is How.UNMET and line.verb != "expect"), None)
    move = next((m for m in scenario.moves if stopped is not None and m.number == stopped.number), None)
    if stopped is None or move is None or "refused" in move.keys:
        return ()
    told = "".join(message.zh for message in stopped.messages)
    return tuple(
        one
        for one in required_fields(desk, package, form_of_row(package, move.keys))
        if one.label.zh in told and rows_lacking(move.keys, one.path)
    )


def required_fields(desk: Desk, package: Package, form: str) -> tuple[MissingEntry, ...]:
    """Return the fields of a form that are always required; none where it cannot be read."""
    if not form or "{" in form or not package.has_form(form):
        return ()
    try:
        nodes = desk.packages.form(package, form).nodes
    except LaurelError:  # the check says what is wrong with the form
        return ()
    return tuple(MissingEntry(form, path, node.label) for path, node in _required(nodes, ""))


def _required(nodes: tuple[FormNode, ...], above: str) -> Iterator[tuple[str, Input]]:
    for node in nodes:
        if node.hide is not None:
            continue
        if isinstance(node, Group):
            yield from _required(node.children, f"{above}{node.path}." if node.path else above)
        elif isinstance(node, Rows):
            yield from _required(node.children, f"{above}{node.path}[].")
        elif isinstance(node, Input) and node.required and not node.readonly and node.default is None:
            yield f"{above}{node.key}", node


def _left_out(desk: Desk, package: Package, by_form: dict[str, list[Any]]) -> Iterator[MissingEntry]:
    """Yield the required fields that no row of their form gives and no step is refused for."""
    for name, rows in by_form.items():
        for one in required_fields(desk, package, name):
            if all(rows_lacking(row, one.path) and one.path not in (row.get("fields") or ()) for row in rows):
                yield one
