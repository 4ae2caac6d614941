"""API routes of discarded drafts, of what a decision on a draft rests on, and of published versions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, request

from service.casework.access.case_access import title_for
from service.casework.queries.law.view_version import view_version
from service.casework.studio.drafts.discard_draft import discard_draft, list_discarded, restore_draft
from service.casework.studio.publication.delete_version import delete_version
from service.casework.studio.publication.state_amendment import StatedAmendment
from service.casework.studio.publication.view_publication import view_publication
from service.casework.studio.publication.withdraw_version import withdraw_version
from service.web.api.arguments import row_place
from service.web.api.drafts.drafts import problem_json
from service.web.api.drafts.life import draft_state
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import versions as schemas
from service.web.api.schemas.draft_life import DraftStateOut
from service.web.api.schemas.drafts import DiscardedDraftsOut
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.parse_values import cursor

_ONWARD = {"after": row_place()}


def register(api: Blueprint) -> None:
    """Add the routes."""
    one, version = "/drafts/<int:draft>", "/definitions/<jurisdiction>/<award>/versions/<version>"
    for operation, work in (
        (ApiOperation("DELETE", one, "draft.edit", "Discard a draft", None), discard),
        (ApiOperation("GET", "/drafts/discarded", "people.manage", "List discarded drafts", DiscardedDraftsOut, None, _ONWARD), discarded_drafts),
        (ApiOperation("POST", f"{one}/bring-back", "people.manage", "Bring a discarded draft back", DraftStateOut), bring_draft_back),
        (ApiOperation("GET", f"{one}/publication", "draft.view", "See what a decision rests on", schemas.PublicationOut), draft_publication_view),
        (ApiOperation("GET", version, "law.study", "Get a version with the cases that run under it", schemas.VersionOut, None, _ONWARD), published_version),
        (ApiOperation("POST", f"{version}/withdraw", "draft.publish", "Withdraw a version", schemas.WithdrawnOut, schemas.WithdrawIn), withdraw_published),
        (ApiOperation("DELETE", version, "draft.publish", "Delete a version that was never used", None), delete_published),
    ):  # fmt: skip
        add_route(api, operation, work)


def discard(draft: int) -> None:
    """Put a draft away."""
    discard_draft(the_desk(), the_actor(), draft)


def discarded_drafts() -> dict[str, Any]:
    """List."""
    page = list_discarded(the_desk(), the_actor(), cursor(request.args, "after"))
    return {"drafts": page.drafts, "next": page.before}


def bring_draft_back(draft: int) -> dict[str, Any]:
    """Bring back."""
    restore_draft(the_desk(), the_actor(), draft)
    return draft_state(draft)


def draft_publication_view(draft: int) -> dict[str, Any]:
    """See what a decision rests on."""
    found = view_publication(the_desk(), the_actor(), draft)
    may = ("submit", "review", "publish", "take_back", "withdraw")
    return {
        "state": found.row.state,
        "problems": [problem_json(problem) for problem in found.problems],
        "covered": found.covered,
        "scenarios": found.scenarios,
        "open_scenarios": [
            {"path": one.file.path, "title": one.file.title, "passed": None if one.stale else one.passed}
            for one in found.scenarios.open
        ],
        "starts": found.starts,
        "changed": [file.path for file in found.compared.files],
        "running": found.running.total if found.running else None,
        "behind": found.behind,
        "running_cases": _running_cases(found.amendment),
        "versions": [
            {"version": one.row.version, "current": one.row.current, "running": one.running, "ended": one.ended}
            | {
                "before": one.before,
                "again": one.again.at if one.again else None,
                "withdrawn": one.withdrawn.at if one.withdrawn else None,
            }
            for one in found.versions
        ],
        "ended_settings": [one.sentence for one in found.ended],
        "may": [act for act in may if getattr(found, f"may_{act}")],
    }


def _running_cases(found: StatedAmendment) -> dict[str, Any]:
    said = found.said
    told = {"wanted": found.wanted, "applies": said.applies_to_running if said else None}
    return told | {
        "clauses": said.clauses if said else (),
        "since": said.since if said else None,
        "note": said.note.zh if said else "",
    }


def published_version(jurisdiction: str, award: str, version: str) -> dict[str, Any]:
    """Get."""
    after = cursor(request.args, "after") or 0
    view = view_version(the_desk(), the_actor(), f"{jurisdiction}/{award}", version, after)
    again, gone = view.line.again, view.line.withdrawn
    return {
        "version": view.line.version,
        "published_at": view.line.published_at,
        "published_by": view.line.published_by,
        "again": again.at if again else None,
        "current": view.line.current,
        "withdrawn": gone and {"at": gone.at, "by": gone.actor, "why": gone.text, "instead": gone.data.get("instead")},
        "running": view.line.running,
        "ended": view.line.ended,
        "cases": view.cases,
        "next": view.after,
    }


def withdraw_published(body: dict[str, Any], jurisdiction: str, award: str, version: str) -> dict[str, Any]:
    """Withdraw."""
    key, actor = f"{jurisdiction}/{award}", the_actor()
    running = withdraw_version(the_desk(), actor, key, version, body["reason"])
    return {"running": [replace(row, title=title_for(actor, row)) for row in running]}


def delete_published(jurisdiction: str, award: str, version: str) -> None:
    """Delete."""
    delete_version(the_desk(), the_actor(), f"{jurisdiction}/{award}", version)
