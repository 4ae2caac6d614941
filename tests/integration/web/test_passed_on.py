"""What somebody handed on, sent back or took back stands in a list of their own, with who has it now."""

import io
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from openpyxl import load_workbook

from service.casework.cases.start import start_case
from service.casework.queries.tasks.passed_on import list_passed_on
from service.casework.tasks.complete import complete_task
from service.casework.tasks.delegate import delegate_task
from service.casework.tasks.send_back import send_back, take_back
from tests.integration.web.test_send_back_to import publish_with_look
from tests.support.browsers import Browser
from tests.support.desks import PACKAGE, Bench

Browse = Callable[..., Browser]


def looked_at(bench: Bench) -> int:
    """Return a case that waits for the office's first look."""
    case_id = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    (task,) = bench.tasks(case_id)
    complete_task(bench.desk, bench.applicant, task.id, task.version, {"founded_on": "2010-05-01"})
    return case_id


def lines(page: str) -> list[str]:
    """Return the rows of the list, as they are read."""
    found = page.partition("<tbody>")[2].partition("</tbody>")[0].split("</tr>")[:-1]
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", one)).split()) for one in found]


@pytest.fixture
def case_id(bench: Bench, tmp_path: Path) -> int:
    publish_with_look(bench, tmp_path)
    return looked_at(bench)


def test_what_was_handed_on_says_who_has_it_and_what_became_of_it(bench: Bench, browse: Browse, case_id: int) -> None:
    me = browse("office")
    assert "您没有转办、退回、取回、催办过事项" in me.get("/tasks/passed-on").text
    (task,) = bench.tasks(case_id)
    delegate_task(bench.desk, bench.office, task.id, task.version, bench.people["second"], "出差三天")
    with bench.desk.store.read() as tx:
        name = tx.people.person(bench.people["second"]).name
    (line,) = lines(me.get("/tasks/passed-on").text)
    assert ("初核 已转办" in line, name in line, "出差三天" in line) == (True, True, True)
    assert lines(browse("second").get("/tasks/passed-on").text) == []
    sheet = load_workbook(io.BytesIO(me.get("/tasks/done.xlsx").data)).active
    assert sheet is not None
    (row,) = sheet.iter_rows(min_row=2, values_only=True)
    assert (row[1], name in str(row[7]), row[8]) == ("已转办", True, "出差三天")
    (task,) = bench.tasks(case_id)
    complete_task(bench.desk, bench.second, task.id, task.version, {"decision": "pass"})
    (line,) = lines(me.get("/tasks/passed-on").text)
    assert (name in line, "无人待办" in line) == (False, False)
    assert 'href="/tasks/passed-on"' in me.get("/tasks/done").text


def test_what_was_sent_back_or_taken_back_is_listed_newest_first(
    bench: Bench, browse: Browse, case_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    (task,) = bench.tasks(case_id)
    send_back(bench.desk, bench.office, task.id, task.version, "请补盖公章")
    (again,) = bench.tasks(case_id)
    complete_task(bench.desk, bench.applicant, again.id, again.version, {"founded_on": "2010-05-01"})
    (look,) = bench.tasks(case_id)
    complete_task(bench.desk, bench.office, look.id, look.version, {"decision": "pass"})
    take_back(bench.desk, bench.office, look.id)
    me = browse("office")
    taken, sent = lines(me.get("/tasks/passed-on").text)
    assert ("已取回" in taken, "已退回" in sent, "请补盖公章" in sent) == (True, True, True)
    monkeypatch.setattr("service.casework.queries.tasks.passed_on.PAGE", 1)
    first = me.get("/tasks/passed-on").text
    follow = re.search(r'href="([^"]+)" rel="next"', first)
    assert follow
    (older,) = lines(me.get(unescape(follow[1])).text)
    assert "已退回" in older
    page = list_passed_on(bench.desk, bench.office, "", None)
    assert [one.what.zh for one in page.lines] == ["已取回"]
    (line,) = list_passed_on(bench.desk, bench.office, "", page.before).lines
    assert (line.reason, line.case_id) == ("请补盖公章", case_id)
    assert len(lines(me.get(f"/tasks/passed-on?q={line.subject}").text)) == 1
    assert "没有找到" in me.get("/tasks/passed-on?q=丙公司").text


def test_such_a_line_is_no_note_of_the_case(bench: Bench, browse: Browse, case_id: int) -> None:
    (task,) = bench.tasks(case_id)
    send_back(bench.desk, bench.office, task.id, task.version, "请补盖公章")
    me = browse("office")
    (line,) = list_passed_on(bench.desk, bench.office, "", None).lines
    assert "请补盖公章" not in me.get(f"/cases/{case_id}/notes").text
    assert me.post(f"/notes/{line.id}/take-back").status_code == 404
    assert lines(browse("applicant").get("/tasks/passed-on").text) == []
