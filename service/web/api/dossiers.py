"""API routes of submitted forms, of dossiers, of candidates of a ballot, and of single experts."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from flask import Blueprint

from service.casework.ballots.candidate_file import view_candidate
from service.casework.desk.jsonable import jsonable
from service.casework.queries.people.experts import view_expert
from service.casework.reading.dossier import view_dossier
from service.casework.reading.submissions import Submission, reveal_submission, view_submission
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import dossiers as schemas
from service.web.forms import readable_values
from service.web.frame.requests.current import the_actor, the_desk


def register(api: Blueprint) -> None:
    """Add the routes."""
    case = "/cases/<int:case_id>"
    form, seen = f"{case}/forms/<int:form_id>", schemas.SubmittedFormOut
    candidate = "/ballots/<int:ballot_id>/candidates/<candidate>"
    for operation, work in (
        (ApiOperation("GET", form, "case.view", "Get a submitted form", seen), submitted_form),
        (ApiOperation("POST", f"{form}/reveal", "personal.reveal", "Get it with personal data; it is on record", seen), revealed_form),
        (ApiOperation("GET", f"{case}/dossier", "review.view", "Get an application as reviewed", schemas.DossierOut), dossier_of_case),
        (ApiOperation("GET", candidate, "ballot.view", "Get the file of a candidate", schemas.CandidateOut), candidate_of_ballot),
        (ApiOperation("GET", "/experts/<int:expert_id>", "experts.view", "Get an expert", schemas.OneExpertOut), one_expert),
    ):  # fmt: skip
        add_route(api, operation, work)


def submitted_form(case_id: int, form_id: int) -> dict[str, Any]:
    """Get."""
    return _shown(view_submission(the_desk(), the_actor(), form_id, case_id))


def revealed_form(case_id: int, form_id: int) -> dict[str, Any]:
    """Reveal."""
    return _shown(reveal_submission(the_desk(), the_actor(), form_id, case_id), reveal=True)


def dossier_of_case(case_id: int) -> Any:
    """Get."""
    return view_dossier(the_desk(), the_actor(), case_id)


def candidate_of_ballot(ballot_id: int, candidate: str) -> dict[str, Any]:
    """Get."""
    view = view_candidate(the_desk(), the_actor(), ballot_id, candidate)
    told = {each.name: getattr(view, each.name) for each in fields(view)}
    return {**told, "forms": [_shown(form, masked=True) for form in view.submissions]}  # as on the page: a member votes


def one_expert(expert_id: int) -> Any:
    """Get."""
    return view_expert(the_desk(), the_actor(), expert_id)


def _shown(found: Submission, *, reveal: bool = False, masked: bool = False) -> dict[str, Any]:
    names = ("id", "case_id", "title", "step", "who", "at", "own")
    values = readable_values(
        found.form, found.values, today=found.today, stored=found.settings, reveal=(reveal or found.own) and not masked
    )
    return {**{name: getattr(found, name) for name in names}, "values": jsonable(values)}
