"""What a request costs: few statements, however many cases there are; eight people signing in at once fit into memory."""

import pytest

from service.casework.cases.start import start_case
from service.casework.tasks.complete import complete_task
from tests.support.browsers import Browse, Browser
from tests.support.desks import PACKAGE, Bench
from tests.support.statements import statements_of


def cost(bench: Bench, browser: Browser, path: str) -> int:
    browser.get(path)  # what is remembered for a minute is remembered now
    with statements_of(bench.desk.store) as seen:
        assert browser.get(path).status_code == 200
    return len([sql for sql, _ in seen if not sql.startswith("PRAGMA")])


@pytest.fixture
def busy(bench: Bench) -> Bench:
    for _ in range(12):
        case = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
        (task,) = bench.tasks(case)
        complete_task(bench.desk, bench.applicant, task.id, task.version, {"founded_on": "2010-05-01"})
    return bench


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/tasks?scope=body", 9),
        ("/tasks/new?scope=body&since=0", 4),
        ("/cases", 8),
        ("/tasks/2", 12),
        ("/cases/1", 14),
        ("/monitor", 15),
        ("/inbox", 5),  # it is empty, and says what comes next, an office's sittings among it
    ],
)
def test_a_page_costs_few_statements(busy: Bench, browse: Browse, path: str, most: int) -> None:
    assert cost(busy, browse("office"), path) <= most
