"""API routes that put two sides of a procedure beside each other, take in what was published, and settle conflicts."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, request

from service.casework.studio.drafts.named_differences import named_difference
from service.casework.studio.drafts.settle_save import give_up_save, settle_save
from service.casework.studio.drafts.undo_last_save import undo_last_save, view_last_save
from service.casework.studio.drafts.view_history import RevisionView, view_revision
from service.catalog.merge import Side
from service.catalog.merge.differences import FileDifference
from service.web.api.arguments import Query, needed
from service.web.api.drafts.life import draft_state
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import compare as schemas
from service.web.api.schemas.draft_life import DraftStateOut
from service.web.api.schemas.drafts import PackageFileOut
from service.web.frame.requests.current import say, the_actor, the_desk


def register(api: Blueprint) -> None:
    """Add the routes."""
    one, see, edit = "/drafts/<int:draft>", "draft.view", "draft.edit"
    last: Query = {"path": needed("the file")}
    for operation, work in (
        (ApiOperation("GET", f"{one}/revisions/<int:revision>", see, "See one change in words", schemas.RevisionDifferenceOut), draft_revision),
        (ApiOperation("GET", f"{one}/last-save", see, "See who saved a file last, and when", schemas.LastSaveOut, None, last), draft_last_save),
        (ApiOperation("POST", f"{one}/last-save/undo", edit, "Undo the last save of a file", DraftStateOut, schemas.LastSaveIn), undo_draft_save),
        (ApiOperation("POST", f"{one}/held/<int:held>", edit, "Save as chosen", PackageFileOut, schemas.SettleIn), settle_draft_save),
        (ApiOperation("DELETE", f"{one}/held/<int:held>", edit, "Give up one's own change", None), give_up_draft_save),
    ):  # fmt: skip
        add_route(api, operation, work)


def draft_revision(draft: int, revision: int) -> dict[str, Any]:
    """See a change."""
    return _changed(view_revision(the_desk(), the_actor(), draft, revision))


def draft_last_save(draft: int) -> dict[str, Any]:
    """See the last save of a file."""
    found = view_last_save(the_desk(), the_actor(), draft, request.args.get("path", ""))
    return {"last": found}


def undo_draft_save(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Undo it."""
    undo_last_save(the_desk(), the_actor(), draft, body["path"], body["revision"])
    return draft_state(draft)


def _changed(found: RevisionView) -> dict[str, Any]:
    row, kind, title = found.line.row, found.line.kind.value, found.line.title
    named = found.difference and named_difference(found.difference, found.before, found.after, say)
    told = {**_difference(named), "title": title, "kind": kind} if named else None
    return {
        "revision": row.revision,
        "path": row.path,
        "author": row.author,
        "at": row.at,
        "note": row.note,
        "difference": told,
    }


def settle_draft_save(body: dict[str, Any], draft: int, held: int) -> dict[str, Any]:
    """Save as chosen."""
    chosen = {ident: Side(side) for ident, side in body["chosen"].items()}
    saved = settle_save(the_desk(), the_actor(), draft, held, chosen)
    return {**asdict(saved), "content": None if saved.content is None else saved.content.decode("utf-8", "replace")}


def _difference(found: FileDifference) -> dict[str, Any]:
    differing = [
        {
            "element": one.element,
            "subject": one.subject,
            "change": one.change.value,
            "fields": [asdict(field) for field in one.fields],
        }
        for one in found.records
    ]
    told = {"path": found.path, "change": found.change.value, "records": differing}
    return {**told, "drawn": found.drawn, "readable": found.readable}


def give_up_draft_save(draft: int, held: int) -> None:
    """Give up."""
    give_up_save(the_desk(), the_actor(), draft, held)
