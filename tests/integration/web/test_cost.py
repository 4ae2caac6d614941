"""What a request costs: few statements, however many cases there are; eight people signing in at once fit into memory."""

import pytest

from tests.support.browsers import Browse, Browser
from tests.support.desks import Bench
from tests.support.statements import statements_of


def cost(bench: Bench, browser: Browser, path: str) -> int:
    browser.get(path)  # what is remembered for a minute is remembered now
    with statements_of(bench.desk.store) as seen:
        assert browser.get(path).status_code == 200
    return len([sql for sql, _ in seen if not sql.startswith("PRAGMA")])


@pytest.fixture
def busy(bench: Bench) -> Bench:
    for _ in range(12):
        bench.submitted()
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
