"""The inside of a case: where it stands, why its timers fire when they do, what it waits for, and its variables."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from service.casework.cases.start import start_case
from service.casework.tasks.complete import complete_task
from tests.support.browsers import Browser
from tests.support.desks import PACKAGE, Bench

Browse = Callable[..., Browser]


@pytest.fixture
def posted(bench: Bench) -> int:
    """An application whose notice runs."""
    case = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    for actor, form in ((bench.applicant, {"founded_on": "2010-05-01"}), (bench.office, {"decision": "pass"})):
        [task] = bench.tasks(case)
        complete_task(bench.desk, actor, task.id, task.version, form)
    return case


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2]))


def test_a_timer_says_when_it_fires_and_why(bench: Bench, browse: Browse, posted: int) -> None:
    page = words(browse("office").get(f"/cases/{posted}/inside").text)
    with bench.desk.store.read() as tx:
        [notice] = tx.notices.of_case(posted)
    assert re.search(r"2026年3月1\d日（周.） 00:00 触发 ?，因为", page), page
    assert notice.period["zh"] in page
    assert "escalation" not in page


def test_variables_have_every_value_they_were_given(browse: Browse, posted: int) -> None:
    page = browse("office").get(f"/cases/{posted}/inside").text
    rows = dict(
        re.findall(r'<span class="code small">(\w+)</span></td><td[^>]*>.*?</td><td[^>]*>(.*?)</td>', page, re.DOTALL)
    )
    assert "2010-05-01" in rows["founded_on"]
    assert "pass" in rows["decision"]
    assert f"/cases/{posted}/forms/" in rows["decision"]
    assert "●●●" in rows["contact"]


def test_it_is_read_by_few_statements_and_by_overseers_alone(bench: Bench, browse: Browse, posted: int) -> None:
    office = browse("office")
    office.get(f"/cases/{posted}/inside")
    with bench.desk.store.statements() as seen:
        assert office.get(f"/cases/{posted}/inside").status_code == 200
    assert len([sql for sql, _ in seen if not sql.startswith("PRAGMA")]) <= 15
    assert f"/cases/{posted}/inside" in office.get(f"/cases/{posted}").text
    for login in ("applicant", "stranger"):
        assert browse(login).get(f"/cases/{posted}/inside").status_code == 403
