from __future__ import annotations

from datetime import timedelta

import pytest

from service.store import NewWork, Stale, Store
from service.store.models import WorkItemRow
from tests.support import records
from tests.support.records import DAY, NOON

MINUTE = timedelta(minutes=1)


def due(key: str, at: object = NOON, case_id: int | None = None) -> NewWork:
    return NewWork("timer", case_id, key, {}, at)  # type: ignore[arg-type]


def enqueue(store: Store, *items: NewWork) -> None:
    with store.write() as tx:
        tx.work.enqueue_many(items, NOON)


def claimed(store: Store, now: object = NOON) -> WorkItemRow:
    item = store.claim(now, "test")  # type: ignore[arg-type]
    assert item is not None
    return item


def test_a_worker_that_lost_its_lease_cannot_finish(store: Store) -> None:
    enqueue(store, due("a"))
    slow, quick = claimed(store), claimed(store, NOON + MINUTE * 2)
    with pytest.raises(Stale), store.write() as tx:
        tx.work.finish(slow, NOON)
    with store.write() as tx:
        assert not tx.work.renew(slow, NOON + DAY)
        assert tx.work.renew(quick, NOON + DAY)
        tx.work.finish(quick, NOON)


def test_a_cancelled_item_stops_the_worker_that_runs_it(store: Store) -> None:
    enqueue(store, due("a"), due("b", NOON + DAY))
    item = claimed(store)
    with store.write() as tx:
        assert tx.work.cancel(["a", "b", "unknown"], NOON) == 2
    with pytest.raises(Stale), store.write() as tx:
        tx.work.finish(item, NOON)
    assert store.claim(NOON + DAY * 2, "test") is None


def test_failing_waits_longer_each_time_and_ends_in_an_incident(store: Store) -> None:
    with store.write() as tx:
        case_id = records.case(tx)
        tx.work.enqueue_many([due("a", case_id=case_id)], NOON)
    now, waits = NOON, []
    for _ in range(7):
        item = claimed(store, now)
        with store.write() as tx:
            tx.work.fail(item, "boom", now)
            again = tx.work.get(item.id).due_at
        waits.append((again - now) // MINUTE)
        now = again
    assert waits == [1, 2, 4, 8, 16, 32, 64]
    last = claimed(store, now)
    with store.write() as tx:
        tx.work.fail(last, "boom", now)
        assert tx.work.get(last.id).state == "dead"
        [incident] = tx.incidents.list_open(["city"])
        assert (incident.work_item_id, incident.case_id, incident.detail) == (last.id, case_id, "boom")
        (event,) = tx.history.newest(case_id)
        assert (event.action, event.text) == (
            "work_item_dead",
            "“期限届满后的处理”没有办成，已停止重试，等待人工处理。",
        )
        assert (incident.what["zh"], event.data["key"]) == (
            "“期限届满后的处理”执行了 8 次都没有成功，已停止重试。",
            last.effect_key,
        )
        assert tx.history.verify(case_id) is None
        tx.work.retry(last.id, now)
    assert claimed(store, now).attempts == 1


def test_an_item_that_kills_its_process_every_time_is_buried(store: Store) -> None:
    enqueue(store, due("poison"), due("good", NOON + DAY))
    now = NOON
    for _ in range(8):
        assert claimed(store, now).effect_key == "poison"
        now += MINUTE * 2
    assert store.claim(now, "test") is None
    with store.read() as tx:
        assert [incident.kind for incident in tx.incidents.list_open()] == ["work_item_dead"]
    assert claimed(store, NOON + DAY).effect_key == "good"


def test_after_a_restart_what_was_running_waits_again(store: Store) -> None:
    enqueue(store, due("a"))
    claimed(store)
    assert store.claim(NOON, "test") is None
    assert store.reset_running() == 1
    assert claimed(store).attempts == 2


def test_a_provisional_date_is_held_until_somebody_sets_it(store: Store) -> None:
    enqueue(store, due("a"))
    item = claimed(store)
    with store.write() as tx:
        tx.work.hold(item, NOON)
        assert [(row.effect_key, row.state) for row in tx.work.of_case(7)] == []
    assert store.claim(NOON + DAY, "test") is None
    with store.write() as tx:
        assert tx.work.reschedule("a", NOON + DAY, payload={"confirmed": True})
        assert not tx.work.reschedule("unknown", NOON)
    assert claimed(store, NOON + DAY).payload == {"confirmed": True}
