"""API routes on which a draft is shared, undone, reviewed and published."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.studio.presence import note_presence
from service.casework.studio.publish_draft import publish_draft
from service.casework.studio.restore_revision import restore_revision
from service.casework.studio.review_draft import review_draft
from service.casework.studio.share_draft import share_draft
from service.casework.studio.submit_draft import submit_draft, take_back_draft
from service.casework.studio.view_draft import view_draft
from service.casework.studio.view_history import view_history
from service.web.api import schemas_draft_life as schemas
from service.web.api.operation import ApiOperation, add_route
from service.web.frame.current import the_actor, the_desk
from service.web.frame.parse_values import cursor


def register(api: Blueprint) -> None:
    """Add the routes."""
    one, state = "/drafts/<int:draft>", schemas.DraftStateOut
    before = {"before": "list changes below this revision"}
    routes = (
        (
            ApiOperation(
                "POST",
                f"{one}/presence",
                "draft.view",
                "Say which file one has open; get the others",
                schemas.DraftPresenceOut,
                schemas.DraftPresenceIn,
            ),
            draft_presence,
        ),
        (
            ApiOperation(
                "GET", f"{one}/revisions", "draft.view", "List changes", schemas.DraftRevisionsOut, None, before
            ),
            draft_revisions,
        ),
        (
            ApiOperation("POST", f"{one}/restore", "draft.edit", "Go back", state, schemas.DraftRestoringIn),
            restore_draft_revision,
        ),
        (
            ApiOperation("POST", f"{one}/sharing", "draft.edit", "Share or not", state, schemas.DraftSharingIn),
            draft_sharing,
        ),
        (
            ApiOperation("POST", f"{one}/submit", "draft.edit", "Submit for review", state, schemas.DraftNoteIn),
            draft_submission,
        ),
        (ApiOperation("POST", f"{one}/take-back", "draft.edit", "Take back", state), draft_take_back),
        (
            ApiOperation("POST", f"{one}/review", "draft.review", "Approve or return", state, schemas.DraftReviewIn),
            draft_decision,
        ),
        (
            ApiOperation(
                "POST",
                f"{one}/publish",
                "draft.publish",
                "Publish an approved draft",
                schemas.PublishedVersionOut,
                schemas.DraftPublicationIn,
            ),
            draft_publication,
        ),
    )
    for route, work in routes:
        add_route(api, route, work)


def draft_presence(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Meet the others."""
    return {"others": note_presence(the_desk(), the_actor(), draft, body["path"])}


def draft_revisions(draft: int) -> dict[str, Any]:
    """List changes."""
    found = view_history(the_desk(), the_actor(), draft, cursor(request.args, "before"))
    return {"revisions": [line.row for line in found.lines], "before": found.after}


def restore_draft_revision(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Go back to a revision."""
    restore_revision(the_desk(), the_actor(), draft, body["revision"], body["path"])
    return _state(draft)


def draft_sharing(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Share, or keep to oneself."""
    share_draft(the_desk(), the_actor(), draft, body["shared"])
    return _state(draft)


def draft_submission(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Submit for review."""
    submit_draft(the_desk(), the_actor(), draft, body["note"])
    return _state(draft)


def draft_take_back(draft: int) -> dict[str, Any]:
    """Take back."""
    take_back_draft(the_desk(), the_actor(), draft)
    return _state(draft)


def draft_decision(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Approve or return."""
    review_draft(the_desk(), the_actor(), draft, body["approved"], body["reason"])
    return _state(draft)


def draft_publication(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Publish."""
    return {"version": publish_draft(the_desk(), the_actor(), draft, body["begins"])}


def _state(draft: int) -> dict[str, Any]:
    row = view_draft(the_desk(), the_actor(), draft).row
    return {"id": row.id, "state": row.state, "shared": row.shared, "revision": row.revision}
