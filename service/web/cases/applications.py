"""Pages that start a case: an application by its organisation, or on paper by the staff; a round by the office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from service.casework.cases.start import ApplicantRefused, PaperApplicant, start_case
from service.casework.queries.cases.start_options import (
    MOST_PARENTS,
    StartForm,
    StartView,
    foresee_last_useful_day,
    list_start_options,
    received_late,
    view_start,
    view_start_form,
)
from service.casework.queries.cases.view_action import view_action
from service.casework.queries.cases.view_case import find_beginning
from service.casework.queries.limits import TimeLimit
from service.casework.simulate.planning.plan_round import planned_process
from service.casework.step.submission import FormInvalid
from service.casework.subjects.case_subjects import INDIVIDUAL, ORGANISATION, takes_individuals
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.forms import FieldError, Form, ReadableForm
from service.domain.text import Text
from service.web.forms import Look, error_links
from service.web.frame.page.files import take_upload
from service.web.frame.page.form_shown import Placing, show_form, show_readable, show_regions
from service.web.frame.page.frame import flash, set_breadcrumbs
from service.web.frame.page.names import about_package
from service.web.frame.posted.form_posts import (
    forget_typed,
    keep_typed,
    keeping_url,
    read_form,
    take_files,
    typed_on,
    typing_marks,
)
from service.web.frame.requests.current import language, say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import row_id, row_id_or_none
from service.web.frame.requests.refusals import status_of

PAGES = Blueprint("applications", __name__)

_FEW = 6
"""Up to so many cases below which a kind may begin have a tile each; of more, one is chosen from a list."""


@PAGES.get("/start")
@route_guard("case.start")
def options() -> ResponseReturnValue:
    """Offer what the person may start; ?of= leads to the form of the first kind that is called so, if one may be started."""
    set_breadcrumbs((t("办件", "Cases"), "/cases"), (t("发起", "Start"), None))
    start_options = list_start_options(the_desk(), the_actor())
    wanted = request.args.get("of", "")
    if wanted and (found := next((one for one in start_options if one.process.endswith(wanted)), None)):
        return redirect(found.url)
    kinds = [list(same) for _, same in groupby(start_options, key=attrgetter("elsewhere", "package", "process"))]
    local_kinds, others = (
        [kind for kind in kinds if not kind[0].elsewhere],
        [kind for kind in kinds if kind[0].elsewhere],
    )
    return render_template("applicant/options.html", own=local_kinds, others=others, few=_FEW, most=MOST_PARENTS)


@PAGES.get("/start/<jurisdiction>/<award>/<process>")
@route_guard("case.start")
def start_page(jurisdiction: str, award: str, process: str) -> ResponseReturnValue:
    """Show the start form, or why nothing can be started now."""
    view = _get_start_view(jurisdiction, award, process)
    typed = typed_on(view.option.url) if view.form else None
    if typed is not None and view.form is not None and _is_blocked(view):
        return _render_page(view, read_form(view.form, typed), is_typed=True)
    if typed is not None and view.form is not None:
        message = t("您上次填写的内容已恢复，请核对后提交。", "What you typed before is back; check it and submit.")
        return _render_page(
            view,
            read_form(view.form, typed),
            message=message,
            chosen=typed.get("organisation", ""),
            typed=typed,
            begun_with=typed.get("typed_page", ""),
        )
    return _render_page(view, _first_values(view.form, on_behalf=view.on_behalf) if view.form else {})


@PAGES.post("/start/<jurisdiction>/<award>/<process>")
@route_guard("case.start")
def start(jurisdiction: str, award: str, process: str) -> ResponseReturnValue:
    """Start the case."""
    wanted = view_start_form(the_desk(), the_actor(), *_parse_names(jurisdiction, award, process))
    values = read_form(wanted.form) | _get_staff_defaults(wanted) if wanted.form else {}
    chosen = request.form.get("organisation", "")
    page = partial(_page_again, jurisdiction, award, process, chosen=chosen)
    refused = take_files(wanted.form, values, None) if wanted.form else []
    if wanted.form and wanted.form.is_edit(request.form):
        return page(values)
    if refused:
        return page(values, errors=refused, status=422)
    late = received_late(wanted.paper_limit, values)
    if late is not None and "late" not in request.form.getlist("knowing"):
        keep_typed(wanted.option.url)
        return page(values, message=say(late), tone="late", status=422, knowing="late", unchecked=True)
    try:
        case_id = _start_from_form(wanted, values, chosen)
    except FormInvalid as invalid:
        keep_typed(wanted.option.url)
        return page(invalid.values, errors=invalid.errors, status=422, unchecked=isinstance(invalid, ApplicantRefused))
    except (Invalid, Conflict) as refusal:
        return page(values, message=say(refusal.message), tone="late", status=status_of(refusal))
    forget_typed(wanted.option.url)
    status, first, follows = find_beginning(the_desk(), the_actor(), case_id, on_paper=wanted.option.on_paper)
    _flash_result(wanted, status, first, follows)
    return redirect(f"/tasks/{first}" if first is not None else f"/cases/{case_id}")


@PAGES.post("/start/<jurisdiction>/<award>/<process>/form")
@route_guard("case.start")
def refresh(jurisdiction: str, award: str, process: str) -> ResponseReturnValue:
    """Return what changes in the start form with what is typed."""
    view = _get_start_view(jurisdiction, award, process)
    if view.form is None:
        raise NotFound(Text("此处没有表单。", "There is no form here."))
    stored = _build_placing(view)["stored"]
    values = view.form.with_alike(read_form(view.form) | _get_staff_defaults(view), today=view.today, stored=stored)
    if "HX-Request" not in request.headers:
        refused = take_files(view.form, values, None)
        return _render_page(view, values, errors=refused, chosen=request.form.get("organisation", ""))
    if view.form.changes_rows(request.form):
        return make_response(_render_form(view, values, (), view.form.added_row(values, request.form)))
    return make_response(show_regions(view.form, values, request.form.getlist("_seen"), **_build_placing(view)))


@PAGES.post("/start/<jurisdiction>/<award>/<process>/uploads")
@route_guard("upload.add")
def upload(jurisdiction: str, award: str, process: str) -> ResponseReturnValue:
    """Store a file for a field of the start form."""
    view = _get_start_view(jurisdiction, award, process)
    if view.form is None:
        raise NotFound(Text("此处没有表单。", "There is no form here."))
    return take_upload(view.form, None)


@PAGES.post("/cases/<int:case_id>/actions/<action>/uploads")
@route_guard("upload.add")
def upload_for_action(case_id: int, action: str) -> ResponseReturnValue:
    """Store a file for a field of an action's form."""
    page = view_action(the_desk(), the_actor(), case_id, action)
    if page.form is None:
        raise NotFound(Text("此处没有表单。", "There is no form here."))
    return take_upload(page.form, None)


