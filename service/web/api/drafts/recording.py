"""API routes of a recording: a season played in a sandbox, person by person, and kept as a scenario of the draft."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, request

from service.casework.studio.recording.record_deed import (
    DeedKey,
    act_recorded,
    expect_recorded,
    list_deeds,
    view_recorded_deed,
)
from service.casework.studio.recording.record_scenario import (
    advance_recorded,
    begin_recording,
    complete_recorded,
    enrol_recorded,
    give_up_recording,
    list_recorded,
    save_recording,
    settle_recorded,
    start_recorded,
    undo_recorded,
    vote_recorded,
)
from service.casework.studio.recording.recordings import shorten_recording
from service.casework.studio.recording.view_recording import (
    RecordingView,
    propose_expectations,
    view_recorded_start,
    view_recorded_task,
    view_recording,
)
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import recording as schemas
from service.web.api.schemas.cases import fields_of
from service.web.api.schemas.seasons import ScenarioPathOut
from service.web.frame.requests.current import the_actor, the_desk


def register(api: Blueprint) -> None:
    """Add the routes."""
    here, edit, out = "/drafts/<int:draft>/recording", "draft.edit", schemas.RecordingOut
    start = {"process": "the kind of case", "who": "who starts it", "parent": "the case above, or nothing"}
    for operation, work in (
        (ApiOperation("GET", here, edit, "See what is recorded", out), recording),
        (ApiOperation("POST", here, edit, "Begin a recording", out, schemas.BeginRecordingIn), recording_begin),
        (ApiOperation("DELETE", here, edit, "Give the recording up", None), recording_give_up),
        (ApiOperation("GET", f"{here}/tasks/<int:task>", edit, "See a task of the stage", schemas.RecordedFormOut), recorded_task),
        (ApiOperation("POST", f"{here}/tasks/<int:task>", edit, "Complete a task of the stage", out, schemas.RecordedTaskIn), recorded_completion),
        (ApiOperation("POST", f"{here}/tasks/<int:task>/day", edit, "Settle a provisional day", out, schemas.SettledDayIn), recorded_day),
        (ApiOperation("GET", f"{here}/start", edit, "See the form that starts a case", schemas.RecordedFormOut, None, start), recorded_start_form),
        (ApiOperation("POST", f"{here}/start", edit, "Start a case on the stage", out, schemas.RecordedStartIn), recorded_start),
        (ApiOperation("POST", f"{here}/clock", edit, "Let time pass", out, schemas.RecordedMomentIn), recorded_time),
        (ApiOperation("POST", f"{here}/votes", edit, "Cast a whole vote", out, schemas.RecordedVoteIn), recorded_vote),
        (ApiOperation("POST", f"{here}/people", edit, "List members or register experts", out, schemas.RecordedPeopleIn), recorded_people),
        (ApiOperation("POST", f"{here}/undo", edit, "Take the last step back", out), recorded_undo),
        (ApiOperation("GET", f"{here}/expectations", edit, "List what may be expected", schemas.ProposedExpectationsOut), recorded_expectations),
        (ApiOperation("POST", f"{here}/scenario", edit, "Save it as a scenario", ScenarioPathOut, schemas.SavedRecordingIn), recorded_scenario),
        (ApiOperation("GET", f"{here}/deeds", edit, "List what else can be done", schemas.DeedsOut), recorded_deeds),
        (ApiOperation("POST", f"{here}/deeds/form", edit, "See what a deed asks", schemas.RecordedFormOut, schemas.DeedKeyIn), recorded_deed_form),
        (ApiOperation("POST", f"{here}/deeds", edit, "Do something apart from tasks", out, schemas.DeedIn), recorded_deed),
        (ApiOperation("POST", f"{here}/expectations", edit, "Expect something now", out, schemas.ExpectedNowIn), recorded_expectation),
        (ApiOperation("POST", f"{here}/shorten", edit, "Keep the steps that still play", out), recorded_shortening),
    ):  # fmt: skip
        add_route(api, operation, work)


def recording(draft: int) -> RecordingView:
    """See it."""
    return view_recording(the_desk(), the_actor(), draft)


def recording_begin(body: dict[str, Any], draft: int) -> RecordingView:
    """Begin."""
    names, changed = body["organisations"], "\n".join(body["parameters"])
    begin_recording(the_desk(), the_actor(), draft, body["title"], body["start"], names, changed)
    return recording(draft)


def recording_give_up(draft: int) -> None:
    """Give up."""
    give_up_recording(the_desk(), the_actor(), draft)


def recorded_task(draft: int, task: int) -> dict[str, Any]:
    """See a task."""
    found = view_recorded_task(the_desk(), the_actor(), draft, task)
    return {"title": found.waiting.title, "fields_": fields_of(found.view.form), "values": found.view.values}


def recorded_completion(body: dict[str, Any], draft: int, task: int) -> RecordingView:
    """Complete a task; what was not sent stays as its form shows it first."""
    values = {**recorded_task(draft, task)["values"], **body["values"]}
    how = {"percent": body["percent"], "everybody": body["everybody"]}
    complete_recorded(the_desk(), the_actor(), draft, task, values, **how)
    return recording(draft)


def recorded_day(body: dict[str, Any], draft: int, task: int) -> RecordingView:
    """Settle a day."""
    settle_recorded(the_desk(), the_actor(), draft, task, body["last_day"], body["reason"])
    return recording(draft)


def recorded_start_form(draft: int) -> dict[str, Any]:
    """See a form."""
    process, who, parent = (request.args.get(name, "") for name in ("process", "who", "parent"))
    found = view_recorded_start(the_desk(), the_actor(), draft, process, who, parent)
    blank = found.form.blank() if found.form else {}
    return {"title": found.option.name.zh, "fields_": fields_of(found.form), "values": blank}


def recorded_start(body: dict[str, Any], draft: int) -> RecordingView:
    """Start a case."""
    said = (body[name] for name in ("process", "who", "parent", "values"))
    start_recorded(the_desk(), the_actor(), draft, *said)
    return recording(draft)


def recorded_time(body: dict[str, Any], draft: int) -> RecordingView:
    """Let time pass."""
    advance_recorded(the_desk(), the_actor(), draft, body["to"])
    return recording(draft)


def recorded_vote(body: dict[str, Any], draft: int) -> RecordingView:
    """Vote."""
    vote_recorded(the_desk(), the_actor(), draft, body["case"], body["votes"])
    return recording(draft)


def recorded_people(body: dict[str, Any], draft: int) -> RecordingView:
    """List members, or register experts."""
    if body["experts"]:
        enrol_recorded(the_desk(), the_actor(), draft, body["experts"])
    else:
        list_recorded(the_desk(), the_actor(), draft, body["role"], body["count"])
    return recording(draft)


def recorded_undo(draft: int) -> RecordingView:
    """Take back."""
    undo_recorded(the_desk(), the_actor(), draft)
    return recording(draft)


def recorded_expectations(draft: int) -> dict[str, Any]:
    """List."""
    return {"expectations": propose_expectations(the_desk(), the_actor(), draft)}


def recorded_scenario(body: dict[str, Any], draft: int) -> dict[str, str]:
    """Save."""
    ticked = set(body["expect"])
    lines = propose_expectations(the_desk(), the_actor(), draft)
    rows = [line.proposed.row for line in lines if line.number in ticked]
    return {"path": save_recording(the_desk(), the_actor(), draft, body["name"], rows)}


def recorded_deeds(draft: int) -> dict[str, Any]:
    """List."""
    found = list_deeds(the_desk(), the_actor(), draft)
    return {"deeds": [{**asdict(deed), "title": group.title} for group in found for deed in group.deeds]}


def recorded_deed_form(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """See what it asks."""
    found = view_recorded_deed(the_desk(), the_actor(), draft, DeedKey(**body))
    if found.form is not None:
        return {"title": found.title, "fields_": fields_of(found.form), "values": found.form.blank()}
    asked = [{"path": f.key, "label": f.label, "type": f.kind, "required": f.required} for f in found.deed.fields]
    return {"title": found.title, "fields_": asked, "values": {f.key: f.value for f in found.deed.fields}}


def recorded_deed(body: dict[str, Any], draft: int) -> RecordingView:
    """Do it."""
    values = body.pop("values")
    act_recorded(the_desk(), the_actor(), draft, DeedKey(**body), values)
    return recording(draft)


def recorded_expectation(body: dict[str, Any], draft: int) -> RecordingView:
    """Expect."""
    expect_recorded(the_desk(), the_actor(), draft, set(body["expect"]))
    return recording(draft)


def recorded_shortening(draft: int) -> RecordingView:
    """Shorten."""
    shorten_recording(the_desk(), the_actor(), draft)
    return recording(draft)
