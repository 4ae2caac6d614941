"""The pages of what the reader has done, and of what they handed on or sent back."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.access.guards import GUARDS
from service.casework.queries.ballots.own_ballots import list_own_ballots
from service.casework.queries.list_order import OLDEST
from service.casework.queries.tasks.done_tasks import list_done
from service.casework.queries.tasks.export_tasks import DONE_COLUMNS, export_done
from service.casework.queries.tasks.passed_on import list_passed_on
from service.domain.text import Text
from service.web.desk.task_tabs import tabs
from service.web.frame.page.files import as_table
from service.web.frame.page.list_order import Sorting, order_asked
from service.web.frame.page.parts import next_up_unless
from service.web.frame.requests.current import language, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import cursor, dated_cursor, dated_place
from service.web.frame.requests.sought import query_of

PAGES = Blueprint("task_done", __name__)
SORTING = Sorting(
    "/tasks/done",
    {
        "": Text("办结时间", "Done"),
        "matter": Text("事项", "Task"),
        "case": Text("办件", "Case"),
        "step": Text("环节 / 依据", "Step / basis"),
    },
    turned=OLDEST,
)


@PAGES.get("/tasks/done")
@route_guard("task.list")
def done_tasks() -> ResponseReturnValue:
    """Show what the reader has done, newest first or in another order."""
    text, before = request.args.get("q", "")[:100], dated_cursor(request.args, "before")
    order, number = order_asked()
    page = list_done(the_desk(), the_actor(), text, before, order, number)
    asked = {"q": text} if text else {}
    here = {**asked, "order": order}
    return render_template(
        "tasks/done.html",
        page=page,
        scopes=tabs(None, active="done"),
        query=text,
        votes=_votes(),
        export_url=f"/tasks/done.xlsx?{query_of(asked)}",
        next_up_view=next_up_unless(page.lines or text),
        first_url=SORTING.url(here) if before else None,
        next_url=SORTING.url({**here, "before": dated_place(page.before)}) if page.before else None,
        **SORTING.listed(asked, page.many, page.pages),
    )


def _votes() -> bool:
    """Return whether the reader is on the roll of any ballot: votes are listed there and not among what was done."""
    actor = the_actor()
    return GUARDS["ballot.view"].admits(actor) and bool(list_own_ballots(the_desk(), actor, limit=1)[0])


@PAGES.get("/tasks/passed-on")
@route_guard("task.list")
def passed_on() -> ResponseReturnValue:
    """Show what the reader handed on, sent back or took back, and who has it now."""
    text, before = request.args.get("q", "")[:100], cursor(request.args, "before")
    page = list_passed_on(the_desk(), the_actor(), text, before)
    asked = {"q": text} if text else {}
    following = f"/tasks/passed-on?{query_of({**asked, 'before': page.before})}" if page.before else None
    return render_template(
        "tasks/passed_on.html",
        page=page,
        scopes=tabs(None, active="passed_on"),
        query=text,
        first_url=f"/tasks/passed-on?{query_of(asked)}" if before else None,
        next_url=following,
        next_up_view=next_up_unless(page.lines or text),
    )


@PAGES.get("/tasks/done.xlsx")
@route_guard("task.export")
def done_as_table() -> Response:
    """Hand out what the reader has done and passed on, as it is searched."""
    rows = export_done(the_desk(), the_actor(), request.args.get("q", "")[:100], language())
    return as_table(t("已办", "Done"), DONE_COLUMNS, rows)