def _get_start_view(jurisdiction: str, award: str, process: str) -> StartView:
    return view_start(the_desk(), the_actor(), *_parse_names(jurisdiction, award, process))


def _parse_names(jurisdiction: str, award: str, process: str) -> tuple[str, str, int | None]:
    return f"{jurisdiction}/{award}", process, row_id_or_none(request.args, "parent")


def _start_from_form(view: StartForm, values: Mapping[str, Any], chosen: str) -> int:
    name, code = (request.form.get(field, "").strip() for field in ("applicant_name", "applicant_code"))
    if view.on_behalf and chosen and (name or code):
        fault = Text(
            "已经选择了申报组织，又填写了名称或者代码：请只留一种。",
            "An organisation is chosen and another one entered: leave one of them.",
        )
        raise ApplicantRefused([FieldError("organisation", Text("", ""), fault)], values)
    if view.on_behalf and not (chosen or name or code):
        fault = Text(
            "请选择代为登记的申报组织；列表中没有的，填写名称和代码。",
            "Choose the organisation you register for, or enter name and code of one that is not listed.",
        )
        raise ApplicantRefused([FieldError("organisation", Text("", ""), fault)], values)
    kind = request.form.get("applicant_kind")
    return start_case(
        the_desk(),
        the_actor(),
        view.option.package,
        view.option.process,
        view.option.parent_id,
        values,
        on_behalf_of=row_id(chosen) if view.on_behalf and chosen else None,
        applicant=PaperApplicant(name, code, INDIVIDUAL if kind == INDIVIDUAL else ORGANISATION)
        if view.on_behalf
        else None,
    )


