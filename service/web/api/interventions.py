"""API routes of interventions: what may be changed in a case, tried or done."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.interventions.as_tried import AskedAgain
from service.casework.interventions.batch import MOST, Selection, do_tried, start_batch, stop_batch, view_batch
from service.casework.interventions.effect import Effect
from service.casework.interventions.intervene import InterventionAsked
from service.casework.interventions.kinds import intervention_of
from service.casework.interventions.offers import view_interventions
from service.casework.interventions.select_cases import CaseWish, matching_cases
from service.domain.errors import Invalid
from service.domain.text import Text
from service.web.api.arguments import row_place
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import interventions as schemas
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.parse_values import cursor

_CASE = "/cases/<int:case_id>/interventions"
_MANY = "/interventions"


def register(api: Blueprint) -> None:
    """Add the routes."""
    listing = ApiOperation("GET", _CASE, "case.intervene", "List what may be changed", schemas.InterventionsOut)
    add_route(api, listing, case_interventions)
    doing = ApiOperation(
        "POST", _CASE, "case.intervene", "Change a case, or try it", schemas.EffectOut, schemas.InterventionIn
    )
    add_route(api, doing, intervene_in_case)
    many = ApiOperation(
        "POST", _MANY, "case.intervene", "Change many cases, or try it", schemas.BatchOut, schemas.SelectionIn
    )
    add_route(api, many, intervene_in_many)
    stopping = ApiOperation("POST", f"{_MANY}/<int:batch>/stop", "case.intervene", "Stop a batch", schemas.BatchOut)
    add_route(api, stopping, stop_intervention_batch)
    after = {"after": row_place("list results after this case")}
    result = ApiOperation(
        "GET", f"{_MANY}/<int:batch>", "case.intervene", "How far it is", schemas.BatchOut, None, after
    )
    add_route(api, result, intervention_batch)


def case_interventions(case_id: int) -> dict[str, Any]:
    """List."""
    page = view_interventions(the_desk(), the_actor(), case_id)
    kinds = [
        {
            "id": kind.id,
            "title": kind.title.as_json(),
            "wanted": [
                {
                    "name": wanted.name,
                    "kind": wanted.kind,
                    "label": wanted.label.as_json(),
                    "optional": wanted.optional,
                    "offered": page.offered.get(wanted.kind, ()),
                }
                for wanted in kind.wanted
            ],
        }
        for kind in page.kinds
    ]
    return {"case_id": page.case_id, "status": page.status, "interventions": kinds}


def intervene_in_case(body: dict[str, Any], case_id: int) -> Effect:
    """Try or do."""
    asked = InterventionAsked(body["reason"], dry=body["dry_run"], public=body["public"])
    kind = intervention_of(body["kind"])
    return kind.do_tried(the_desk(), the_actor(), case_id, asked, body["values"], body["tried"])


def intervene_in_many(body: dict[str, Any]) -> dict[str, Any]:
    """Begin a batch that tries it, or one that does what was tried."""
    wish, cases = body["matching"], body["cases"]
    if wish is not None and cases:
        raise Invalid(
            Text(
                "cases 和 matching 只能写一项：逐件写明，或者写明共同条件。",
                "Give `cases` or `matching`, not both: case by case, or by what all have in common.",
            )
        )
    if wish is not None:
        cases = matching_cases(the_desk(), the_actor(), CaseWish(**wish), MOST + 1)
    if not body["dry_run"]:
        again = AskedAgain(
            body["kind"], body["values"], cases, body["excluded"], body["public"], body["reason"]
        )  # fmt: skip
        return intervention_batch(do_tried(the_desk(), the_actor(), _trial(body), again))
    chosen = Selection(
        body["kind"], cases or (), body["reason"], body["values"],
        public=bool(body["public"]), excluded=body["excluded"] or (),
    )  # fmt: skip
    return intervention_batch(start_batch(the_desk(), the_actor(), chosen))


def stop_intervention_batch(batch: int) -> dict[str, Any]:
    """Stop."""
    stop_batch(the_desk(), the_actor(), batch)
    return intervention_batch(batch)


def _trial(body: dict[str, Any]) -> int:
    """Return the batch that tried what is asked for; raises Invalid where none is named."""
    if body["tried"] is None:
        raise Invalid(
            Text(
                "请先试算（dry_run 为 true），再用 tried 写明试算的批次来办理。",
                "Try it first (with dry_run true), then name the batch of the trial in `tried`.",
            )
        )
    return int(body["tried"])


def intervention_batch(batch: int) -> dict[str, Any]:
    """Tell how far a batch is."""
    view = view_batch(the_desk(), the_actor(), batch, cursor(request.args, "after") or 0)
    return {
        "id": view.row.id,
        "kind": view.row.kind,
        "dry": view.row.dry,
        "over": view.over,
        "state": "done" if view.over else "running",
        "total": view.total,
        "counts": view.counts,
        "results": view.results,
        "next": view.after,
    }
