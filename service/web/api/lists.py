"""Operations of lists as spreadsheets: experts, people, applicants, scores and awards, out and in."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from service.casework.access.actor import Actor
from service.casework.desk.desk import Desk
from service.casework.lists import Table
from service.casework.review.register_of_experts import require_office
from service.casework.spreadsheets.applicants import columns_of, export_applicants, import_applicants
from service.casework.spreadsheets.awards import export_awards
from service.casework.spreadsheets.experts import export_experts, import_experts
from service.casework.spreadsheets.people import export_people, import_people
from service.casework.spreadsheets.scores import export_scores, import_scores, open_sheets
from service.domain.errors import NotAllowed
from service.domain.spreadsheets.import_report import ImportReport
from service.domain.text import Text
from service.domain.values.bounds import Content, Example, Length, Name, Spread
from service.office.workbooks import XLSX, write_xlsx
from service.web.api.arguments import Query, people_sought
from service.web.api.operation import Operation
from service.web.api.shared import HandedFile, read_rows

_CITY: Query = {"jurisdiction": "of which city; without it, of the first that one oversees, which `name` tells"}
_WORDS: Query = {"q": people_sought("words of a name, login name, telephone or e-mail").to("text")}


@dataclass(frozen=True, slots=True)
class SentList:
    """A filled list (.xlsx or .csv) by ``name``; without ``commit`` it is only said what would become of each line.

    ``content`` is base64, with the headings of the list that is handed out.
    """

    name: Annotated[Name, Example("名单.csv")]
    content: Content
    commit: bool = False

    def read(self, desk: Desk) -> list[list[str]]:
        """Return its lines."""
        return read_rows(desk, self.name, self.content)


def get_experts_list(desk: Desk, actor: Actor, jurisdiction: str = "") -> HandedFile:
    """Get the register of experts as .xlsx; login and e-mail are masked for who does not keep it, and not taken in again."""
    return _build_file(export_experts(desk, actor, jurisdiction[:60]))


def enter_experts(
    desk: Desk, actor: Actor, jurisdiction: Annotated[str, Length(1, 60)], file: Spread[SentList]
) -> ImportReport:
    """Bring experts into the register of a city; the list that its keeper took out changes nothing."""
    require_office(actor, jurisdiction)  # before the file is opened
    return import_experts(desk, actor, jurisdiction, file.read(desk), commit=file.commit)


def get_people_list(desk: Desk, actor: Actor, text: str = "") -> HandedFile:
    """Get the people one administers as .xlsx."""
    return _build_file(export_people(desk, actor, text))


def enter_people(desk: Desk, actor: Actor, file: Spread[SentList]) -> ImportReport:
    """Bring people in."""
    return import_people(desk, actor, file.read(desk), commit=file.commit)


def get_applicants_list(desk: Desk, actor: Actor, case_id: int) -> HandedFile:
    """Get who applies in a round as .xlsx."""
    return _build_file(export_applicants(desk, actor, case_id))


def get_applicants_template(desk: Desk, actor: Actor, case_id: int) -> HandedFile:
    """Get the list of applications to be filled in."""
    return _build_file(Table("申报名单模板", columns_of(desk, actor, case_id), []))


def enter_applicants(
    desk: Desk,
    actor: Actor,
    case_id: int,
    file: Spread[SentList],
    receipt: Annotated[str | None, Length(1, 36)] = None,
) -> ImportReport:
    """Enter applications in a round; ``receipt`` is the id of the scan of the counter's receipt.

    POST /start/{jurisdiction}/{award}/{process}/uploads answers it, sent there with the round as parent and the kind of case by
    which organisations apply below it. Each application that asks for a file gets a copy.
    """
    columns_of(desk, actor, case_id)  # before the file is opened
    return import_applicants(desk, actor, case_id, file.read(desk), receipt, commit=file.commit)


def get_scores_list(desk: Desk, actor: Actor, case_id: int) -> HandedFile:
    """Get the score sheets of a round as .xlsx."""
    return _build_file(export_scores(desk, actor, case_id))


def get_score_sheets(desk: Desk, actor: Actor) -> HandedFile:
    """Get one's open score sheets as .xlsx."""
    return _build_file(open_sheets(desk, actor))


def enter_scores(desk: Desk, actor: Actor, file: Spread[SentList]) -> ImportReport:
    """Fill one's drafts of score sheets."""
    if not open_sheets(desk, actor).rows:  # before the file is opened
        raise NotAllowed(Text("您目前没有待填写的评分表。", "You have no score sheet to fill in."))
    return import_scores(desk, actor, file.read(desk), commit=file.commit)


def get_awards_list(desk: Desk, actor: Actor, package: str) -> HandedFile:
    """Get the register of awards as .xlsx."""
    return _build_file(export_awards(desk, actor, package))


def _build_file(table: Table) -> HandedFile:
    return HandedFile(f"{table.title}.xlsx", XLSX, write_xlsx(*table))


def _show_list(*lines: str) -> Mapping[str, str]:
    return {"content": base64.b64encode("\n".join(lines).encode()).decode()}


_EXPERTS = _show_list("name,login,employer,education,practising_since", "李华,li.hua,质量协会,master,2001-07-01")
_PEOPLE = _show_list("login,name,place,role,body", "li.hua,李华,甘肃省兰州市,办公室,质量协会")
_APPLICANTS = _show_list("申报组织,统一社会信用代码", "天山机械公司,91650100MA7800010B")
_SCORES = _show_list("task,organisation,item,percent,strengths", "1,天山机械公司,4.1.1,60,目标明确")
_CASE = "/cases/{case_id}"
OPERATIONS = (
    Operation("GET /lists/experts", "experts.export", get_experts_list, query=_CITY),
    Operation("POST /lists/experts", "experts.manage", enter_experts, example=_EXPERTS),
    Operation("GET /lists/people", "people.export", get_people_list, query=_WORDS),
    Operation("POST /lists/people", "people.manage", enter_people, example=_PEOPLE),
    Operation(f"GET {_CASE}/applicants", "applicants.export", get_applicants_list),
    Operation(f"GET {_CASE}/applicants/template", "applicants.import", get_applicants_template),
    Operation(f"POST {_CASE}/applicants", "applicants.import", enter_applicants, example=_APPLICANTS),
    Operation(f"GET {_CASE}/scores", "scores.export", get_scores_list),
    Operation("GET /lists/scores", "scores.fill", get_score_sheets),
    Operation("POST /lists/scores", "scores.fill", enter_scores, example=_SCORES),
    Operation("GET /lists/awards/{jurisdiction}/{award}", "register.view", get_awards_list),
)
