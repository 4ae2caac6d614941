"""What was done, what was begun and what is for oneself: put in order by every column, paged, handed out as tables."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from openpyxl import load_workbook

from service.casework.cases.notes import write_note
from service.casework.cases.start import start_case
from service.casework.tasks.complete import complete_task
from tests.integration.web.test_task_views import heads, pages_of
from tests.support.browsers import Browser
from tests.support.desks import PACKAGE, Bench

Browse = Callable[..., Browser]


@pytest.fixture
def three(bench: Bench) -> Bench:
    """Three applications that the office decided a day apart, each with a copy for its colleague."""
    for number, who in enumerate((bench.stranger, bench.applicant, bench.stranger)):
        case = start_case(bench.desk, who, PACKAGE, "application", None, {"ready": True})
        (task,) = bench.tasks(case)
        complete_task(bench.desk, who, task.id, task.version, {"founded_on": "2010-05-01"})
        (task,) = bench.tasks(case)
        write_note(bench.desk, bench.second, case, f"第 {3 - number} 件请阅", "copy", bench.office.person_id)
        complete_task(bench.desk, bench.office, task.id, task.version, {"decision": "pass"})
        bench.clock.move_to(bench.clock.now() + timedelta(days=1))
    return bench


def column(page: str, number: int) -> list[str]:
    """Return the words of one column, without marks."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)[number] for row in body.split("</tr>") if "<td" in row]
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", cell)).strip() for cell in cells]


def sheet(office: Browser, address: str) -> list[tuple[object, ...]]:
    """Return the lines of a table below its head."""
    answer = office.get(address)
    assert answer.status_code == 200
    shown = load_workbook(io.BytesIO(answer.data)).active
    assert shown is not None
    return list(shown.iter_rows(min_row=2, values_only=True))


LISTS = {
    "/tasks/done": ("办结时间", "事项", "办件", "环节 / 依据"),
    "/cases?live=1": ("名称", "编号", "种类", "最近变化", "状态"),
    "/cases": ("名称", "编号", "种类", "最近变化", "状态"),
    "/tasks/copies": ("时间", "办件", "谁", "内容", "已阅"),
}


@pytest.mark.parametrize("address", ["/tasks/done", "/cases", "/tasks/copies"])
def test_every_column_is_put_in_order_by_its_head(three: Bench, browse: Browse, address: str) -> None:
    office = browse("office")
    page = office.get(address).text
    assert tuple(heads(page)) == LISTS[address]
    assert page.count('<th scope="col"') == len(LISTS[address])
    links = sorted(re.findall(r'class="row-link" href="([^"]+)"', page))
    assert len(links) == 3
    for label in LISTS[address]:
        once = office.get(heads(page)[label][1]).text
        twice = office.get(heads(once)[label][1]).text
        assert {heads(once)[label][0], heads(twice)[label][0]} == {"ascending", "descending"}
        for shown in (once, twice):
            assert sorted(re.findall(r'class="row-link" href="([^"]+)"', shown)) == links
            assert [one for one, (how, _) in heads(shown).items() if how != "none"] == [label]


def test_the_rows_stand_as_their_column_says(three: Bench, browse: Browse) -> None:
    office = browse("office")
    subjects = column(office.get("/tasks/done?order=case").text, 2)
    assert subjects == sorted(subjects)
    assert column(office.get("/tasks/done?order=-case").text, 2) == sorted(subjects, reverse=True)
    newest, oldest = (column(office.get(f"/tasks/done?order={order}").text, 0) for order in ("", "when"))
    assert newest == [*reversed(oldest)]
    words = column(office.get("/tasks/copies?order=words").text, 3)
    assert words == ["第 1 件请阅", "第 2 件请阅", "第 3 件请阅"]
    assert column(office.get("/tasks/copies?order=-words").text, 3) == words[::-1]
    assert column(office.get("/tasks/copies?order=when").text, 3) == words[::-1]
    names = column(office.get("/cases?order=name").text, 0)
    assert names == sorted(names)
    assert column(office.get("/cases?order=-name").text, 0) == sorted(names, reverse=True)


