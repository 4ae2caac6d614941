"""Pages of a recording: a season played in a sandbox, person by person, and kept as a scenario of the draft."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from service.casework.step.submission import FormInvalid
from service.casework.studio.drafts.view_draft import view_draft
from service.casework.studio.recording.record_scenario import (
    DeedKey,
    act_recorded,
    advance_recorded,
    begin_recording,
    complete_recorded,
    enrol_recorded,
    expect_recorded,
    give_up_recording,
    list_deeds,
    list_recorded,
    save_recording,
    settle_recorded,
    start_recorded,
    undo_recorded,
    view_recorded_deed,
    vote_recorded,
)
from service.casework.studio.recording.recordings import (
    RecordedTask,
    RecordingStopped,
    propose_expectations,
    records,
    shorten_recording,
    view_recorded_start,
    view_recorded_task,
    view_recording,
)
from service.casework.studio.scenarios.run_scenarios import run_scenarios
from service.catalog import Package
from service.domain.calendar import local_date
from service.domain.errors import Invalid, LaurelError
from service.domain.forms import FieldError, Form
from service.domain.text import Text
from service.domain.values.typed_numbers import typed_whole_number, whole_number, whole_numbers
from service.web.frame.page.form_shown import Placing, show_form, show_regions
from service.web.frame.page.frame import flash
from service.web.frame.posted.form_posts import put_file
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import day
from service.web.frame.requests.refusals import status_of
from service.web.studio.frame import guarded_page, studio_page, studio_pages
from service.web.studio.scenarios.scenario_rows import head_lines

SCENARIOS_PLACE = "studio_scenarios.index"
"""The page of a draft's navigation that a recording belongs to."""
PAGES = studio_pages("studio_record", "/studio/drafts/<int:draft>/scenarios/record")


@PAGES.get("")
@route_guard("draft.edit")
def index(draft: int) -> ResponseReturnValue:
    """Show what is recorded now, or how to begin."""
    if not records(the_desk(), the_actor(), draft):
        return _render_begin(draft)
    try:
        return _render_board(draft)
    except RecordingStopped as stopped:
        view = view_draft(the_desk(), the_actor(), draft)
        context = {"problem": say(stopped.message), "played": stopped.played}
        return make_response(studio_page("record_stopped.html", view, SCENARIOS_PLACE, **context), status_of(stopped))


@PAGES.post("")
@route_guard("draft.edit")
def act(draft: int) -> ResponseReturnValue:
    """Begin, let time pass, list members, put experts on the register, vote, expect, take a step back, or give it up."""
    desk, actor, typed = the_desk(), the_actor(), request.form
    act = typed.get("do", "")
    if act == "begin":
        return _begin_recording(draft)
    if act == "give_up":
        give_up_recording(desk, actor, draft)
        return redirect(url_for(SCENARIOS_PLACE, draft=draft))
    count = typed_whole_number(typed.get("count", "")) or 0
    votes = {
        word: letters.strip()
        for word, letters in zip(typed.getlist("candidate"), typed.getlist("letters"), strict=False)
    }
    acts: dict[str, Callable[[], object]] = {
        "clock": lambda: advance_recorded(desk, actor, draft, typed.get("to", "").replace("T", " ")),
        "experts": lambda: enrol_recorded(desk, actor, draft, re.split(r"[、，,\n]", typed.get("experts", ""))),
        "members": lambda: list_recorded(desk, actor, draft, typed.get("role", ""), count),
        "vote": lambda: vote_recorded(desk, actor, draft, typed.get("case", ""), votes),
        "expect": lambda: expect_recorded(desk, actor, draft, set(whole_numbers(typed.getlist("expect")))),
        "shorten": lambda: shorten_recording(desk, actor, draft),
        "undo": lambda: undo_recorded(desk, actor, draft),
    }
    if act not in acts:
        raise Invalid(Text("请重新打开录制页面，再选要做什么。", "Open the recording again and choose what to do."))

    def do_act() -> ResponseReturnValue:
        acts[act]()
        return redirect(recording_place(draft))

    return guarded_page(do_act, lambda problem: _render_board(draft, problem))


@PAGES.get("/tasks/<int:task>")
@route_guard("draft.edit")
def task(draft: int, task: int) -> ResponseReturnValue:
    """Show a task of the stage with its real form."""
    return _make_task_page(draft, task)[0].show(draft)


