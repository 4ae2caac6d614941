"""The list of clauses carried out of a played round per city: days that were counted by hand, who, and what was issued."""

from __future__ import annotations

import io
from datetime import date

import pytest
from flask import Flask
from lxml import html
from openpyxl import load_workbook

from service.casework.desk.desk import Desk
from service.casework.queries.cases.view_case import view_case
from service.casework.queries.own_place.home import view_home
from service.casework.queries.proof.book import BookQuery, read_book
from service.casework.queries.rounds.round_proof import (
    ClauseListView,
    clause_list_file,
    score_book_file,
    view_clause_list,
)
from service.casework.reading.clause_record import ClauseDeed, ClauseState, clause_lines
from service.domain.errors import NotAllowed, NotFound
from service.store import CaseFilter
from tests.integration.web.test_demo import play
from tests.support.demonstration import person_of

Days = tuple[date, date]


def day(text: str) -> date:
    return date.fromisoformat(text)


COUNTED: list[tuple[str, str, str, str, str | None, tuple[str, str] | None, int]] = [
    # 2024-04-18 posted, seven days from the next one.
    ("qingyuan", "QY-4-5-2", "公示", "系统", None, ("2024-04-19", "2024-04-25"), 0),
    # Two working days after 2024-04-03: Qingming is 4 to 6 April, Sunday the 7th is worked.
    ("qingyuan", "QY-6-1-3", "申明利害关系", "评审组", "2024-04-08", ("2024-04-16", "2024-04-16"), 6),
    # Sixty days after the commendation of 2024-04-29.
    ("qingyuan", "QY-5-1-3", "拨付奖金", "县评审办（江晓月）", "2024-06-28", ("2024-06-03", "2024-06-03"), 0),
    # 2023-04-20 a Thursday: Friday, and Sunday the 23rd, which is worked.
    ("ganzhou", "GZ-16-6b", "登记媒体公示凭证", "评审委员会秘书处（高秀兰）", "2023-04-23", ("2023-04-20", "2023-04-20"), 0),
    ("ganzhou", "GZ-16-6b", "公示", "系统", None, ("2023-04-21", "2023-04-27"), 0),
    # 2025-01-15 a Wednesday, five working days from the next one.
    ("kizilsu", "KZ-13-1", "公示", "系统", None, ("2025-01-16", "2025-01-22"), 0),
    # 2025-02-19 a Wednesday: five working days to the next Wednesday.
    ("kizilsu", "KZ-17-1", "提出意见", "自治州发展和改革委员会", "2025-02-26", ("2025-02-19", "2025-02-19"), 0),
    # The Feast of Breaking the Fast is the 20th of March: ten working days after the 19th.
    ("urumqi", "WQ-11-3b", "提出审核意见", "", "2026-04-03", None, 0),
    ("urumqi", "WQ-11-1a", "公告", "系统", None, ("2026-03-03", "2026-03-31"), 0),
    # As in Ganzhou, but Friday the 21st is the feast in Xinjiang.
    ("yining", "YN-19-6-3", "登记媒体公示凭证", "市强市委办公室（金梅）", "2023-04-24", ("2023-04-20", "2023-04-20"), 0),
]  # fmt: skip


@pytest.fixture(scope="module")
def desk(demo: Flask) -> Desk:
    found: Desk = demo.extensions["laurel.desk"]
    return found


def first_round(desk: Desk, city: str) -> int:
    with desk.store.read() as tx:
        return min(case.id for case in tx.cases.search(CaseFilter([city], "round")))


@pytest.fixture(scope="module")
def views(demo: Flask, desk: Desk) -> dict[str, ClauseListView]:
    admin = person_of(demo, "admin")
    return {city: view_clause_list(desk, admin, first_round(desk, city)) for city in {row[0] for row in COUNTED}}


@pytest.mark.parametrize(("city", "clause", "step", "who", "due", "days", "late"), COUNTED)
def test_days_counted_by_hand(
    views: dict[str, ClauseListView], city: str, clause: str, step: str, who: str, due: str | None,
    days: tuple[str, str] | None, late: int,
) -> None:  # fmt: skip
    record = next(one for one in views[city].records if one.clause.id == clause)
    deeds: list[ClauseDeed] = [deed for deed in record.deeds if deed.step.zh == step]
    spans = [(deed.due and deed.due[1], deed.days and (deed.days[0], deed.days[1]), deed.late) for deed in deeds]
    assert (due and day(due), days and (day(days[0]), day(days[1])), late) in spans
    assert any(who in deed.who for deed in deeds)


