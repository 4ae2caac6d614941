"""Pages that say of a case everything that was done, and why; and forms and cases as documents on paper."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from service.casework.queries.cases.trace import view_trace
from service.casework.queries.cases.trace_document import trace_file
from service.casework.queries.downloads.paper import as_file
from service.casework.reading.submissions import view_submission
from service.domain.calendar import local_date
from service.web.forms import form_on_paper
from service.web.frame.page.files import hand_out
from service.web.frame.page.frame import crumbs
from service.web.frame.page.heading import about_package
from service.web.frame.requests.current import t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard

PAGES = Blueprint("trace", __name__)


@PAGES.get("/cases/<int:case_id>/trace")
@route_guard("case.view")
def trace(case_id: int) -> ResponseReturnValue:
    """Show the whole trace of a case, to read and to print."""
    found = view_trace(the_desk(), the_actor(), case_id)
    about_package(found.brief.package)
    crumbs(
        (t("办件", "Cases"), "/cases"),
        (found.brief.title, f"/cases/{case_id}"),
        (t("办理全程", "Whole trace"), None),
    )
    return render_template("cases/trace.html", trace=found, brief=found.brief)


@PAGES.get("/cases/<int:case_id>/trace.<kind>")
@route_guard("case.view")
def trace_out(case_id: int, kind: str) -> ResponseReturnValue:
    """Hand out the trace as a document."""
    answer: Response = hand_out(trace_file(the_desk(), the_actor(), case_id, kind))
    return answer


@PAGES.get("/cases/<int:case_id>/forms/<int:form_id>.<kind>")
@route_guard("case.view")
def form_out(case_id: int, form_id: int, kind: str) -> ResponseReturnValue:
    """Hand out a submitted form as a document; personal data stay masked in those of others."""
    found = view_submission(the_desk(), the_actor(), form_id, case_id)
    day = local_date(found.at).isoformat()
    sent = [f"提交：{'，'.join(filter(None, (found.who, day)))}"]
    blocks = form_on_paper(found.form, found.values, today=found.today, stored=found.settings, reveal=found.own)
    answer: Response = hand_out(as_file(the_desk(), found.title.zh, [*sent, *blocks], found.today, kind))
    return answer
