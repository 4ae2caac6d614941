"""API routes of submitted forms, of dossiers, of candidates of a ballot, and of single experts."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from service.casework.desk.jsonable import jsonable
from service.casework.queries.people.experts import view_expert
from service.casework.reading.submissions import view_submission
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import dossiers as schemas
from service.web.forms import readable_values
from service.web.frame.requests.current import the_actor, the_desk


def register(api: Blueprint) -> None:
    """Add the routes."""
    case = "/cases/<int:case_id>"
    form, seen = f"{case}/forms/<int:form_id>", schemas.SubmittedFormOut
    for operation, work in (
        (ApiOperation("GET", form, "case.view", "Get a submitted form", seen), submitted_form),
        (ApiOperation("GET", "/experts/<int:expert_id>", "experts.view", "Get an expert", schemas.OneExpertOut), one_expert),
    ):  # fmt: skip
        add_route(api, operation, work)


def submitted_form(case_id: int, form_id: int) -> dict[str, Any]:
    """Get; personal values are masked but for who submitted it, as on the page."""
    form = view_submission(the_desk(), the_actor(), form_id, case_id)
    names = ("id", "case_id", "title", "step", "who", "at", "own")
    values = readable_values(form.form, form.values, today=form.today, stored=form.settings, reveal=form.own)
    return {**{name: getattr(form, name) for name in names}, "values": jsonable(values)}


def one_expert(expert_id: int) -> Any:
    """Get."""
    return view_expert(the_desk(), the_actor(), expert_id)
