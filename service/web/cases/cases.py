"""A case and the list of cases: pages, trace, variables, search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.access.guards import GUARDS
from service.casework.cases.act_on_case import act_on_case
from service.casework.queries.cases.case_diagram import diagram_of_case, print_diagram, state_of_case
from service.casework.queries.cases.inside_case import inside_case
from service.casework.queries.cases.list_cases import CASES, export_cases, list_cases
from service.casework.queries.cases.reasons import view_reasons
from service.casework.queries.cases.start_options import list_start_options
from service.casework.queries.cases.trace import view_trace
from service.casework.queries.cases.view_action import ActionPage, view_action
from service.casework.queries.cases.view_case import CaseDetail, view_case
from service.casework.queries.downloads.files import as_file
from service.casework.queries.proof.book import verify_case
from service.casework.queries.searching.search import search
from service.casework.reading.home_place import only_applies
from service.casework.reading.submissions import Submission, reveal_submission, view_submission
from service.casework.step.submission import FormInvalid
from service.catalog.scoring.scoring import SCORE
from service.domain.calendar import local_date
from service.domain.errors import Conflict, Invalid
from service.domain.forms import FieldError, ReadableForm
from service.web.forms import form_on_paper
from service.web.frame.page.files import hand_out
from service.web.frame.page.form_shown import show_form, show_readable
from service.web.frame.page.frame import flash, set_breadcrumbs
from service.web.frame.page.list_page import offer_table, read_order, show_list
from service.web.frame.page.names import about_package, award_name, element_name, kind_name, translate_name
from service.web.frame.page.parts import answer_diagram, next_up_unless, offer_score_books
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
from service.web.frame.requests.list_query import list_address, read_case_query
from service.web.frame.requests.parse_values import find_query_cursor
from service.web.frame.requests.refusals import status_of

PAGES = Blueprint("cases", __name__)


@PAGES.get("/cases")
@route_guard("case.view")
@offer_table(
    "case.export", lambda: export_cases(the_desk(), the_actor(), read_case_query(request.args), translate_name)
)
def cases() -> ResponseReturnValue:
    """List the cases the reader may look at, and what they may start."""
    args = request.args
    query = read_case_query(args)
    order, number = read_order()
    page = list_cases(
        the_desk(), the_actor(), query, before=find_query_cursor(args, "before"), order=order, page=number
    )
    filters = {name: args[name] for name in CASES.conditions if args.get(name)}
    return render_template(
        "cases/list.html",
        options=_start_options(),
        kind_name=kind_name,
        award_name=award_name,
        args=args,
        plain=only_applies(the_actor()),
        here=element_name(*(query.waits_at or ("", ""))),
        next_up_view=next_up_unless(page.lines or filters.keys() - {"mine"}),
        score_books=offer_score_books() if filters.get("process") else (),
        **show_list(CASES, filters, page),
    )


@PAGES.get("/cases/<int:case_id>")
@route_guard("case.view")
def case(case_id: int) -> ResponseReturnValue:
    """Show a case: for its organisation as a simple track, for everybody else with everything."""
    view = view_case(the_desk(), the_actor(), case_id)
    _add_crumbs(view, None)
    template = "applicant/case.html" if view.subject and not view.oversees else "cases/case.html"
    why = None
    if template.startswith("applicant") and view.brief.status == "ended":
        why = view_reasons(the_desk(), the_actor(), case_id)
    return render_template(template, view=view, brief=view.brief, show=_show_submission, why=why)


@PAGES.get("/cases/<int:case_id>/diagram.bpmn")
@route_guard("case.view")
def diagram(case_id: int) -> ResponseReturnValue:
    """Return the BPMN of one diagram of the case."""
    xml = diagram_of_case(the_desk(), the_actor(), case_id, request.args.get("process"))
    return answer_diagram(xml)


@PAGES.get("/cases/<int:case_id>/diagram.pdf")
@route_guard("case.view")
def diagram_on_paper(case_id: int) -> ResponseReturnValue:
    """Return one diagram of the case whole, with its steps, as PDF."""
    process = request.args.get("process")
    return hand_out(print_diagram(the_desk(), the_actor(), case_id, process, translate_name, language()))


@PAGES.get("/cases/<int:case_id>/diagram.json")
@route_guard("case.view")
def diagram_state(case_id: int) -> ResponseReturnValue:
    """Return where the case stands on that diagram."""
    state = state_of_case(the_desk(), the_actor(), case_id, request.args.get("process"), language())
    return jsonify(elements=state.elements)


@PAGES.get("/cases/<int:case_id>/forms/<int:form_id>")
@route_guard("case.view")
def form(case_id: int, form_id: int) -> ResponseReturnValue:
    """Show one submitted form for reading and printing."""
    return _form_page(case_id, view_submission(the_desk(), the_actor(), form_id, case_id), reveal=False)


@PAGES.post("/cases/<int:case_id>/forms/<int:form_id>/reveal")
@route_guard("personal.reveal")
def reveal(case_id: int, form_id: int) -> ResponseReturnValue:
    """Show one submitted form with personal data; goes on record."""
    return _form_page(case_id, reveal_submission(the_desk(), the_actor(), form_id, case_id), reveal=True)


@PAGES.get("/cases/<int:case_id>/actions/<action>")
@route_guard("case.act")
def action_page(case_id: int, action: str) -> ResponseReturnValue:
    """Show the form of an action with what it causes."""
    page = view_action(the_desk(), the_actor(), case_id, action)
    typed = typed_on(request.path) if page.form else None
    if typed is not None and page.form is not None:
        message = t("您上次填写的内容已恢复，请核对后提交。", "What you typed before is back; check it and submit.")
        begun_with = typed.get("typed_page", "")
        return _action_page(page, read_form(page.form, typed), (), problem=message, begun_with=begun_with)
    return _action_page(page, page.form.blank() if page.form else {}, ())


@PAGES.post("/cases/<int:case_id>/actions/<action>")
@route_guard("case.act")
def act(case_id: int, action: str) -> ResponseReturnValue:
    """Do it."""
    page = view_action(the_desk(), the_actor(), case_id, action)
    values = read_form(page.form) if page.form else {}
    refused = take_files(page.form, values, None) if page.form else []
    if page.form and page.form.is_edit(request.form):
        return _action_page(page, values, ())
    if refused:
        return _action_page(page, values, refused, 422)
    try:
        act_on_case(the_desk(), the_actor(), case_id, action, values)
    except FormInvalid as invalid:
        keep_typed(request.path)
        return _action_page(page, invalid.values, invalid.errors, 422)
    except (Invalid, Conflict) as refusal:
        return _action_page(page, values, (), status_of(refusal), say(refusal.message))
    forget_typed(request.path)
    flash(t(f"“{page.name.zh}”已提交。", f"“{page.name.en}” is submitted."))
    return redirect(f"/cases/{case_id}")


@PAGES.post("/cases/<int:case_id>/verify")
@route_guard("audit.verify")
def verify(case_id: int) -> ResponseReturnValue:
    """Check that nothing in the case's history was changed."""
    broken = verify_case(the_desk(), the_actor(), case_id)
    if broken is None:
        flash(t("办理记录完整：逐条核验，未发现改动或缺失。", "The history is whole: nothing was changed or removed."))
    else:
        flash(
            t(
                f"办理记录第 {broken} 条与指纹不符，可能被改动，请立即报告。",
                f"Entry {broken} does not match its hash: report it at once.",
            ),
            "error",
        )
    return redirect(f"/cases/{case_id}")


