"""API routes of simulation: scenarios of a draft played, past seasons replayed, traps searched."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from service.casework.studio.replay.replay_seasons import replay_seasons, view_replay
from service.casework.studio.scenarios.find_traps import ShownTrap, find_traps, view_traps
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
    ReplayOut,
    ScenarioRunIn,
    ScenariosOut,
    TrapSearchIn,
    TrapsOut,
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
        (ApiOperation("GET", f"{one}/replay", see, "See what the newest replay came to", ReplayOut), replay),
        (ApiOperation("POST", f"{one}/replay", see, "Replay past seasons", JobOut, ScenarioRunIn), replay_start),
        (ApiOperation("GET", f"{one}/traps", see, "See what the newest search for traps found", TrapsOut), traps),
        (ApiOperation("POST", f"{one}/traps", see, "Search for traps", JobOut, TrapSearchIn), traps_start),
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


def replay(draft: int) -> dict[str, Any]:
    """See the newest replay."""
    result = view_replay(the_desk(), the_actor(), draft).result
    seasons = result.seasons if result else ()
    found = [
        {
            "season": season.title, "kind": d.otherwise.value, "case": d.case, "before": d.before, "after": d.after,
            "clauses": d.clauses,
        }
        for season in seasons
        for d in season.differences
    ]  # fmt: skip
    waits = [
        {
            "season": season.title, "number": wait.number, "before": wait.before, "after": wait.after,
            "label": wait.label, "clauses": wait.clauses,
        }
        for season in seasons
        for wait in season.waits
    ]  # fmt: skip
    lost = [
        {"season": season.title, "number": line.number, "words": line.words, "messages": line.messages}
        for season in seasons
        for line in season.lost
    ]
    stopped = [season.title for season in seasons if season.unrepeated]
    return {"seasons": len(seasons), "differences": found, "waits": waits, "lost": lost, "unrepeated": stopped}


def replay_start(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Replay."""
    return job_state(draft, replay_seasons(the_desk(), the_actor(), draft, body["paths"]))


def traps(draft: int) -> dict[str, Any]:
    """See the newest search."""
    report = view_traps(the_desk(), the_actor(), draft).report
    if report is None:
        return {"plays": 0, "whole": False, "acts": 0, "traps": [], "untimed": [], "unused": []}
    return {
        "plays": report.plays, "whole": report.whole, "acts": report.acts,
        "traps": [_trap(it) for it in report.traps], "untimed": [_trap(it) for it in report.untimed],
        "unused": [_trap(it) for it in report.unused],
    }  # fmt: skip


def _trap(it: ShownTrap) -> dict[str, Any]:
    return {
        "kind": it.trap.kind.value, "process": it.trap.process, "element": it.trap.element, "name": it.trap.name,
        "case": it.trap.case, "clauses": it.trap.clauses, "message": it.trap.sentence, "steps": it.steps,
        "shortest": it.shortest,
    }  # fmt: skip


def traps_start(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Search."""
    return job_state(draft, find_traps(the_desk(), the_actor(), draft, body["minutes"]))


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
