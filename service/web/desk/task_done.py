"""Tasks that were done, passed on, and what is asked of the reader beside tasks."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.access.guards import GUARDS
from service.casework.lists import Page
from service.casework.queries.ballots.own_ballots import list_actor_ballots
from service.casework.queries.cases.notes import COPIES, export_notes, notes_for_me
from service.casework.queries.own_place.signs import list_signs
from service.casework.queries.tasks.done_tasks import (
    DONE,
    PASSED_ON,
    export_done,
    list_done,
    list_missed,
    list_passed_on,
)
from service.web.desk.task_list import build_task_tabs
from service.web.frame.page.list_page import offer_table, read_order, show_list
from service.web.frame.page.names import translate_name
from service.web.frame.page.parts import next_up_unless
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import dated_cursor, find_query_cursor

PAGES = Blueprint("task_done", __name__)


@PAGES.get("/tasks/done")
@route_guard("task.list")
@offer_table(
    "task.export", lambda: export_done(the_desk(), the_actor(), request.args.get("q", "")[:100], translate_name)
)
def done_tasks() -> ResponseReturnValue:
    """Show what the reader has done, newest first or in another order."""
    text, before = request.args.get("q", "")[:100], dated_cursor(request.args, "before")
    order, number = read_order()
    page = list_done(the_desk(), the_actor(), text, before, order, number)
    return render_template(
        "tasks/done.html",
        scopes=build_task_tabs(None, active="done"),
        query=text,
        votes=_has_votes(),
        missed=() if text or before else list_missed(the_desk(), the_actor()),
        next_up_view=next_up_unless(page.lines or text),
        **show_list(DONE, {"q": text}, page),
    )


def _has_votes() -> bool:
    """Return whether the reader is on the roll of any ballot: votes are listed there and not among what was done."""
    actor = the_actor()
    return GUARDS["ballot.view"].admits(actor) and bool(list_actor_ballots(the_desk(), actor, limit=1)[0])


@PAGES.get("/tasks/passed-on")
@route_guard("task.list")
def passed_on() -> ResponseReturnValue:
    """Show what the reader handed on, sent back or took back, and who has it now."""
    text, before = request.args.get("q", "")[:100], find_query_cursor(request.args, "before")
    page = list_passed_on(the_desk(), the_actor(), text, before)
    return render_template(
        "tasks/passed_on.html",
        scopes=build_task_tabs(None, active="passed_on"),
        query=text,
        next_up_view=next_up_unless(page.lines or text),
        **show_list(PASSED_ON, {"q": text}, page),
    )


@PAGES.get("/tasks/asked")
@route_guard("task.sign")
@offer_table("note.export", lambda: export_notes(the_desk(), the_actor(), translate_name))
def asked() -> ResponseReturnValue:
    """Show what the reader is asked to sign, and what was sent to them, read or not, newest first or in another order."""
    desk, actor = the_desk(), the_actor()
    order, number = read_order()
    before = find_query_cursor(request.args, "before")
    page = notes_for_me(desk, actor, before, order, number) if GUARDS["note.read"].admits(actor) else Page(())
    signs = list_signs(desk, actor)
    return render_template(
        "tasks/asked.html",
        found=signs,
        scopes=build_task_tabs(None, active="asked"),
        next_up_view=next_up_unless(signs.asked or page.lines),
        **show_list(COPIES, {}, page),
    )
