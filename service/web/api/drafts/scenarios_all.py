"""API routes that bring all scenarios of a draft after a change: a step put into each, a field filled in everywhere."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from service.casework.studio.scenarios.add_step import propose_step, view_step, write_step
from service.casework.studio.scenarios.fill_entry import EntryChoice, propose_entry, write_entry
from service.casework.studio.scenarios.follow_period import propose_days, view_days, write_days, write_results
from service.casework.studio.scenarios.missing_steps import missing_steps
from service.web.api.drafts.simulation import job_state
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import scenarios_all as schemas
from service.web.api.schemas.simulation import JobOut, ScenarioRunIn
from service.web.frame.requests.current import the_actor, the_desk


def register(api: Blueprint) -> None:
    """Add the routes."""
    one, see, edit = "/drafts/<int:draft>/scenarios", "draft.view", "draft.edit"
    for operation, work in (
        (ApiOperation("GET", f"{one}/missing", see, "See what all scenarios lack", schemas.MissingOut), draft_missing_steps),
        (ApiOperation("GET", f"{one}/step", see, "See where a step belongs in the scenarios", schemas.StepProposalOut), draft_step_proposal),
        (ApiOperation("POST", f"{one}/step", edit, "Look where a step belongs in the scenarios", JobOut, schemas.NewStepIn), propose_draft_step),
        (ApiOperation("POST", f"{one}/step/write", edit, "Write a step into scenarios", schemas.WrittenOut, schemas.ChosenIn), write_draft_step),
        (ApiOperation("GET", f"{one}/days", see, "See which days of scenarios follow the draft", schemas.DaysProposalOut), draft_days_proposal),
        (ApiOperation("POST", f"{one}/days", edit, "Look which days of scenarios follow the draft", JobOut, ScenarioRunIn), propose_draft_days),
        (ApiOperation("POST", f"{one}/days/write", edit, "Write moved days into scenarios", schemas.WrittenOut, schemas.ChosenIn), write_draft_days),
        (ApiOperation("POST", f"{one}/days/results", edit, "Take over results that came", schemas.WrittenOut, schemas.ResultsIn), write_draft_results),
        (ApiOperation("POST", f"{one}/entry", edit, "Fill a field in everywhere", schemas.EntryProposalOut, schemas.EntryIn), fill_draft_entry),
    ):  # fmt: skip
        add_route(api, operation, work)


def draft_missing_steps(draft: int) -> Any:
    """See what they lack."""
    return missing_steps(the_desk(), the_actor(), draft)


def draft_step_proposal(draft: int) -> dict[str, Any]:
    """See the newest proposal."""
    found = view_step(the_desk(), the_actor(), draft)
    proposal = found.proposal
    lines = [
        {
            "path": line.path, "title": line.title, "passes": line.placed.passes, "reason": line.placed.reason,
            "unmet": line.placed.unmet, "rows": line.placed.rows,
        }
        for line in (proposal.lines if proposal else ())
    ]  # fmt: skip
    return {"element": proposal.element if proposal else "", "stale": found.stale, "lines": lines}


def propose_draft_step(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Look where it belongs."""
    return job_state(draft, propose_step(the_desk(), the_actor(), draft, body["element"], body["values"]))


def write_draft_step(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Write it."""
    return {"paths": write_step(the_desk(), the_actor(), draft, frozenset(body["paths"]))}


def draft_days_proposal(draft: int) -> dict[str, Any]:
    """See the newest proposal."""
    found = view_days(the_desk(), the_actor(), draft)
    return {"stale": found.stale, "lines": found.proposal.lines if found.proposal else ()}


def propose_draft_days(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Look which days move."""
    return job_state(draft, propose_days(the_desk(), the_actor(), draft, body["paths"]))


def write_draft_days(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Write them."""
    return {"paths": write_days(the_desk(), the_actor(), draft, frozenset(body["paths"]))}


def write_draft_results(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Take them over."""
    return {"paths": write_results(the_desk(), the_actor(), draft, frozenset(body["paths"]), body["reason"])}


def fill_draft_entry(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Show what one value changes; with ``confirm`` write it into ``paths``, where ``mark`` is that of what was shown."""
    form, field, value = body["form"], body["field"], body["value"]
    desk, actor = the_desk(), the_actor()
    proposal = propose_entry(desk, actor, draft, form, field, value)
    written: tuple[str, ...] = ()
    if body["confirm"]:
        chosen = EntryChoice(frozenset(body["paths"]), body["mark"])
        written = write_entry(desk, actor, draft, form, field, value, chosen)
    lines = [
        {"path": line.path, "title": line.title, "filled": line.filled, "reason": line.reason}
        for line in proposal.lines
    ]
    return {"label": proposal.label, "lines": lines, "mark": proposal.mark, "written": written}
