"""A short season of one city, walked by clicks with everything switched on that protects (`make walk-sealed`: whole seasons)."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

import handlers
from tests.browser.sealed.afterwards import said_in_logs
from tests.browser.sealed.walk import walk_sealed
from tests.support import postgres as pg
from tests.support.turns import EVERYTHING

SHORT = (
    "urumqi:internal_objection",
    "kizilsu:internal_objection",
    "ganzhou:trade_secret",
    "yining:criteria_overdue",
    "qingyuan:window",
)
handlers.load()


@pytest.mark.browser
@pytest.mark.skipif(not EVERYTHING, reason="it takes minutes for each city: `make walk-sealed`")
@pytest.mark.parametrize("name", SHORT)
def test_a_season_is_walked_with_everything_switched_on(
    name: str, chromium: Browser, postgres: pg.Cluster, tmp_path: Path
) -> None:
    """Afterwards records, data, keys, a backup brought back elsewhere and all logs are sound, and the browser complains of nothing."""
    walked = walk_sealed(chromium.browser_type, postgres, tmp_path, name, enough=1)
    assert (walked.unmet, walked.complaints, walked.unsound) == ((), (), ())
    assert walked.steps >= 4, name


def test_a_request_number_drawn_at_random_names_nobody(tmp_path: Path) -> None:
    drawn = '{"message": "GET home.home 200", "request": "b8ba703fe1747130", "status": 200}'
    (tmp_path / "web-0.log").write_text(f"{drawn}\n")
    assert said_in_logs(tmp_path, {"1747": "form objection"}) == []
    said = '{"message": "no mail for 1747", "request": "b8ba703fe1747130"}'
    (tmp_path / "web-0.log").write_text(f"{drawn}\n{said}\n")
    assert said_in_logs(tmp_path, {"1747": "form objection"}) == [f"1747 (form objection) in web-0.log: {said}"]
