"""API routes that put two sides of a procedure beside each other, take in what was published, and settle conflicts."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, request

from service.casework.studio.drafts.compare_draft import compare_draft, compared_file
from service.casework.studio.drafts.named_differences import named_conflicts, named_difference
from service.casework.studio.drafts.settle_save import HeldSave, give_up_save, list_held, settle_save
from service.casework.studio.drafts.take_in import FileConflicts, published_meanwhile, take_in
from service.casework.studio.drafts.undo_last_save import undo_last_save, view_last_save
from service.casework.studio.drafts.view_history import RevisionView, view_revision
from service.catalog.compare import Pair, Value
from service.catalog.merge import Side
from service.catalog.merge.differences import FileDifference
from service.web.api.arguments import Query, needed
from service.web.api.drafts.life import draft_state
from service.web.api.drafts.simulation import job_json
from service.web.api.operation import ApiOperation, add_route, conflict_json
from service.web.api.schemas import compare as schemas
from service.web.api.schemas.draft_life import DraftStateOut
from service.web.api.schemas.drafts import PackageFileOut
from service.web.frame.requests.current import say, the_actor, the_desk

_SIDES = {
    "left": "draft, published, r with a revision, a version, or the key of another package",
    "right": "as left; the draft where nothing is said",
}


def register(api: Blueprint) -> None:
    """Add the routes."""
    one, see, edit = "/drafts/<int:draft>", "draft.view", "draft.edit"
    side: Query = {"side": _SIDES["left"], "path": needed("the file")}
    last: Query = {"path": needed("the file")}
    for operation, work in (
        (ApiOperation("GET", f"{one}/compare", see, "Compare two sides", schemas.DraftComparisonOut, None, _SIDES), draft_comparison),
        (ApiOperation("GET", f"{one}/compare/file", see, "Get a file of a side", schemas.ComparedFileOut, None, side), draft_side_file),
        (ApiOperation("GET", f"{one}/revisions/<int:revision>", see, "See one change in words", schemas.RevisionDifferenceOut), draft_revision),
        (ApiOperation("GET", f"{one}/last-save", see, "See who saved a file last, and when", schemas.LastSaveOut, None, last), draft_last_save),
        (ApiOperation("POST", f"{one}/last-save/undo", edit, "Undo the last save of a file", DraftStateOut, schemas.LastSaveIn), undo_draft_save),
        (ApiOperation("GET", f"{one}/meanwhile", see, "See what was published since", schemas.PublishedMeanwhileOut), draft_meanwhile),
        (ApiOperation("POST", f"{one}/take-in", edit, "Take in what was published", DraftStateOut, schemas.TakeInIn), draft_take_in),
        (ApiOperation("GET", f"{one}/held", see, "List what is to be chosen", schemas.HeldSavesOut), draft_held),
        (ApiOperation("POST", f"{one}/held/<int:held>", edit, "Save as chosen", PackageFileOut, schemas.SettleIn), settle_draft_save),
        (ApiOperation("DELETE", f"{one}/held/<int:held>", edit, "Give up one's own change", None), give_up_draft_save),
    ):  # fmt: skip
        add_route(api, operation, work)


def draft_comparison(draft: int) -> dict[str, Any]:
    """Compare."""
    args = request.args
    found = compare_draft(the_desk(), the_actor(), draft, args.get("left", ""), args.get("right", ""))
    return {
        "left": found.left,
        "right": found.right,
        "job": found.job and job_json(found.job),
        "choices": [{"word": word, "label": label} for word, label in found.choices],
        "parameters": [_parameter(pair) for pair in found.found.parameters if not pair.same],
        "clauses": [pair.key for pair in found.found.clauses if not pair.same],
        "files": [
            {**_difference(each.difference), "title": each.title, "kind": each.kind.value} for each in found.files
        ],
    }


def draft_side_file(draft: int) -> dict[str, str]:
    """Get a file of a side."""
    path = request.args.get("path", "")
    content = compared_file(the_desk(), the_actor(), draft, request.args.get("side", ""), path)
    return {"path": path, "content": content.decode("utf-8", "replace")}


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


def draft_meanwhile(draft: int) -> dict[str, Any]:
    """See what was published since."""
    found = published_meanwhile(the_desk(), the_actor(), draft)
    if found is None:
        return {"version": None, "files": [], "conflicts": []}
    return {"version": found.version.version, "files": found.files, "conflicts": [_met(one) for one in found.conflicts]}


def draft_take_in(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Take in."""
    chosen = {(one["path"], one["id"]): Side(one["side"]) for one in body["chosen"]}
    take_in(the_desk(), the_actor(), draft, body["version"], chosen)
    return draft_state(draft)


def draft_held(draft: int) -> dict[str, Any]:
    """List what is to be chosen."""
    return {"held": [_held(one) for one in list_held(the_desk(), the_actor(), draft)]}


def settle_draft_save(body: dict[str, Any], draft: int, held: int) -> dict[str, Any]:
    """Save as chosen."""
    chosen = {ident: Side(side) for ident, side in body["chosen"].items()}
    saved = settle_save(the_desk(), the_actor(), draft, held, chosen)
    return {**asdict(saved), "content": None if saved.content is None else saved.content.decode("utf-8", "replace")}


def give_up_draft_save(draft: int, held: int) -> None:
    """Give up."""
    give_up_save(the_desk(), the_actor(), draft, held)


def _parameter(pair: Pair[Value]) -> dict[str, Any]:
    return {"id": pair.key, "left": pair.left and pair.left.said, "right": pair.right and pair.right.said}


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


def _met(found: FileConflicts | HeldSave) -> dict[str, Any]:
    path = found.path if isinstance(found, FileConflicts) else found.row.path
    met = named_conflicts(found.conflicts, path, found.package, say)
    return {"path": path, "title": found.title, "conflicts": [conflict_json(one) for one in met]}


def _held(found: HeldSave) -> dict[str, Any]:
    return {**_met(found), "id": found.row.id, "author": found.author}
