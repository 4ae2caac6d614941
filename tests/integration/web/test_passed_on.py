"""What somebody handed on, sent back or took back stands in a list of their own, with who has it now."""

import io
import re
from html import unescape
from pathlib import Path

import pytest
from openpyxl import load_workbook

from service.casework.tasks.complete import complete_task
from service.casework.tasks.delegate import delegate_task
from tests.integration.web.test_send_back_to import publish_with_look
from tests.support.browsers import Browse
from tests.support.desks import Bench


def lines(page: str) -> list[str]:
    """Return the rows of the list, as they are read."""
    found = page.partition("<tbody>")[2].partition("</tbody>")[0].split("</tr>")[:-1]
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", one)).split()) for one in found]


@pytest.fixture
def case_id(bench: Bench, tmp_path: Path) -> int:
    publish_with_look(bench, tmp_path)
    return bench.submitted()


def test_what_was_handed_on_says_who_has_it_and_what_became_of_it(bench: Bench, browse: Browse, case_id: int) -> None:
    me = browse("office")
    assert "您没有转办、退回、取回、催办过事项" in me.get("/tasks/passed-on").text
    (task,) = bench.tasks(case_id)
    delegate_task(bench.desk, bench.office, task.id, task.version, bench.people["second"], "出差三天")
    with bench.desk.store.read() as tx:
        name = tx.people.get(bench.people["second"]).name
    (line,) = lines(me.get("/tasks/passed-on").text)
    assert ("初核 已转办" in line, name in line, "出差三天" in line) == (True, True, True)
    assert lines(browse("second").get("/tasks/passed-on").text) == []
    sheet = load_workbook(io.BytesIO(me.get("/tasks/done?format=xlsx").data)).active
    assert sheet is not None
    (row,) = sheet.iter_rows(min_row=2, values_only=True)
    assert (row[1], name in str(row[7]), row[8]) == ("已转办", True, "出差三天")
    (task,) = bench.tasks(case_id)
    complete_task(bench.desk, bench.second, task.id, task.version, {"decision": "pass"})
    (line,) = lines(me.get("/tasks/passed-on").text)
    assert (name in line, "无人待办" in line) == (False, False)
    assert 'href="/tasks/passed-on"' in me.get("/tasks/done").text
