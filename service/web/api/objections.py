"""API routes for objections without an account; the pages' limits per sender hold here too."""

from __future__ import annotations

import io
from typing import Any

from flask import Blueprint, request

from service.casework.public.act import act_publicly
from service.casework.public.attach import attach_publicly
from service.casework.public.lodge import Lodging, lodge_publicly
from service.casework.public.view_receipt import open_reply, view_receipt
from service.casework.queries.downloads.files import DOCX
from service.casework.queries.public.lodging import lodging_options, view_lodging
from service.domain.errors import NotFound
from service.domain.text import Text
from service.web.api.arguments import whole
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import objections as schemas
from service.web.api.schemas.cases import KeptUploadOut, fields_of
from service.web.api.schemas.files import HandedFileOut, handed, sent_bytes
from service.web.frame.posted.upload_rules import rules_of
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.origin import origin
from service.web.frame.requests.parse_values import row_id_or_none

_PLACE = {"notice": whole("id of the notice"), "place": whole("id of the round, without a notice")}


def register(api: Blueprint) -> None:
    """Add the routes."""
    here, lodge, track = "/objections", "objection.lodge", "objection.track"
    form = f"{here}/forms/<jurisdiction>/<award>/<process>"
    for operation, work in (
        (ApiOperation("GET", form, lodge, "Get the form of an objection", schemas.LodgingFormOut, None, _PLACE), objection_form),
        (ApiOperation("POST", f"{here}/uploads", "objection.attach", "Attach a file to it", KeptUploadOut, schemas.PublicUploadIn), attach_to_objection),
        (ApiOperation("GET", here, lodge, "List what may be objected to", schemas.LodgingOptionsOut, None, _PLACE), objection_options),
        (ApiOperation("POST", f"{here}/track/documents/<int:document_id>", track, "Get a reply", HandedFileOut, schemas.ReceiptCodeIn), reply_to_objection),
        (ApiOperation("POST", here, lodge, "Lodge an objection", schemas.LodgedOut, schemas.LodgeIn, told_once=True), lodge_objection),
        (ApiOperation("POST", f"{here}/track", track, "See where an objection stands", schemas.TrackedOut, schemas.ReceiptCodeIn), track_objection),
        (ApiOperation("POST", f"{here}/track/actions/<action>", track, "Complete it, appeal, withdraw", None, schemas.ReceiptCodeIn), act_on_objection),
    ):  # fmt: skip
        add_route(api, operation, work)


def objection_form(jurisdiction: str, award: str, process: str) -> dict[str, Any]:
    """Get."""
    place, notice = row_id_or_none(request.args, "place"), row_id_or_none(request.args, "notice")
    package = f"{jurisdiction}/{award}"
    view = view_lodging(the_desk(), the_actor(), package, process, place=place, notice=notice)
    targets = [{"id": ident, "title": title} for ident, title in view.targets]
    told = {"package": view.package.key, "process": view.process, "name": view.name, "refusal": view.refusal}
    return {**told, "targets": targets, "fields_": fields_of(view.form)}


def objection_options() -> dict[str, Any]:
    """List."""
    return {"options": lodging_options(the_desk(), the_actor(), row_id_or_none(request.args, "notice"))}


def reply_to_objection(body: dict[str, Any], document_id: int) -> dict[str, Any]:
    """Hand out."""
    row, content = open_reply(the_desk(), the_actor(), body["code"], document_id, origin())
    with content:
        return handed(f"{row.title}.docx", DOCX, content.read())


def attach_to_objection(body: dict[str, Any]) -> Any:
    """Keep a file."""
    about = {"place": body["place"], "notice": body["notice"]}
    form = view_lodging(the_desk(), the_actor(), body["package"], body["process"], **about).form
    if form is None:
        raise NotFound(Text("此处没有表单。", "There is no form here."))
    field, content = body["field"], io.BytesIO(sent_bytes(body["content"]))
    return attach_publicly(the_desk(), the_actor(), field, body["name"], content, rules_of(form, field), origin())


def lodge_objection(body: dict[str, Any]) -> Any:
    """Lodge."""
    lodging = Lodging(body["package"], body["process"], body["target"], body["notice"])
    return lodge_publicly(the_desk(), the_actor(), lodging, body["values"], origin())


def track_objection(body: dict[str, Any]) -> Any:
    """See."""
    return view_receipt(the_desk(), the_actor(), body["code"], origin())


def act_on_objection(body: dict[str, Any], action: str) -> None:
    """Do it."""
    act_publicly(the_desk(), the_actor(), body["code"], action, body["values"], origin())
