"""Pages of what is wrong with a draft and of what differs: two sides compared, taken in, every change, brought back."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.casework.studio.check_beside import find_problems
from service.casework.studio.drafts.compare_draft import (
    ComparedFile,
    DraftComparison,
    compare_draft,
    compared_file,
    named_difference,
)
from service.casework.studio.drafts.take_in import Side, published_meanwhile, take_in
from service.casework.studio.drafts.view_draft import restore_revision, view_draft, view_history
from service.casework.studio.publication.publish_draft import count_scenarios
from service.catalog import Severity
from service.catalog.differences.differences import FileDifference, PieceChange
from service.catalog.pieces.piece_kinds import PieceKind
from service.domain.values.typed_numbers import whole_number
from service.web.frame.page.frame import flash
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import find_query_cursor
from service.web.presentation import KIND_NAMES
from service.web.studio.frame import editor_of, guarded_page, names_of, studio_page, studio_pages

PAGES = studio_pages("studio_compare")
_SIGNS = {PieceChange.ADDED: "＋", PieceChange.REMOVED: "－", PieceChange.CHANGED: "≠", PieceChange.MOVED: "↔"}
_IN_PLACE = 6
"""So many files are told in words at once; of more each is told when it is opened."""


@PAGES.get("/problems")
@route_guard("draft.view")
def problems(draft: int) -> ResponseReturnValue:
    """Show what is wrong with a draft: what was found last, while the newest change is checked beside."""
    found = find_problems(the_desk(), the_actor(), draft)
    view = view_draft(the_desk(), the_actor(), draft)
    problems = found.checked.problems if found.checked else ()
    context = {
        "found": found,
        "problems": problems,
        "scenarios": count_scenarios(the_desk(), the_actor(), draft),
        "errors": sum(problem.severity is Severity.ERROR for problem in problems),
        "names": names_of(view),
        "editor_of": editor_of,
    }
    return studio_page("problems.html", view, "studio_compare.problems", **context)


@PAGES.get("/compare")
@route_guard("draft.view")
def index(draft: int) -> ResponseReturnValue:
    """Show what differs between the published version and the draft, or whatever two sides are chosen."""
    return _render_comparison(draft)


@PAGES.get("/compare/words")
@route_guard("draft.view")
def words(draft: int) -> ResponseReturnValue:
    """Show what differs in one file, in words: on both diagrams too, or with ``part`` what the list of files opens in place."""
    args = request.args
    comparison = compare_draft(the_desk(), the_actor(), draft, args.get("left", ""), args.get("right", ""))
    file = comparison.file(args.get("path", ""))
    description = named_difference(file.difference, comparison.left.package, comparison.right.package, say)
    drawn = file.kind is PieceKind.DIAGRAM
    page = url_for("studio_compare.words", draft=draft, path=file.path, left=args.get("left"), right=args.get("right"))
    at = f"{page}&element=" if drawn else ""
    if "part" in args:
        return render_template("studio/compare_words_part.html", difference=description, at=at)
    view = view_draft(the_desk(), the_actor(), draft)
    chosen = args.get("element", "")
    look = chosen or _find_first_element(comparison, file)
    states = [_build_state(file.difference, side, look, chosen) for side in (PieceChange.REMOVED, PieceChange.ADDED)]
    context = {"found": comparison, "file": file, "difference": description, "kinds": KIND_NAMES, "states": states}
    before = whole_number(comparison.left.word.removeprefix("r")) if comparison.left.word.startswith("r") else None
    return studio_page("compare_words.html", view, "studio_compare.index", drawn=drawn, before=before, at=at, **context)


@PAGES.get("/compare/file")
@route_guard("draft.view")
def file(draft: int) -> ResponseReturnValue:
    """Return a file as one side has it."""
    args = request.args
    content = compared_file(the_desk(), the_actor(), draft, args.get("side", ""), args.get("path", ""))
    return Response(
        content, mimetype="application/xml" if args.get("path", "").endswith((".bpmn", ".dmn")) else "text/plain"
    )


@PAGES.post("/compare")
@route_guard("draft.edit")
def take(draft: int) -> ResponseReturnValue:
    """Let the draft rest on the current version."""
    words = {side.value: side for side in Side}
    sides = {
        name.removeprefix("at:"): words[word]
        for name, word in request.form.items()
        if name.startswith("at:") and word in words
    }

    def take_changes() -> ResponseReturnValue:
        take_in(the_desk(), the_actor(), draft, request.form.get("version", ""), sides)
        flash(t("已并入现行版本，草稿的修改保留。", "The current version was taken in; the draft's changes are kept."))
        return redirect(url_for("studio_compare.index", draft=draft))

    return guarded_page(take_changes, lambda problem: _render_comparison(draft, problem))


@PAGES.get("/history")
@route_guard("draft.view")
def history(draft: int) -> ResponseReturnValue:
    """Show every change with time, author, file and note."""
    changes = view_history(the_desk(), the_actor(), draft, find_query_cursor(request.args, "before"))
    view = view_draft(the_desk(), the_actor(), draft)
    return studio_page("history.html", view, "studio_compare.history", history=changes, kinds=KIND_NAMES)


@PAGES.post("/history")
@route_guard("draft.edit")
def restore(draft: int) -> ResponseReturnValue:
    """Bring a file, or everything, back to a revision."""
    numbers = {name: whole_number(request.form.get(name, "")) for name in ("revision", "last")}
    wanted = -1 if numbers["revision"] is None else numbers["revision"]
    path = request.form.get("path", "")
    made = restore_revision(the_desk(), the_actor(), draft, wanted, path, last=numbers["last"])
    flash(t("已恢复，记为第 %s 次修改。", "Restored, as revision %s.") % made)
    return redirect(url_for("studio_compare.history", draft=draft))


def _render_comparison(draft: int, problem: str = "") -> str:
    args = request.args
    comparison = compare_draft(the_desk(), the_actor(), draft, args.get("left", ""), args.get("right", ""))
    view = view_draft(the_desk(), the_actor(), draft)
    meanwhile = published_meanwhile(the_desk(), the_actor(), draft)
    return studio_page(
        "compare.html",
        view,
        "studio_compare.index",
        found=comparison,
        groups=_group_files(comparison),
        opened=_list_opened(comparison),
        meanwhile=meanwhile,
        names=names_of(view),
        problem=problem,
        kinds=KIND_NAMES,
        PieceKind=PieceKind,
        typed=request.form,
    )


def _find_first_element(comparison: DraftComparison, file: ComparedFile) -> str:
    """Return the first element of a diagram that differs and is drawn, "" where there is none."""
    packages = (comparison.left.package, comparison.right.package)
    diagrams = [package.diagrams[file.path] for package in packages if file.path in package.diagrams]
    marks = file.difference.marks
    return next((element for element in marks if any(element in diagram.elements for diagram in diagrams)), "")


def _build_state(
    difference: FileDifference, side_change: PieceChange, look: str, chosen: str
) -> dict[str, dict[str, dict[str, object]]]:
    """Return the marks of one side: what only it has, and what differs on both; the diagram begins at ``look``."""
    marks = {
        element: change
        for element, change in difference.marks.items()
        if change in (side_change, PieceChange.CHANGED, PieceChange.MOVED)
    }
    return {
        "elements": {
            element: {
                "state": change.value,
                "text": say(change.word),
                "sign": _SIGNS[change],
                "look": element == look,
                "chosen": element == chosen,
            }
            for element, change in marks.items()
        }
    }


def _group_files(comparison: DraftComparison) -> list[tuple[PieceKind, list[ComparedFile]]]:
    """Return what differs by kind, what both sides have before what only one has."""
    return [
        (kind, sorted(of_kind, key=lambda file: _ORDER.index(file.difference.change)))
        for kind in PieceKind
        if (of_kind := [file for file in comparison.files if file.kind is kind])
    ]


_ORDER = [PieceChange.CHANGED, PieceChange.MOVED, PieceChange.REMOVED, PieceChange.ADDED]


def _list_opened(comparison: DraftComparison) -> dict[str, FileDifference]:
    """Return the differences that are told at once, by path: those of a short list."""
    if len(comparison.files) > _IN_PLACE:
        return {}
    sides = comparison.left.package, comparison.right.package
    return {file.path: named_difference(file.difference, *sides, say) for file in comparison.files}
