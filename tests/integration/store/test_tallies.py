"""The figures of the monitor are what stands in the rows, on either database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.store import ElementCount, KindTotals, NewWork, Store
from service.store.models import SubscriptionRow
from tests.support import records
from tests.support.records import DAY, NOON

pytestmark = pytest.mark.both_databases


def test_each_figure_counts_what_stands_and_nothing_of_another_place(store: Store) -> None:
    with store.write() as tx:
        records.definition(tx)
        for place in ("city", "town"):
            case = records.case(tx, definition="v1", jurisdiction=place, process="round", started_at=NOON - 8 * DAY)
            form = records.task(case, jurisdiction=place, kind="form", element="Decide", due_at=NOON)
            tx.tasks.insert_many(
                [form, replace(form, engine_id="e2", due_at=NOON - DAY), replace(form, engine_id="e3", kind="ballot")]
            )
            tx.tasks.step(tx.tasks.insert_many([replace(form, engine_id="e4")])[0], 1, state="done", done_at=NOON)
            waits = {"jurisdiction": place, "process_id": "P", "element": "T"}
            tx.work.enqueue_many(
                [NewWork("timer", case, place, waits, NOON), NewWork("mail", case, place + "m", {}, NOON)], NOON
            )
            wait = SubscriptionRow(
                case_id=case,
                engine_id="w",
                jurisdiction=place,
                process_id="P",
                element="M",
                message="m",
                created_at=NOON,
            )
            tx.cases.replace_subscriptions(case, [wait], [])
        over = records.case(tx, definition="v1", jurisdiction="city", process="round", started_at=NOON - 8 * DAY)
        tx.cases.save(tx.cases.get(over), status="ended", ended_at=NOON)
        award, at = tx.cases.get(over).award, (form.process_id, "Decide")
        figures = tx.tallies
        assert set(figures.by_element(["city"])) == {
            ElementCount("city", *at, tasks=3),
            ElementCount("city", "P", "M", messages=1),
            ElementCount("city", "P", "T", timers=1),
        }
        assert figures.by_kind(["city"], NOON) == [KindTotals("city", award, "round", 1, 1, 2, 1, 1, 1)]
        assert figures.by_role(["town"]) == [
            ("town", award, "round", form.role, False, 2),
            ("town", award, "round", form.role, True, 1),
        ]
        assert figures.by_day(["city", "town"], NOON.date(), NOON.date()) == {
            (NOON.date(), False): 2,
            (NOON.date(), True): 2,
        }
