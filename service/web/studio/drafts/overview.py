"""Pages of drafts: packages and their drafts, and the overview of one: what it changed, shared, handed out, printed."""

from __future__ import annotations

import io
from collections import Counter

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.casework.access.guards import GUARDS
from service.casework.queries.downloads.files import Download
from service.casework.studio.drafts.check_draft import last_check
from service.casework.studio.drafts.compare_draft import compare_draft
from service.casework.studio.drafts.open_draft import (
    discard_draft,
    list_discarded,
    open_draft,
    rename_draft,
    restore_draft,
    share_draft,
    take_over_draft,
)
from service.casework.studio.drafts.transfer import export_draft
from service.casework.studio.drafts.view_draft import DraftView, list_drafts, view_draft
from service.casework.studio.handbook import SIDES, make_handbook, open_handbook, view_handbooks
from service.casework.studio.parameters.calendar_years import list_years
from service.casework.studio.publication.publish_draft import count_scenarios
from service.catalog.pieces.piece_kinds import PieceKind
from service.catalog.version import pack_folder
from service.domain.errors import Invalid
from service.domain.text import Text
from service.web.frame.page.files import hand_out
from service.web.frame.page.frame import flash, set_breadcrumbs
from service.web.frame.requests.current import language, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import find_query_cursor
from service.web.frame.requests.sign_in import page_before
from service.web.presentation import KIND_NAMES
from service.web.studio.frame import editor_of, guarded_page, names_of, place_of, studio_page, studio_pages

PAGES = studio_pages("studio", "/studio")
_MOST_NAMED = 5


@PAGES.get("")
@route_guard("draft.view")
def index() -> ResponseReturnValue:
    """Show every package with its drafts."""
    set_breadcrumbs((t("设计", "Studio"), None))
    actor = the_actor()
    before = find_query_cursor(request.args, "before")
    discarded = list_discarded(the_desk(), actor, before) if GUARDS["people.manage"].admits(actor) else None
    years = sum(line.decides for line in list_years(the_desk(), actor))
    packages = list_drafts(the_desk(), actor)
    drafts = [draft.id for place in packages for draft in place.drafts if last_check(draft) is not None]
    shown = {
        "packages": packages,
        "discarded": discarded,
        "years": years,
        "last_check": last_check,
        "scenarios": {draft: count_scenarios(the_desk(), actor, draft) for draft in drafts},
    }
    return render_template("studio/index.html", **shown)


@PAGES.post("")
@route_guard("draft.edit")
def add() -> ResponseReturnValue:
    """Open a draft of a published package."""
    draft = open_draft(the_desk(), the_actor(), request.form.get("package", ""), request.form.get("title", ""))
    return redirect(url_for("studio.draft", draft=draft))


@PAGES.get("/drafts/<int:draft>")
@route_guard("draft.view")
def draft(draft: int) -> ResponseReturnValue:
    """Show what a draft holds and what it changed; its handbooks, and its folder out and in."""
    return _render_overview(draft)


@PAGES.post("/drafts/<int:draft>")
@route_guard("draft.edit")
def act(draft: int) -> ResponseReturnValue:
    """Edit a draft in place of whoever does and go on with the page, rename it, share it or not any more, or put it away."""
    done = request.form.get("do", "")
    if done == "take_over":
        take_over_draft(the_desk(), the_actor(), draft)
        flash(t("已由您接手编辑。", "You edit the draft now."))
        return redirect(page_before())
    if done == "discard":
        discard_draft(the_desk(), the_actor(), draft)
        flash(t("草稿已作废；需要时请管理员恢复。", "The draft is discarded; an administrator can bring it back."))
        return redirect("/studio")
    if done == "rename":
        return guarded_page(lambda: _rename(draft), lambda problem: _render_overview(draft, problem))
    if done not in ("share", "unshare"):
        raise Invalid(Text("请重新打开概览，再选要做什么。", "Open the overview again and choose what to do."))
    share_draft(the_desk(), the_actor(), draft, done == "share")
    return redirect(url_for("studio.draft", draft=draft))


