"""Pages of what other bodies replied on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.queries.downloads.files import find_upload
from service.casework.step.submission import FormInvalid
from service.casework.tasks.attach_upload import attach_upload
from service.casework.tasks.paper_reply import (
    RECEIVED_ON,
    SCAN,
    WORDS,
    PaperReply,
    enter_paper_reply,
    note_late_reply,
    view_paper_reply,
)
from service.domain.errors import Invalid, NotFound
from service.domain.forms import FieldError, UploadRules
from service.domain.text import Text
from service.web.frame.page.files import take_upload
from service.web.frame.page.form_shown import show_form
from service.web.frame.page.frame import flash, set_breadcrumbs
from service.web.frame.page.names import about_package
from service.web.frame.posted.form_posts import read_form, take_files
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import day

PAGES = Blueprint("task_paper", __name__)


@PAGES.get("/tasks/<int:task_id>/paper")
@route_guard("task.enter_paper")
def paper_page(task_id: int) -> ResponseReturnValue:
    """Ask for the day, the scan and what it says."""
    paper = view_paper_reply(the_desk(), the_actor(), task_id)
    return _render_page(paper, {**(paper.form.blank() if paper.form else {}), **paper.first})


@PAGES.post("/tasks/<int:task_id>/paper")
@route_guard("task.enter_paper")
def enter_paper(task_id: int) -> ResponseReturnValue:
    """Enter the reply for its body, or note that it came late."""
    paper = view_paper_reply(the_desk(), the_actor(), task_id)
    values = read_form(paper.form) if paper.form else {}
    if paper.form and paper.form.is_edit(request.form):
        return _render_page(paper, values)
    errors = take_files(paper.form, values, None) if paper.form else []
    if errors:
        return _render_page(paper, values, errors)
    scan = None if paper.form else _store_scan()
    try:
        if paper.form:
            enter_paper_reply(the_desk(), the_actor(), task_id, _received_on(), values)
        else:
            words = request.form.get(WORDS, "")
            note_late_reply(the_desk(), the_actor(), task_id, _received_on(), words, scan["id"] if scan else "")
    except FormInvalid as wrong:
        return _render_page(paper, values, wrong.errors, scan=scan)
    except Invalid as refusal:
        return _render_page(paper, values, problem=say(refusal.message))
    flash(t(f"{paper.body}的书面答复已录入。", f"The reply of {paper.body} is entered."))
    return redirect(f"/cases/{paper.case_id}")


@PAGES.post("/tasks/<int:task_id>/paper/uploads")
@route_guard("upload.add")
def add_paper(task_id: int) -> ResponseReturnValue:
    """Keep a file for a field of the form."""
    paper = view_paper_reply(the_desk(), the_actor(), task_id)
    if paper.form is None:
        raise NotFound(Text("这项待办没有表单。", "This task has no form."))
    return take_upload(paper.form, None)


def _received_on() -> date | None:
    try:
        return day(RECEIVED_ON)
    except Invalid:
        return None


def _store_scan() -> Mapping[str, Any] | None:
    """Return the scan of a late reply: what is sent now, else what was sent when something else was refused."""
    file = request.files.get(SCAN)
    if file is None or not file.filename:
        return find_upload(the_desk(), the_actor(), request.form.get("scan_id", ""))
    new = attach_upload(the_desk(), the_actor(), None, "paper_reply", file.filename, file.stream, UploadRules())
    return {"id": new.id, "name": new.name}


def _render_page(
    paper: PaperReply,
    values: dict[str, Any],
    errors: Sequence[FieldError] = (),
    problem: str = "",
    scan: Mapping[str, Any] | None = None,
) -> Response:
    about_package(paper.package)
    set_breadcrumbs(
        (t("办件", "Cases"), "/cases"), (paper.case_title, f"/cases/{paper.case_id}"), (t("书面答复", "On paper"), None)
    )
    form_markup = ""
    if paper.form:
        form_markup = show_form(
            paper.form,
            values,
            errors,
            today=paper.today,
            stored={**paper.settings, **paper.first},
            package=paper.package,
            upload_url=f"/tasks/{paper.task_id}/paper/uploads?field={{field}}",
        )
    faults = {error.path: error.text for error in errors}
    page = render_template(
        "tasks/paper.html",
        paper=paper,
        shown=form_markup,
        typed=request.form,
        problem=problem,
        faults=faults,
        scan=scan,
    )
    return make_response(page, 422 if errors or problem else 200)
