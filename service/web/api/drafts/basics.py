"""API routes of what a draft's place and award declare: names, roles, bodies, tiers, kinds of cases."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint

from service.casework.studio.parameters.change_basics import move_basics, put_basics, remove_basics, view_basics
from service.casework.studio.pieces.change_scoring import put_scoring, view_scoring
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import basics as schemas
from service.web.api.schemas.drafts import PackageFileOut
from service.web.frame.requests.current import the_actor, the_desk


def register(api: Blueprint) -> None:
    """Add the routes."""
    one, edit, out = "/drafts/<int:draft>", "draft.edit", schemas.BasicsOut
    here = f"{one}/basics"
    entry = f"{here}/<section>/<entry>"
    for operation, work in (
        (ApiOperation("GET", here, "draft.view", "See what a place and its award declare", out), draft_basics),
        (
            ApiOperation("PUT", f"{here}/<section>", edit, "Write an entry", out, schemas.BasicsEntryIn),
            put_draft_basics,
        ),
        (ApiOperation("DELETE", entry, edit, "Take an entry out", None), remove_draft_basics),
        (ApiOperation("POST", f"{entry}/move", edit, "Move an entry", out, schemas.MovedEntryIn), move_draft_basics),
        (ApiOperation("GET", f"{one}/scoring", "draft.view", "List scoring editions", schemas.ScoringsOut), draft_scoring),
        (ApiOperation("PUT", f"{one}/scoring", edit, "Write a scoring edition", PackageFileOut, schemas.ScoringIn), put_draft_scoring),
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


def remove_draft_basics(draft: int, section: str, entry: str) -> None:
    """Take out."""
    remove_basics(the_desk(), the_actor(), draft, section, entry)


def move_draft_basics(body: dict[str, Any], draft: int, section: str, entry: str) -> dict[str, Any]:
    """Move."""
    move_basics(the_desk(), the_actor(), draft, section, entry, body["by"])
    return draft_basics(draft)


def draft_scoring(draft: int) -> dict[str, Any]:
    """List."""
    _, lines = view_scoring(the_desk(), the_actor(), draft)
    return {"scorings": lines}


def put_draft_scoring(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Write."""
    saved = put_scoring(the_desk(), the_actor(), draft, body["id"], body["said"], body["new"], body["revision"])
    return {**asdict(saved), "content": None if saved.content is None else saved.content.decode()}
