"""The kinds of lists that are brought in as spreadsheets: what each asks for, and what takes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from service.casework.review.register_of_experts import demand_office
from service.casework.spreadsheets.applicants import columns_of, import_applicants
from service.casework.spreadsheets.experts import COLUMNS as EXPERT_COLUMNS
from service.casework.spreadsheets.experts import import_experts
from service.casework.spreadsheets.people import COLUMNS as PEOPLE_COLUMNS
from service.casework.spreadsheets.people import import_people
from service.casework.spreadsheets.scores import import_scores, open_sheets
from service.domain.errors import NotAllowed
from service.domain.spreadsheets.import_report import ImportReport
from service.domain.spreadsheets.lists import Column
from service.domain.text import Text
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.parse_values import row_id

Rows = Sequence[Sequence[str]]
Filled = tuple[tuple[Column, ...], list[list[object]]]


@dataclass(frozen=True, slots=True)
class ListKind:
    """A kind of list; ``place`` is what it belongs to: a jurisdiction, a round's number, or nothing.

    ``template`` gives the table to be filled in, ``look`` the report of an import (carried out when told so); ``admit`` raises
    NotAllowed for who may not import there.
    """

    title: Text
    note: Text
    action: str
    template: Callable[[str], Filled]
    look: Callable[[str, Rows, str, bool], ImportReport]
    back: Callable[[str], tuple[str, Text]]
    admit: Callable[[str], None]
    receipt: bool = False


def _admit_to_experts(place: str) -> None:
    demand_office(the_actor(), place)


def _admit_to_applicants(place: str) -> None:
    columns_of(the_desk(), the_actor(), row_id(place))


def _admit_to_scores(_place: str) -> None:
    if not open_sheets(the_desk(), the_actor()).rows:
        raise NotAllowed(Text("您目前没有待填写的评分表。", "You have no score sheet to fill in."))


def _look_at_experts(place: str, rows: Rows, receipt: str, commit: bool) -> ImportReport:  # noqa: ARG001
    return import_experts(the_desk(), the_actor(), place, rows, commit=commit)


def _look_at_applicants(place: str, rows: Rows, receipt: str, commit: bool) -> ImportReport:
    return import_applicants(the_desk(), the_actor(), row_id(place), rows, receipt or None, commit=commit)


def _look_at_scores(place: str, rows: Rows, receipt: str, commit: bool) -> ImportReport:  # noqa: ARG001
    return import_scores(the_desk(), the_actor(), rows, commit=commit)


def _look_at_people(_place: str, rows: Rows, receipt: str, commit: bool) -> ImportReport:  # noqa: ARG001
    return import_people(the_desk(), the_actor(), rows, commit=commit)


KINDS: Mapping[str, ListKind] = {
    "experts": ListKind(
        Text("导入评审专家", "Import experts"),
        Text(
            "按登录名识别是否同一人：新的入库，已有的按填写的列更新，空格不改。",
            "The login name tells who is who: new people are added, others brought up to date; an empty cell changes nothing.",
        ),
        "experts.manage",
        lambda _place: (EXPERT_COLUMNS, []),
        _look_at_experts,
        lambda place: (f"/experts?jurisdiction={place}", Text("评审专家", "Experts")),
        _admit_to_experts,
    ),
    "people": ListKind(
        Text("导入人员", "Import people"),
        Text(
            "按登录名识别是否同一人：新的开通账号，已有的按填写的列更新、增加角色，空格不改。表格不得有密码；"
            "新账号由管理员当面设一次性密码后才能登录。",
            "The login name tells who is who: new people get an account, others are brought up to date and get the role; an "
            "empty cell changes nothing. A table never holds passwords: set a one-time password in person.",
        ),
        "people.manage",
        lambda _place: (PEOPLE_COLUMNS, []),
        _look_at_people,
        lambda _place: ("/people", Text("人员", "People")),
        lambda _place: None,
    ),
    "applicants": ListKind(
        Text("导入申报组织", "Import applicants"),
        Text(
            "每行登记一件申报，如同柜台收到纸质材料后补录；本届已有申报的不重复登记。",
            "Each line enters an application as the counter does for one on paper; those who apply already are left as they are.",
        ),
        "applicants.import",
        lambda place: (columns_of(the_desk(), the_actor(), row_id(place)), []),
        _look_at_applicants,
        lambda place: (f"/cases/{place}", Text("届次", "Round")),
        _admit_to_applicants,
        receipt=True,
    ),
    "scores": ListKind(
        Text("以表格填写评分", "Fill in score sheets as a table"),
        Text(
            "下载的表格已列出您的全部未提交评分；填写后上传，内容写入草稿，由您核对后逐件提交。已提交的不受影响。",
            "The table lists every sheet you have not sent in. What you upload goes into your drafts: read and send them. "
            "Sheets sent in are not touched.",
        ),
        "scores.fill",
        lambda _place: open_sheets(the_desk(), the_actor())[1:],
        _look_at_scores,
        lambda _place: ("/tasks", Text("待办", "Tasks")),
        _admit_to_scores,
    ),
}
