"""A short season of one city, walked by clicks with everything switched on that protects (`make walk-sealed`: whole seasons)."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

import handlers
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
