"""Pages of a recording: a season played in a sandbox, person by person, and kept as a scenario of the draft."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from flask import make_response, redirect, request
from flask.typing import ResponseReturnValue

from service.casework.step.submission import FormInvalid
from service.casework.studio.drafts.view_draft import view_draft
from service.casework.studio.recording.record_scenario import (
    advance_recorded,
    begin_recording,
    complete_recorded,
    enrol_recorded,
    give_up_recording,
    list_deeds,
    list_recorded,
    save_recording,
    settle_recorded,
    start_recorded,
    undo_recorded,
    vote_recorded,
)
from service.casework.studio.recording.recordings import RecordingStopped, records
from service.casework.studio.recording.view_recording import (
    propose_expectations,
    view_recorded_task,
    view_recording,
)
from service.casework.studio.scenarios.run_scenarios import run_scenarios
from service.domain.calendar import local_date
from service.domain.errors import Invalid, LaurelError
from service.domain.text import Text
from service.domain.values.typed_times import read_day
from service.domain.values.whole_numbers import typed_whole_number
from service.web.frame.page.frame import flash
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.refusals import status_of
from service.web.studio.frame import studio_page, studio_pages
from service.web.studio.seasons.record_forms import (
    SCENARIOS_PLACE,
    asked_start,
    changed_parts,
    of_start,
    of_task,
    recording_place,
    start_form_page,
    task_page,
    typed_values,
)
from service.web.studio.seasons.scenario_head_lines import head_lines

PAGES = studio_pages("studio_record", "/studio/drafts/<int:draft>/scenarios/record")


@PAGES.get("")
@route_guard("draft.edit")
def index(draft: int) -> ResponseReturnValue:
    """Show what is recorded now, or how to begin."""
    if not records(the_desk(), the_actor(), draft):
        return _begin(draft)
    try:
        return _board(draft)
    except RecordingStopped as stopped:
        view = view_draft(the_desk(), the_actor(), draft)
        told = {"problem": say(stopped.message), "played": stopped.played}
        return make_response(studio_page("record_stopped.html", view, SCENARIOS_PLACE, **told), status_of(stopped))


@PAGES.post("/begin")
@route_guard("draft.edit")
def begin(draft: int) -> ResponseReturnValue:
    """Begin with an empty stage."""
    typed = request.form
    try:
        start = _day(typed.get("start", ""))
        names = typed.get("organisations", "").splitlines()
        changed = typed.get("parameters", "")
        begin_recording(the_desk(), the_actor(), draft, typed.get("title", ""), start, names, changed)
    except Invalid as refusal:
        return _begin(draft, say(refusal.message), typed, status_of(refusal))
    return redirect(recording_place(draft))


@PAGES.post("/clock")
@route_guard("draft.edit")
def clock(draft: int) -> ResponseReturnValue:
    """Let time pass."""
    to = request.form.get("to", "").replace("T", " ")
    return _act(draft, lambda: advance_recorded(the_desk(), the_actor(), draft, to))


@PAGES.post("/people")
@route_guard("draft.edit")
def people(draft: int) -> ResponseReturnValue:
    """Put members on a list, or experts on the register."""
    typed = request.form
    if typed.get("experts", "").strip():
        names = re.split(r"[、，,\n]", typed["experts"])
        return _act(draft, lambda: enrol_recorded(the_desk(), the_actor(), draft, names))
    count = typed_whole_number(typed.get("count", "")) or 0
    return _act(draft, lambda: list_recorded(the_desk(), the_actor(), draft, typed.get("role", ""), count))


@PAGES.post("/vote")
@route_guard("draft.edit")
def vote(draft: int) -> ResponseReturnValue:
    """Cast a whole vote."""
    words, letters = request.form.getlist("candidate"), request.form.getlist("letters")
    votes = dict(zip(words, (one.strip() for one in letters), strict=False))
    return _act(draft, lambda: vote_recorded(the_desk(), the_actor(), draft, request.form.get("case", ""), votes))


@PAGES.post("/undo")
@route_guard("draft.edit")
def undo(draft: int) -> ResponseReturnValue:
    """Take the last step back."""
    return _act(draft, lambda: undo_recorded(the_desk(), the_actor(), draft))


@PAGES.post("/give-up")
@route_guard("draft.edit")
def give_up(draft: int) -> ResponseReturnValue:
    """Give the recording up."""
    give_up_recording(the_desk(), the_actor(), draft)
    return redirect(f"/studio/drafts/{draft}/scenarios")


@PAGES.get("/tasks/<int:task>")
@route_guard("draft.edit")
def task(draft: int, task: int) -> ResponseReturnValue:
    """Show a task of the stage with its real form."""
    found = view_recorded_task(the_desk(), the_actor(), draft, task)
    return task_page(draft, found, found.view.values)


@PAGES.post("/tasks/<int:task>")
@route_guard("draft.edit")
def complete(draft: int, task: int) -> ResponseReturnValue:
    """Complete a task of the stage."""
    found = view_recorded_task(the_desk(), the_actor(), draft, task)
    typed, form = request.form, found.view.form
    values = typed_values(form)
    if form is not None and form.is_edit(typed):
        return task_page(draft, found, values)
    percent = typed_whole_number(typed.get("percent", "")) if typed.get("percent", "").strip() else None
    try:
        if found.waiting.kind == "confirm_date":
            settle_recorded(the_desk(), the_actor(), draft, task, typed.get("last_day", ""), typed.get("reason", ""))
        else:
            everybody = "everybody" in typed
            complete_recorded(the_desk(), the_actor(), draft, task, values, percent=percent, everybody=everybody)
    except FormInvalid as invalid:
        return task_page(draft, found, values, invalid.errors, status=422)
    except LaurelError as refusal:
        return task_page(draft, found, values, message=say(refusal.message), status=status_of(refusal))
    return redirect(recording_place(draft))


@PAGES.post("/tasks/<int:task>/form")
@route_guard("draft.edit")
def refresh(draft: int, task: int) -> ResponseReturnValue:
    """Return what changes in the form of a task with what is typed."""
    found = view_recorded_task(the_desk(), the_actor(), draft, task)
    if found.view.form is None or "HX-Request" not in request.headers:
        return task_page(draft, found, typed_values(found.view.form))
    return changed_parts(found.view.form, of_task(draft, found))


@PAGES.get("/start")
@route_guard("draft.edit")
def start_page(draft: int) -> ResponseReturnValue:
    """Show the form that starts a case on the stage: ?process=, ?who=, ?parent=."""
    view = asked_start(draft)
    return start_form_page(draft, view, view.form.blank() if view.form else {})


@PAGES.post("/start")
@route_guard("draft.edit")
def start(draft: int) -> ResponseReturnValue:
    """Start a case on the stage."""
    view, args = asked_start(draft), request.args
    values = typed_values(view.form)
    if view.form is not None and view.form.is_edit(request.form):
        return start_form_page(draft, view, values)
    try:
        process, who, parent = (args.get(key, "") for key in ("process", "who", "parent"))
        start_recorded(the_desk(), the_actor(), draft, process, who, parent, values)
    except FormInvalid as invalid:
        return start_form_page(draft, view, values, invalid.errors, status=422)
    except LaurelError as refusal:
        return start_form_page(draft, view, values, message=say(refusal.message), status=status_of(refusal))
    return redirect(recording_place(draft))


@PAGES.post("/start/form")
@route_guard("draft.edit")
def refresh_start(draft: int) -> ResponseReturnValue:
    """Return what changes in the form that starts a case with what is typed."""
    view = asked_start(draft)
    if view.form is None or "HX-Request" not in request.headers:
        return start_form_page(draft, view, typed_values(view.form))
    return changed_parts(view.form, of_start(draft, view))


@PAGES.get("/finish")
@route_guard("draft.edit")
def finish(draft: int) -> ResponseReturnValue:
    """Show what may be expected, to be ticked, and under which name the scenario is saved."""
    return _finish(draft)


@PAGES.post("/finish")
@route_guard("draft.edit")
def save(draft: int) -> ResponseReturnValue:
    """Save the scenario in the draft and play it."""
    ticked = set(request.form.getlist("expect"))
    lines = propose_expectations(the_desk(), the_actor(), draft)
    rows = [line.proposed.row for line in lines if str(line.number) in ticked]
    try:
        path = save_recording(the_desk(), the_actor(), draft, request.form.get("name", "").strip(), rows)
    except LaurelError as refusal:
        return _finish(draft, say(refusal.message), status_of(refusal))
    run_scenarios(the_desk(), the_actor(), draft, (path,))
    flash(
        t("情景已存入草稿，正在按草稿的规则重演一遍。", "The scenario is in the draft and is being played once more.")
    )
    return redirect(f"/studio/drafts/{draft}/scenarios/view?path={path}")


def _act(draft: int, act: Callable[[], object]) -> ResponseReturnValue:
    try:
        act()
    except LaurelError as refusal:
        return _board(draft, say(refusal.message), status_of(refusal))
    return redirect(recording_place(draft))


def _begin(
    draft: int, problem: str = "", typed: Mapping[str, str] | None = None, status: int = 200
) -> ResponseReturnValue:
    view, today = view_draft(the_desk(), the_actor(), draft), local_date(the_desk().clock.now())
    shown = {"problem": problem, "typed": typed or {}, "today": today, "lines": head_lines(view.package)}
    return make_response(studio_page("record_begin.html", view, SCENARIOS_PLACE, **shown), status)


def _board(draft: int, problem: str = "", status: int = 200) -> ResponseReturnValue:
    recording = view_recording(the_desk(), the_actor(), draft)
    view, others = view_draft(the_desk(), the_actor(), draft), list_deeds(the_desk(), the_actor(), draft)
    page = studio_page("record.html", view, SCENARIOS_PLACE, recording=recording, others=others, problem=problem)
    return make_response(page, status)


def _finish(draft: int, problem: str = "", status: int = 200) -> ResponseReturnValue:
    lines = propose_expectations(the_desk(), the_actor(), draft)
    view, recording = view_draft(the_desk(), the_actor(), draft), view_recording(the_desk(), the_actor(), draft)
    chosen = request.form.getlist("expect") if request.method == "POST" else None
    page = studio_page(
        "record_finish.html", view, SCENARIOS_PLACE, lines=lines, recording=recording, problem=problem, chosen=chosen
    )
    return make_response(page, status)


def _day(text: str) -> date:
    try:
        return read_day(text)
    except ValueError:
        raise Invalid(
            Text("请填写开始的日期，例如 2026-03-02。", "Enter the day on which it begins, such as 2026-03-02.")
        ) from None