def test_what_was_issued_stands_by_number_and_what_did_not_happen_says_so(views: dict[str, ClauseListView]) -> None:
    records = {record.clause.id: record for record in views["qingyuan"].records}
    papers = {paper for deed in records["QY-5-1-1"].deeds for paper in deed.papers}
    assert "《庆元县人民政府关于表彰第一届庆元县人民政府质量奖获奖组织的通报》庆政发〔2024〕12号" in papers
    assert records["QY-6-7-5"].state is ClauseState.UNUSED
    assert records["QY-0-2"].state is ClauseState.INFORMATIVE
    assert records["QY-0-2"].reason
    assert records["QY-6-1-3"].state is ClauseState.LATE
    waiting = {record.clause.id: record for record in views["urumqi"].records}
    assert waiting["WQ-11-3b"].state is ClauseState.OPEN
    assert waiting["WQ-11-3c"].state is ClauseState.WAITING
    assert not waiting["WQ-11-3d"].deeds  # the same template was issued for another notice


def test_every_clause_stands_there_once_and_no_expert_is_named(desk: Desk, views: dict[str, ClauseListView]) -> None:
    for view in views.values():
        assert [record.clause.id for record in view.records] == list(view.package.law.clauses)
    with desk.store.read() as tx:
        experts = tx.people.named({row.person_id for row in tx.experts.select(jurisdiction="qingyuan")}).values()
    written = " ".join(deed.who for record in views["qingyuan"].records for deed in record.deeds)
    assert experts
    assert not [name for name in experts if name in written]


def test_the_printed_list_says_clause_and_result_once_and_when_what_was_done(views: dict[str, ClauseListView]) -> None:
    head, rows = clause_lines(views["urumqi"].records)
    assert {len(row) for row in rows} == {len(head)}
    assert [bool(row[0]) for row in rows] == [bool(row[1]) for row in rows]
    assert sum(bool(row[0]) for row in rows) == len(views["urumqi"].records)
    done = {row[4] for row in rows}
    assert {"在办1件", "2026年3月3日至3月16日（21件，在办2件）"} <= done
    assert not [words for words in done if words.startswith("，")]


@pytest.mark.parametrize("path", ["/cases/{round}/clauses", "/portal/urumqi/quality_award/regulation"])
def test_a_page_folds_the_clauses_of_an_article(demo: Flask, desk: Desk, path: str) -> None:
    page = play(demo, "office.wang").get(path.format(round=first_round(desk, "urumqi"))).text
    article = html.fromstring(page).xpath("//details[summary/strong='第四条']")[0]
    assert "6 项" in article[0].text_content()
    rows = article.xpath(".//tbody/tr/td[1][contains(., '第四条第')]")
    assert len(rows) == 6


def test_the_book_names_who_took_the_list_away_and_of_which_round(demo: Flask, desk: Desk) -> None:
    supervisor, ident = person_of(demo, "qy.zhou"), first_round(desk, "qingyuan")
    round_title = view_clause_list(desk, supervisor, ident).round.title
    clause_list_file(desk, supervisor, ident, "docx")
    lines = read_book(desk, person_of(demo, "admin"), BookQuery("export")).lines
    mine = [(line.action.zh, line.about.zh) for line in lines if line.row.person_id == supervisor.person_id]
    assert mine == [("导出依法办理清单", f"届次 {round_title}")], "looking at it is no export"


def test_only_overseers_have_it_and_the_workbook_of_scores(demo: Flask, desk: Desk) -> None:
    ident = first_round(desk, "qingyuan")
    with pytest.raises(NotAllowed):
        view_clause_list(desk, person_of(demo, "qy.org.01"), ident)
    supervisor = person_of(demo, "qy.zhou")
    assert view_clause_list(desk, supervisor, ident).records
    book = load_workbook(io.BytesIO(score_book_file(desk, supervisor, ident).content.read()))
    assert {(s.print_title_rows, s.page_setup.orientation, s.page_setup.fitToHeight) for s in book} == {
        ("$1:$1", "landscape", 0)
    }
    assert book.sheetnames[:2] == ["条款得分", "评分表"]


def test_the_workbook_is_offered_only_where_something_is_scored(demo: Flask, desk: Desk) -> None:
    for login, city, scored in (("qy.zhou", "qingyuan", True), ("office.wang", "urumqi", False)):
        person, ident = person_of(demo, login), first_round(desk, city)
        assert view_clause_list(desk, person, ident).scored is scored
        assert view_case(desk, person, ident).scored is scored
    for login, scored in (("gz.dai", True), ("office.wang", False)):
        assert [row.scored for row in view_home(desk, person_of(demo, login)).rounds] == [scored]
    with pytest.raises(NotFound):
        score_book_file(desk, person_of(demo, "office.wang"), first_round(desk, "urumqi"))
