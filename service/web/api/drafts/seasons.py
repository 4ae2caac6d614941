"""API routes of one scenario."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.studio.scenarios.copy_scenario import copy_scenario
from service.casework.studio.scenarios.edit_scenario import (
    LISTS,
    ChangeHead,
    CopyRow,
    MoveRow,
    PutRow,
    RemoveRow,
    ScenarioEdit,
    edit_scenario,
    scenario_head,
    scenario_rows,
)
from service.casework.studio.scenarios.missing_steps import missing_steps
from service.casework.studio.scenarios.new_scenario import new_scenario
from service.casework.studio.scenarios.run_scenarios import view_scenario
from service.casework.studio.scenarios.scenario_choices import step_choices
from service.domain.errors import Invalid
from service.domain.text import Text
from service.web.api.arguments import needed
from service.web.api.drafts.simulation import scenario_json
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import seasons as schemas
from service.web.frame.requests.current import the_actor, the_desk


def register(api: Blueprint) -> None:
    """Add the routes."""
    one, see, edit = "/drafts/<int:draft>", "draft.view", "draft.edit"
    path = {"path": needed("the scenario")}
    for operation, work in (
        (ApiOperation("GET", f"{one}/scenario", see, "See a scenario", schemas.ScenarioDetailOut, None, path), draft_scenario),
        (ApiOperation("POST", f"{one}/scenarios", edit, "Begin a scenario", schemas.ScenarioDetailOut, schemas.NewScenarioIn), begin_draft_scenario),
        (ApiOperation("GET", f"{one}/scenarios/missing", see, "See what all scenarios lack", schemas.MissingOut), draft_missing_steps),
        (ApiOperation("POST", f"{one}/scenario/copy", edit, "Copy a scenario", schemas.ScenarioDetailOut, schemas.CopyScenarioIn), copy_draft_scenario),
        (ApiOperation("POST", f"{one}/scenario/choices", see, "See what a step may choose", schemas.StepChoicesOut, schemas.StepIn), draft_step_choices),
        (ApiOperation("PATCH", f"{one}/scenario", edit, "Edit a scenario row by row", schemas.ScenarioDetailOut, schemas.ScenarioEditsIn), edit_draft_scenario),
    ):  # fmt: skip
        add_route(api, operation, work)


def draft_scenario(draft: int) -> dict[str, Any]:
    """See a scenario."""
    return _scenario(draft, request.args.get("path", ""))


def begin_draft_scenario(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Begin."""
    said = body["title"], body["start"], body["name"]
    return _scenario(draft, new_scenario(the_desk(), the_actor(), draft, *said).path)


def draft_missing_steps(draft: int) -> Any:
    """See what they lack."""
    return missing_steps(the_desk(), the_actor(), draft)


def copy_draft_scenario(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Copy."""
    return _scenario(draft, copy_scenario(the_desk(), the_actor(), draft, body["path"], body["title"]).path)


def draft_step_choices(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """See what a step may choose."""
    found = step_choices(the_desk(), the_actor(), draft, body["path"], body["number"], body["row"])
    return {"choices": {path: [{"value": v, "label": words} for v, words in one] for path, one in found.items()}}


def edit_draft_scenario(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Edit."""
    edits = tuple(_edit(one) for one in body["edits"])
    edit_scenario(the_desk(), the_actor(), draft, body["path"], body["base"], edits)
    return _scenario(draft, body["path"])


def _scenario(draft: int, path: str) -> dict[str, Any]:
    found = view_scenario(the_desk(), the_actor(), draft, path)
    rows = {name: scenario_rows(the_desk(), the_actor(), draft, path, name) for name in LISTS}
    head = dict(scenario_head(the_desk(), the_actor(), draft, path))
    return {"scenario": scenario_json(found.line), "hash": found.hash, "head": head, **rows}


def _edit(said: dict[str, Any]) -> ScenarioEdit:
    act, rows, number = said["do"], said["rows"], said["number"]
    if act == "head":
        if said["start"] is None:
            raise Invalid(Text("请在 start 中写明第一天。", "Say the first day in start."))
        return ChangeHead(said["title"], said["start"])
    if act == "move":
        return MoveRow(rows, number, said["by"])
    if act in ("remove", "copy"):
        return RemoveRow(rows, number) if act == "remove" else CopyRow(rows, number)
    return PutRow(rows, number, said["row"], insert=act == "insert")
