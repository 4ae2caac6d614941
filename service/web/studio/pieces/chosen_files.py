"""Files from outside: one that is refused, with the way on; those that a page offered, and which of them were wanted."""

from __future__ import annotations

from flask import Response, make_response, request

from service.casework.studio.drafts.save_files import FileChange
from service.casework.studio.drafts.view_draft import view_draft
from service.domain.errors import Invalid, LaurelError
from service.domain.text import Text
from service.web.frame.requests.current import say, the_actor, the_desk
from service.web.frame.requests.failure_status import status_of
from service.web.studio.frame import studio_page


def wanted_files() -> list[FileChange]:
    """Return the new files of the sent form, all of one and the ``wanted`` of several; raises Invalid where none is."""
    paths, contents = request.form.getlist("path"), request.form.getlist("content")
    wanted = paths if len(paths) == 1 else request.form.getlist("wanted")
    chosen = [FileChange(path, "", text) for path, text in zip(paths, contents, strict=False) if path in wanted]
    if not chosen:
        raise Invalid(
            Text(
                "没有选择要导入的内容。请返回上一页至少勾选一项；上一页已经关闭的，请重新选择文件。",
                "Nothing was chosen. Go back and tick at least one, or choose the file anew.",
            )
        )
    return chosen


def refused_import(draft: int, kind: str, place: str, refusal: LaurelError) -> Response:
    """Return the page that says why a file of ``kind`` (.bpmn, .dmn) was not taken in, and lets another be tried."""
    view = view_draft(the_desk(), the_actor(), draft)
    sent = request.files.get("file")
    here = f"/studio/drafts/{draft}/{place}"
    page = studio_page(
        "import_refused.html",
        view,
        f"studio_{place}.index",
        sent=(sent.filename or "") if sent else "",
        problem=say(refusal.message),
        kind=kind,
        name=request.form.get("name", ""),
        back=here,
        again=f"{here}/import",
    )
    return make_response(page, status_of(refusal))
