"""API routes of simulation: the scenarios of a draft, played."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from service.casework.studio.scenarios.run_scenarios import (
    ScenarioLine,
    list_scenarios,
    run_scenarios,
    stop_job,
    view_job,
)
from service.casework.studio.serving.restart_job import restart_job
from service.casework.studio.work.jobs import Job
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas.simulation import (
    JobOut,
    ScenarioRunIn,
    ScenariosOut,
)
from service.web.frame.requests.current import the_actor, the_desk


def register(api: Blueprint) -> None:
    """Add the routes."""
    one, see = "/drafts/<int:draft>", "draft.view"
    routes = (
        (ApiOperation("GET", f"{one}/scenarios", see, "List scenarios and how they came out", ScenariosOut), scenarios),
        (ApiOperation("POST", f"{one}/scenarios/runs", see, "Play scenarios", JobOut, ScenarioRunIn), run),
        (ApiOperation("GET", f"{one}/jobs/<int:job>", see, "See how far long work has come", JobOut), job_state),
        (ApiOperation("DELETE", f"{one}/jobs/<int:job>", see, "Stop long work", JobOut), job_stop),
        (ApiOperation("POST", f"{one}/jobs/<int:job>/again", see, "Start long work again", JobOut), job_again),
    )
    for route, work in routes:
        add_route(api, route, work)


def scenarios(draft: int) -> dict[str, Any]:
    """List."""
    return {"scenarios": [scenario_json(line) for line in list_scenarios(the_desk(), the_actor(), draft).lines]}


def run(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Play."""
    return job_state(draft, run_scenarios(the_desk(), the_actor(), draft, body["paths"]))


def job_state(draft: int, job: int) -> dict[str, Any]:
    """See how far it is."""
    return job_json(view_job(the_desk(), the_actor(), draft, job))


def job_stop(draft: int, job: int) -> dict[str, Any]:
    """Stop it."""
    stop_job(the_desk(), the_actor(), draft, job)
    return job_state(draft, job)


def job_again(draft: int, job: int) -> dict[str, Any]:
    """Start it again."""
    return job_state(draft, restart_job(the_desk(), the_actor(), draft, job))


def job_json(job: Job) -> dict[str, Any]:
    """Return a job as programs get it."""
    return {
        "id": job.id, "state": job.state.value, "done": job.done, "total": job.total, "doing": job.doing,
        "trouble": job.trouble, "over": job.over,
    }  # fmt: skip


def scenario_json(line: ScenarioLine) -> dict[str, Any]:
    """Return a scenario as programs get it."""
    return {
        "path": line.file.path, "title": line.file.title, "passed": line.passed, "stale": line.stale, "unmet": line.unmet,
    }  # fmt: skip
