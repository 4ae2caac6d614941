"""API routes of amendments to single cases, and of the study of clauses, values and versions."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.amendments.apply import apply_amendment
from service.casework.amendments.move_case import move_case
from service.casework.definitions.comparison import as_dict
from service.casework.queries.law.coverage_file import coverage_as_dict
from service.casework.queries.law.preview_amendment import preview_amendment
from service.casework.queries.law.study_coverage import list_cities, view_clause, view_places
from service.casework.queries.law.study_versions import view_comparison
from service.casework.queries.law.view_moves import list_batches
from service.casework.queries.law.view_settings import view_setting
from service.web.api.arguments import row_place
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import amendments as schemas
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.parse_values import cursor

_SIDES = {"left": "jurisdiction/award, or a published version of it", "right": "the same"}
_AFTER = {"after": row_place()}
_BEFORE = {"after": row_place()}


def register(api: Blueprint) -> None:
    """Add the routes."""
    one, see, act = "/definitions/<jurisdiction>/<award>", "amendment.preview", "amendment.apply"
    city, study = "/coverage/<jurisdiction>", "law.study"
    setting = "/settings/<jurisdiction>/<award>/<parameter>"
    for operation, work in (
        (ApiOperation("GET", f"{one}/running", see, "What an amendment means for running cases", schemas.RunningCasesOut, None, _AFTER), running_cases),
        (ApiOperation("POST", f"{one}/apply", act, "Move chosen cases to the current version", schemas.AppliedListOut, schemas.ApplyIn), apply_to_cases),
        (ApiOperation("POST", "/cases/<int:case_id>/move", act, "Move one case", schemas.MovePlanOut, schemas.MoveCaseIn), move_one_case),
        (ApiOperation("GET", f"{one}/batches", see, "List batches of moves", schemas.BatchesOut, None, _BEFORE), move_batches),
        (ApiOperation("GET", "/coverage", study, "List jurisdictions that may be studied", schemas.StudiedCitiesOut), studied_cities),
        (ApiOperation("GET", f"{city}/matrix", study, "Get every clause and what carries it out", schemas.MatrixOut), clause_matrix),
        (ApiOperation("GET", f"{city}/places", study, "List what carries clauses out, by file", schemas.StudiedFilesOut), studied_places),
        (ApiOperation("GET", f"{city}/clauses/<clause>", study, "Get a clause", schemas.StudiedClauseOut), studied_clause),
        (ApiOperation("GET", "/comparison", study, "Compare two packages", schemas.VersionsComparedOut, None, _SIDES), compared),
        (ApiOperation("GET", setting, study, "Get one setting", schemas.OneSettingOut), one_setting),
    ):  # fmt: skip
        add_route(api, operation, work)


def running_cases(jurisdiction: str, award: str) -> Any:
    """Foresee."""
    package = f"{jurisdiction}/{award}"
    return preview_amendment(the_desk(), the_actor(), package, cursor(request.args, "after") or 0)


def apply_to_cases(body: dict[str, Any], jurisdiction: str, award: str) -> dict[str, Any]:
    """Move."""
    package = f"{jurisdiction}/{award}"
    done = apply_amendment(the_desk(), the_actor(), package, body["cases"], body["version"], body["reason"])
    return {"cases": done}


def move_one_case(body: dict[str, Any], case_id: int) -> Any:
    """Move."""
    return move_case(the_desk(), the_actor(), case_id, body["version"], body["reason"])


def move_batches(jurisdiction: str, award: str) -> dict[str, Any]:
    """List."""
    page = list_batches(the_desk(), the_actor(), f"{jurisdiction}/{award}", cursor(request.args, "after"))
    return {"batches": page.batches, "next": page.before}


def studied_cities() -> dict[str, Any]:
    """List."""
    return {"cities": list_cities(the_desk(), the_actor())}


def clause_matrix(jurisdiction: str) -> dict[str, Any]:
    """Get."""
    return {"matrix": coverage_as_dict(the_desk(), the_actor(), jurisdiction)}


def studied_places(jurisdiction: str) -> dict[str, Any]:
    """List."""
    view = view_places(the_desk(), the_actor(), jurisdiction)
    return {"files": [{"file": f, "places": places} for f, _, places in view.files], "total": view.total}


def studied_clause(jurisdiction: str, clause: str) -> Any:
    """Get."""
    return view_clause(the_desk(), the_actor(), jurisdiction, clause)


def compared() -> dict[str, Any]:
    """Compare."""
    args = request.args
    view = view_comparison(the_desk(), the_actor(), args.get("left", "")[:200], args.get("right", "")[:200])
    return {"differences": as_dict(view.found) if view.found is not None else None}


def one_setting(jurisdiction: str, award: str, parameter: str) -> dict[str, Any]:
    """Get."""
    return {"setting": view_setting(the_desk(), the_actor(), f"{jurisdiction}/{award}", parameter)[1]}
