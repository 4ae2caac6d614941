"""Uploads and downloads: uploads are sent on their own, downloads are never shown inside our pages."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, jsonify, make_response, request, send_file
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from service.casework.queries.downloads.files import Download, open_document, open_document_pdf, open_upload
from service.casework.queries.tasks.task_form import view_task_form
from service.casework.tasks.attach_upload import Attached, attach_upload, remove_upload
from service.domain.errors import Invalid, NotFound
from service.domain.forms import Form
from service.domain.text import Text
from service.web.frame.posted.upload_rules import rules_of
from service.web.frame.requests.current import say, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard

PAGES = Blueprint("files", __name__)


@PAGES.post("/tasks/<int:task_id>/uploads")
@route_guard("upload.add")
def upload(task_id: int) -> ResponseReturnValue:
    """Store a file for a field of a task's form; answers {id, name, size, url, remove_url}."""
    view = view_task_form(the_desk(), the_actor(), task_id, drafted=False)
    if view.form is None:
        raise NotFound(Text("这项待办没有表单。", "This task has no form."))
    return take_upload(view.form, task_id)


@PAGES.post("/uploads/<upload_id>/remove")
@route_guard("upload.remove")
def remove(upload_id: str) -> ResponseReturnValue:
    """Take a file out of a form that is not submitted yet."""
    remove_upload(the_desk(), the_actor(), upload_id)
    return jsonify(removed=upload_id)


@PAGES.get("/uploads/<upload_id>")
@route_guard("upload.download")
def show_upload(upload_id: str) -> ResponseReturnValue:
    """Hand out an uploaded file."""
    return hand_out(open_upload(the_desk(), the_actor(), upload_id))


@PAGES.get("/documents/<int:document_id>")
@route_guard("document.read")
def show_document(document_id: int) -> ResponseReturnValue:
    """Hand out an issued document."""
    return hand_out(open_document(the_desk(), the_actor(), document_id))


@PAGES.get("/documents/<int:document_id>/pdf")
@route_guard("document.read")
def show_document_pdf(document_id: int) -> ResponseReturnValue:
    """Hand out an issued document as PDF."""
    return hand_out(open_document_pdf(the_desk(), the_actor(), document_id))


def take_upload(form: Form, task_id: int | None) -> Response:
    """Store the file that came for a field of ``form``."""
    path, file = posted_file()
    rules = rules_of(form, path)
    kept = attach_upload(the_desk(), the_actor(), task_id, path, file.filename or "", file.stream, rules)
    return jsonify(attached(kept))


def posted_file() -> tuple[str, FileStorage]:
    """Return the field a file is meant for and the file; raises Invalid when none came."""
    for path, file in request.files.items():
        return request.args.get("field") or path, file
    raise Invalid(Text("没有收到文件，请重新选择后上传。", "No file arrived; choose it again."))


def attached(kept: Attached) -> dict[str, object]:
    """Return the description of a stored file for the browser, with a warning where nobody will be able to look at it."""
    return {
        "id": kept.id,
        "name": kept.name,
        "size": kept.size,
        "url": f"/uploads/{kept.id}",
        "remove_url": f"/uploads/{kept.id}/remove",
        **({"warning": say(kept.doubt)} if kept.doubt else {}),
    }


def hand_out(download: Download) -> Response:
    """Return a file for saving; browsers must not guess what it is or run it."""
    answer = make_response(
        send_file(download.content, mimetype=download.kind, as_attachment=True, download_name=download.name)
    )
    answer.headers["Content-Length"] = str(download.size)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(download.name)}"
    return answer
