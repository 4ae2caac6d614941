"""API routes of notices; no account is needed to read them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.notices.correct import NoticeCorrection, correct_notice
from service.casework.notices.recall import recall_notice
from service.casework.queries.public.notice_file import notice_files, open_notice_file
from service.casework.queries.public.portal import view_notice, view_portal
from service.web.api.arguments import Query, instant_place
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas.ballots import ReasonIn
from service.web.api.schemas.common import NoticeOut, NoticePageOut
from service.web.api.schemas.files import HandedFileOut, handed
from service.web.api.schemas.notices import NoticeFilesOut
from service.web.api.schemas.people import CorrectionIn
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.parse_values import dated_cursor, dated_place


def register(api: Blueprint) -> None:
    """Add the routes."""
    query: Query = {"jurisdiction": "one city only"}
    paged: Query = {**query, "after": instant_place("continue the past ones")}
    add_route(api, ApiOperation("GET", "/notices", "notice.view", "List notices", NoticePageOut, query=paged), notices)
    one = "/notices/<int:notice_id>"
    add_route(api, ApiOperation("GET", one, "notice.view", "Get a notice", NoticeOut), notice)
    files = ApiOperation("GET", f"{one}/files", "notice.view", "List the files of a notice", NoticeFilesOut)
    add_route(api, files, files_of_notice)
    file = ApiOperation("GET", f"{one}/files/<kind>", "notice.download", "Get a notice as docx or pdf", HandedFileOut)
    add_route(api, file, file_of_notice)
    correct = ApiOperation("POST", f"{one}/correct", "notice.correct", "Correct a running notice", None, CorrectionIn)
    add_route(api, correct, correct_now)
    recall = ApiOperation("POST", f"{one}/recall", "notice.recall", "Recall a running notice", None, ReasonIn)
    add_route(api, recall, recall_now)


def notices() -> dict[str, Any]:
    """List."""
    args = request.args
    view = view_portal(the_desk(), the_actor(), args.get("jurisdiction"), dated_cursor(args, "after"))
    return {"running": view.running, "past": view.past, "next": dated_place(view.before)}


def notice(notice_id: int) -> Any:
    """Get one."""
    return view_notice(the_desk(), the_actor(), notice_id)


def files_of_notice(notice_id: int) -> dict[str, Any]:
    """List."""
    return {"files": notice_files(the_desk(), the_actor(), notice_id)}


def file_of_notice(notice_id: int, kind: str) -> dict[str, Any]:
    """Hand out."""
    found = open_notice_file(the_desk(), the_actor(), notice_id, kind)
    return handed(found.name, found.kind, found.content.read())


def correct_now(body: dict[str, Any], notice_id: int) -> None:
    """Correct."""
    correct_notice(the_desk(), the_actor(), notice_id, NoticeCorrection(**body))


def recall_now(body: dict[str, Any], notice_id: int) -> None:
    """Recall."""
    recall_notice(the_desk(), the_actor(), notice_id, body["reason"])
