"""API routes of a draft's law: clauses registered, changed, amended; parameters foreseen and written; cities copied."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint

from service.casework.studio.drafts.start_city import copy_started
from service.casework.studio.drafts.view_draft import view_draft
from service.casework.studio.law.amend_law import confirm_amendment, propose_amendment
from service.casework.studio.law.change_clause import change_clause
from service.casework.studio.law.register_clauses import register_clauses
from service.casework.studio.law.remove_clause import rebind_clause, remove_clause
from service.casework.studio.law.settle_clauses import settle_clauses
from service.casework.studio.law.view_clauses import view_clauses
from service.casework.studio.parameters.change_parameter import TypedParameter, propose_parameter, save_parameter
from service.casework.studio.parameters.said_parameter import typed_over
from service.catalog.coverage.clause_withdrawal import Withdrawal
from service.catalog.law_text.pieces import LawPiece
from service.catalog.law_text.split import split_law
from service.catalog.new_city.copied import CopiedCity
from service.web.api.drafts.drafts import draft_files
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas.drafts import DraftFilesOut
from service.web.api.schemas.law import (
    ConfirmedIn,
    CopiedCityIn,
    DraftParameterIn,
    LawClauseIn,
    LawClausesOut,
    LawPiecesIn,
    LawTextIn,
    LawUnitsOut,
    ParameterForecastOut,
    ProposedClausesOut,
    RebindIn,
    SettledClausesIn,
)
from service.web.frame.requests.current import the_actor, the_desk

_PARAMETER = ApiOperation(
    "PUT",
    "/drafts/<int:draft>/parameters/<parameter>",
    "draft.edit",
    "Foresee or write a parameter",
    ParameterForecastOut,
    DraftParameterIn,
)


def register(api: Blueprint) -> None:
    """Add the routes."""
    all_clauses = "/drafts/<int:draft>/clauses"
    one, amended = f"{all_clauses}/<name:clause>", "/drafts/<int:draft>/amendment"
    routes = (
        (ApiOperation("GET", all_clauses, "draft.view", "List the clauses of a draft", LawClausesOut), draft_clauses),
        (
            ApiOperation("POST", f"{all_clauses}/split", "draft.edit", "Split a text", LawUnitsOut, LawTextIn),
            split_draft_law,
        ),
        (
            ApiOperation("POST", all_clauses, "draft.edit", "Register clauses", LawClausesOut, LawPiecesIn),
            add_draft_clauses,
        ),
        (
            ApiOperation("PATCH", all_clauses, "draft.edit", "Settle several clauses", LawClausesOut, SettledClausesIn),
            settle_draft_clauses,
        ),
        (ApiOperation("PATCH", one, "draft.edit", "Change a clause", LawClausesOut, LawClauseIn), change_draft_clause),
        (ApiOperation("DELETE", one, "draft.edit", "Remove a clause that nothing cites", None), remove_draft_clause),
        (
            ApiOperation("POST", f"{one}/rebind", "draft.edit", "Cite another clause", LawClausesOut, RebindIn),
            rebind_draft_clause,
        ),
        (
            ApiOperation("POST", amended, "draft.view", "Compare the amended text", ProposedClausesOut, LawTextIn),
            propose_draft_amendment,
        ),
        (
            ApiOperation("PUT", amended, "draft.edit", "Write changes of the amended text", LawClausesOut, ConfirmedIn),
            confirm_draft_amendment,
        ),
        (_PARAMETER, put_draft_parameter),
        (
            ApiOperation("POST", "/drafts/cities", "draft.edit", "Copy a city", DraftFilesOut, CopiedCityIn),
            copy_draft_city,
        ),
    )
    for route, work in routes:
        add_route(api, route, work)


def draft_clauses(draft: int) -> dict[str, Any]:
    """List."""
    bench = view_clauses(the_desk(), the_actor(), draft)
    rows = [line for article in bench.articles for line in article.lines]
    return {
        "clauses": [
            {**asdict(line.clause), "status": line.status.name.lower(), "places": len(line.places)} for line in rows
        ]
    }


def split_draft_law(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Split."""
    view_draft(the_desk(), the_actor(), draft)
    return {"units": [{**asdict(unit), "level": unit.level.value} for unit in split_law(body["text"])]}


