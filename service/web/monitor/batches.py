"""Pages of interventions over a selection of cases: choose, try, do, and watch how far it is."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.interventions.batch import MOST, Selection, do_tried, start_batch, stop_batch, view_batch
from service.casework.interventions.halt import DAY, PASSED
from service.casework.interventions.kinds import INTERVENTIONS, OTHERS, Wanted, intervention_of, title_of
from service.casework.interventions.select_cases import CaseWish, matching_cases, select_cases
from service.casework.interventions.select_holder import held_by_body, list_holders
from service.casework.interventions.tried import AlreadyDone
from service.casework.queries.monitoring.list_batches import list_batches
from service.domain.errors import Conflict, Invalid, LaurelError, NotAllowed
from service.domain.wording.counted import counted
from service.web.frame.page.frame import crumbs, flash
from service.web.frame.page.names import city_name, element_name
from service.web.frame.page.progress_news import progress_news
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import cursor, pair_cursor, pair_place, row_ids
from service.web.frame.requests.refusals import answered

PAGES = Blueprint("batches", __name__)
_HERE = "/monitor/interventions"
_NARROWED = ("jurisdiction", "award", "process", "stage", "status")
"""Names in the address that narrow the cases down, besides words and step."""


@PAGES.get(_HERE)
@route_guard("case.intervene")
def choose() -> ResponseReturnValue:
    """Choose a kind and the cases."""
    return _choice()


@PAGES.post(_HERE)
@route_guard("case.intervene")
def begin_trial() -> ResponseReturnValue:
    """Try it in every chosen case."""
    kind = request.form.get("kind", "")
    element = request.form.get("at", "").partition("/")[2]
    holder = cursor(request.form, "holder") or 0
    given = {w.name: _typed(w) for w in intervention_of(kind).wanted}
    if intervention_of(kind).of_holder:
        given = {"task": f"holder:{holder or ''}"} | {
            name: value for name, value in request.form.items() if name.startswith("person-") and value
        }
    elif element:
        given |= {w.name: f"element:{element}" for w in intervention_of(kind).wanted if w.kind in ("limit", "task")}
    public = bool(request.form.get("public"))
    cases = matching_cases(the_desk(), the_actor(), _wish(), MOST + 1) if request.form.get("all") else row_ids("case")
    excluded = row_ids("except") if request.form.get("all") else ()
    chosen = Selection(kind, cases, request.form.get("reason", ""), given, public=public, excluded=excluded)
    try:
        batch = start_batch(the_desk(), the_actor(), chosen)
    except (Invalid, Conflict, NotAllowed) as refusal:
        return _choice(refusal)
    return redirect(f"{_HERE}/{batch}")


@PAGES.get(f"{_HERE}/<int:batch>")
@route_guard("case.intervene")
def batch_page(batch: int) -> ResponseReturnValue:
    """Show how far a batch is, and what it came to in each case."""
    view = view_batch(the_desk(), the_actor(), batch, cursor(request.args, "after") or 0)
    _crumbs(say(view.title))
    return render_template("monitor/batch.html", view=view)


@PAGES.get(f"{_HERE}/<int:batch>/progress")
@route_guard("case.intervene")
def batch_progress(batch: int) -> ResponseReturnValue:
    """Say how many cases have got a result since the page was shown."""
    view = view_batch(the_desk(), the_actor(), batch)
    done = view.total - view.counts.get("waiting", 0)
    return progress_news(done, {"batch": (view.total, done)})


@PAGES.post(f"{_HERE}/<int:batch>/stop")
@route_guard("case.intervene")
def stop(batch: int) -> ResponseReturnValue:
    """Leave the cases that wait still as they are."""
    try:
        left = stop_batch(the_desk(), the_actor(), batch)
        flash(
            t(
                f"已停止，{left} 件没有办理。",
                f"Stopped: {counted(left, 'case is left as it is', 'cases are left as they are')}.",
            )
        )
    except Conflict as refusal:
        flash(say(refusal.message), "error")
    return redirect(f"{_HERE}/{batch}")


@PAGES.get("/monitor/batches")
@route_guard("case.intervene")
def all_batches() -> ResponseReturnValue:
    """Show how far everything is that goes on over many cases."""
    crumbs((t("监控", "Monitor"), "/monitor"), (t("批量办理", "Over many cases"), None))
    before = request.args.get("before", "")
    page = list_batches(the_desk(), the_actor(), pair_cursor(request.args, "before"))
    return render_template("monitor/all_batches.html", lines=page.lines, onward=pair_place(page.before), before=before)


@PAGES.get("/monitor/batches/progress")
@route_guard("case.intervene")
def all_progress() -> ResponseReturnValue:
    """Say how many cases of all batches have got a result since the page was shown."""
    page = list_batches(the_desk(), the_actor(), pair_cursor(request.args, "before"))
    progress = {f"{line.kind}-{line.id}": (line.total, line.done) for line in page.lines}
    return progress_news(sum(line.done for line in page.lines), progress)


@PAGES.post(f"{_HERE}/<int:batch>/do")
@route_guard("case.intervene")
def carry_out_batch(batch: int) -> ResponseReturnValue:
    """Do what was tried, in the cases that did not refuse."""
    try:
        real = do_tried(the_desk(), the_actor(), batch)
    except AlreadyDone as done:
        flash(say(done.message))
        return redirect(f"{_HERE}/{view_batch(the_desk(), the_actor(), batch).row.tried_id or batch}")
    except (Invalid, Conflict, NotAllowed) as refusal:
        flash(say(refusal.message), "error")
        return redirect(f"{_HERE}/{batch}")
    return redirect(f"{_HERE}/{real}")


def _wish() -> CaseWish:
    args = request.values
    narrowed = {name: args.get(name, "") for name in (*_NARROWED, "at")}
    return CaseWish(args.get("q", ""), **narrowed, holder=cursor(args, "holder") or 0)


def _typed(wanted: Wanted) -> str:
    typed = request.form.get(wanted.name, "").strip()
    return request.form.get(f"{wanted.name}-day", "").strip() if wanted.kind == PASSED and typed == DAY else typed


def _choice(problem: LaurelError | None = None) -> Response:
    args = request.values
    process, _, element = args.get("at", "").partition("/")
    found = select_cases(the_desk(), the_actor(), _wish())
    chosen = INTERVENTIONS.get(args.get("kind", ""))
    holders = list_holders(the_desk(), the_actor()) if chosen and chosen.of_holder else ()
    holder = cursor(args, "holder") if chosen and chosen.of_holder else None
    _crumbs(None)
    page = render_template(
        "monitor/batches.html",
        found=found,
        kinds=[kind for kind in INTERVENTIONS.values() if kind.many],
        names={kind: title_of(kind) for kind in (*INTERVENTIONS, *OTHERS)},
        chosen=chosen,
        alone=[kind for kind in INTERVENTIONS.values() if kind.alone],
        holders=holders,
        holder=next((one for one in holders if one.id == holder), None),
        held=held_by_body(the_desk(), the_actor(), holder) if holder else (),
        args=args,
        picked=set(request.form.getlist("case")),
        excluded=set(request.form.getlist("except")),
        narrowed=_NARROWED,
        here=element_name(process, element),
        city_name=city_name,
        problem=say(problem.message) if problem else "",
    )
    return make_response(page, answered(problem) if problem else 200)


def _crumbs(last: str | None) -> None:
    crumbs(
        (t("监控", "Monitor"), "/monitor"),
        (t("批量干预", "Batches"), _HERE if last else None),
        *([(last, None)] if last else []),
    )
