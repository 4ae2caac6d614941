"""API routes of one scenario, the proof sheet, and two cities compared."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.studio.law.try_clauses import try_clauses, view_trials
from service.casework.studio.law.view_proofs import view_proofs
from service.casework.studio.replay.compare_cities import CityFigures, compare_cities, view_cities
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
from service.casework.studio.scenarios.find_traps import keep_trap
from service.casework.studio.scenarios.missing_steps import missing_steps
from service.casework.studio.scenarios.new_scenario import new_scenario
from service.casework.studio.scenarios.run_scenarios import view_scenario
from service.casework.studio.scenarios.scenario_choices import step_choices
from service.catalog.law.clause_trials import ChangeTrial, ClauseTrial
from service.domain.errors import Invalid
from service.domain.text import Text
from service.web.api.arguments import needed
from service.web.api.drafts.simulation import job_state, scenario_json
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import seasons as schemas
from service.web.api.schemas.simulation import JobOut
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
        (ApiOperation("POST", f"{one}/traps/<int:trap>/keep", edit, "Keep a trap as a scenario", schemas.ScenarioPathOut), keep_draft_trap),
        (ApiOperation("GET", f"{one}/proofs", see, "See the proof sheet", schemas.ProofSheetOut), draft_proofs),
        (ApiOperation("GET", f"{one}/proofs/trials", see, "See what trying the clauses came to", schemas.TrialsOut), draft_trials),
        (ApiOperation("POST", f"{one}/proofs/trials", see, "Try clauses by taking out what cites them", JobOut, schemas.TrialsIn), try_draft_clauses),
        (ApiOperation("GET", f"{one}/cities", see, "See two cities compared", schemas.CitiesOut), draft_cities),
        (ApiOperation("POST", f"{one}/cities", see, "Compare two cities", JobOut, schemas.CitiesIn), compare_draft_cities),
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


def keep_draft_trap(draft: int, trap: int) -> dict[str, str]:
    """Keep."""
    return {"path": keep_trap(the_desk(), the_actor(), draft, trap)}


def draft_proofs(draft: int) -> dict[str, Any]:
    """See the proof sheet."""
    found = view_proofs(the_desk(), the_actor(), draft)
    lines = [
        {
            "clause": line.clause.id,
            "article": line.clause.article,
            "status": line.status.name.lower(),
            "scenarios": list(dict.fromkeys(proof.scenario for proof in line.proofs)),
            "beyond_law": sorted({proof.scenario for proof in line.proofs if proof.beyond}),
        }
        for line in found.lines
    ]
    played = found.played or {}
    passed = {path: one for path, one in played.items() if one is not None}
    return {"lines": lines, "proved": found.proved, "passed": passed}


def draft_trials(draft: int) -> dict[str, Any]:
    """See the trials."""
    found = view_trials(the_desk(), the_actor(), draft)
    return {"trials": [_trial(one) for one in found.trials.values()], "waiting": found.waiting, "lapsed": found.lapsed}


def try_draft_clauses(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Try."""
    return job_state(draft, try_clauses(the_desk(), the_actor(), draft, body["clauses"]))


def draft_cities(draft: int) -> dict[str, Any]:
    """See two cities."""
    found = view_cities(the_desk(), the_actor(), draft)
    own = [{"package": "", "city": None, "path": file.path, "title": file.title} for file in found.own]
    others = [
        {"package": other.key, "city": other.city, "path": file.path, "title": file.title}
        for other in found.others
        for file in other.scenarios
    ]
    compared = (found.result.draft, found.result.other) if found.result else ()
    return {"seasons": own + others, "result": [_figures(one) for one in compared]}


def compare_draft_cities(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Compare."""
    asked = body["path"], body["other"], body["other_path"]
    return job_state(draft, compare_cities(the_desk(), the_actor(), draft, *asked))


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


def _figures(found: CityFigures) -> dict[str, Any]:
    told = {
        "city": found.city,
        "title": found.title,
        "passed": found.passed,
        "days": found.days,
        "refused": found.refused,
    }
    return {**told, "applicants": list(found.applicants.values())}


def _trial(found: ClauseTrial) -> dict[str, Any]:
    told = {
        "clause": found.clause,
        "verdict": found.verdict.name.lower(),
        "left": found.left,
        "failing": list(found.red),
    }
    return {**told, "changes": [_change(one) for one in found.changes]}


def _change(found: ChangeTrial) -> dict[str, Any]:
    return {
        "what": found.what,
        "file": found.file,
        "element": found.element,
        "noticed": found.noticed,
        "scenario": found.scenario or found.near,
        "step": found.step if found.noticed else None,
        "expected": found.expected,
        "found": found.found,
    }
