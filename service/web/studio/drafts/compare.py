"""Pages that put two sides of a procedure beside each other, and take in what was published meanwhile."""

from __future__ import annotations

from flask import Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.studio.drafts.compare_draft import (
    ComparedFile,
    DraftComparison,
    compare_draft,
    compared_file,
    named_difference,
)
from service.casework.studio.drafts.take_in import Side, published_meanwhile, take_in
from service.casework.studio.drafts.view_draft import view_draft
from service.catalog.differences.differences import FileDifference, PieceChange
from service.catalog.pieces.piece_kinds import PieceKind
from service.domain.errors import Invalid
from service.web.frame.page.frame import flash
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.refusals import status_of
from service.web.studio.drafts.drafts import KIND_NAMES, names_of
from service.web.studio.frame import studio_page, studio_pages

PAGES = studio_pages("studio_compare")
_SIGNS = {PieceChange.ADDED: "＋", PieceChange.REMOVED: "－", PieceChange.CHANGED: "≠", PieceChange.MOVED: "↔"}
_IN_PLACE = 6
"""So many files are told in words at once; of more each is told when it is opened."""


@PAGES.get("/compare")
@route_guard("draft.view")
def index(draft: int) -> ResponseReturnValue:
    """Show what differs between the published version and the draft, or whatever two sides are chosen."""
    return _compare(draft)


@PAGES.get("/compare/diagram")
@route_guard("draft.view")
def diagram(draft: int) -> ResponseReturnValue:
    """Show both diagrams beside each other, what was added, removed and changed marked on each."""
    args = request.args
    found = compare_draft(the_desk(), the_actor(), draft, args.get("left", ""), args.get("right", ""))
    file = found.file(args.get("path", ""))
    view = view_draft(the_desk(), the_actor(), draft)
    states = [_state(file.difference, side) for side in (PieceChange.REMOVED, PieceChange.ADDED)]
    told = named_difference(file.difference, found.left.package, found.right.package, say)
    shown = {"found": found, "file": file, "states": states, "difference": told}
    return studio_page("compare_diagram.html", view, "studio_compare.index", **shown)


@PAGES.get("/compare/words")
@route_guard("draft.view")
def words(draft: int) -> ResponseReturnValue:
    """Show what differs in one file, in words: a page of its own, or with ``part`` what the list of files opens in place."""
    args = request.args
    found = compare_draft(the_desk(), the_actor(), draft, args.get("left", ""), args.get("right", ""))
    file = found.file(args.get("path", ""))
    told = named_difference(file.difference, found.left.package, found.right.package, say)
    if "part" in args:
        return render_template("studio/compare_words_part.html", difference=told)
    view = view_draft(the_desk(), the_actor(), draft)
    shown = {"found": found, "file": file, "difference": told, "kinds": KIND_NAMES}
    return studio_page("compare_words.html", view, "studio_compare.index", **shown)


@PAGES.get("/compare/file")
@route_guard("draft.view")
def file(draft: int) -> ResponseReturnValue:
    """Return a file as one side has it."""
    args = request.args
    content = compared_file(the_desk(), the_actor(), draft, args.get("side", ""), args.get("path", ""))
    return Response(
        content, mimetype="application/xml" if args.get("path", "").endswith((".bpmn", ".dmn")) else "text/plain"
    )


@PAGES.post("/take-in")
@route_guard("draft.edit")
def take(draft: int) -> ResponseReturnValue:
    """Let the draft rest on the current version."""
    words = {side.value: side for side in Side}
    sides = {
        name.removeprefix("at:"): words[word]
        for name, word in request.form.items()
        if name.startswith("at:") and word in words
    }
    try:
        take_in(the_desk(), the_actor(), draft, request.form.get("version", ""), sides)
    except Invalid as refusal:
        return _compare(draft, say(refusal.message)), status_of(refusal)
    flash(t("已并入现行版本，草稿的修改保留。", "The current version was taken in; the draft's changes are kept."))
    return redirect(f"/studio/drafts/{draft}/compare")


def _compare(draft: int, problem: str = "") -> str:
    args = request.args
    found = compare_draft(the_desk(), the_actor(), draft, args.get("left", ""), args.get("right", ""))
    view = view_draft(the_desk(), the_actor(), draft)
    meanwhile = published_meanwhile(the_desk(), the_actor(), draft)
    return studio_page(
        "compare.html",
        view,
        "studio_compare.index",
        found=found,
        groups=_groups(found),
        opened=_opened(found),
        meanwhile=meanwhile,
        names=names_of(view),
        problem=problem,
        kinds=KIND_NAMES,
        PieceKind=PieceKind,
        typed=request.form,
    )


def _state(difference: FileDifference, own: PieceChange) -> dict[str, object]:
    """Return the marks of one side: what only it has, and what differs on both."""
    marks = {
        element: change
        for element, change in difference.marks.items()
        if change in (own, PieceChange.CHANGED, PieceChange.MOVED)
    }
    return {
        "elements": {
            element: {"state": change.value, "text": say(change.word), "sign": _SIGNS[change]}
            for element, change in marks.items()
        }
    }


def _groups(found: DraftComparison) -> list[tuple[PieceKind, list[ComparedFile]]]:
    """Return what differs by kind, what both sides have before what only one has."""
    return [
        (kind, sorted(of_kind, key=lambda file: _ORDER.index(file.difference.change)))
        for kind in PieceKind
        if (of_kind := [file for file in found.files if file.kind is kind])
    ]


_ORDER = [PieceChange.CHANGED, PieceChange.MOVED, PieceChange.REMOVED, PieceChange.ADDED]


def _opened(found: DraftComparison) -> dict[str, FileDifference]:
    """Return the differences that are told at once, by path: those of a short list."""
    if len(found.files) > _IN_PLACE:
        return {}
    sides = found.left.package, found.right.package
    return {file.path: named_difference(file.difference, *sides, say) for file in found.files}
