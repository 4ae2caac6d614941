"""API routes on which cases begin, and on which people act on them outside tasks."""

from __future__ import annotations

import io
from typing import Any

from flask import Blueprint, request

from service.casework.cases.act_on_case import act_on_case
from service.casework.cases.start import start_case
from service.casework.queries.cases.earlier_start import view_earlier_start
from service.casework.queries.cases.start_options import StartView, list_start_options, view_start
from service.casework.queries.cases.view_action import view_action
from service.casework.queries.cases.view_case import view_case
from service.casework.tasks.attach_upload import attach_upload
from service.domain.errors import NotFound
from service.domain.forms import Form
from service.domain.text import Text
from service.web.api.arguments import whole
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import cases as schemas
from service.web.api.schemas.files import sent_bytes
from service.web.frame.posted.upload_rules import rules_of
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.parse_values import row_id_or_none

_PARENT = {"parent": whole("id of the case above")}


def register(api: Blueprint) -> None:
    """Add the routes."""
    kind, case = "/start/<jurisdiction>/<award>/<process>", "/cases/<int:case_id>"
    act = f"{case}/actions/<action>"
    for operation, work in (
        (ApiOperation("GET", "/start", "case.start", "List what may begin", schemas.StartOptionsOut), start_options),
        (ApiOperation("GET", kind, "case.start", "Get the form that begins a case", schemas.StartFormOut, None, _PARENT), start_form),
        (ApiOperation("POST", f"{kind}/uploads", "upload.add", "Attach a file to it", schemas.KeptUploadOut, schemas.SentUploadIn, _PARENT), attach_to_start),
        (ApiOperation("POST", "/cases", "case.start", "Begin a case", schemas.StartedOut, schemas.StartIn), begin_case),
        (ApiOperation("GET", f"{case}/tasks", "case.view", "List the tasks that wait in a case", schemas.CaseTasksOut), tasks_of_case),
        (ApiOperation("GET", f"{case}/actions", "case.view", "List what may be done to a case", schemas.ActionsOut), actions_of_case),
        (ApiOperation("GET", act, "case.act", "Get the form of an action", schemas.ActionFormOut), action_form),
        (ApiOperation("POST", f"{act}/uploads", "upload.add", "Attach a file to it", schemas.KeptUploadOut, schemas.SentUploadIn), attach_to_action),
        (ApiOperation("POST", act, "case.act", "Do it: withdraw, object, appeal", None, schemas.ValuesIn), do_action),
    ):  # fmt: skip
        add_route(api, operation, work)


def start_options() -> dict[str, Any]:
    """List."""
    return {"options": list_start_options(the_desk(), the_actor())}


def start_form(jurisdiction: str, award: str, process: str) -> dict[str, Any]:
    """Get."""
    view = _start_view(jurisdiction, award, process)
    able = view.refusal is None and view.live_case is None
    earlier = view_earlier_start(the_desk(), the_actor(), process, view.option.parent_id) if able else None
    return {
        "option": view.option,
        "fields_": schemas.fields_of(view.form),
        "on_behalf": view.on_behalf,
        "organisations": [{"id": ident, "name": name} for ident, name in view.organisations],
        "refusal": view.refusal,
        "live_case": view.live_case,
        "earlier": earlier,
    }


def attach_to_start(body: dict[str, Any], jurisdiction: str, award: str, process: str) -> Any:
    """Keep a file for the form that begins a case."""
    return keep_upload(_start_view(jurisdiction, award, process).form, body)


def begin_case(body: dict[str, Any]) -> dict[str, Any]:
    """Begin."""
    desk, actor, package = the_desk(), the_actor(), body["package"]
    kind = body["process"], body["parent_id"]
    return {"case_id": start_case(desk, actor, package, *kind, body["values"], on_behalf_of=body["on_behalf_of"])}


def tasks_of_case(case_id: int) -> dict[str, Any]:
    """List."""
    return {"tasks": view_case(the_desk(), the_actor(), case_id).tasks}


def actions_of_case(case_id: int) -> dict[str, Any]:
    """List."""
    return {"actions": view_case(the_desk(), the_actor(), case_id).actions}


def action_form(case_id: int, action: str) -> dict[str, Any]:
    """Get."""
    page = view_action(the_desk(), the_actor(), case_id, action)
    told = {"id": page.id, "name": page.name, "consequence": page.consequence, "refusal": page.refusal}
    return {**told, "fields_": schemas.fields_of(page.form)}


def attach_to_action(body: dict[str, Any], case_id: int, action: str) -> Any:
    """Keep a file for the form of an action."""
    return keep_upload(view_action(the_desk(), the_actor(), case_id, action).form, body)


def do_action(body: dict[str, Any], case_id: int, action: str) -> None:
    """Do it."""
    act_on_case(the_desk(), the_actor(), case_id, action, body["values"])


def keep_upload(form: Form | None, body: dict[str, Any], task_id: int | None = None) -> Any:
    """Keep a sent file for a field of ``form``; raises NotFound where there is no form, or none with that field."""
    if form is None:
        raise NotFound(Text("此处没有表单。", "There is no form here."))
    content = io.BytesIO(sent_bytes(body["content"]))
    field = body["field"]
    return attach_upload(the_desk(), the_actor(), task_id, field, body["name"], content, rules_of(form, field))


def _start_view(jurisdiction: str, award: str, process: str) -> StartView:
    parent = row_id_or_none(request.args, "parent")
    return view_start(the_desk(), the_actor(), f"{jurisdiction}/{award}", process, parent)