@PAGES.post("/tasks/<int:task>")
@route_guard("draft.edit")
def complete(draft: int, task: int) -> ResponseReturnValue:
    """Complete a task of the stage."""
    page, recorded_task = _make_task_page(draft, task)
    desk, actor, typed = the_desk(), the_actor(), request.form

    def complete_waiting(values: dict[str, Any]) -> None:
        if recorded_task.waiting.kind == "confirm_date":
            settle_recorded(desk, actor, draft, task, typed.get("last_day", ""), typed.get("reason", ""))
        else:
            percent = typed_whole_number(typed.get("percent", "")) if typed.get("percent", "").strip() else None
            complete_recorded(desk, actor, draft, task, values, percent=percent, everybody="everybody" in typed)

    return page.answer(draft, complete_waiting)


@PAGES.get("/start")
@route_guard("draft.edit")
def start_page(draft: int) -> ResponseReturnValue:
    """Show the form that starts a case on the stage: ?process=, ?who=, ?parent=."""
    return _make_start_page(draft).show(draft)


@PAGES.post("/start")
@route_guard("draft.edit")
def start(draft: int) -> ResponseReturnValue:
    """Start a case on the stage."""
    return _make_start_page(draft).answer(
        draft, lambda values: start_recorded(the_desk(), the_actor(), draft, *_read_start(), values)
    )


@PAGES.get("/deed")
@route_guard("draft.edit")
def deed(draft: int) -> ResponseReturnValue:
    """Show what is asked for a deed: ?verb=, ?what=, ?case=, ?who=, ?notice=."""
    return _make_deed_page(draft).show(draft)


@PAGES.post("/deed")
@route_guard("draft.edit")
def do_deed(draft: int) -> ResponseReturnValue:
    """Do it."""
    page = _make_deed_page(draft)

    def do_recorded_deed(values: dict[str, Any]) -> None:
        act_recorded(the_desk(), the_actor(), draft, _read_key(), values if page.form else dict(request.form))

    return page.answer(draft, do_recorded_deed)


@PAGES.get("/finish")
@route_guard("draft.edit")
def finish(draft: int) -> ResponseReturnValue:
    """Show what may be expected, to be ticked, and under which name the scenario is saved."""
    return _render_finish(draft)


@PAGES.post("/finish")
@route_guard("draft.edit")
def save(draft: int) -> ResponseReturnValue:
    """Save the scenario in the draft and play it."""
    ticked = set(request.form.getlist("expect"))
    lines = propose_expectations(the_desk(), the_actor(), draft)
    rows = [line.proposed.row for line in lines if str(line.number) in ticked]

    def save_scenario_file() -> ResponseReturnValue:
        path = save_recording(the_desk(), the_actor(), draft, request.form.get("name", "").strip(), rows)
        run_scenarios(the_desk(), the_actor(), draft, (path,))
        flash(
            t(
                "情景已存入草稿，正在按草稿的规则重演一遍。",
                "The scenario is in the draft and is being played once more.",
            )
        )
        return redirect(url_for("studio_scenarios.view", draft=draft, path=path))

    return guarded_page(save_scenario_file, lambda problem: _render_finish(draft, problem))


def _begin_recording(draft: int) -> ResponseReturnValue:
    typed = request.form

    def begin_scenario_recording() -> ResponseReturnValue:
        names, start = typed.get("organisations", "").splitlines(), day("start")
        changed = typed.get("parameters", "")
        begin_recording(the_desk(), the_actor(), draft, typed.get("title", ""), start, names, changed)
        return redirect(recording_place(draft))

    return guarded_page(begin_scenario_recording, lambda problem: _render_begin(draft, problem))


def _render_begin(draft: int, problem: str = "") -> str:
    view, today = view_draft(the_desk(), the_actor(), draft), local_date(the_desk().clock.now())
    context = {"problem": problem, "typed": request.form, "today": today, "lines": head_lines(view.package)}
    return studio_page("record_begin.html", view, SCENARIOS_PLACE, **context)


def _render_board(draft: int, problem: str = "") -> str:
    recording = view_recording(the_desk(), the_actor(), draft)
    view, others = view_draft(the_desk(), the_actor(), draft), list_deeds(the_desk(), the_actor(), draft)
    return studio_page("record.html", view, SCENARIOS_PLACE, recording=recording, others=others, problem=problem)


def _render_finish(draft: int, problem: str = "") -> str:
    lines = propose_expectations(the_desk(), the_actor(), draft)
    view, recording = view_draft(the_desk(), the_actor(), draft), view_recording(the_desk(), the_actor(), draft)
    chosen = request.form.getlist("expect") if request.method == "POST" else None
    context = {"lines": lines, "recording": recording, "problem": problem, "chosen": chosen}
    return studio_page("record_finish.html", view, SCENARIOS_PLACE, **context)


