from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from service.jobs import SweepHealth

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
FRESH, OLD = NOW - timedelta(seconds=3), NOW - timedelta(minutes=5)


@pytest.mark.parametrize(
    ("last_sweep", "oldest_due", "well"),
    [(FRESH, None, True), (FRESH, FRESH, True), (None, None, False), (OLD, None, False), (FRESH, OLD, False)],
)
def test_a_sweeper_is_well_when_it_swept_lately_and_nothing_is_overdue(
    last_sweep: datetime | None, oldest_due: datetime | None, well: bool
) -> None:
    assert SweepHealth(NOW, last_sweep, oldest_due, 0, 0, "").well is well
