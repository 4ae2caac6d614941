"""What the book says of rows of cases is remembered once it is committed, and nothing of what was undone."""

from __future__ import annotations

import pytest

from service.casework.access.actor import SYSTEM
from service.casework.access.book.enter import enter_records
from service.store import Store, Transaction, told_at
from tests.support.desks import START, make_bench

ROW, KEY = "case_instance:7", b"k" * 32


class Undone(Exception):
    """The unit of work fails after it read what it had entered itself."""


def entered(tx: Transaction, digest: str) -> None:
    enter_records(tx, START, SYSTEM, told_at(KEY, START, {ROW: {"state": digest}}))


def told(store: Store, tx: Transaction) -> list[str]:
    found = store.booked.told_of(tx.digests, [ROW])
    return [one.told["rows"][ROW]["state"] for one in found]


def fail_after_reading(store: Store) -> None:
    with store.write() as tx:
        entered(tx, "undone")
        assert told(store, tx) == ["undone"]
        raise Undone


def test_an_entry_that_was_undone_is_forgotten_and_its_number_serves_another(store: Store) -> None:
    store = make_bench(store).desk.store
    with pytest.raises(Undone):
        fail_after_reading(store)
    with store.read() as tx:
        assert told(store, tx) == []
    for digest in ("first", "second"):
        with store.write() as tx:
            entered(tx, digest)
    for _ in range(2):
        with store.read() as tx:
            assert told(store, tx) == ["first", "second"]


def test_what_is_older_than_the_newest_is_read_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store = make_bench(store).desk.store
    monkeypatch.setattr("service.store.repositories.proof.booked_rows._IN_FLIGHT", 2)
    for number in range(6):
        with store.write() as tx:
            entered(tx, f"{number}")
        with store.read() as tx:
            assert told(store, tx) == [f"{one}" for one in range(number + 1)]
    assert store.booked._told
