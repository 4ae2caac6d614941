"""Files: uploaded, handed out, read page by page, lists as tables."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, send_file
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from service.casework.cases.notes import remove_page_note, write_page_note
from service.casework.cases.stop_file import stop_file, view_stoppable_file
from service.casework.queries.downloads.files import (
    Download,
    open_document,
    open_document_pdf,
    open_preview_file,
    open_upload,
    view_file_reader,
)
from service.casework.queries.tasks.task_form import view_task_form
from service.casework.tasks.attach_upload import Attached, attach_upload, remove_upload
from service.casework.tasks.replace_stopped_file import replace_stopped_file, view_stopped_file
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.forms import Form, UploadRules
from service.domain.forms.model import FormNode, Group, Input, InputType, Rows, same_object
from service.domain.text import Text
from service.web.frame.page.frame import flash, set_breadcrumbs
from service.web.frame.requests.current import say, t, the_actor, the_desk, the_settings
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import count_or_none

PAGES = Blueprint("files", __name__)


def rules_of(form: Form, path: str) -> UploadRules:
    """Return the rules of the upload field at ``path`` (``papers.0.scan``); raises NotFound when there is none.

    No file may be larger than the installation takes, whatever the form allows.
    """
    field = _find_input(form.nodes, [part for part in path.split(".") if not part.isdigit()])
    if field is None or field.type is not InputType.UPLOAD:
        raise NotFound(
            Text("表单中没有这个附件项，请刷新页面后重试。", "The form has no such field for files; reload the page.")
        )
    return field.upload.within(the_settings().upload_bytes)


def _find_input(nodes: tuple[FormNode, ...], path: list[str]) -> Input | None:
    for node in same_object(nodes):
        if isinstance(node, Group | Rows) and path[1:] and node.path == path[0]:
            return _find_input(node.children, path[1:])
        if isinstance(node, Input) and path == [node.key]:
            return node
    return None


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
    upload = attach_upload(the_desk(), the_actor(), task_id, path, file.filename or "", file.stream, rules)
    return jsonify(describe_attached_file(upload))


def posted_file() -> tuple[str, FileStorage]:
    """Return the field a file is meant for and the file; raises Invalid when none came."""
    for path, file in request.files.items():
        return request.args.get("field") or path, file
    raise Invalid(Text("没有收到文件，请重新选择后上传。", "No file arrived; choose it again."))


def describe_attached_file(attachment: Attached) -> dict[str, object]:
    """Return the description of a stored file for the browser, with a warning where nobody will be able to look at it."""
    return {
        "id": attachment.id,
        "name": attachment.name,
        "size": attachment.size,
        "url": f"/uploads/{attachment.id}",
        "remove_url": f"/uploads/{attachment.id}/remove",
        **({"warning": say(attachment.doubt)} if attachment.doubt else {}),
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


@PAGES.get("/uploads/<upload_id>/pages")
@route_guard("upload.read")
def read_file(upload_id: str) -> ResponseReturnValue:
    """Show a file, page by page."""
    return _reader_page(upload_id)


@PAGES.get("/uploads/<upload_id>/shown")
@route_guard("upload.read")
def show_content(upload_id: str) -> ResponseReturnValue:
    """Hand out what is shown of a file, to be drawn on our pages."""
    content = open_preview_file(the_desk(), the_actor(), upload_id, request.args.get("mark", ""))
    answer = make_response(send_file(content.content, mimetype=content.kind))
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@PAGES.get("/uploads/<upload_id>/stop")
@route_guard("upload.stop")
def confirm_stop(upload_id: str) -> ResponseReturnValue:
    """Ask whether a file really touches state secrets."""
    row = view_stoppable_file(the_desk(), the_actor(), upload_id)
    set_breadcrumbs((t("办件", "Cases"), "/cases"), (t("本件", "The case"), f"/cases/{row.case_id}"), (row.name, None))
    return make_response(render_template("files/stop.html", file=row))


@PAGES.post("/uploads/<upload_id>/stop")
@route_guard("upload.stop")
def stop(upload_id: str) -> ResponseReturnValue:
    """Take a file out of circulation."""
    case_id = stop_file(the_desk(), the_actor(), upload_id)
    flash(
        t("附件已停止流转，已请申报组织更换。", "The file is out of circulation; the applicant was asked for another.")
    )
    return redirect(f"/cases/{case_id}", 303)


@PAGES.get("/uploads/<upload_id>/replace")
@route_guard("upload.replace")
def ask_replacement(upload_id: str) -> ResponseReturnValue:
    """Ask the applicant for another file in place of one that is out of circulation."""
    row, _ = view_stopped_file(the_desk(), the_actor(), upload_id)
    set_breadcrumbs((t("办件", "Cases"), "/cases"), (t("本件", "The case"), f"/cases/{row.case_id}"), (row.name, None))
    return make_response(render_template("files/replace.html", file=row))


@PAGES.post("/uploads/<upload_id>/replace")
@route_guard("upload.replace")
def replace(upload_id: str) -> ResponseReturnValue:
    """Put another file in the place of one that is out of circulation."""
    row, form = view_stopped_file(the_desk(), the_actor(), upload_id)
    _, file = posted_file()
    rules = rules_of(form, row.field)
    case_id = replace_stopped_file(the_desk(), the_actor(), upload_id, file.filename or "", file.stream, rules)
    flash(t("附件已更换。", "The file was replaced."))
    return redirect(f"/cases/{case_id}", 303)


@PAGES.post("/uploads/<upload_id>/notes")
@route_guard("page_note.keep")
def write_note(upload_id: str) -> ResponseReturnValue:
    """Note something at a page, or remove a note of one's own."""
    removed = count_or_none(request.form, "remove")
    page = count_or_none(request.form, "note_page") or 1
    try:
        if removed is not None:
            remove_page_note(the_desk(), the_actor(), removed)
        else:
            words, quote, item = (request.form.get(f"note_{name}", "") for name in ("words", "quote", "item"))
            write_page_note(the_desk(), the_actor(), upload_id, page, words, quote, item)
    except (Invalid, Conflict) as refusal:
        return _reader_page(upload_id, say(refusal.message))
    if "HX-Request" not in request.headers:
        flash(
            t("笔记已删除。", "Removed.")
            if removed is not None
            else t("已记下，只有您本人能看到。", "Noted, for you alone.")
        )
    return redirect(f"/uploads/{upload_id}/pages?page={page}", 303)


def _reader_page(upload_id: str, problem: str = "") -> Response:
    view = view_file_reader(the_desk(), the_actor(), upload_id)
    above = [(t("办件", "Cases"), "/cases"), (t("本件", "The case"), f"/cases/{view.case_id}")] if view.case_id else []
    set_breadcrumbs(*above, (view.name, None))
    page = count_or_none(request.values, "note_page") or count_or_none(request.args, "page") or 1
    html = render_template("files/pages.html", file=view, problem=problem, at=page)
    return make_response(html, 422 if problem else 200)