def _rename(draft: int) -> ResponseReturnValue:
    rename_draft(the_desk(), the_actor(), draft, request.form.get("title", ""))
    flash(t("草稿已改名。", "The draft has a new title."))
    return redirect(url_for("studio.draft", draft=draft))


@PAGES.post("/drafts/<int:draft>/bring-back")
@route_guard("people.manage")
def bring_back(draft: int) -> ResponseReturnValue:
    """Bring a discarded draft back."""
    restore_draft(the_desk(), the_actor(), draft)
    return redirect(url_for("studio.draft", draft=draft))


@PAGES.get("/drafts/<int:draft>/folder.zip")
@route_guard("draft.view")
def export(draft: int) -> ResponseReturnValue:
    """Hand out the draft as a zip of its folders."""
    row = view_draft(the_desk(), the_actor(), draft).row
    data = pack_folder(export_draft(the_desk(), the_actor(), draft))
    name = f"{row.package.replace('/', '-')}-{draft}-{row.revision}.zip"
    return hand_out(Download(name, "application/zip", len(data), io.BytesIO(data)))


@PAGES.get("/drafts/<int:draft>/handbook")
@route_guard("draft.view")
def handbook(draft: int) -> ResponseReturnValue:
    """Hand out the newest handbook."""
    name, content = open_handbook(the_desk(), the_actor(), draft)
    return hand_out(Download(name, "application/pdf", len(content), io.BytesIO(content)))


@PAGES.post("/drafts/<int:draft>/handbook")
@route_guard("draft.view")
def make(draft: int) -> ResponseReturnValue:
    """Begin to make a handbook, beside the requests."""
    side = request.form.get("side", "")

    def start_handbook() -> ResponseReturnValue:
        make_handbook(the_desk(), the_actor(), draft, side, language())
        return redirect(url_for("studio.draft", draft=draft, _anchor="handbook"))

    return guarded_page(start_handbook, lambda problem: _render_overview(draft, problem))


def _render_overview(draft: int, problem: str = "") -> str:
    view = view_draft(the_desk(), the_actor(), draft)
    changed = [file for file in view.files if file.changed]
    values = any(file.kind is PieceKind.PARAMETERS for file in changed)
    compared = compare_draft(the_desk(), the_actor(), draft).files if values else ()
    context = {
        "things": _list_contents(view),
        "changed": changed,
        "values": {file.path: file.difference.records for file in compared if file.kind is PieceKind.PARAMETERS},
        "kinds": KIND_NAMES,
        "names": names_of(view),
        "editor_of": editor_of,
        "last_check": last_check(view.row),
        "scenarios": count_scenarios(the_desk(), the_actor(), draft),
        "books": view_handbooks(the_desk(), the_actor(), draft),
        "sides": SIDES,
    }
    return studio_page("draft.html", view, "studio.draft", problem=problem, **context)


def _list_contents(view: DraftView) -> list[tuple[Text, int, str]]:
    """Return what a draft holds: its name, how many there are, and where they are edited."""
    counts, package = Counter(file.kind for file in view.files), view.package
    pieces = (PieceKind.DIAGRAM, PieceKind.TABLE, PieceKind.FORM, PieceKind.DOCUMENT, PieceKind.SCENARIO)
    basics = place_of(view.row.id, PieceKind.AWARD)
    return [
        *((KIND_NAMES[kind], counts[kind], place_of(view.row.id, kind)) for kind in pieces),
        (Text("参数", "Parameters"), len(package.award.parameters), place_of(view.row.id, PieceKind.PARAMETERS)),
        (Text("条款", "Clauses"), len(package.law.clauses), place_of(view.row.id, PieceKind.LAW)),
        (Text("办件种类", "Kinds of cases"), len(package.award.processes), basics),
        (Text("角色", "Roles"), len(package.jurisdiction.roles), basics),
        (Text("单位", "Bodies"), len(package.jurisdiction.bodies), basics),
    ]
