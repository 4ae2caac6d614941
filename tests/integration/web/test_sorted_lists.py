"""What was done, what was begun and what is for oneself: put in order by every column, paged, handed out as tables."""

import csv
import io
import re
from datetime import timedelta
from html import unescape

import pytest
from openpyxl import load_workbook

from service.casework.cases.notes import write_note
from service.casework.tasks.complete import complete_task
from tests.support.browsers import Browse, Browser
from tests.support.desks import Bench


@pytest.fixture
def three(bench: Bench) -> Bench:
    """Three applications that the office decided a day apart, each with a copy for its colleague."""
    for number, who in enumerate((bench.stranger, bench.applicant, bench.stranger)):
        case = bench.submitted(by=who)
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


def test_the_rows_stand_as_their_column_says(three: Bench, browse: Browse) -> None:
    office = browse("office")
    subjects = column(office.get("/tasks/done?order=case").text, 2)
    assert subjects == sorted(subjects)
    assert column(office.get("/tasks/done?order=-case").text, 2) == sorted(subjects, reverse=True)
    newest, oldest = (column(office.get(f"/tasks/done?order={order}").text, 0) for order in ("", "when"))
    assert newest == [*reversed(oldest)]
    words = column(office.get("/tasks/asked?order=words").text, 3)
    assert [one[:7] for one in words] == ["第 1 件请阅", "第 2 件请阅", "第 3 件请阅"]
    assert column(office.get("/tasks/asked?order=-words").text, 3) == words[::-1]
    assert column(office.get("/tasks/asked?order=when").text, 3) == words[::-1]
    names = column(office.get("/cases?order=name").text, 0)
    assert names == sorted(names)
    assert column(office.get("/cases?order=-name").text, 0) == sorted(names, reverse=True)


def test_cases_and_copies_are_handed_out_as_tables(three: Bench, browse: Browse) -> None:
    office = browse("office")
    link = re.search(r'href="(/cases\?[^"]*format=xlsx)"', office.get("/cases?q=乙公司").text)
    assert link
    lines = sheet(office, unescape(link[1]))
    assert len(lines) == 2
    assert all("乙公司" in str(line[0]) for line in lines)
    plain = office.get(unescape(link[1]).replace("format=xlsx", "format=csv"))
    assert plain.headers["Content-Type"] == "text/csv; charset=utf-8"
    heading, *rest = csv.reader(io.StringIO(plain.data.decode("utf-8-sig")))
    assert heading[:4] == ["名称", "编号", "种类", "发起日期"]
    assert [row[0] for row in rest] == [line[0] for line in lines]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", rest[0][3])
    assert sheet(office, "/cases?mine=1&format=xlsx") == []
    applicant = browse("applicant")
    own = sheet(applicant, "/cases?mine=1&format=xlsx")
    assert len(own) == 1
    assert "甲公司" in str(own[0][0])
    copies = sheet(office, "/tasks/asked?format=xlsx")
    assert [line[4] for line in copies] == ["第 1 件请阅", "第 2 件请阅", "第 3 件请阅"]
    assert 'href="/tasks/asked?format=xlsx"' in office.get("/tasks/asked").text
    assert sheet(browse("second"), "/tasks/asked?format=xlsx") == []
    assert sheet(applicant, "/tasks/asked?format=xlsx") == []
    for address in ("/cases?format=xlsx", "/cases?format=csv", "/tasks/asked?format=xlsx"):
        assert browse().get(address).status_code == 302
    refused = office.get("/cases?format=pdf")
    assert (refused.status_code, "本页可以导出的格式是：xlsx、csv。" in refused.text) == (422, True)
