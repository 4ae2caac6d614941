"""API routes of lists as spreadsheets: experts, applicants, scores and awards, out and in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, request

from service.casework.review.expert_register import demand_office
from service.casework.spreadsheets.awards import export_awards
from service.casework.spreadsheets.experts import export_experts, import_experts
from service.casework.spreadsheets.export_applicants import export_applicants
from service.casework.spreadsheets.import_applicants import columns_of, import_applicants
from service.casework.spreadsheets.people import export_people, import_people
from service.casework.spreadsheets.scores import export_scores, import_scores, open_sheets
from service.domain.errors import NotAllowed
from service.domain.spreadsheets.lists import Column
from service.domain.text import Text
from service.office.workbooks import XLSX, write_xlsx
from service.web.api.arguments import Query, people_sought
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import lists as schemas
from service.web.api.schemas.files import HandedFileOut, handed, sent_bytes
from service.web.api.schemas.register import ImportOut
from service.web.frame.requests.current import the_actor, the_desk

_CITY = {"jurisdiction": "of which city"}
_WORDS: Query = {"q": people_sought("words of a name, login name, telephone or e-mail")}


def register(api: Blueprint) -> None:
    """Add the routes."""
    file, report, case = HandedFileOut, ImportOut, "/cases/<int:case_id>"
    for operation, work in (
        (ApiOperation("GET", "/lists/experts", "experts.export", "Get the register of experts as .xlsx", file, query=_CITY), experts_list),
        (ApiOperation("POST", "/lists/experts", "experts.manage", "Bring experts in", report, schemas.SentExpertsIn), bring_experts_in),
        (ApiOperation("GET", "/lists/people", "people.export", "Get the people one administers as .xlsx", file, query=_WORDS), people_list),
        (ApiOperation("POST", "/lists/people", "people.manage", "Bring people in", report, schemas.SentListIn), bring_people_in),
        (ApiOperation("GET", f"{case}/applicants", "applicants.export", "Get who applies in a round as .xlsx", file), applicants_list),
        (ApiOperation("GET", f"{case}/applicants/template", "applicants.import", "Get the list to be filled in", file), applicants_template),
        (ApiOperation("POST", f"{case}/applicants", "applicants.import", "Enter applications", report, schemas.SentApplicantsIn), bring_applicants_in),
        (ApiOperation("GET", f"{case}/scores", "scores.export", "Get the score sheets of a round as .xlsx", file), scores_list),
        (ApiOperation("GET", "/lists/scores", "scores.fill", "Get one's open score sheets as .xlsx", file), own_scores),
        (ApiOperation("POST", "/lists/scores", "scores.fill", "Fill one's drafts of score sheets", report, schemas.SentListIn), bring_scores_in),
        (ApiOperation("GET", "/lists/awards/<jurisdiction>/<award>", "register.view", "Get the register of awards as .xlsx", file), awards_list),
    ):  # fmt: skip
        add_route(api, operation, work)


def experts_list() -> dict[str, Any]:
    """Hand out."""
    return _table("评审专家", *export_experts(the_desk(), the_actor(), request.args.get("jurisdiction", "")[:60]))


def bring_experts_in(body: dict[str, Any]) -> Any:
    """Bring in."""
    place = body["jurisdiction"]
    demand_office(the_actor(), place)  # before the file is opened
    return import_experts(the_desk(), the_actor(), place, _rows(body), commit=body["commit"])


def people_list() -> dict[str, Any]:
    """Hand out."""
    return _table("人员", *export_people(the_desk(), the_actor(), request.args.get("q", "")))


def bring_people_in(body: dict[str, Any]) -> Any:
    """Bring in."""
    return import_people(the_desk(), the_actor(), _rows(body), commit=body["commit"])


def applicants_list(case_id: int) -> dict[str, Any]:
    """Hand out."""
    return _table("申报名单", *export_applicants(the_desk(), the_actor(), case_id))


def applicants_template(case_id: int) -> dict[str, Any]:
    """Hand out."""
    return _table("申报名单模板", columns_of(the_desk(), the_actor(), case_id), [])


def bring_applicants_in(body: dict[str, Any], case_id: int) -> Any:
    """Bring in."""
    columns_of(the_desk(), the_actor(), case_id)  # before the file is opened
    rows = _rows(body)
    return import_applicants(the_desk(), the_actor(), case_id, rows, body["receipt"], commit=body["commit"])


def scores_list(case_id: int) -> dict[str, Any]:
    """Hand out."""
    return _table("评分汇总", *export_scores(the_desk(), the_actor(), case_id))


def own_scores() -> dict[str, Any]:
    """Hand out."""
    return _table("评分", *open_sheets(the_desk(), the_actor()))


def bring_scores_in(body: dict[str, Any]) -> Any:
    """Bring in."""
    if not open_sheets(the_desk(), the_actor())[1]:  # before the file is opened
        raise NotAllowed(Text("您目前没有待填写的评分表。", "You have no score sheet to fill in."))
    return import_scores(the_desk(), the_actor(), _rows(body), commit=body["commit"])


def awards_list(jurisdiction: str, award: str) -> dict[str, Any]:
    """Hand out."""
    return _table("获奖名录", *export_awards(the_desk(), the_actor(), f"{jurisdiction}/{award}"))


def _rows(body: dict[str, Any]) -> list[list[str]]:
    return [list(row) for row in the_desk().sandbox.rows(body["name"], sent_bytes(body["content"]))]


def _table(name: str, columns: Sequence[Column], rows: Sequence[Sequence[object]]) -> dict[str, Any]:
    return handed(f"{name}.xlsx", XLSX, write_xlsx(name, columns, rows))
