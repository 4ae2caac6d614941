"""The forms of a recording: those of tasks and of starts, as the person on the stage would see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import make_response, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from service.casework.queries.cases.start_options import StartView
from service.casework.studio.drafts.view_draft import view_draft
from service.casework.studio.recording.view_recording import RecordedTask, view_recorded_start
from service.domain.forms import FieldError, Form
from service.web.frame.page.form_shown import Placing, show_form, show_regions
from service.web.frame.posted.form_posts import put_file
from service.web.frame.requests.current import the_actor, the_desk
from service.web.studio.frame import studio_page

SCENARIOS_PLACE = "studio_scenarios.index"
"""The place of a draft's navigation that a recording belongs to."""


def task_page(
    draft: int,
    found: RecordedTask,
    values: Mapping[str, Any],
    errors: Sequence[FieldError] = (),
    message: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    """Show a task of the stage with its form, holding ``values``."""
    form = found.view.form
    markup = show_form(form, values, errors, **of_task(draft, found)) if form else Markup("")
    view = view_draft(the_desk(), the_actor(), draft)
    page = studio_page(
        "record_task.html", view, SCENARIOS_PLACE, found=found, form_markup=markup, message=message, typed=request.form
    )
    return make_response(page, status)


def start_form_page(
    draft: int,
    view: StartView,
    values: Mapping[str, Any],
    errors: Sequence[FieldError] = (),
    message: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    """Show the form that starts a case on the stage, holding ``values``."""
    markup = show_form(view.form, values, errors, **of_start(draft, view)) if view.form else Markup("")
    page = studio_page(
        "record_start.html",
        view_draft(the_desk(), the_actor(), draft),
        SCENARIOS_PLACE,
        start=view,
        form_markup=markup,
        message=message,
        here=f"{recording_place(draft)}/start?{request.query_string.decode()}",
    )
    return make_response(page, status)


def asked_start(draft: int) -> StartView:
    """Return the start that the address asks for: ?process=, ?who=, ?parent=."""
    process, who, parent = (request.args.get(key, "") for key in ("process", "who", "parent"))
    return view_recorded_start(the_desk(), the_actor(), draft, process, who, parent)


def of_task(draft: int, found: RecordedTask) -> Placing:
    """Return what the form of a task needs to know of its page."""
    return {
        "today": found.view.today,
        "stored": found.view.stored,
        "package": found.view.brief.package,
        "refresh_url": f"{recording_place(draft)}/tasks/{found.view.id}/form",
    }


def of_start(draft: int, view: StartView) -> Placing:
    """Return what the form of a start needs to know of its page."""
    return {
        "today": view.today,
        "stored": view.settings,
        "package": view.package,
        "refresh_url": f"{recording_place(draft)}/start/form?{request.query_string.decode()}",
    }


def changed_parts(form: Form, placing: Placing) -> ResponseReturnValue:
    """Return what changes in a form with what is typed."""
    values = typed_values(form)
    if form.changes_rows(request.form):
        return make_response(show_form(form, values, (), focus=form.added_row(values, request.form), **placing))
    return make_response(show_regions(form, values, request.form.getlist("_seen"), **placing))


def typed_values(form: Form | None) -> dict[str, Any]:
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