def test_copies_not_read_yet_come_first(three: Bench, browse: Browse) -> None:
    office = browse("office")
    note = re.search(r"/notes/(\d+)/read", office.get("/tasks/copies").text)
    assert note
    office.post(f"/notes/{note[1]}/read", {"next": "copies"})
    assert column(office.get("/tasks/copies?order=read").text, 3)[-1] == "第 1 件请阅"
    assert column(office.get("/tasks/copies?order=-read").text, 3)[0] == "第 1 件请阅"


def test_an_order_is_paged_and_goes_on_with_what_the_list_is_narrowed_to(
    three: Bench, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages_of(monkeypatch, 1, "tasks.done_tasks", "cases.list_cases")
    monkeypatch.setattr("service.casework.queries.cases.notes.SHORT_PAGE", 1)
    office = browse("office")
    for address in ("/tasks/done?q=乙公司&order=case", "/cases?q=乙公司&order=name", "/tasks/copies?order=words"):
        first = office.get(address).text
        many = 3 if "copies" in address else 2
        assert f"第 1 / {many} 页" in first
        following = re.search(r'<a href="([^"]+)" rel="next"', first)
        assert following
        second = office.get(unescape(following[1])).text
        assert f"第 2 / {many} 页" in second
        assert re.findall(r'class="row-link" href="([^"]+)"', first) != re.findall(
            r'class="row-link" href="([^"]+)"', second
        )
    seen, address = [], "/tasks/done?order=when"
    for _ in range(3):
        page = office.get(address).text
        seen += column(page, 0)
        following = re.search(r'href="([^"]+)" rel="next">较新的', page)
        address = unescape(following[1]) if following else ""
    assert len(seen) == len(set(seen)) == 3
    assert not address


def test_a_list_that_is_too_long_says_that_it_stands_by_time(
    three: Bench, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = browse("office")
    for address in ("/tasks/done", "/cases", "/tasks/copies"):
        assert "地址中的“order=loudest”" in office.get(f"{address}?order=loudest").text
    monkeypatch.setattr("service.casework.queries.list_order.CAP", 3)
    for address in ("/tasks/done?order=case", "/cases?order=name", "/tasks/copies?order=who"):
        page = office.get(address).text
        assert "只能按时间排列" in page
        assert len(re.findall(r'class="row-link"', page)) == 3


@pytest.mark.parametrize("address", ["/tasks?scope=visible", "/tasks/done", "/cases", "/tasks/copies"])
def test_the_order_is_chosen_above_the_cards_without_script(three: Bench, browse: Browse, address: str) -> None:
    if address.startswith("/tasks?"):
        start_case(three.desk, three.applicant, PACKAGE, "application", None, {"ready": True})
    office = browse("office")
    page = office.get(address).text
    form = re.search(r'<form class="sort-menu" method="post" action="/sought".*?</form>', page, re.S)
    assert form
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0]))
    offered = [unescape(word) for word in re.findall(r'<option value="([^"]*)"', form[0])]
    assert '<button type="submit"' in form[0]
    assert len(offered) == len(set(offered)) > 6
    for word in offered:
        shown = office.post("/sought", {**hidden, "order": word}, follow_redirects=True)
        assert f'<option value="{word}" selected' in shown.text
        assert "看不懂" not in shown.text


def test_cases_and_copies_are_handed_out_as_tables(three: Bench, browse: Browse) -> None:
    office = browse("office")
    link = re.search(r'href="(/cases\.xlsx[^"]*)"', office.get("/cases?q=乙公司").text)
    assert link
    lines = sheet(office, unescape(link[1]))
    assert len(lines) == 2
    assert all("乙公司" in str(line[0]) for line in lines)
    assert sheet(office, "/cases.xlsx?mine=1") == []
    applicant = browse("applicant")
    own = sheet(applicant, "/cases.xlsx?mine=1")
    assert len(own) == 1
    assert "甲公司" in str(own[0][0])
    copies = sheet(office, "/tasks/copies.xlsx")
    assert [line[4] for line in copies] == ["第 1 件请阅", "第 2 件请阅", "第 3 件请阅"]
    assert 'href="/tasks/copies.xlsx"' in office.get("/tasks/copies").text
    assert sheet(browse("second"), "/tasks/copies.xlsx") == []
    assert sheet(applicant, "/tasks/copies.xlsx") == []
    for address in ("/cases.xlsx", "/tasks/copies.xlsx"):
        assert browse().get(address).status_code == 302
