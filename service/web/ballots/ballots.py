"""Ballots: voting, the hall, tellers' records, repeated ballots."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import orjson
from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from service.casework.ballots.candidate_file import view_candidate
from service.casework.ballots.cast_vote import AlreadyVoted, cast_vote, check_paper
from service.casework.ballots.close_ballot import close_ballot
from service.casework.ballots.declare_recusal import declare_recusal
from service.casework.ballots.hall import TellersDiffer, enter_hall_vote
from service.casework.ballots.repeat_count import read_record, repeat_count
from service.casework.ballots.view_ballot import BallotView, view_ballot
from service.casework.ballots.void import declare_void
from service.casework.queries.ballots.own_ballots import list_actor_ballots, results_of_ballot
from service.casework.queries.ballots.sittings import members_not_signed_in, sittings_of_ballot
from service.casework.queries.own_place.next_up import view_next
from service.casework.reading.submissions import Submission, sort_submissions
from service.domain.ballots import (
    MARKS,
    MEMBERS,
    READ,
    SENT,
    SPOILED,
    BadPaper,
    BadSheet,
    BoxMismatch,
    HallSheet,
    Mark,
    MarkUnit,
    UrnDamaged,
)
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.domain.values.typed_numbers import typed_whole_number
from service.web.forms import FormUrls
from service.web.frame.page.form_shown import build_papers_view, show_readable, side_urls
from service.web.frame.page.frame import flash, set_breadcrumbs
from service.web.frame.page.names import about
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import find_query_cursor, row_ids
from service.web.frame.requests.refusals import record_error_status, status_of

PAGES = Blueprint("ballots", __name__)


MARK = "mark."
"""Begins the names of the fields that carry marks; the rest is the key of the question."""
UNMARKED = "---"
"""Sent for a question without a mark, as long as a mark."""
_MOST_PAPERS = 99_999


def read_marks(view: BallotView) -> dict[str, str]:
    """Return the posted marks by question key; nothing else of the form is looked at."""
    posted = {n.removeprefix(MARK): v for n, v in request.form.items() if n.startswith(MARK) and v != UNMARKED}
    if view.unit is MarkUnit.APPROVAL:
        return {key: Mark.YES.value for key, sent in posted.items() if sent == SENT[Mark.YES]}
    return {key: READ.get(sent, sent) for key, sent in posted.items()}


def read_sheet(view: BallotView) -> HallSheet:
    """Return a teller's tally as posted; what is no number is -1."""

    def read_number(name: str) -> int:
        count = typed_whole_number(request.form.get(name, "").strip() or "0")
        return -1 if count is None or count > _MOST_PAPERS else count

    keys = [ask.key for part in view.parts for ask in part.asks]
    marks = {k: (read_number(f"{k}.yes"), read_number(f"{k}.no"), read_number(f"{k}.abstain")) for k in keys}
    return HallSheet(tuple(row_ids(MEMBERS)), read_number(SPOILED), marks)


@PAGES.get("/ballots")
@route_guard("ballot.view")
def own() -> ResponseReturnValue:
    """List the ballots on whose roll the reader is."""
    set_breadcrumbs((t("我参加的表决", "My ballots"), None))
    rows, before = list_actor_ballots(the_desk(), the_actor(), find_query_cursor(request.args, "before"))
    next_up = None if rows else view_next(the_desk(), the_actor())
    return render_template("ballots/own.html", rows=rows, before=before, next_up_view=next_up)


@PAGES.get("/ballots/<int:ballot_id>")
@route_guard("ballot.view")
def ballot(ballot_id: int) -> ResponseReturnValue:
    """Show the paper to a member who has not voted, the receipt to one who has, turnout to everybody else."""
    return _render_page(ballot_id)


@PAGES.get("/ballots/<int:ballot_id>/candidates/<candidate>")
@route_guard("ballot.view")
def candidate_file(ballot_id: int, candidate: str) -> ResponseReturnValue:
    """Show the file of a candidate to a member who is to vote on it."""
    view = view_candidate(the_desk(), the_actor(), ballot_id, candidate)
    about(view.case.jurisdiction, view.case.award)
    set_breadcrumbs((t("待办", "Tasks"), "/tasks"), (view.title, f"/ballots/{ballot_id}"), (view.name, None))
    papers = build_papers_view(request.path, view.case.id, sort_submissions(view.submissions), view.files)
    urls = side_urls(request.path, view.files)
    shows = {"show": partial(_show_submission, urls), "base": request.path, "papers": papers}
    return render_template("ballots/candidate.html", view=view, **shows)


