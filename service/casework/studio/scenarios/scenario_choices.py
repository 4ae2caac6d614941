"""What the formulas of a step's form offer, on the stage as the steps before it leave it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.cases.start_options import view_start
from service.casework.queries.cases.view_action import view_action
from service.casework.queries.tasks.view_task import view_task
from service.casework.simulate.playing.play import play_move
from service.casework.simulate.scenarios.scenario import Move, Scenario, read_scenario
from service.casework.simulate.scenarios.scenario_text import flow
from service.casework.simulate.stage.named_on_stage import task_at
from service.casework.simulate.stage.stage import PlayState, empty_store, open_stage
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.scenarios.play_scenarios import workshop_of
from service.catalog import Package
from service.catalog.scenarios.scenario_words import VERBS
from service.domain.calendar import local_date
from service.domain.errors import LaurelError
from service.domain.forms import Form
from service.domain.forms.expressions import FormExpression
from service.domain.forms.limits import options_of
from service.domain.forms.model import FormNode, Group, Input, Rows
from service.domain.forms.state import row_scope
from service.domain.text import Text

Found = Mapping[str, tuple[tuple[str, Text], ...]]
_NAMED = ("experts", "leader")
"""Fields in which a scenario writes a person's word by itself."""


@guarded("draft.view")
def step_choices(desk: Desk, actor: Actor, draft: int, path: str, number: int, row: Mapping[str, Any]) -> Found:
    """Return by path what the form of step ``row``, put before row ``number`` (from 0), offers by formulas.

    Nothing where the steps before it cannot be played that far, or nobody waits there.
    """
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    try:
        scenario = read_scenario(tree.filled[path], path)
    except (LaurelError, KeyError):
        return {}
    return offered_before(desk, tree.package, scenario, number, row)


def offered_before(desk: Desk, package: Package, scenario: Scenario, number: int, row: Mapping[str, Any]) -> Found:
    """Return what formulas offer in the form of ``row``, on the stage before row ``number`` of ``scenario``."""
    try:
        with empty_store() as store:
            shared = workshop_of(package)
            stage = open_stage(store, package, scenario, desk.calendars, desk.operations, workshop=shared)
            for move in scenario.moves:
                if move.number > number:
                    break
                with suppress(LaurelError):  # what cannot be played is told where the scenario is run
                    play_move(stage, move)
            return _offered(stage, package, row)
    except (LaurelError, ValueError):
        return {}


@dataclass(frozen=True, slots=True)
class _AskedForm:
    """A form as the person at that step has it: what it holds before anybody types, and what its formulas read."""

    form: Form
    values: Mapping[str, Any]
    stored: Mapping[str, Any]


def _find_form(stage: PlayState, package: Package, move: Move) -> _AskedForm | None:
    """Return the form of step ``move``; raises LaurelError where nobody could fill it in now."""
    actor = stage.cast.actor(move.who or "office")
    if move.verb in ("start", "lodge"):
        parent = stage.case(str(move.keys["parent"])) if "parent" in move.keys else None
        start = view_start(stage.desk, actor, package.key, str(move.value), parent)
        return _AskedForm(start.form, {}, start.settings) if start.form else None
    if move.verb in ("action", "public"):
        page = view_action(stage.desk, actor, stage.case(move.case), str(move.value))
        return _AskedForm(page.form, {}, page.settings) if page.form else None
    task = task_at(stage, move, actor)
    if task.assignee_id is not None:
        actor = stage.cast.person(task.assignee_id)
    view = view_task(stage.desk, actor, task.id)
    return _AskedForm(view.form, view.values, view.stored) if view.form else None


def _offered(stage: PlayState, package: Package, row: Mapping[str, Any]) -> Found:
    verb = next((word for word in VERBS if word in row), "")
    who, case = row.get("as"), row.get("case")
    move = Move(0, verb, row.get(verb), None, str(who) if who else None, str(case) if case else None, row)
    asked = _find_form(stage, package, move)
    if asked is None:
        return {}
    given = row.get("with")
    typed = {**asked.values, **(given if isinstance(given, Mapping) else {})}
    today = local_date(stage.desk.clock.now())
    state = asked.form.state(typed, today=today, stored=asked.stored)
    words = {str(ident): word for word in stage.cast.words() if (ident := stage.cast.actor(word).person_id) is not None}
    return {
        f"with.{path}": tuple((_word(one.value, words, path), one.label) for one in options_of(node, scope, today))
        for path, node, scope in _choosing(asked.form.nodes, state.scope(), state.values, "")
    }


def _choosing(nodes: tuple[FormNode, ...], scope: Any, values: Any, prefix: str) -> Iterator[tuple[str, Input, Any]]:
    """Yield the fields whose options a formula gives, rows by what the first of them reads."""
    for node in nodes:
        if isinstance(node, Group):
            inner = values.get(node.path) if node.path else values
            yield from _choosing(node.children, scope, inner or {}, f"{prefix}{node.path}." if node.path else prefix)
        elif isinstance(node, Rows):
            rows = values.get(node.path) or [{}]
            within = row_scope(scope, values, rows[0], 0)
            yield from _choosing(node.children, within, rows[0], f"{prefix}{node.path}[].")
        elif isinstance(node, Input) and isinstance(node.options, FormExpression):
            yield f"{prefix}{node.key}", node, scope


def _word(value: str, words: Mapping[str, str], path: str) -> str:
    """Return an option as a scenario writes it: a person by the word that the scenario has for them."""
    if value not in words:
        return value
    return words[value] if path in _NAMED else flow({"expert": words[value]})
