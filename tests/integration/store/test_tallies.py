"""The sums that the database keeps are those that counting finds, whatever happens to the rows."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from service.store import NewWork, Store, Transaction
from service.store.rows import SubscriptionRow
from service.store.types import NEVER
from tests.support import records
from tests.support.records import DAY, NOON

PLACES = ["city", "town"]


def sums(tx: Transaction) -> list[object]:
    week = NOON.date() - timedelta(weeks=4)
    return [
        tx.tallies.by_element(PLACES),
        tx.tallies.totals(PLACES, NOON.date()),
        tx.tallies.by_kind(PLACES, NOON.date()),
        tx.tallies.by_role(PLACES),
        tx.tallies.by_day(PLACES, NOON.date(), NOON.date() + 9 * DAY),
        tx.tallies.by_week(PLACES, week),
    ]


def live(tx: Transaction, chance: random.Random, number: int) -> None:
    """Let one case begin, wait for this and that, change and perhaps end."""
    place = chance.choice(PLACES)
    case = records.case(
        tx,
        definition="v1",
        jurisdiction=place,
        process=chance.choice(["round", "application"]),
        started_at=NOON - 3 * DAY,
    )
    row = records.task(case, jurisdiction=place, kind=chance.choice(["form", "ballot"]), due_at=NEVER)
    ids = tx.tasks.insert_many([row, replace(row, engine_id="e2", element="Decide", due_at=NOON + number * DAY)])
    tx.tasks.update(ids[1], 1, due_at=NOON - DAY)
    tx.work.enqueue_many(
        [NewWork("timer", case, f"t{number}.{n}", {"process_id": "P", "element": "T"}, NOON) for n in range(3)], NOON
    )
    wait = SubscriptionRow(case_id=case, engine_id="w", process_id="P", element="M", message="m", created_at=NOON)
    tx.cases.replace_subscriptions(case, [wait, replace(wait, engine_id="v")], [])
    for move in sorted(chance.sample(range(4), 2)):
        if move == 0:
            tx.tasks.update(ids[0], 1, state="done", done_at=NOON)
        elif move == 1:
            tx.tasks.cancel(ids, NOON)
        elif move == 2:
            tx.cases.replace_subscriptions(case, [], ["w"])
            tx.work.cancel([f"t{number}.1"], NOON)
        else:
            tx.cases.save(tx.cases.get(case), status="ended", ended_at=NOON)


@pytest.mark.parametrize("seed", range(2))
def test_sums_equal_what_counting_finds(store: Store, seed: int) -> None:
    chance = random.Random(seed)
    with store.write() as tx:
        records.definition(tx)
        for number in range(40):
            live(tx, chance, number)
    with store.write() as tx:
        kept = sums(tx)
        assert tx.tallies.totals(PLACES, NOON.date()).running > 0
        assert tx.work.claim(NOON, "me") is not None  # what runs waits no longer
        tx.tallies.fold()
        folded = sums(tx)
        tx.tallies.recount()
        assert sums(tx) == folded
        assert folded[1] == kept[1]._replace(timers=kept[1].timers - 1)  # type: ignore[attr-defined]


def test_folding_while_others_work_loses_nothing(database_url: str, open_store: Callable[[str], Store]) -> None:
    one, other = open_store(database_url), open_store(database_url)
    with one.write() as tx:
        records.definition(tx)
        live(tx, random.Random(2), 1)
    if one.dialect == "postgresql":  # SQLite has one writer at a time
        with one.write() as first:
            records.case(first, definition="v1")
            with other.write() as second:
                second.tallies.fold()
    else:
        with one.write() as first:
            records.case(first, definition="v1")
            first.tallies.fold()
    with one.write() as tx:
        kept = sums(tx)
        tx.tallies.recount()
        assert sums(tx) == kept


# Fictional load: cases multiplied by the database itself, counted like any others.