@PAGES.post("/ballots/<int:ballot_id>")
@route_guard("ballot.cast")
def vote(ballot_id: int) -> ResponseReturnValue:
    """Show the paper for review, show it again for changes, or cast it."""
    view = view_ballot(the_desk(), the_actor(), ballot_id)
    paper = read_marks(view)
    do = request.form.get("do", "review")
    if do == "edit":
        return _render_page(ballot_id, paper)
    try:
        if do == "cast":
            cast_vote(the_desk(), the_actor(), ballot_id, paper)
            flash(
                t(
                    "选票已投入票箱，不能再改。全部投完就计票，没有投完的到截止时间计票；结果在本页公布。",
                    "Your paper is in the box and stays as it is. The count follows once all have voted, at the latest"
                    " after the close; this page shows the result.",
                )
            )
            return redirect(f"/ballots/{ballot_id}", 303)
        return _render_review(view, paper, check_paper(the_desk(), the_actor(), ballot_id, paper))
    except BadPaper as refusal:
        return _render_page(ballot_id, paper, say(refusal.message), 422)
    except AlreadyVoted as refusal:
        return _render_page(ballot_id, {}, say(refusal.message), 409)
    except (BoxMismatch, UrnDamaged) as refusal:  # nothing is to be sent again
        return _render_page(ballot_id, {}, say(refusal.message), status_of(refusal))


@PAGES.post("/ballots/<int:ballot_id>/recusal")
@route_guard("ballot.cast")
def recuse(ballot_id: int) -> ResponseReturnValue:
    """Ask once more, then put the member's recusal on record: it cannot be taken back."""
    form = request.form
    view = view_ballot(the_desk(), the_actor(), ballot_id)
    name = view.names.get(form.get("candidate", ""))
    if view.may_vote and name and form.get("reason", "").strip() and form.get("do") != "declare":
        _add_crumbs(view, t("申明回避", "Declare a recusal"))
        return render_template("ballots/recusal.html", view=view, name=name)
    try:
        declare_recusal(the_desk(), the_actor(), ballot_id, form.get("candidate", ""), form.get("reason", ""))
    except Invalid as refusal:
        status = record_error_status(refusal)
        return _render_page(ballot_id, {}, "" if refusal.field else say(refusal.message), status)
    flash(t("回避已记录，您不再就该组织投票。", "Your recusal is on record; you do not vote on that candidate."))
    return redirect(f"/ballots/{ballot_id}", 303)


@PAGES.post("/ballots/<int:ballot_id>/close")
@route_guard("ballot.close")
def close(ballot_id: int) -> ResponseReturnValue:
    """Close the ballot before its time."""
    try:
        close_ballot(the_desk(), the_actor(), ballot_id, request.form.get("reason", ""))
    except Invalid as refusal:
        return _render_page(ballot_id, {}, say(refusal.message), 422)
    flash(t("表决已截止，随即计票。", "The ballot is closed and is counted now."))
    return redirect(f"/ballots/{ballot_id}", 303)


@PAGES.post("/ballots/<int:ballot_id>/void")
@route_guard("ballot.void")
def make_void(ballot_id: int) -> ResponseReturnValue:
    """Propose that a ballot is void, or confirm it: then it is called anew."""
    try:
        instead = declare_void(the_desk(), the_actor(), ballot_id, request.form.get("reason", ""))
    except (Invalid, Conflict, NotAllowed) as refusal:
        return _render_page(ballot_id, {}, say(refusal.message), status_of(refusal))
    if instead is None:
        flash(t("已提出，由另一单位的人员确认后作废。", "Proposed: it is void once somebody of another body confirms."))
        return redirect(f"/ballots/{ballot_id}", 303)
    flash(t("已作废并重新发起，名册成员已收到通知。", "Void and called anew; everybody on the roll is told."))
    return redirect(f"/ballots/{instead}", 303)


@PAGES.get("/ballots/<int:ballot_id>/hall")
@route_guard("ballot.tell")
def hall(ballot_id: int) -> ResponseReturnValue:
    """Ask a teller what was counted in the hall."""
    return _hall_page(ballot_id)


