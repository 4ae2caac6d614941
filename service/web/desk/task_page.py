"""The task page: its form, drafts, and submission."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from service.casework.access.case_access import require_open
from service.casework.access.declarations import DECLARATION, DECLARED
from service.casework.due.provisional_dates import confirm_date
from service.casework.queries.cases.reasons import Candidate, list_candidates, list_own_votes
from service.casework.queries.public.portal import NoticeView
from service.casework.queries.tasks.task_form import TaskForm, view_task_form
from service.casework.queries.tasks.view_task import LETTER, Issued, TaskView, preview_issued, view_task
from service.casework.reading.found_by_program import items_of
from service.casework.step.submission import FormInvalid
from service.casework.tasks.complete import AgainstConditions, EndsCase, complete_on_page
from service.casework.tasks.save_draft import DraftPage, OtherPage, save_draft
from service.catalog.scoring.scoring import bands_of, edition_of
from service.domain.errors import Conflict, Invalid, LaurelError, NotFound
from service.domain.forms import FieldError, Form
from service.domain.forms.html import NORMAL
from service.domain.review import ASKED_WORDS, Edition
from service.domain.text import Text
from service.domain.wording.numbers import counted
from service.web.desk.task_aids import (
    OpenQuestion,
    against_items,
    ask_about_conditions,
    ask_about_marks,
    ask_before_end,
    beside_items,
    changes_of,
    differences_of,
    draft_request,
    draw_basis,
    draw_conditions,
    draw_other_draft,
    open_questions,
    paper_at_once,
    part_named,
    refused_entries,
    typing_words,
    unsent_values,
)
from service.web.frame.page.form_shown import (
    Placing,
    build_papers_view,
    is_paper_request,
    papers_query,
    show_form,
    show_readable,
    show_regions,
)
from service.web.frame.page.frame import flash, set_breadcrumbs
from service.web.frame.page.names import about_package, translate_name
from service.web.frame.posted.form_posts import read_form, take_files
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import count_or_none, day
from service.web.frame.requests.refusals import status_of
from service.web.frame.requests.sign_in import returned_fields
from service.web.presentation import clock_words

PAGES = Blueprint("task_page", __name__)
_LONGEST_NAME = 20
_LONGEST_REASON = 2000
_NOTHING_ISSUED = Issued()
_CORRECTED = "anew"
"""Sent by who corrected what they were asked about: it is asked again where it is still so."""
_LED_TO_THE_CASE = frozenset({"organisation", "government"})
"""Kinds of bodies with few cases: having submitted, their people see what became of the case; others go on with their list."""


@PAGES.get("/tasks/<int:task_id>")
@route_guard("task.view")
def task(task_id: int) -> ResponseReturnValue:
    """Show a task; the first opening by a holder of the role is noted."""
    view = view_task(the_desk(), the_actor(), task_id, opening=True)
    if view.kind == "ballot":
        return redirect(f"/ballots/{(view.note or {})['ballot']}")
    typed = returned_fields(request.path) if view.form else None
    if typed is not None and view.form is not None:
        message = t(
            "您登录前填写的内容已恢复，请核对后提交。", "What you typed before signing in is back; check it and submit."
        )
        values = read_form(view.form, typed)
        try:
            _store_draft(view, values, typed)
        except OtherPage as other:
            return _render_both(view, values, other)
        return _render_page(view, values, message=message, tone="soon")
    if view.form and view.why_not is None and view.draft_saved_at is None:
        return _render_page(view, view.values, message=draft_request(view.form, view.values))
    return _render_page(view, view.values)


@PAGES.post("/tasks/<int:task_id>")
@route_guard("task.complete")
def submit(task_id: int) -> ResponseReturnValue:
    """Submit the form, keep it as a draft, or show it again with rows added or removed."""
    task = view_task_form(the_desk(), the_actor(), task_id, drafted=False)
    values = _read_form(task, task.drawn) if task.drawn else {}
    try:
        return _take_form(task, values)
    except OtherPage as other:
        return _render_both(task, values, other)


def _take_form(task: TaskForm, values: dict[str, Any]) -> ResponseReturnValue:
    refused = take_files(task.form, values, task.id) if task.form else []
    if refused:
        return _render_page(_save_refused(task, values), values, errors=refused, status=422)
    if task.form and task.form.is_edit(request.form):
        return _render_page(_load_view(task), values)
    if request.form.get("do") == "save" or is_paper_request():
        saved = save_draft(the_desk(), the_actor(), task.id, values, _draft_page(request.form))
        flash(t(f"已暂存 {clock_words(saved)}", f"Saved {clock_words(saved)}"))
        return redirect(request.path + papers_query())
    return _complete_task(task, values)


@PAGES.post("/tasks/<int:task_id>/confirm-date")
@route_guard("date.confirm")
def settle_date(task_id: int) -> ResponseReturnValue:
    """Settle a provisional period: its last day as shown, or a later one with a reason."""
    view = view_task(the_desk(), the_actor(), task_id)
    version, reason = count_or_none(request.form, "version"), request.form.get("reason", "")
    try:
        confirm_date(the_desk(), the_actor(), task_id, version, day("last_day"), reason)
    except (Invalid, Conflict) as refusal:
        return _render_page(view, {}, message=say(refusal.message), tone="late", status=status_of(refusal))
    flash(t("期限已确认，确认依据已记入办理记录。", "The date is settled; the reason is on record."))
    return redirect("/tasks")


@PAGES.post("/tasks/<int:task_id>/draft")
@route_guard("task.draft")
def draft(task_id: int) -> ResponseReturnValue:
    """Keep what is typed, while it is being typed."""
    task = view_task_form(the_desk(), the_actor(), task_id)
    form = task.drawn or _form_of(task)
    values = read_form(form)
    saved = save_draft(the_desk(), the_actor(), task_id, values, _draft_page(request.form))
    return jsonify(
        saved_at=clock_words(saved),
        beside=typing_words(task),
        wrong=refused_entries(task, form, values),
        conditions=draw_conditions(task, values),
    )


@PAGES.post("/tasks/<int:task_id>/form")
@route_guard("task.complete")
def refresh(task_id: int) -> ResponseReturnValue:
    """Return what changes in the form with these values; without scripts the whole page."""
    task = view_task_form(the_desk(), the_actor(), task_id, drafted=False)
    form = _form_of(task)
    values = _read_form(task, form)
    if "HX-Request" not in request.headers:
        refused = take_files(form, values, task_id)
        return _render_page(_load_view(task), values, errors=refused)
    if form.changes_rows(request.form):
        return make_response(_form_markup(_load_view(task), values, (), form.added_row(values, request.form)))
    regions = show_regions(form, values, request.form.getlist("_seen"), **_build_placing(_with_items(task, form)))
    return make_response(regions)


def _with_items(task: TaskForm, form: Form) -> TaskForm:
    """Return the task with what stands beside the items of its form, where something does."""
    return _load_view(task) if task.former or any(node.beside for node in items_of(form.nodes)) else task


def _read_form(task: TaskForm, form: Form) -> dict[str, Any]:
    """Return what was posted, with blank findings filled in where the button says that all is in order.

    Items against which the program found something stay blank: they are looked at one by one.
    """
    former = task.former.values if task.former else None
    against = against_items(_load_view(task), form) if NORMAL in request.form else {}
    return form.with_normal(
        read_form(form), request.form, today=task.today, stored=task.stored, former=former, against=against
    )


def _form_of(task: TaskForm) -> Form:
    """Return the form of a task; raises Conflict when the task is over, NotFound when it has none."""
    if task.form is None:
        require_open(task)
        raise NotFound(Text("这项待办没有表单。", "This task has no form."))
    return task.form


def _complete_task(task: TaskForm, values: Mapping[str, Any]) -> ResponseReturnValue:
    known = [] if request.form.get("do") == _CORRECTED else request.form.getlist("knowing")
    open_doubts = open_questions(task, values, known)
    if open_doubts:
        return _render_page(_save_refused(task, values), values, status=422, doubts=open_doubts)
    version = count_or_none(request.form, "version")
    issued = _preview_issued(task, version, values)
    if not seen_by_person(issued.notices, issued.letters) <= {*known}:
        return _render_page(_save_refused(task, values), values, issued=issued)
    try:
        page = _draft_page(request.form)
        done, followed, came_back = complete_on_page(
            the_desk(), the_actor(), task.id, version, values, page, None if issued.notices else known
        )
    except EndsCase as decision:
        question = [ask_before_end(decision.ended)]
        return _render_page(_save_refused(task, values), values, doubts=question)
    except AgainstConditions as against:
        questions = [ask_about_conditions(against.doubts)] if against.doubts else []
        questions += [ask_about_marks(against.marks)] if against.marks else []
        return _render_page(_save_refused(task, values), values, status=422, doubts=questions)
    except OtherPage:
        raise
    except FormInvalid as invalid:
        return _render_page(_save_refused(task, values), invalid.values, errors=invalid.errors, status=422)
    except Conflict as conflict:
        fresh = view_task_form(the_desk(), the_actor(), task.id)
        return _render_page(
            _save_refused(fresh, values), values, message=say(conflict.message), tone="late", status=409
        )
    if done.kept:
        flash(
            t(f"“{task.title}”已送会签，签齐后自动生效。", f"“{task.title}” takes effect when all have signed."), "info"
        )
        return redirect(f"/tasks/{task.id}")
    if done.next_task_id is not None and task.at_step < len(task.joined):
        remaining = len(task.joined) - task.at_step
        name, steps = task.joined[task.at_step - 1], counted(remaining, "step")
        flash(t(f"“{name}”已存入，还差{remaining}步才算完成。", f"“{name}” is kept; {steps} to go."), "soon")
        return redirect(f"/tasks/{done.next_task_id}")
    if came_back is not None:
        flash(say(came_back), "warning")
        return redirect(f"/tasks/{done.next_task_id}" if done.next_task_id else f"/cases/{done.case_id}")
    then = (
        _tell_declared(task, values, followed) or followed or Text(task.consequence, translate_name(task.consequence))
    )
    flash(t(f"“{task.title}”已提交。{then.zh}", f"“{task.title}” is submitted. {then.en}"))
    if task.form is not None and edition_of(task.form.id) is not None:
        later = "评审组的评审结束后，可在办件的“评审档案”中查看您与评审组中位数的差距。"
        flash(t(later, "When the panel is closed, the dossier of the case tells how far you are from it."), "info")
    if done.next_task_id is not None:
        flash(t("这是同一办件的下一项，可接着办理。", "This is the next step of the same case."), "info")
        return redirect(f"/tasks/{done.next_task_id}")
    if any(seat.body_kind in _LED_TO_THE_CASE for seat in the_actor().seats):
        return redirect(f"/cases/{done.case_id}")
    return redirect(f"/tasks?done={done.case_id}&like={task.at}")


def _tell_declared(task: TaskForm, values: Mapping[str, Any], followed: Text | None) -> Text | None:
    """Return what follows on a declaration of interests, after who has what to do next; None on another form."""
    if task.form is None or task.form.id != DECLARATION:
        return None
    if values.get(DECLARED[0]) == "yes":
        then = followed or Text("", "")
        return Text(
            f"{then.zh}决定是否回避以后发消息给您；在此之前材料不向您开放，也不能评分。",
            f"{then.en} A message tells you whether you are recused; until then the file is closed to you and nothing is "
            "scored.",
        )
    return Text(
        "接下来与登记的情况比对；没有须回避的，评分事项列入您的待办。",
        "It is now compared with what is on record; where nothing bars you, the score sheet comes among your tasks.",
    )


def _preview_issued(task: TaskForm, version: int | None, values: Mapping[str, Any]) -> Issued:
    if not task.posts and (task.form is None or task.form.id != LETTER):
        return Issued()
    try:
        return preview_issued(the_desk(), the_actor(), task.id, version, values)
    except LaurelError:  # the completion that follows is refused for the same, and keeps what was typed
        return Issued()


def seen_by_person(notices: Sequence[NoticeView], letters: Sequence[str] = ()) -> frozenset[str]:
    """Return the keys by which a page says that exactly these notices, with their days, and letters were shown before."""
    posted = {f"notice-{notice.fingerprint}-{notice.first_day}-{notice.last_day}" for notice in notices}
    return frozenset(posted | {f"letter-{sha256(letter.encode()).hexdigest()}" for letter in letters})


def _save_refused(task: TaskForm, values: Mapping[str, Any]) -> TaskView:
    """Keep a refused submission as a draft, in case the person leaves the page; returns the task with the draft."""
    _store_draft(task, values)
    return _load_view(task)


def _store_draft(task: TaskForm, values: Mapping[str, Any], posted: MultiDict[str, str] | None = None) -> None:
    if task.form is not None and task.why_not is None:
        save_draft(the_desk(), the_actor(), task.id, values, _draft_page(request.form if posted is None else posted))


def _draft_page(posted: MultiDict[str, str]) -> DraftPage | None:
    """Return the page that a form was sent from, None where it is none of ours."""
    name = posted.get("draft_page", "")[:_LONGEST_NAME]
    reason = posted.get("reason_against", "").strip()[:_LONGEST_REASON]
    return DraftPage(name, posted.get("draft_shown", ""), "draft_asks" in posted, reason) if name else None


def _render_both(task: TaskForm, values: Mapping[str, Any], other: OtherPage) -> Response:
    """Show what was typed here with what the same person saved from another page; sent once more, it is taken."""
    return _render_page(
        _load_view(task), values, message=say(other.message), tone="late", status=409, beside_draft=True
    )


def _load_view(task: TaskForm) -> TaskView:
    """Return a task with what its page shows beside the form."""
    return view_task(the_desk(), the_actor(), task.id)


def _render_page(
    view: TaskView,
    values: Mapping[str, Any],
    *,
    errors: Sequence[FieldError] = (),
    message: str = "",
    tone: str = "info",
    status: int = 200,
    doubts: Sequence[OpenQuestion] = (),
    issued: Issued = _NOTHING_ISSUED,
    beside_draft: bool = False,
) -> Response:
    about_package(view.brief.package)
    set_breadcrumbs(
        (t("待办", "Tasks"), "/tasks"),
        (view.subject, f"/cases/{view.case_id}" if view.leads_to_case else None),
        (view.title, None),
    )
    form_markup = _form_markup(view, values, errors) if view.form else ""
    edition = _find_edition(view)
    decides = view.rights.act and any(seat.body_kind == "government" for seat in the_actor().seats)
    page = render_template(
        "tasks/task.html",
        task=view,
        form_markup=form_markup,
        message=message,
        tone=tone,
        doubts=doubts,
        notices=issued.notices,
        letters=issued.letters,
        issued_with=issued.documents,
        knowing=[
            *request.form.getlist("knowing"),
            *(key for doubt in doubts for key in sorted(doubt.keys)),
            *sorted(seen_by_person(issued.notices, issued.letters)),
        ],
        changes=changes_of(view),
        place=partial(part_named, view.form),
        beside=build_papers_view(
            f"/tasks/{view.id}",
            view.case_id,
            view.papers,
            view.brief.files if view.papers else (),
            paper_at_once(view) if edition and view.rights.act else "",
        ),
        saved_at=clock_words(view.draft_saved_at) if view.draft_saved_at else None,
        wrong=refused_entries(view, view.form, values) if view.form and view.draft_saved_at else (),
        typing=typing_words(view),
        unsent=unsent_values(view),
        draft_page=token_urlsafe(12),
        other_draft=draw_other_draft(view) if beside_draft else "",
        differences=differences_of(view, values) if beside_draft else (),
        basis=draw_basis(view),
        candidates=_find_candidates(view) if decides else (),
        votes=list_own_votes(the_desk(), the_actor(), view.case_id) if decides else (),
        conditions=draw_conditions(view, values),
        edition=edition,
        bands_of=bands_of,
        asked_words=[
            {"field": w.field, "zh": w.name.zh, "en": w.name.en, "least": w.least, "below": w.below}
            for w in ASKED_WORDS
        ],
    )
    return make_response(page, status)


def _find_candidates(view: TaskView) -> Sequence[Candidate]:
    """Return how those fared whom a government is to decide on."""
    rows = [row for row in view.stored.get("rows") or () if isinstance(row, Mapping) and row.get("case")]
    return list_candidates(
        the_desk(), the_actor(), view.case_id, {int(row["case"]): str(row.get("name", "")) for row in rows}
    )


def _find_edition(view: TaskView) -> Edition | None:
    """Return the edition by which a task scores, None where it scores nothing."""
    ident = edition_of(view.form.id) if view.form is not None else None
    return view.package.edition(ident) if ident else None


def _form_markup(
    task: TaskForm, values: Mapping[str, Any], errors: Sequence[FieldError], focus: str | None = None
) -> Markup:
    assert task.form is not None
    if task.read is not None:
        return show_readable(task.read)
    against = {}
    if isinstance(task, TaskView) and NORMAL in request.form:
        against = against_items(task, task.form)
    return show_form(task.form, values, errors, focus=focus, against=against, **_build_placing(task))


def _build_placing(task: TaskForm) -> Placing:
    return {
        "today": task.today,
        "stored": task.stored,
        "package": task.package,
        "upload_url": f"/tasks/{task.id}/uploads?field={{field}}",
        "refresh_url": f"/tasks/{task.id}/form",
        "findings": True,
        "colleagues": task.colleagues,
        "beside": beside_items(task) if isinstance(task, TaskView) else None,
        "shut": task.correction.shut if task.correction else frozenset(),
        "marked": frozenset(i.field for i in task.correction.items if i.field) if task.correction else frozenset(),
    }
