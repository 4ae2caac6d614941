"""API routes on which a draft leaves and comes in as folders, and is printed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.studio.drafts.make_handbook import FORMS, make_handbook, open_handbook, view_handbooks
from service.casework.studio.drafts.transfer import export_draft, import_files
from service.casework.studio.drafts.view_draft import view_draft
from service.casework.studio.pieces.preview_document import print_preview
from service.casework.studio.pieces.print_diagram import print_diagram
from service.catalog.archive import pack_folder, unpack_folder
from service.web.api.arguments import needed, words
from service.web.api.drafts.simulation import job_state
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import folders as schemas
from service.web.api.schemas.files import HandedFileOut, handed, sent_bytes
from service.web.api.schemas.pieces import TriedPieceIn
from service.web.api.schemas.simulation import JobOut
from service.web.frame.requests.current import the_actor, the_desk


def register(api: Blueprint) -> None:
    """Add the routes."""
    one, see = "/drafts/<int:draft>", "draft.view"
    printed = {
        "path": needed("the diagram"),
        "format": words("pdf when left out", "pdf", "png", "svg", "bpmn"),
        "language": words("zh when left out", "zh", "en"),
    }
    made = {"format": words("pdf when left out", *FORMS)}
    for operation, work in (
        (ApiOperation("GET", f"{one}/folder", see, "Take a draft out as a zip", HandedFileOut), draft_folder),
        (ApiOperation("PUT", f"{one}/folder", "draft.edit", "Bring a zip in", schemas.ImportedOut, schemas.FolderIn), put_draft_folder),
        (ApiOperation("GET", f"{one}/diagram/print", see, "Print a diagram with its clauses", HandedFileOut, None, printed), printed_diagram),
        (ApiOperation("POST", f"{one}/document/print", see, "Print a document as it would be issued", HandedFileOut, TriedPieceIn), printed_document),
        (ApiOperation("GET", f"{one}/handbook", see, "Get the handbook that was made", HandedFileOut, None, made), draft_handbook),
        (ApiOperation("POST", f"{one}/handbook", see, "Make the handbook", JobOut, schemas.HandbookIn), make_draft_handbook),
        (ApiOperation("GET", f"{one}/handbooks", see, "List the handbooks that were made", schemas.HandbooksOut), draft_handbooks),
    ):  # fmt: skip
        add_route(api, operation, work)


def draft_folder(draft: int) -> dict[str, Any]:
    """Take out."""
    row = view_draft(the_desk(), the_actor(), draft).row
    data = pack_folder(export_draft(the_desk(), the_actor(), draft))
    return handed(f"{row.package.replace('/', '-')}-{draft}-{row.revision}.zip", "application/zip", data)


def put_draft_folder(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Bring in."""
    unpacked = unpack_folder(sent_bytes(body["content"]))
    done = import_files(the_desk(), the_actor(), draft, unpacked.files)
    return {"revision": done.revision, "changed": done.changed, "removed": done.removed, "ignored": unpacked.ignored}


def printed_diagram(draft: int) -> dict[str, Any]:
    """Print."""
    args = request.args
    path, form, language = args.get("path", ""), args.get("format", "pdf"), args.get("language", "zh")
    made = print_diagram(the_desk(), the_actor(), draft, path, form, language=language)
    return handed(made.name, made.media_type, made.content)


def draft_handbook(draft: int) -> dict[str, Any]:
    """Get the newest."""
    form = request.args.get("format", "pdf")
    name, content = open_handbook(the_desk(), the_actor(), draft, form)
    return handed(name, FORMS[form], content)


def make_draft_handbook(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Make it."""
    asked = body["format"], body["side"], body["language"]
    return job_state(draft, make_handbook(the_desk(), the_actor(), draft, *asked))


def draft_handbooks(draft: int) -> dict[str, Any]:
    """List."""
    found = view_handbooks(the_desk(), the_actor(), draft)
    return {"handbooks": [{"format": form, "state": state} for form, state in found.made]}


def printed_document(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Print."""
    path = body["path"]
    pdf = print_preview(the_desk(), the_actor(), draft, path, body["content"].encode())
    return handed(path.rpartition("/")[2].removesuffix(".yaml") + ".pdf", "application/pdf", pdf)