def _start_options() -> Sequence[object]:
    """Return enough of what may be started to tell one thing from several."""
    return list_start_options(the_desk(), the_actor(), most=20) if GUARDS["case.start"].admits(the_actor()) else ()


def _add_crumbs(view: CaseDetail, last: str | None) -> None:
    steps: list[tuple[str, str | None]] = [(t("办件", "Cases"), "/cases")]
    about_package(view.brief.package)
    if view.brief.parent_title:
        above = view.brief.parent_id
        steps.append((view.brief.parent_title, f"/cases/{above}" if above is not None else None))
    steps.append((view.brief.title, f"/cases/{view.brief.id}"))
    set_breadcrumbs(*steps, *([(last, None)] if last else []))


def _show_submission(submission: Submission) -> Any:
    return show_readable(submission.read, apart=f"s{submission.id}-")


def _form_page(case_id: int, submission: Submission, *, reveal: bool) -> Response:
    view = view_case(the_desk(), the_actor(), case_id)
    _add_crumbs(view, say(submission.title))
    printing = request.args.get("print") == "1"
    form_markup = show_readable(submission.read, printing=printing)
    page = render_template(
        "cases/form.html", view=view, brief=view.brief, submission=submission, shown=form_markup, revealed=reveal
    )
    return make_response(page)


