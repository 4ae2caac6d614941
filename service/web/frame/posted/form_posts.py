"""Posted forms: values for the use cases, and files sent without scripts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import IO, Any

from flask import request
from werkzeug.datastructures import MultiDict

from service.casework.queries.downloads.files import find_upload
from service.casework.tasks.attach_upload import Attached, attach_upload
from service.domain.errors import LaurelError, NotFound
from service.domain.forms import FieldError, Form
from service.domain.text import Text
from service.domain.values.whole_numbers import whole_number
from service.web.frame.posted.upload_rules import rules_of
from service.web.frame.requests.current import the_actor, the_desk

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

    def keep(path: str, name: str, stream: IO[bytes]) -> Attached:
        return attach_upload(the_desk(), the_actor(), task_id, path, name, stream, rules_of(form, path))

    return keep_files(form, values, keep)


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
                kept = keep(path, file.filename, file.stream)
            except LaurelError as error:
                label = next((f.label for f in form.fields() if f.path == path), Text(path, path))
                refused.append(FieldError(path, label, error.message))
                continue
            put_file(values, path.split("."), {"id": kept.id, "name": kept.name, "size": kept.size})
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
