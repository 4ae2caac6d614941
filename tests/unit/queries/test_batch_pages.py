"""Pages of batches of both kinds leave none out, whatever a clock said when each began."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from service.casework.queries.monitoring.list_batches import MOST, _newest
from service.store.models import InterventionBatchRow, MoveBatchRow

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def begun(number: int, at: datetime) -> InterventionBatchRow:
    return InterventionBatchRow(id=number, kind="set", reason="r", dry=False, person_id=1, at=at)


def moved(number: int, at: datetime) -> MoveBatchRow:
    return MoveBatchRow(id=number, package="a/b", target="v", reason="r", dry=False, person_id=1, begun_at=at)


def test_a_page_takes_each_kind_in_the_order_of_its_numbers_after_a_clock_was_set_back() -> None:
    """One in the middle began, by the clock set back, before all others: it is on the page that its number is on."""
    late = [begun(number, NOON + timedelta(minutes=number)) for number in range(MOST + 2, 0, -1)]
    late[3] = begun(late[3].id, NOON - timedelta(days=1))
    chosen = _newest(late, [])
    assert [row.id for row in chosen] == [row.id for row in late[:MOST]]
    both = _newest(late[:3], [moved(1, NOON + timedelta(minutes=MOST, seconds=30))])
    assert [type(row) for row in both] == [
        InterventionBatchRow,
        InterventionBatchRow,
        MoveBatchRow,
        InterventionBatchRow,
    ]
