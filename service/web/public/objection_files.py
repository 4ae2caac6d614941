"""Files of objections: sent, shown to who sent them, taken out again."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from service.casework.public.attach import attach_publicly, open_public_upload, remove_public_upload
from service.casework.queries.downloads.files import Download
from service.domain.forms import Form
from service.web.frame.page.files import hand_out, posted_file
from service.web.frame.posted.upload_rules import rules_of
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.origin import origin

PAGES = Blueprint("objection_files", __name__)


@PAGES.get("/objections/uploads/<upload_id>")
@route_guard("objection.attach")
def show_upload(upload_id: str) -> ResponseReturnValue:
    """Return a file to the visitor who has just uploaded it."""
    row, content = open_public_upload(the_desk(), the_actor(), upload_id)
    return hand_out(Download(row.name, row.kind, row.size, content))


@PAGES.post("/objections/uploads/<upload_id>/remove")
@route_guard("objection.attach")
def remove_upload(upload_id: str) -> ResponseReturnValue:
    """Take a file out of a form that is not submitted yet."""
    remove_public_upload(the_desk(), the_actor(), upload_id)
    return jsonify(removed=upload_id)


def take_public_upload(form: Form) -> Response:
    """Store the file that came for a field of ``form``."""
    path, file = posted_file()
    kept = attach_publicly(
        the_desk(), the_actor(), path, file.filename or "", file.stream, rules_of(form, path), origin()
    )
    here = f"/objections/uploads/{kept.id}"
    return jsonify(id=kept.id, name=kept.name, size=kept.size, url=here, remove_url=f"{here}/remove")
