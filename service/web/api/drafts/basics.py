"""API routes of what a draft's place and award declare: names, roles, bodies, tiers, kinds of cases."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from service.casework.studio.parameters.change_basics import put_basics, view_basics
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import basics as schemas
from service.web.frame.requests.current import the_actor, the_desk


def register(api: Blueprint) -> None:
    """Add the routes."""
    one, edit, out = "/drafts/<int:draft>", "draft.edit", schemas.BasicsOut
    here = f"{one}/basics"
    for operation, work in (
        (ApiOperation("GET", here, "draft.view", "See what a place and its award declare", out), draft_basics),
        (
            ApiOperation("PUT", f"{here}/<section>", edit, "Write an entry", out, schemas.BasicsEntryIn),
            put_draft_basics,
        ),
    ):  # fmt: skip
        add_route(api, operation, work)


def draft_basics(draft: int) -> dict[str, Any]:
    """See."""
    found = view_basics(the_desk(), the_actor(), draft)
    sections = [
        {"section": lines.section.id, "entries": [{"id": ident, "said": said} for ident, said in lines.lines]}
        for lines in found.sections
    ]
    return {"sections": sections, "choices": found.choices, "revision": found.draft.revision}


def put_draft_basics(body: dict[str, Any], draft: int, section: str) -> dict[str, Any]:
    """Write."""
    put_basics(the_desk(), the_actor(), draft, section, body["id"], body["said"], body["new"], body["revision"])
    return draft_basics(draft)