def _action_page(
    page: ActionPage,
    values: dict[str, Any],
    errors: Sequence[FieldError],
    status: int = 200,
    problem: str = "",
    begun_with: str = "",
) -> Response:
    about_package(page.package)
    set_breadcrumbs((t("办件", "Cases"), "/cases"), (page.case_title, f"/cases/{page.case_id}"), (say(page.name), None))
    form_markup = unsent = ""
    if page.form and page.refusal and (request.method == "POST" or begun_with):
        unsent = show_readable(ReadableForm(page.form, values, page.today, page.settings, revealed=True))
    elif page.form:
        form_markup = show_form(
            page.form,
            values,
            errors,
            today=page.today,
            stored=page.settings,
            package=page.package,
            upload_url=f"/cases/{page.case_id}/actions/{page.id}/uploads?field={{field}}",
        )
    return make_response(
        render_template(
            "actions/action.html",
            page=page,
            shown=form_markup,
            unsent=unsent,
            problem=problem,
            keeping=keeping_url(request.path),
            marks=typing_marks(begun_with),
        ),
        status,
    )


@PAGES.get("/cases/<int:case_id>/process")
@route_guard("case.view")
def process(case_id: int) -> ResponseReturnValue:
    """Show where a case stands, what was done in it and why, and to who oversees it what keeps it going."""
    trace = view_trace(the_desk(), the_actor(), case_id)
    state = state_of_case(the_desk(), the_actor(), case_id, request.args.get("process"), language())
    wide = the_actor().oversees(trace.brief.jurisdiction)
    inside = inside_case(the_desk(), the_actor(), case_id) if wide else None
    about_package(trace.brief.package)
    set_breadcrumbs(
        (t("办件", "Cases"), "/cases"), (trace.brief.title, f"/cases/{case_id}"), (t("过程", "Process"), None)
    )
    return render_template("cases/process.html", trace=trace, brief=trace.brief, state=state, view=inside)


@PAGES.get("/cases/<int:case_id>/forms/<int:form_id>.<kind>")
@route_guard("case.view")
def form_out(case_id: int, form_id: int, kind: str) -> ResponseReturnValue:
    """Hand out a submitted form as a document; personal data stay masked in those of others."""
    submission = view_submission(the_desk(), the_actor(), form_id, case_id)
    day = local_date(submission.at).isoformat()
    sent = [f"提交：{'，'.join(filter(None, (submission.who, day)))}"]
    blocks = form_on_paper(submission.read)
    if submission.form.id.startswith(SCORE):
        blocks.append("评审员签名：＿＿＿＿＿＿＿＿　　日期：＿＿＿＿年＿＿月＿＿日")
    answer: Response = hand_out(as_file(the_desk(), submission.title.zh, [*sent, *blocks], submission.read.today, kind))
    return answer


@PAGES.get("/search")
@route_guard("case.view")
def find() -> ResponseReturnValue:
    """Show what was found, by kind."""
    results = search(the_desk(), the_actor(), request.args.get("q", ""))
    set_breadcrumbs((t("办件", "Cases"), "/cases"), (t("查找", "Find"), None))
    return render_template("cases/search.html", found=results)


@PAGES.post("/sought")
@route_guard("portal.view")
def look_for() -> ResponseReturnValue:
    """Go to a list, narrowed by what was typed; its own guard says who may see it."""
    return redirect(list_address(request.form.to_dict()), 303)
