"""Pages of archives: what is archived, how far it is, starting one, and taking one out."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.archives.gather import start_archive
from service.casework.archives.view import as_zip, open_archive, view_archives
from service.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from service.domain.text import Text
from service.web.frame.page.frame import crumbs, flash
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import cursor, row_ids
from service.web.frame.requests.refusals import answered

PAGES = Blueprint("monitor_archives", __name__, url_prefix="/monitor/archives")


@PAGES.get("")
@route_guard("archive.make")
def show() -> ResponseReturnValue:
    """Show archives and finished rounds."""
    return _page()


@PAGES.post("")
@route_guard("archive.make")
def start() -> ResponseReturnValue:
    """Begin an archive."""
    chosen, purpose, full = row_ids("round"), request.form.get("purpose", ""), "full" in request.form
    try:
        if not chosen:
            raise Invalid(Text("请选择要归档的届次。", "Choose a round."))
        start_archive(the_desk(), the_actor(), chosen[0], purpose, full=full)
    except (Invalid, Conflict, NotAllowed, NotFound) as refusal:
        return _page(say(refusal.message), purpose, chosen[0] if chosen else 0, full, answered(refusal))
    flash(t("已开始归档，完成后可以下载。", "The archive has begun; it can be taken out once it is sealed."))
    return redirect("/monitor/archives")


@PAGES.get("/<int:ident>.zip")
@route_guard("archive.make")
def download(ident: int) -> ResponseReturnValue:
    """Hand out a sealed archive."""
    desk = the_desk()
    row, files = open_archive(desk, the_actor(), ident)
    answer = Response(as_zip(desk.store, files), content_type="application/zip")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{row.title}档案{ident}.zip')}"
    return answer


def _page(
    problem: str = "", purpose: str = "", chosen: int = 0, full: bool = False, status: int = 200
) -> ResponseReturnValue:
    crumbs((t("监控", "Monitor"), "/monitor"), (t("归档", "Archives"), None))
    view = view_archives(the_desk(), the_actor(), cursor(request.args, "before"))
    page = {"view": view, "problem": problem, "purpose": purpose, "chosen": chosen, "full": full}
    return make_response(render_template("monitor/archives.html", **page), status)
