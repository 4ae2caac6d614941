"""API routes on which a draft is shared, undone, reviewed and published."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.studio.drafts.presence import note_presence
from service.casework.studio.drafts.restore_revision import restore_revision
from service.casework.studio.drafts.share_draft import share_draft
from service.casework.studio.drafts.view_draft import view_draft
from service.casework.studio.drafts.view_history import view_history
from service.casework.studio.publication.publish_draft import publish_draft
from service.casework.studio.publication.review_draft import review_draft
from service.casework.studio.publication.state_amendment import TypedAmendment, state_amendment
from service.casework.studio.publication.submit_draft import submit_draft, take_back_draft
from service.web.api.arguments import row_place
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import draft_life as schemas
from service.web.frame.requests.current import language, say, the_actor, the_desk
from service.web.frame.requests.parse_values import cursor
from service.web.presentation import actor_name

_ONE = "/drafts/<int:draft>"


def register(api: Blueprint) -> None:
    """Add the routes."""
    state, before = schemas.DraftStateOut, {"after": row_place("list changes below this revision")}
    listing = ApiOperation(
        "GET", f"{_ONE}/revisions", "draft.view", "List changes", schemas.DraftRevisionsOut, None, before
    )
    add_route(api, listing, draft_revisions)
    add_route(api, ApiOperation("POST", f"{_ONE}/take-back", "draft.edit", "Take back", state), draft_take_back)
    for place, action, summary, out, body, work in (
        (
            "presence",
            "view",
            "Say which file one has open",
            schemas.DraftPresenceOut,
            schemas.DraftPresenceIn,
            draft_presence,
        ),
        ("restore", "edit", "Go back to a revision", state, schemas.DraftRestoringIn, restore_draft_revision),
        ("sharing", "edit", "Share, or keep to oneself", state, schemas.DraftSharingIn, draft_sharing),
        ("submit", "edit", "Submit for review", state, schemas.DraftNoteIn, draft_submission),
        ("running-cases", "edit", "Say whether running cases are reached", state, schemas.AmendmentIn, draft_amendment),
        ("review", "review", "Approve or return", state, schemas.DraftReviewIn, draft_decision),
        ("publish", "publish", "Publish", schemas.PublishedVersionOut, schemas.DraftPublicationIn, draft_publication),
    ):
        add_route(api, ApiOperation("POST", f"{_ONE}/{place}", f"draft.{action}", summary, out, body), work)


def draft_presence(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Meet the others."""
    found = note_presence(the_desk(), the_actor(), draft, body["path"])
    others = [{"name": o.name, "path": o.path, "title": say(o.title), "at": o.at} for o in found.others]
    newer = found.newer and {
        "version": found.newer.version,
        "published_at": found.newer.published_at,
        "published_by": actor_name(found.newer.published_by, language()),
        "withdrawn": found.withdrawn,
    }
    return {"others": others, "newer": newer}


def draft_revisions(draft: int) -> dict[str, Any]:
    """List changes."""
    found = view_history(the_desk(), the_actor(), draft, cursor(request.args, "after"))
    return {"revisions": [line.row for line in found.lines], "next": found.after}


def restore_draft_revision(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Go back to a revision."""
    restore_revision(the_desk(), the_actor(), draft, body["revision"], body["path"])
    return draft_state(draft)


def draft_sharing(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Share, or keep to oneself."""
    share_draft(the_desk(), the_actor(), draft, body["shared"])
    return draft_state(draft)


def draft_submission(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Submit for review."""
    submit_draft(the_desk(), the_actor(), draft, body["note"])
    return draft_state(draft)


def draft_amendment(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Say whether running cases are reached."""
    typed = TypedAmendment(body["applies"], tuple(body["clauses"]), body["since"], body["note"])
    state_amendment(the_desk(), the_actor(), draft, typed)
    return draft_state(draft)


def draft_take_back(draft: int) -> dict[str, Any]:
    """Take back."""
    take_back_draft(the_desk(), the_actor(), draft)
    return draft_state(draft)


def draft_decision(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Approve or return."""
    review_draft(the_desk(), the_actor(), draft, body["approved"], body["reason"])
    return draft_state(draft)


def draft_publication(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Publish."""
    return {"version": publish_draft(the_desk(), the_actor(), draft, body["begins"])}


def draft_state(draft: int) -> dict[str, Any]:
    """Return how far a draft has come."""
    row = view_draft(the_desk(), the_actor(), draft).row
    return {"id": row.id, "state": row.state, "shared": row.shared, "revision": row.revision}
