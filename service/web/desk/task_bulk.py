"""Routes for several tasks at once: claim, delegate, complete with one form after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.access.case_access import named_for
from service.casework.queries.public.portal import NoticeView
from service.casework.queries.tasks.bulk import BulkView, bulk_view, tasks_at_step
from service.casework.queries.tasks.view_task import preview_issued
from service.casework.tasks.claim import claim_task
from service.casework.tasks.complete_many import complete_many
from service.casework.tasks.delegate import delegate_task
from service.casework.tasks.urge import urge_task
from service.domain.errors import LaurelError, NotFound
from service.domain.forms import FieldError, Form, ReadableForm
from service.domain.forms.model import Input
from service.domain.text import Text
from service.domain.wording.numbers import counted
from service.web.desk.task_page import seen_by_person
from service.web.forms.look import NO_URLS
from service.web.forms.on_paper import Excerpt, Excerpts
from service.web.frame.page.files import take_upload
from service.web.frame.page.form_shown import Placing, show_form, show_regions
from service.web.frame.page.frame import flash, set_breadcrumbs
from service.web.frame.page.names import about_package
from service.web.frame.posted.form_posts import read_form, take_files
from service.web.frame.requests.current import language, say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import row_id, row_id_or_none, row_ids
from service.web.frame.requests.sign_in import page_before

PAGES = Blueprint("task_bulk", __name__)


@PAGES.post("/tasks/bulk")
@route_guard("task.list")
def bulk() -> ResponseReturnValue:
    """Do one thing with the picked rows; the button in a row claims that row alone."""
    single = row_id_or_none(request.form, "claim")
    if single is not None:
        return _each([single], lambda ident: claim_task(the_desk(), the_actor(), ident), t("已认领", "Claimed"))
    picked = row_ids("task")
    if not picked:
        flash(t("请先勾选要办理的事项。", "Pick the tasks first."), "warning")
        return redirect(page_before())
    verb = request.form.get("do")
    if verb == "claim":
        return _each(picked, lambda ident: claim_task(the_desk(), the_actor(), ident), t("已认领", "Claimed"))
    if verb == "urge":
        words = request.form.get("words", "")[:200]
        return _each(picked, lambda ident: urge_task(the_desk(), the_actor(), ident, words), t("已催办", "Urged"))
    return _bulk_page(_view(picked, verb), verb)


@PAGES.get("/tasks/bulk/rest")
@route_guard("task.list")
def bulk_rest() -> ResponseReturnValue:
    """Go on with what was picked and needs another form, or other colleagues; or with all tasks at the step of one."""
    verb, alike = request.args.get("do"), row_id_or_none(request.args, "alike")
    if alike is not None:
        return _bulk_page(_view(tasks_at_step(the_desk(), the_actor(), alike), verb), verb)
    return _bulk_page(_view([row_id(one) for one in request.args.getlist("task")], verb), verb)


@PAGES.post("/tasks/bulk/delegate")
@route_guard("task.delegate")
def bulk_delegate() -> ResponseReturnValue:
    """Hand several tasks to one colleague."""
    person, reason = row_id_or_none(request.form, "person"), request.form.get("reason", "")
    view = _view(_posted(), "delegate")
    if person is None or not reason.strip():
        missing = t("请选择转办给谁，并写明原因。", "Choose to whom, and say why.")
        return _bulk_page(view, "delegate", values={"person": person, "reason": reason}, problem=missing)

    def hand_on(ident: int) -> None:
        delegate_task(the_desk(), the_actor(), ident, None, person, reason)

    return _each([row.id for row in view.tasks], hand_on, t("已转办", "Delegated"), _goes_on(view, "delegate"))


@PAGES.post("/tasks/bulk/complete")
@route_guard("task.complete_many")
def bulk_complete() -> ResponseReturnValue:
    """Complete several tasks of one kind with one form; those that need another form come next."""
    view = _view(_posted(), "complete")
    if view.why_not is not None:
        return _bulk_page(view, "complete")
    values = read_form(view.form) if view.form else {}
    if view.form and "HX-Request" in request.headers:
        return make_response(
            show_regions(_shared_form(view, view.form), values, request.form.getlist("_seen"), **_where(view))
        )
    refused = take_files(view.form, values, None) if view.form else []
    if refused:
        return _bulk_page(view, "complete", values=values, errors=refused, status=422)
    if view.form and view.form.is_edit(request.form):
        return _bulk_page(view, "complete", values=values)
    result = view.form.check(values, today=view.today, stored=view.settings) if view.form else None
    if result is not None and result.errors:
        return _bulk_page(view, "complete", values=values, errors=result.errors, status=422)
    notices = _notices_of(view, values)
    if not seen_by_person(notices) <= {*request.form.getlist("knowing")}:
        return _bulk_page(view, "complete", values=values, notices=notices)
    result_of_all = complete_many(the_desk(), the_actor(), [row.id for row in view.tasks], values)
    reasons = {one.task_id: one.reason for one in result_of_all.refused}
    done = {row.id: row.subject for row in view.tasks if row.id in result_of_all.followed}
    by_words: dict[Text | None, list[str]] = {}
    for ident, subject in done.items():
        by_words.setdefault(result_of_all.followed[ident], []).append(subject)
    if done:
        zh, en = (
            f"已提交 {len(done)} 项：{'、'.join(done.values())}。",
            f"{counted(len(done), 'task')} submitted: {', '.join(done.values())}.",
        )
        flash(t(zh, en) + (t("", " ") + say(only) if len(by_words) == 1 and (only := next(iter(by_words))) else ""))
    for words, subjects in by_words.items():
        if words is not None and len(by_words) > 1:
            flash(t(f"{'、'.join(subjects)}：", f"{', '.join(subjects)}: ") + say(words))
    for row in view.tasks:
        if row.id in reasons:
            flash(t(f"没有提交 {row.subject}：", f"Not submitted for {row.subject}: ") + say(reasons[row.id]), "error")
    return redirect(_goes_on(view, "complete"))


def _notices_of(view: BulkView, values: Mapping[str, object]) -> list[NoticeView]:
    """Return the notices that completing the tasks would post, each tried by itself."""
    notices: list[NoticeView] = []
    for row in view.tasks if view.posts else ():
        try:
            notices += preview_issued(the_desk(), the_actor(), row.id, None, values).notices
        except LaurelError:  # the completion that follows is refused for the same, and says why
            continue
    return notices


@PAGES.post("/tasks/bulk/uploads")
@route_guard("upload.add")
def bulk_upload() -> ResponseReturnValue:
    """Store a file for the form of a task; it goes to each case that the form is submitted for."""
    form = _view([row_id(request.args.get("task", ""))], "complete").form
    if form is None:
        raise NotFound(Text("此处没有表单。", "There is no form here."))
    return take_upload(form, None)


def _view(picked: Sequence[int], verb: str | None) -> BulkView:
    return bulk_view(the_desk(), the_actor(), picked, "delegate" if verb == "delegate" else "complete")


def _posted() -> list[int]:
    """Return what the page did now and what it keeps for later, in this order."""
    return [*row_ids("task"), *row_ids("rest")]


def _goes_on(view: BulkView, verb: str) -> str:
    """Return where to go after ``view.tasks`` are done."""
    rest = [("task", row.id) for row in view.later]
    return f"/tasks/bulk/rest?{urlencode([('do', verb), *rest])}" if rest else "/tasks"


def _each(picked: Sequence[int], act: Callable[[int], object], done: str, to: str | None = None) -> ResponseReturnValue:
    count = 0
    for ident in picked:
        try:
            act(ident)
            count += 1
        except LaurelError as refusal:
            flash(say(refusal.message), "error")
    if count:
        flash(f"{done} {count} {t('项。', 'task(s).')}")
    return redirect(to or page_before())


def _bulk_page(
    view: BulkView,
    verb: str | None,
    *,
    values: dict[str, object] | None = None,
    errors: Sequence[FieldError] = (),
    notices: Sequence[NoticeView] = (),
    problem: str = "",
    status: int = 200,
) -> Response:
    about_package(view.package)
    set_breadcrumbs((t("待办", "Tasks"), "/tasks"), (t("批量办理", "Several at once"), None))
    shown = ""
    if verb != "delegate" and view.form and view.package and view.why_not is None:
        author = named_for(the_actor(), view.tasks[0]).name
        filled = values if values is not None else view.form.with_names(view.form.blank(), author, ())
        shown = show_form(
            _shared_form(view, view.form),
            filled,
            errors,
            **_where(view),
        )
    page = render_template(
        f"tasks/bulk_{'delegate' if verb == 'delegate' else 'complete'}.html",
        bulk=view,
        form_markup=shown,
        typed=values or {},
        notices=notices,
        knowing=sorted(seen_by_person(notices)),
        held=_excerpts_by_task(view),
        problem=problem,
    )
    return make_response(page, 422 if problem else status)


def _shared_form(view: BulkView, form: Form) -> Form:
    """Return the form without what each of the tasks holds already, unless an answer is required."""
    held = [{key for key, value in first.items() if value not in (None, "", [])} for first in view.first.values()]
    own = set.intersection(*held) if held else set()
    nodes = (node for node in form.nodes if not isinstance(node, Input) or node.required or node.key not in own)
    return replace(form, nodes=tuple(nodes))


def _where(view: BulkView) -> Placing:
    assert view.package is not None
    return {
        "today": view.today,
        "stored": view.settings,
        "package": view.package,
        "upload_url": f"/tasks/bulk/uploads?task={view.tasks[0].id}&field={{field}}",
        "refresh_url": "/tasks/bulk/complete",
    }


def _excerpts_by_task(view: BulkView) -> dict[int, list[Excerpt]]:
    """Return what the form of each task holds already, by the number of the task."""
    form = view.form
    if form is None:
        return {}
    paths = [one.path for one in form.fields() if "[]" not in one.path]
    read = {
        ident: Excerpts(ReadableForm(form, first, view.today, {**view.settings, **first}), NO_URLS, language())
        for ident, first in view.first.items()
    }
    return {
        ident: [said for path in paths for said in excerpts.at(path) if said.value] for ident, excerpts in read.items()
    }