def add_draft_clauses(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Register."""
    pieces = [LawPiece(**{**piece, "numbers": tuple(piece["numbers"])}) for piece in body["pieces"]]
    register_clauses(the_desk(), the_actor(), draft, body["prefix"], pieces)
    return draft_clauses(draft)


def change_draft_clause(body: dict[str, Any], draft: int, clause: str) -> dict[str, Any]:
    """Change."""
    change_clause(the_desk(), the_actor(), draft, clause, body, body["revision"])
    return draft_clauses(draft)


def settle_draft_clauses(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Settle."""
    settle_clauses(the_desk(), the_actor(), draft, body["clauses"], body["answer"], body["reason"])
    return draft_clauses(draft)


def remove_draft_clause(draft: int, clause: str) -> None:
    """Remove."""
    remove_clause(the_desk(), the_actor(), draft, clause)


def rebind_draft_clause(body: dict[str, Any], draft: int, clause: str) -> dict[str, Any]:
    """Rebind."""
    rebind_clause(the_desk(), the_actor(), draft, clause, body["other"])
    return draft_clauses(draft)


def propose_draft_amendment(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Compare."""
    proposal = propose_amendment(the_desk(), the_actor(), draft, body["text"])
    changes = [
        {
            "number": proposed.number,
            "act": proposed.change.act.value,
            "clause": proposed.change.clause.id,
            "article": proposed.change.clause.article,
            "before": (before.text or before.summary) if (before := proposed.change.before) else "",
            "after": (after.text or after.summary) if (after := proposed.change.after) else "",
            "uses": [f"{use.path}:{use.line}" for use in proposed.uses],
        }
        for proposed in proposal.changes
    ]
    return {
        "changes": changes,
        "running": proposal.running,
        "moved": proposal.moved,
        "naming": proposal.naming,
        "withdrawal": _withdrawal(proposal.withdrawal),
    }


def confirm_draft_amendment(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Confirm."""
    confirm_amendment(the_desk(), the_actor(), draft, body["text"], set(body["chosen"]), away=body["away"])
    return draft_clauses(draft)


def _withdrawal(found: Withdrawal | None) -> dict[str, Any]:
    """Return what becomes of what cites the clauses that go."""
    if found is None:
        return {"gone": [], "kept": [], "left": []}
    gone, kept = ([f"{place.file}#{place.element}" for place in places] for places in (found.gone, found.kept))
    return {"gone": gone, "kept": kept, "left": [f"{use.path}:{use.line}" for use in found.left]}


def put_draft_parameter(body: dict[str, Any], draft: int, parameter: str) -> dict[str, Any]:
    """Foresee or write."""
    said = {key: value for key, value in body.items() if key not in ("confirm", "new", "revision")}
    new, opened = how = (body["new"], body["revision"])
    over = typed_over(the_desk(), the_actor(), draft, parameter, said, opened) if not new else None
    typed = over or TypedParameter(parameter, **said)
    proposal = propose_parameter(the_desk(), the_actor(), draft, typed, *how)
    if body["confirm"]:
        save_parameter(the_desk(), the_actor(), draft, typed, *how)
    change, forecast = proposal.change, proposal.forecast
    return {
        "path": change.path,
        "lines": [f"{mark}{words}" for mark, words in change.lines],
        "said": [sentence.text for piece in proposal.written for sentence in piece.sentences],
        "readers": [user.name for user in forecast.readers],
        "read_at": forecast.readers,
        "by_program": forecast.by_program,
        "notices": forecast.notices,
        "limits": forecast.limits,
        "running": forecast.running,
        "written": body["confirm"],
    }


def copy_draft_city(body: dict[str, Any]) -> dict[str, Any]:
    """Copy."""
    wanted = CopiedCity(body["id"], body["name"], body["name_en"], body["prefix"])
    return draft_files(copy_started(the_desk(), the_actor(), body["package"], wanted))
