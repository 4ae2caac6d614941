"""API routes on which a draft is shared, undone, reviewed and published."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from service.casework.studio.drafts.presence import note_presence
from service.casework.studio.drafts.view_draft import view_draft
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import draft_life as schemas
from service.web.frame.requests.current import language, say, the_actor, the_desk
from service.web.presentation import actor_name


def register(api: Blueprint) -> None:
    """Add the route."""
    present = ApiOperation(
        "POST",
        "/drafts/<int:draft>/presence",
        "draft.view",
        "Say which file one has open",
        schemas.DraftPresenceOut,
        schemas.DraftPresenceIn,
    )
    add_route(api, present, draft_presence)


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


def draft_state(draft: int) -> dict[str, Any]:
    """Return how far a draft has come."""
    row = view_draft(the_desk(), the_actor(), draft).row
    return {"id": row.id, "state": row.state, "shared": row.shared, "revision": row.revision}
