"""What an administrator changes in running cases, singly, over many, by calendar."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.due.correct_days import DaysCorrected, begin_correction, correct_days, view_calendar_moves
from service.casework.interventions.batch import MOST, Selection, do_tried, start_batch, stop_batch, view_batch
from service.casework.interventions.effect import Effect
from service.casework.interventions.halt import DAY, PASSED
from service.casework.interventions.intervene import AlreadyDone, InterventionAsked
from service.casework.interventions.kinds import (
    INTERVENTIONS,
    InterventionKind,
    Wanted,
    intervention_of,
)
from service.casework.interventions.offers import InterventionPage, view_interventions
from service.casework.interventions.select_cases import (
    CaseWish,
    group_claims_by_body,
    list_holders,
    matching_cases,
    select_cases,
)
from service.casework.queries.monitoring.list_batches import list_batches
from service.domain.errors import Conflict, Invalid, LaurelError, NotAllowed
from service.domain.text import Text
from service.domain.wording.numbers import counted
from service.web.frame.page.frame import flash, set_breadcrumbs
from service.web.frame.page.names import element_name
from service.web.frame.page.parts import show_progress
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import find_query_cursor, find_refusal, pair_cursor, pair_place, row_ids
from service.web.frame.requests.refusals import record_error_status

PAGES = Blueprint("interventions", __name__)


@PAGES.get("/cases/<int:case_id>/interventions")
@route_guard("case.intervene")
def interventions(case_id: int) -> ResponseReturnValue:
    """List what can be done to the case, or ask for the reason and what else the chosen one needs."""
    kind = request.args.get("kind", "")
    return _render_kind(case_id, intervention_of(kind) if kind else None)


@PAGES.post("/cases/<int:case_id>/interventions")
@route_guard("case.intervene")
def carry_out_intervention(case_id: int) -> ResponseReturnValue:
    """Show what would change, or change it."""
    chosen = intervention_of(request.args.get("kind", ""))
    dry = request.form.get("act") != "do"
    intervention = InterventionAsked(request.form.get("reason", ""), dry=dry, public=bool(request.form.get("public")))
    try:
        tried = request.form.get("tried", "")
        effect = chosen.do_tried(the_desk(), the_actor(), case_id, intervention, request.form, tried)
    except AlreadyDone as done:
        flash(say(done.message))
        return redirect(f"/cases/{case_id}")
    except (Invalid, Conflict, NotAllowed) as refusal:
        return _render_kind(case_id, chosen, problem=refusal)
    if dry:
        return _render_kind(case_id, chosen, effect=effect)
    flash(
        t(
            f"已办理：{chosen.title.zh}，并已告知 {effect.informed} 人。改动和原因记在下面的“办理记录”中。",
            f"Done: {chosen.title.en}. {effect.informed} told. What changed and why stands in the history below.",
        )
    )
    return redirect(f"/cases/{case_id}")


def _render_kind(
    case_id: int, kind: InterventionKind | None, *, problem: LaurelError | None = None, effect: Effect | None = None
) -> Response:
    page = view_interventions(the_desk(), the_actor(), case_id)
    _add_crumbs(page, kind.title if kind else None)
    status = record_error_status(problem) if problem else 200
    body = render_template(
        "monitor/intervention.html",
        page=page,
        kind=kind,
        typed=request.form or request.args,
        problem=_find_problem(problem, kind),
        effect=effect,
    )
    return make_response(body, status)


def _find_problem(refusal: LaurelError | None, kind: InterventionKind | None) -> str:
    """Return what is said above the form: nothing where it stands beside one of its fields."""
    fields = ("reason", *(wanted.name for wanted in kind.wanted)) if kind else ()
    return say(refusal.message) if refusal and not any(map(find_refusal, fields)) else ""


def _add_crumbs(page: InterventionPage, last: Text | None = None) -> None:
    place = f"/cases/{page.case_id}/interventions" if last else None
    steps: list[tuple[str, str | None]] = [(t("办件", "Cases"), "/cases"), (page.title, f"/cases/{page.case_id}")]
    set_breadcrumbs(*steps, (t("干预", "Interventions"), place), *([(say(last), None)] if last else []))


_BATCHES = "/monitor/interventions"
_NARROWED = ("jurisdiction", "award", "process", "stage", "status")
"""Names in the address that narrow the cases down, besides words and step."""


@PAGES.get(_BATCHES)
@route_guard("case.intervene")
def choose() -> ResponseReturnValue:
    """Choose a kind and the cases."""
    return _render_choice()


@PAGES.post(_BATCHES)
@route_guard("case.intervene")
def begin_trial() -> ResponseReturnValue:
    """Try it in every chosen case."""
    kind = request.form.get("kind", "")
    element = request.form.get("at", "").partition("/")[2]
    holder = find_query_cursor(request.form, "holder") or 0
    values = {w.name: _read_typed(w) for w in intervention_of(kind).wanted}
    if intervention_of(kind).of_holder:
        values = {"task": f"holder:{holder or ''}"} | {
            name: value for name, value in request.form.items() if name.startswith("person-") and value
        }
    elif element:
        values |= {w.name: f"element:{element}" for w in intervention_of(kind).wanted if w.kind in ("limit", "task")}
    public = bool(request.form.get("public"))
    cases = (
        matching_cases(the_desk(), the_actor(), _read_wish(), MOST + 1) if request.form.get("all") else row_ids("case")
    )
    excluded = row_ids("except") if request.form.get("all") else ()
    chosen = Selection(kind, cases, request.form.get("reason", ""), values, public=public, excluded=excluded)
    try:
        batch = start_batch(the_desk(), the_actor(), chosen)
    except (Invalid, Conflict, NotAllowed) as refusal:
        return _render_choice(refusal)
    return redirect(f"{_BATCHES}/{batch}")


@PAGES.get(f"{_BATCHES}/<int:batch>")
@route_guard("case.intervene")
def batch_page(batch: int) -> ResponseReturnValue:
    """Show how far a batch is, and what it came to in each case."""
    view = view_batch(the_desk(), the_actor(), batch, find_query_cursor(request.args, "after") or 0)
    _batch_crumbs(say(view.title))
    done = view.total - view.counts.get("waiting", 0)
    return show_progress("monitor/batch.html", {"batch": (view.total, done)}, view=view)


@PAGES.post(f"{_BATCHES}/<int:batch>/stop")
@route_guard("case.intervene")
def stop(batch: int) -> ResponseReturnValue:
    """Leave the cases that wait still as they are."""
    try:
        remaining = stop_batch(the_desk(), the_actor(), batch)
        flash(
            t(
                f"已停止，{remaining} 件没有办理。",
                f"Stopped: {counted(remaining, 'case is left as it is', 'cases are left as they are')}.",
            )
        )
    except Conflict as refusal:
        flash(say(refusal.message), "error")
    return redirect(f"{_BATCHES}/{batch}")


@PAGES.get("/monitor/batches")
@route_guard("case.intervene")
def all_batches() -> ResponseReturnValue:
    """Show how far everything is that goes on over many cases."""
    set_breadcrumbs((t("监控", "Monitor"), "/monitor"), (t("批量办理", "Over many cases"), None))
    before = request.args.get("before", "")
    page = list_batches(the_desk(), the_actor(), pair_cursor(request.args))
    progress = {f"{line.kind}-{line.id}": (line.total, line.done) for line in page.lines}
    context = {"lines": page.lines, "onward": pair_place(page.before), "before": before}
    return show_progress("monitor/all_batches.html", progress, **context)


@PAGES.post(f"{_BATCHES}/<int:batch>/do")
@route_guard("case.intervene")
def carry_out_batch(batch: int) -> ResponseReturnValue:
    """Do what was tried, in the cases that did not refuse."""
    try:
        real = do_tried(the_desk(), the_actor(), batch)
    except AlreadyDone as done:
        flash(say(done.message))
        return redirect(f"{_BATCHES}/{view_batch(the_desk(), the_actor(), batch).row.tried_id or batch}")
    except (Invalid, Conflict, NotAllowed) as refusal:
        flash(say(refusal.message), "error")
        return redirect(f"{_BATCHES}/{batch}")
    return redirect(f"{_BATCHES}/{real}")


def _read_wish() -> CaseWish:
    args = request.values
    narrowed = {name: args.get(name, "") for name in (*_NARROWED, "at")}
    return CaseWish(args.get("q", ""), **narrowed, holder=find_query_cursor(args, "holder") or 0)


def _read_typed(wanted: Wanted) -> str:
    typed = request.form.get(wanted.name, "").strip()
    return request.form.get(f"{wanted.name}-day", "").strip() if wanted.kind == PASSED and typed == DAY else typed


def _render_choice(problem: LaurelError | None = None) -> Response:
    args = request.values
    process, _, element = args.get("at", "").partition("/")
    selection = select_cases(the_desk(), the_actor(), _read_wish())
    status = record_error_status(problem) if problem else 200
    chosen = INTERVENTIONS.get(args.get("kind", ""))
    holders = list_holders(the_desk(), the_actor()) if chosen and chosen.of_holder else ()
    holder = find_query_cursor(args, "holder") if chosen and chosen.of_holder else None
    _batch_crumbs(None)
    page = render_template(
        "monitor/batches.html",
        found=selection,
        kinds=[kind for kind in INTERVENTIONS.values() if kind.many],
        chosen=chosen,
        alone=[kind for kind in INTERVENTIONS.values() if kind.alone],
        holders=holders,
        holder=next((candidate for candidate in holders if candidate.id == holder), None),
        held=group_claims_by_body(the_desk(), the_actor(), holder) if holder else (),
        args=args,
        picked=set(request.form.getlist("case")),
        excluded=set(request.form.getlist("except")),
        narrowed=_NARROWED,
        here=element_name(process, element),
        problem=_find_problem(problem, chosen),
    )
    return make_response(page, status)


def _batch_crumbs(last: str | None) -> None:
    set_breadcrumbs(
        (t("监控", "Monitor"), "/monitor"),
        (t("批量干预", "Batches"), _BATCHES if last else None),
        *([(last, None)] if last else []),
    )


@PAGES.get("/monitor/calendar")
@route_guard("calendar.foresee")
def show_calendar_moves() -> ResponseReturnValue:
    """Show which limits of running cases the calendars in force would move."""
    return _calendar_page()


@PAGES.post("/monitor/calendar")
@route_guard("calendar.correct")
def correct_calendar() -> ResponseReturnValue:
    """Move the limits of the chosen cases, or begin to move those of all; those that would lapse at once as decided one by one."""
    typed = request.form
    decided = {name.removeprefix("held-"): word for name, word in typed.items() if name.startswith("held-")}
    lapse, keep = ([key for key, word in decided.items() if word == answer] for answer in ("lapse", "keep"))
    reason = typed.get("reason", "")
    try:
        if typed.get("act") == "all":
            place = request.args.get("jurisdiction", "")
            return redirect(
                f"/monitor/interventions/{begin_correction(the_desk(), the_actor(), reason, place, lapse, keep)}"
            )
        done = correct_days(the_desk(), the_actor(), row_ids("case"), reason, lapse, keep)
    except Invalid as refusal:
        return _calendar_page(
            problem=say(refusal.message), reason=reason, decided=decided, status=record_error_status(refusal)
        )
    return _calendar_page(done)


def _calendar_page(
    done: Sequence[DaysCorrected] = (),
    *,
    problem: str = "",
    reason: str = "",
    decided: dict[str, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    set_breadcrumbs((t("监控", "Monitor"), "/monitor"), (t("日历更正", "Corrected calendar"), None))
    args = request.args
    place = args.get("jurisdiction", "")
    view = view_calendar_moves(the_desk(), the_actor(), place, find_query_cursor(args, "before"))
    part = view.before is not None or find_query_cursor(args, "before") is not None
    page = {"view": view, "part": part, "done": done, "place": place}
    page |= {"problem": problem, "reason": reason, "decided": decided or {}}
    return make_response(render_template("monitor/calendar.html", **page), status)
