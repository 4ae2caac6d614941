"""API routes for tasks besides reading, claiming and completing one."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint

from service.casework.due.confirm_date import confirm_date
from service.casework.queries.downloads.files import Download, open_document, open_document_pdf, open_upload
from service.casework.queries.tasks.view_task import view_task
from service.casework.tasks.claim import release_task
from service.casework.tasks.complete_many import complete_many
from service.casework.tasks.delegate import delegate_task
from service.casework.tasks.save_draft import save_draft
from service.casework.tasks.send_back import take_back
from service.web.api.case_acts import keep_upload
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import cases as schemas
from service.web.api.schemas.common import VersionIn
from service.web.api.schemas.files import HandedFileOut, handed
from service.web.frame.requests.current import the_actor, the_desk


def register(api: Blueprint) -> None:
    """Add the routes."""
    one = "/tasks/<int:task_id>"
    for operation, work in (
        (ApiOperation("POST", f"{one}/release", "task.claim", "Put a claimed task back", None, VersionIn), release_claim),
        (ApiOperation("POST", f"{one}/delegate", "task.delegate", "Hand a task to a colleague", None, schemas.DelegateIn), delegate),
        (ApiOperation("PUT", f"{one}/draft", "task.draft", "Keep what is filled in so far", schemas.SavedDraftOut, schemas.ValuesIn), keep_draft),
        (ApiOperation("POST", f"{one}/take-back", "task.take_back", "Take back what was just submitted", schemas.TakenBackOut), take_task_back),
        (ApiOperation("POST", f"{one}/uploads", "upload.add", "Attach a file to its form", schemas.KeptUploadOut, schemas.SentUploadIn), attach_to_task),
        (ApiOperation("POST", f"{one}/confirm-date", "date.confirm", "Say the last day of a provisional limit", None, schemas.ConfirmDateIn), confirm_last_day),
        (ApiOperation("POST", "/tasks/complete-many", "task.complete_many", "Do several", schemas.CompletedManyOut, schemas.CompleteManyIn), complete_tasks),
        (ApiOperation("GET", "/uploads/<upload_id>", "upload.download", "Get an uploaded file", HandedFileOut), uploaded_file),
        (ApiOperation("GET", "/documents/<int:document_id>", "document.read", "Get an issued document (.docx)", HandedFileOut), issued_document),
        (ApiOperation("GET", "/documents/<int:document_id>/pdf", "document.read", "Get an issued document as PDF", HandedFileOut), issued_pdf),
    ):  # fmt: skip
        add_route(api, operation, work)


def release_claim(body: dict[str, Any], task_id: int) -> None:
    """Put back."""
    release_task(the_desk(), the_actor(), task_id, body["version"])


def delegate(body: dict[str, Any], task_id: int) -> None:
    """Hand on."""
    delegate_task(the_desk(), the_actor(), task_id, body["version"], body["person_id"], body["reason"])


def keep_draft(body: dict[str, Any], task_id: int) -> dict[str, Any]:
    """Keep."""
    return {"at": save_draft(the_desk(), the_actor(), task_id, body["values"])}


def take_task_back(task_id: int) -> dict[str, Any]:
    """Take back."""
    return {"task_id": take_back(the_desk(), the_actor(), task_id)}


def attach_to_task(body: dict[str, Any], task_id: int) -> Any:
    """Keep a file for the form of a task."""
    return keep_upload(view_task(the_desk(), the_actor(), task_id).form, body, task_id)


def confirm_last_day(body: dict[str, Any], task_id: int) -> None:
    """Say it."""
    last_day: date = body["last_day"]
    confirm_date(the_desk(), the_actor(), task_id, body["version"], last_day, body["reason"])


def complete_tasks(body: dict[str, Any]) -> dict[str, Any]:
    """Submit."""
    refused = complete_many(the_desk(), the_actor(), body["task_ids"], body["values"])
    return {"done": len(body["task_ids"]) - len(refused), "refused": refused}


def uploaded_file(upload_id: str) -> dict[str, Any]:
    """Get."""
    return _handed(open_upload(the_desk(), the_actor(), upload_id))


def issued_document(document_id: int) -> dict[str, Any]:
    """Get."""
    return _handed(open_document(the_desk(), the_actor(), document_id))


def issued_pdf(document_id: int) -> dict[str, Any]:
    """Get."""
    return _handed(open_document_pdf(the_desk(), the_actor(), document_id))


def _handed(download: Download) -> dict[str, Any]:
    with download.content as content:
        return handed(download.name, download.kind, content.read())
