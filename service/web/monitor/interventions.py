"""Pages of interventions: what an administrator may change in one case, tried first and then done."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.interventions.effect import Effect
from service.casework.interventions.intervene import InterventionAsked
from service.casework.interventions.kinds import InterventionKind, intervention_of
from service.casework.interventions.offers import InterventionPage, view_interventions
from service.casework.interventions.tried import AlreadyDone
from service.domain.errors import Conflict, Invalid, LaurelError, NotAllowed
from service.domain.text import Text
from service.web.frame.page.frame import crumbs, flash
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.refusals import answered

PAGES = Blueprint("interventions", __name__)


@PAGES.get("/cases/<int:case_id>/interventions")
@route_guard("case.intervene")
def interventions(case_id: int) -> ResponseReturnValue:
    """List what can be done to the case."""
    page = view_interventions(the_desk(), the_actor(), case_id)
    _crumbs(page)
    return render_template("monitor/interventions.html", page=page)


@PAGES.get("/cases/<int:case_id>/interventions/<kind>")
@route_guard("case.intervene")
def intervention(case_id: int, kind: str) -> ResponseReturnValue:
    """Ask for the reason and what else is needed."""
    return _shown(case_id, intervention_of(kind))


@PAGES.post("/cases/<int:case_id>/interventions/<kind>")
@route_guard("case.intervene")
def carry_out_intervention(case_id: int, kind: str) -> ResponseReturnValue:
    """Show what would change, or change it."""
    chosen = intervention_of(kind)
    dry = request.form.get("act") != "do"
    asked = InterventionAsked(request.form.get("reason", ""), dry=dry, public=bool(request.form.get("public")))
    try:
        tried = request.form.get("tried", "")
        effect = chosen.do_tried(the_desk(), the_actor(), case_id, asked, request.form, tried)
    except AlreadyDone as done:
        flash(say(done.message))
        return redirect(f"/cases/{case_id}")
    except (Invalid, Conflict, NotAllowed) as refusal:
        return _shown(case_id, chosen, problem=refusal)
    if dry:
        return _shown(case_id, chosen, effect=effect)
    flash(
        t(
            f"已办理：{chosen.title.zh}，并已告知 {effect.informed} 人。",
            f"Done: {chosen.title.en}. {effect.informed} told.",
        )
    )
    return redirect(f"/cases/{case_id}")


def _shown(
    case_id: int, kind: InterventionKind, *, problem: LaurelError | None = None, effect: Effect | None = None
) -> Response:
    page = view_interventions(the_desk(), the_actor(), case_id)
    _crumbs(page, kind.title)
    body = render_template(
        "monitor/intervention.html",
        page=page,
        kind=kind,
        typed=request.form,
        problem=say(problem.message) if problem else "",
        effect=effect,
    )
    return make_response(body, answered(problem) if problem else 200)


def _crumbs(page: InterventionPage, last: Text | None = None) -> None:
    place = f"/cases/{page.case_id}/interventions" if last else None
    steps: list[tuple[str, str | None]] = [(t("办件", "Cases"), "/cases"), (page.title, f"/cases/{page.case_id}")]
    crumbs(*steps, (t("干预", "Interventions"), place), *([(say(last), None)] if last else []))