def _flash_result(view: StartForm, status: str, first: int | None, follows: Text | None) -> None:
    """Say that the case has started, or that the rules ended it at once; ``first`` is the task that ``follows``."""
    name = view.option.name
    if status == "ended":
        message = t(f"“{name.zh}”没有办成，原因见下。", f"“{name.en}” did not go ahead; the reason stands below.")
        flash(message, "warning")
    elif first is not None:
        flash(t(f"“{name.zh}”已发起，请接着填写下面的表单。", f"“{name.en}” has started; go on with the form below."))
    else:
        then = follows or Text("下面是办理进度。", "This is where it stands.")
        flash(t(f"“{name.zh}”已发起。{then.zh}", f"“{name.en}” has started. {then.en}"))


def _page_again(
    jurisdiction: str,
    award: str,
    process: str,
    values: Mapping[str, Any],
    *,
    chosen: str,
    errors: Sequence[FieldError] = (),
    unchecked: bool = False,
    **more: Any,
) -> Response:
    """Show the page with what was sent; where the form is ``unchecked``, its errors stand beside ``errors``."""
    view = _get_start_view(jurisdiction, award, process)
    if unchecked and view.form is not None:
        errors = [*errors, *view.form.check(values, today=view.today, stored=view.settings).errors]
    return _render_page(view, values, chosen=chosen, errors=errors, is_typed=True, **more)


def _render_page(
    view: StartView,
    values: Mapping[str, Any],
    *,
    errors: Sequence[FieldError] = (),
    message: str = "",
    tone: str = "soon",
    chosen: str = "",
    knowing: str = "",
    begun_with: str = "",
    typed: Mapping[str, str] | None = None,
    is_typed: bool = False,
    status: int = 200,
) -> Response:
    parent = view.option.parent_id
    about_package(view.package)
    steps: list[tuple[str, str | None]] = [(t("办件", "Cases"), "/cases")]
    if parent is not None and the_actor().oversees(view.package.jurisdiction.id):
        steps.append((view.option.parent_title, f"/cases/{parent}"))
    set_breadcrumbs(*steps, (say(view.option.name), None))
    blocked = _is_blocked(view)
    form_markup = "" if blocked or view.form is None else _render_form(view, values, errors, summed=not view.on_behalf)
    page = render_template(
        "applicant/start.html",
        view=view,
        shown=form_markup,
        message=message,
        tone=tone,
        chosen=chosen,
        faults={error.path: error.text for error in errors},
        summary=error_links(errors, Look(view.today, language=language()), values) if view.on_behalf else (),
        typed=request.form if typed is None else typed,
        individuals=takes_individuals(view.package.process(view.option.process)),
        blocked=blocked,
        knowing=knowing,
        keeping=keeping_url(view.option.url),
        marks=typing_marks(begun_with),
        planned=planned_process(view.package) == view.option.process and view.body is not None,
        useful=None if blocked or view.on_behalf else _foresee_useful_day(view),
        unsent=show_readable(ReadableForm(view.form, values, view.today, view.settings, revealed=True))
        if blocked and is_typed and view.form
        else "",
    )
    return make_response(page, status)


def _foresee_useful_day(view: StartView) -> TimeLimit | None:
    option = view.option
    return foresee_last_useful_day(the_desk(), the_actor(), option.package, option.process, option.parent_id)


def _is_blocked(view: StartView) -> bool:
    return view.refusal is not None or view.live_case is not None


def _render_form(
    view: StartView,
    values: Mapping[str, Any],
    errors: Sequence[FieldError],
    focus: str | None = None,
    *,
    summed: bool = True,
) -> Markup:
    assert view.form is not None
    return show_form(view.form, values, errors, focus=focus, summed=summed, **_build_placing(view))


def _first_values(form: Form, *, on_behalf: bool) -> dict[str, object]:
    """Return what the form holds at first; what staff enter for another came otherwise than what these send themselves."""
    return {**form.blank(), **(form.staff_answers() if on_behalf else {})}


def _get_staff_defaults(view: StartView | StartForm) -> dict[str, object]:
    """Return the defaults of what is asked of staff alone, where an organisation starts for itself."""
    return view.form.staff_defaults() if view.form is not None and not view.on_behalf else {}


def _build_placing(view: StartView) -> Placing:
    path, _, query = view.option.url.partition("?")
    tail = f"?{query}" if query else ""
    return {
        "today": view.today,
        "stored": {**view.settings, **_get_staff_defaults(view)},
        "shut": frozenset(_get_staff_defaults(view)),
        "package": view.package,
        "upload_url": f"{path}/uploads{tail}{'&' if tail else '?'}field={{field}}",
        "refresh_url": f"{path}/form{tail}",
    }
