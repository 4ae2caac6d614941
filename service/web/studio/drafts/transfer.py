"""A draft as a zip of its folders: downloaded, and brought in."""

from __future__ import annotations

import io

from flask import make_response, redirect, request
from flask.typing import ResponseReturnValue

from service.casework.queries.downloads.files import Download
from service.casework.studio.drafts.transfer import SavedSince, export_draft, import_files
from service.casework.studio.drafts.view_draft import view_draft
from service.catalog.archive import MOST_BYTES, pack_folder, unpack_folder
from service.domain.errors import Invalid, LaurelError
from service.domain.text import Text
from service.domain.values.whole_numbers import whole_number
from service.web.frame.page.files import hand_out
from service.web.frame.page.frame import flash
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.refusals import status_of
from service.web.studio.frame import studio_page, studio_pages

PAGES = studio_pages("studio_transfer")


@PAGES.get("/folder.zip")
@route_guard("draft.view")
def export(draft: int) -> ResponseReturnValue:
    """Hand out the draft as a zip of its folders."""
    row = view_draft(the_desk(), the_actor(), draft).row
    data = pack_folder(export_draft(the_desk(), the_actor(), draft))
    name = f"{row.package.replace('/', '-')}-{draft}-{row.revision}.zip"
    return hand_out(Download(name, "application/zip", len(data), io.BytesIO(data)))


@PAGES.get("/transfer")
@route_guard("draft.view")
def index(draft: int) -> ResponseReturnValue:
    """Show how a draft is taken out and brought in."""
    return _page(draft)


@PAGES.post("/transfer")
@route_guard("draft.edit")
def bring_in(draft: int) -> ResponseReturnValue:
    """Bring a zip of the city's folders into the draft."""
    try:
        sent = request.files.get("archive")
        if sent is None or not sent.filename:
            raise Invalid(Text("请先选择要导入的 zip 文件。", "Choose the zip to import first."))
        unpacked = unpack_folder(sent.stream.read(MOST_BYTES + 1))
        seen = whole_number(request.form.get("seen", ""))
        done = import_files(the_desk(), the_actor(), draft, unpacked.files, exported=unpacked.exported, seen=seen)
    except SavedSince as refusal:
        return make_response(_page(draft, say(refusal.message), refusal.revision), status_of(refusal))
    except LaurelError as refusal:
        return make_response(_page(draft, say(refusal.message)), status_of(refusal))
    flash(
        t("已导入：修改 %s 个文件，移除 %s 个，略过 %s 个。", "Imported: %s files changed, %s removed, %s left out.")
        % (len(done.changed), len(done.removed), len(unpacked.ignored))
    )
    return redirect(f"/studio/drafts/{draft}/history")


def _page(draft: int, problem: str = "", since: int | None = None) -> str:
    view = view_draft(the_desk(), the_actor(), draft)
    return studio_page("transfer.html", view, "studio_history.index", problem=problem, since=since)
