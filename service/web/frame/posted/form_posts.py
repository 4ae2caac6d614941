"""Posted forms: values for the use cases, files, drafts without a task."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from secrets import token_urlsafe
from typing import IO, Any
from urllib.parse import urlencode

import orjson
from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from service.casework.people.factors.sessions import TYPED, change_session
from service.casework.queries.downloads.files import find_upload
from service.casework.tasks.attach_upload import Attached, attach_upload
from service.domain.errors import Conflict, Invalid, LaurelError, NotFound
from service.domain.forms import FieldError, Form
from service.domain.text import Text
from service.domain.values.typed_numbers import whole_number
from service.web.frame.page.files import rules_of
from service.web.frame.requests.cookies import session_token
from service.web.frame.requests.current import the_actor, the_desk, the_session
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.sign_in import returned_fields
from service.web.presentation import clock_words

PAGES = Blueprint("half_typed", __name__)


_NO_SUCH_ROW = Text(
    "附件所在的行已不在表中，请刷新页面后重新上传。",
    "The line of this file is no longer there: reload and upload it again.",
)


def read_form(form: Form, posted: MultiDict[str, str] | None = None) -> dict[str, Any]:
    """Return what was posted for ``form``, with the files that the person may use."""
    return dict(
        form.from_html(request.form if posted is None else posted, partial(find_upload, the_desk(), the_actor()))
    )


def take_files(form: Form, values: dict[str, Any], task_id: int | None) -> list[FieldError]:
    """Store the files that came with the form (no scripts) and put them into ``values``; returns what was refused."""

    def store_file(path: str, name: str, stream: IO[bytes]) -> Attached:
        return attach_upload(the_desk(), the_actor(), task_id, path, name, stream, rules_of(form, path))

    return keep_files(form, values, store_file)


def keep_files(form: Form, values: dict[str, Any], keep: Callable[[str, str, IO[bytes]], Attached]) -> list[FieldError]:
    """Put every posted file into ``values`` as it was kept; returns what was refused.

    ``keep`` is given the path of the field, the file's name and its content.
    """
    refused = []
    for path, files in request.files.lists():
        for file in files:
            if not file.filename:
                continue
            try:
                upload = keep(path, file.filename, file.stream)
            except LaurelError as error:
                label = next((f.label for f in form.fields() if f.path == path), Text(path, path))
                refused.append(FieldError(path, label, error.message))
                continue
            put_file(values, path.split("."), {"id": upload.id, "name": upload.name, "size": upload.size})
    return refused


def put_file(values: Any, path: list[str], item: object) -> None:
    """Add ``item`` to the list at ``path`` of nested objects and rows."""
    for part in path[:-1]:
        if not isinstance(values, list):
            values = values.setdefault(part, {})
            continue
        row = whole_number(part)
        if row is None or row >= len(values):
            raise NotFound(_NO_SUCH_ROW)
        values = values[row]
    if isinstance(values, dict):
        values[path[-1]] = [*(values.get(path[-1]) or []), item]


MOST_PAGES = 4
MOST_BYTES = 60_000
"""Kept per page: these forms are short, and the session is read with every request."""
_PLACES = ("/start/", "/cases/")


@PAGES.post("/typed")
@route_guard("task.draft")
def keep_draft() -> ResponseReturnValue:
    """Keep what is typed on the page named, while it is being typed."""
    page = request.args.get("page", "")
    if not page.startswith(_PLACES) or len(page) > 300:
        raise Invalid(Text("这个页面的内容不能暂存。", "What is typed on this page cannot be kept."))
    if not keep_typed(page):
        raise Conflict(
            Text(
                "您在另一个窗口（或者另一台设备）填写并暂存过这份表单，本页没有覆盖那份内容，本页的内容也没有暂存；可以照常提交。",
                "You filled in this form in another window (or on another device); this page did not replace it, and what you"
                " type here is not kept. You can submit it as usual.",
            )
        )
    return jsonify(saved_at=clock_words(the_desk().clock.now()))


def keeping_url(page: str) -> str:
    """Return where the form of ``page`` sends what is being typed."""
    return f"/typed?{urlencode({'page': page})}"


def typing_marks(begun_with: str = "") -> Mapping[str, str]:
    """Return the names, to be sent with the form, of a page and of the one whose words it began with."""
    return {"typed_page": token_urlsafe(12), "typed_shown": request.form.get("typed_page", begun_with)}


def keep_typed(page: str) -> bool:
    """Keep the fields of this request for ``page``; raises Invalid when they are too long.

    Returns False where something else stands there that was typed in another window: it is not replaced.
    """
    session = the_session()
    if session is not None and not _may_replace((session.details.get(TYPED) or {}).get(page)):
        return False
    fields = [[name, value] for name, value in request.form.items(multi=True) if name != "csrf_token"]
    if len(orjson.dumps(fields)) > MOST_BYTES:
        raise Invalid(Text("内容过长，请把长文作为附件上传。", "This is too long: upload long texts as files."))

    def add_fields(details: dict[str, Any]) -> None:
        pages: Mapping[str, Any] = details.get(TYPED) or {}
        other_pages = {name: pages[name] for name in pages if name != page}
        details[TYPED] = {**dict(list(other_pages.items())[1 - MOST_PAGES :]), page: fields}

    change_session(the_desk(), session_token()[0] or "", add_fields)
    return True


def _may_replace(stored_fields: object) -> bool:
    """Say whether what is kept of a page was typed on the page of this request, or is what that began with."""
    name, base_page = request.form.get("typed_page"), request.form.get("typed_shown")
    earlier = dict(stored_fields).get("typed_page") if isinstance(stored_fields, list) else None
    return not name or not earlier or earlier in (name, base_page)


def typed_on(page: str) -> MultiDict[str, str] | None:
    """Return what was typed on ``page`` before, by this session or before signing in again; None when nothing was."""
    back = returned_fields(request.path)
    session = the_session()
    if back is not None or session is None:
        return back
    fields = (session.details.get(TYPED) or {}).get(page)
    return MultiDict([(str(name), str(value)) for name, value in fields]) if fields else None


def forget_typed(page: str) -> None:
    """Drop what was kept of ``page``: it was sent."""
    session = the_session()
    stored_fields = (session.details.get(TYPED) or {}).get(page) if session is not None else None
    if stored_fields is None or not _may_replace(stored_fields):
        return

    def drop_fields(details: dict[str, Any]) -> None:
        details[TYPED] = {name: fields for name, fields in (details.get(TYPED) or {}).items() if name != page}

    change_session(the_desk(), session_token()[0] or "", drop_fields)
