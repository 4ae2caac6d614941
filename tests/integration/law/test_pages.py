"""The pages about the law: clauses to what carries them out and back, settings, comparisons."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest
from openpyxl import load_workbook

from service.casework.definitions.change_setting import change_setting
from service.catalog import Package
from service.web.law.articles import whole_article
from tests.support.browsers import Browser
from tests.support.lakeside import KEY, LAW, START, Lakeside, amended_package

Browse = Callable[..., Browser]

PAGES = (
    "/law",
    "/law/lakeside",
    "/law/lakeside?fate=OUTSIDE&q=x",
    "/law/lakeside/places?sort=PARAMETER",
    "/law/lakeside/clauses/LS-5",
    f"/law/{KEY}/diagrams/lakeside_application?element=decide",
    f"/law/{KEY}/diagrams/shared_notice.bpmn",
    f"/law/{KEY}/pieces?file=processes/{KEY}/eligibility.dmn&element=founded_long_enough",
    f"/law/{KEY}/settings?show=all",
    f"/law/{KEY}/settings/notice_working_days",
    f"/law/{KEY}/versions",
    "/law/compare",
    f"/law/compare?left={KEY}&right={KEY}&all=1",
    f"/law/compare.json?left={KEY}&right={KEY}",
    "/law/lakeside/coverage.json",
)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.mark.parametrize(("who", "language"), [("admin", "zh"), ("office", "en")])
def test_every_page_opens_for_office_and_administrator(browse: Browse, who: str, language: str) -> None:
    browser = browse(who)
    browser.get(f"/language?to={language}")
    for path in PAGES:
        answer = browser.get(path)
        assert answer.status_code == 200, (path, answer.status_code, words(answer.text)[:800])


def test_a_clause_leads_to_everything_that_carries_it_out_and_back(browse: Browse) -> None:
    office = browse("office")
    page = office.get("/law/lakeside/clauses/LS-4").text
    for told in ("决定是否受理", "受理决定期限"):
        assert told in page
    href = re.search(r'href="(/law/[^"]+diagrams/lakeside_application\?element=decide)"', page)
    assert href
    diagram = office.get(href[1]).text
    assert 'data-focus="decide"' in diagram
    assert '/law/lakeside/clauses/LS-4"' in diagram
    assert f"/law/{KEY}/settings/decision_working_days" in page


def test_the_clauses_asked_for_are_shown(browse: Browse) -> None:
    office = browse("office")
    shown = words(office.get("/law/lakeside?fate=OUTSIDE").text)
    assert "显示 1 条，共 7 条" in shown
    assert "预算由财政部门另行安排" in shown
    assert "显示 1 条，共 7 条" in words(office.get("/law/lakeside?q=工匠精神").text)


def test_articles_and_files_are_folded_unless_some_were_asked_for(browse: Browse) -> None:
    office = browse("office")
    for page, asked in (("/law/lakeside", "?q=第"), ("/law/lakeside/places", "?sort=PARAMETER")):
        folds = [
            office.get(page + more).text.count(f'<details class="fold"{is_open}>')
            for more, is_open in (("", ""), (asked, " open"))
        ]
        assert min(folds) >= 1, (page, folds)
    parts = {
        "第十一条第（二）项第一段": "第十一条",
        "第三条之一第二款": "第三条之一",
        "三（一）3": "三",
        "前言": "前言",
    }
    assert {cited: whole_article(cited) for cited in parts} == parts


def test_remarks_on_the_text_stand_at_their_clauses(town: Lakeside, browse: Browse) -> None:
    remark = "remarks:\n  - {clauses: [LS-6], text: 原文漏字。, reading: 按补足的文字理解。}\nclauses:"
    town.deploy(amended_package({LAW: [("clauses:", remark)]}))
    page = words(browse("office").get("/law/lakeside?fate=REMARKED").text)
    assert "原文漏字。" in page
    assert "采用的理解：按补足的文字理解。" in page
    assert "显示 1 条" in page


def test_the_matrix_is_a_file_too(browse: Browse) -> None:
    office = browse("office")
    book = load_workbook(io.BytesIO(office.get("/law/lakeside/coverage.xlsx").data))
    assert book.sheetnames == ["条款→落实", "落实→条款"]
    rows = list(csv.reader(io.StringIO(office.get("/law/lakeside/coverage.csv").data.decode("utf-8-sig"))))
    assert {row[0] for row in rows[1:]} == {f"LS-{n}" for n in range(1, 8)}
    found = office.get("/law/lakeside/coverage.json").json
    assert (found["clauses"], found["carried_out"], found["uncovered"]) == (7, 5, [])
    assert {c["id"]: c["fate"] for c in found["matrix"]}["LS-7"] == "outside"


def test_the_page_shows_what_proves_a_clause_and_words_only_apart(town: Lakeside, browse: Browse) -> None:
    office = browse("office")
    page = words(office.get("/law/lakeside/clauses/LS-5").text)
    assert "情景“条件具备，公示后受理” · 第 13 行" in page
    assert "首日 2026年3月4日，末日 2026年3月10日" in page
    town.deploy(
        amended_package({LAW: [("办公室10个工作日内决定是否受理。", "办公室决定。, words_only: 只写在表上。")]})
    )
    page = words(office.get("/law/lakeside?fate=WORDS_ONLY").text)
    assert "显示 1 条，共 7 条" in page
    assert "只写在表上。" in page
    assert "文字体现 1" in page
    assert "由流程落实 4" in page


def test_an_administrator_changes_a_setting_and_the_office_reads_it(town: Lakeside, browse: Browse) -> None:
    place = f"/law/{KEY}/settings/notice_working_days"
    admin, office = browse("admin"), browse("office")
    assert 'name="value"' not in office.get(place).text
    assert office.post(place, {"value": "6"}).status_code == 403
    refused = admin.post(place, {"value": "3", "since": "2026-03-02", "reason": "试"})
    assert refused.status_code == 422
    assert "依第五条不得少于5个工作日" in refused.text
    assert admin.post(place, {"value": "六", "since": "2026-03-02", "reason": "试"}).status_code == 422
    assert admin.post(place, {"value": "6", "since": "2026-04-01", "reason": "常务会议"}).status_code == 302
    page = words(office.get(place).text)
    assert "2026年4月1日（周三） 起：" in page.replace("起： ", "起：") or "2026年4月1日" in page
    assert "常务会议" in page


def test_versions_stand_side_by_side(town: Lakeside, amended: Callable[..., Package], browse: Browse) -> None:
    with town.desk.store.read() as tx:
        old = tx.definitions.current(KEY).version
    amended(notice=8)
    office = browse("office")
    assert f"left={KEY}@{old}" in office.get(f"/law/{KEY}/versions").text
    page = words(office.get(f"/law/compare?left={KEY}@{old}&right={KEY}").text)
    for told in ("公示期", "5个工作日", "8个工作日", "1 项不同"):
        assert told in page
    found = office.get(f"/law/compare.json?left={KEY}@{old}&right={KEY}").json
    assert found["summary"]["parameters_different"] == 1
    assert [f["change"] for f in found["files"]] == ["changed"]


def test_two_versions_side_by_side_name_their_tiers_and_clauses_and_who_looks(browse: Browse) -> None:
    office = browse("office")
    frame = office.get("/law").text.partition("<main")[0]
    page = office.get(f"/law/compare?left={KEY}&right={KEY}&all=1").text
    own = words(frame).partition("办公室 ·")[2].split("退出")[0].strip()
    assert own
    assert own in words(page.partition("<main")[0])
    cells = re.findall(r"<td>(.*?)</td>", page, re.S)
    assert cells
    assert [cell for cell in cells if not words(cell).strip()] == []


def test_what_is_not_ones_own_is_not_there(town: Lakeside, browse: Browse) -> None:
    town.applicant("somebody")
    assert browse().get("/law").status_code in (302, 401)
    assert browse("somebody").get("/law").status_code == 403
    for path in (
        "/law/elsewhere",
        "/law/lakeside/other_award/settings",
        "/law/lakeside/clauses/XX-1",
        f"/law/compare?left={KEY}@0&right={KEY}",
    ):
        assert browse("office").get(path).status_code == 404, path


def test_the_day_from_which_it_holds_is_todays_at_first(town: Lakeside, browse: Browse) -> None:
    change_setting(town.desk, town.admin, KEY, "notice_working_days", 6, START.date(), "试行")
    page = browse("admin").get(f"/law/{KEY}/settings/notice_working_days").text
    assert 'value="2026-03-02"' in page
    assert "本地设定" in page