def _read_key() -> DeedKey:
    args = request.args
    case = whole_number(args.get("case", "")) or 0
    return DeedKey(args.get("verb", ""), args.get("what", ""), case, args.get("who", ""), args.get("notice", ""))


def _read_start() -> tuple[str, str, str]:
    args = request.args
    return args.get("process", ""), args.get("who", ""), args.get("parent", "")


@dataclass(frozen=True, slots=True)
class _FormPage:
    """A page of the stage that asks with a form, if with one; ``parts`` are what its template shows besides."""

    template: str
    parts: Mapping[str, object]
    form: Form | None
    values: Mapping[str, Any]
    placing: Placing

    def show(
        self,
        draft: int,
        values: Mapping[str, Any] | None = None,
        errors: Sequence[FieldError] = (),
        message: str = "",
        status: int = 200,
    ) -> ResponseReturnValue:
        """Show the page, its form holding ``values``."""
        filled = self.values if values is None else values
        markup = show_form(self.form, filled, errors, **self.placing) if self.form else Markup("")
        context = {
            "form_markup": markup,
            "message": message,
            "typed": request.form,
            "here": self.placing["refresh_url"],
        }
        view = view_draft(the_desk(), the_actor(), draft)
        return make_response(studio_page(self.template, view, SCENARIOS_PLACE, **context, **self.parts), status)

    def answer(self, draft: int, work: Callable[[dict[str, Any]], object]) -> ResponseReturnValue:
        """Do ``work`` with what was posted; ask again where it is refused or only the form itself changes."""
        form = self.form
        if form is not None and "HX-Request" in request.headers:
            return _changed_parts(form, self.placing)
        values = _typed_values(form)
        if form is not None and form.is_edit(request.form):
            return self.show(draft, values)
        try:
            work(values)
        except FormInvalid as invalid:
            return self.show(draft, values, invalid.errors, status=422)
        except LaurelError as refusal:
            return self.show(draft, values, message=say(refusal.message), status=status_of(refusal))
        return redirect(recording_place(draft))


def _make_task_page(draft: int, task: int) -> tuple[_FormPage, RecordedTask]:
    recorded_task = view_recorded_task(the_desk(), the_actor(), draft, task)
    view = recorded_task.view
    placing = _build_placing(draft, f"tasks/{task}", view.today, view.stored, view.brief.package)
    return _FormPage("record_task.html", {"found": recorded_task}, view.form, view.values, placing), recorded_task


def _make_start_page(draft: int) -> _FormPage:
    view = view_recorded_start(the_desk(), the_actor(), draft, *_read_start())
    placing = _build_placing(draft, f"start?{request.query_string.decode()}", view.today, view.settings, view.package)
    return _FormPage("record_start.html", {"start": view}, view.form, view.form.blank() if view.form else {}, placing)


def _make_deed_page(draft: int) -> _FormPage:
    view = view_recorded_deed(the_desk(), the_actor(), draft, _read_key())
    placing = _build_placing(draft, f"deed?{request.query_string.decode()}", view.today, view.settings, view.package)
    return _FormPage("record_deed.html", {"found": view}, view.form, view.form.blank() if view.form else {}, placing)


def _build_placing(draft: int, end: str, today: date, stored: Mapping[str, Any], package: Package) -> Placing:
    address = f"{recording_place(draft)}/{end}"
    return {"today": today, "stored": stored, "package": package, "refresh_url": address}


def _changed_parts(form: Form, placing: Placing) -> ResponseReturnValue:
    """Return what changes in a form with what is typed."""
    values = _typed_values(form)
    if form.changes_rows(request.form):
        return make_response(show_form(form, values, (), focus=form.added_row(values, request.form), **placing))
    return make_response(show_regions(form, values, request.form.getlist("_seen"), **placing))


def _typed_values(form: Form | None) -> dict[str, Any]:
    """Return what was posted; a chosen file counts by its name alone, nothing of it is stored."""
    if form is None:
        return {}
    values = dict(form.from_html(request.form))
    for path, files in request.files.lists():
        for file in files:
            if file.filename:
                put_file(values, path.split("."), f"file:{file.filename}")
    return values


def recording_place(draft: int) -> str:
    """Return the address of the recording of a draft."""
    return f"/studio/drafts/{draft}/scenarios/record"