@PAGES.post("/ballots/<int:ballot_id>/hall")
@route_guard("ballot.tell")
def enter(ballot_id: int) -> ResponseReturnValue:
    """Take a teller's tally."""
    view = view_ballot(the_desk(), the_actor(), ballot_id)
    try:
        counted = enter_hall_vote(the_desk(), the_actor(), ballot_id, read_sheet(view))
    except BadSheet as refusal:
        return _hall_page(ballot_id, faults=refusal.faults, status=status_of(refusal))
    except TellersDiffer as refusal:
        return _hall_page(ballot_id, say(refusal.message), status=status_of(refusal))
    except (BoxMismatch, UrnDamaged) as refusal:  # as where a paper finds it
        return _render_page(ballot_id, {}, say(refusal.message), status_of(refusal))
    if counted:
        flash(t("两名计票人录入一致，在场选票已投入票箱。", "Both tellers agree: the papers are in the box."))
        return redirect(f"/ballots/{ballot_id}", 303)
    flash(t("已收到。另一名计票人独立录入且一致后才会计入。", "Taken. It counts once the other teller says the same."))
    return redirect(f"/ballots/{ballot_id}/hall", 303)


@PAGES.get("/ballots/<int:ballot_id>/record.json")
@route_guard("ballot.repeat")
def record(ballot_id: int) -> ResponseReturnValue:
    """Return everything needed to repeat the count."""
    content = orjson.dumps(read_record(the_desk(), the_actor(), ballot_id), option=orjson.OPT_INDENT_2)
    name = f"attachment; filename=ballot-{ballot_id}.json"
    return Response(content, mimetype="application/json", headers={"Content-Disposition": name})


@PAGES.get("/ballots/<int:ballot_id>/repeat")
@route_guard("ballot.repeat")
def repeat(ballot_id: int) -> ResponseReturnValue:
    """Count again from the published record."""
    repeated = repeat_count(the_desk(), the_actor(), ballot_id)
    view = view_ballot(the_desk(), the_actor(), ballot_id)
    _add_crumbs(view, t("复核计票", "Repeat the count"))
    return render_template("ballots/repeat.html", view=view, repeated=repeated, **_build_words())


def _show_submission(urls: FormUrls, submission: Submission) -> Markup:
    """Return a submitted form to be read, personal data masked."""
    return show_readable(submission.read, apart=f"s{submission.id}-", urls=urls)


def _render_page(
    ballot_id: int, paper: Mapping[str, str] | None = None, problem: str = "", status: int = 200
) -> Response:
    view = view_ballot(the_desk(), the_actor(), ballot_id)
    _add_crumbs(view, None)
    results = results_of_ballot(the_desk(), the_actor(), ballot_id) if view.result or view.voided else None
    sittings = sittings_of_ballot(the_desk(), the_actor(), ballot_id)
    name = "ballots/paper.html" if view.may_vote else "ballots/turnout.html"
    context = {"paper": paper or {}, "problem": problem, "results": results, "sittings": sittings}
    return make_response(render_template(name, view=view, **context, **_build_words()), status)


def _render_review(view: BallotView, paper: Mapping[str, str], marks: Mapping[str, Mark]) -> Response:
    _add_crumbs(view, t("核对选票", "Review"))
    unchosen = [key for key in marks if key not in paper and view.unit is not MarkUnit.APPROVAL]
    shown = {"marks": marks, "unchosen": unchosen}
    return make_response(render_template("ballots/review.html", view=view, **shown, **_build_words()))


def _hall_page(
    ballot_id: int, problem: str = "", *, faults: Mapping[str, Text] | None = None, status: int = 200
) -> Response:
    view = view_ballot(the_desk(), the_actor(), ballot_id)
    _add_crumbs(view, t("录入在场选票", "Papers of the hall"))
    unsigned = members_not_signed_in(the_desk(), the_actor(), ballot_id)
    form_state = {"problem": problem, "faults": faults or {}, "typed": request.form, "unsigned": unsigned}
    names = {"MEMBERS": MEMBERS, "SPOILED": SPOILED}
    page = render_template("ballots/hall.html", view=view, **form_state, **names, **_build_words())
    return make_response(page, status)


def _build_words() -> dict[str, Any]:
    return {
        "marks_in_words": MARKS,
        "Unit": MarkUnit,
        "MARK": MARK,
        "SENT": SENT,
        "UNMARKED": UNMARKED,
    }


def _add_crumbs(view: BallotView, last: str | None) -> None:
    about(view.jurisdiction, view.award)
    above = (view.case_title, f"/cases/{view.case_id}") if view.watched else (t("待办", "Tasks"), "/tasks")
    steps: list[tuple[str, str | None]] = [above, (view.title, f"/ballots/{view.id}")]
    set_breadcrumbs(*steps, *([(last, None)] if last else []))
