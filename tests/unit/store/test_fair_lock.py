from __future__ import annotations

import threading

import pytest

from service.store.connections.fair_lock import FairLock, writer_lock
from service.store.errors import Occupied
from tests.support.waiting import ended, until


def test_the_lock_is_handed_over_in_the_order_of_asking() -> None:
    lock, order = FairLock(), []
    lock.acquire()
    threads = []
    for number in range(5):

        def wait(mine: int = number) -> None:
            with lock:
                order.append(mine)

        threads.append(threading.Thread(target=wait))
        threads[-1].start()
        until(lambda place=number: len(lock._waiting) > place, what="the thread waits for the lock")
    lock.release()
    ended(*threads)
    assert order == [0, 1, 2, 3, 4]


def test_asking_twice_in_one_thread_is_an_error_not_a_standstill() -> None:
    lock = FairLock()
    with lock, pytest.raises(RuntimeError):
        lock.acquire()
    with lock:
        pass


def test_who_waits_too_long_is_told_so_and_holds_nobody_up() -> None:
    """A command that keeps SQLite's only writer kept every request for as long as all before it waited together."""
    lock, told = FairLock(longest_wait=0.05), []

    def wait() -> None:
        try:
            with lock:
                told.append("held")
        except Occupied as error:
            told.append(error.code)

    with lock:
        threads = [threading.Thread(target=wait) for _ in range(3)]
        for thread in threads:
            thread.start()
        ended(*threads)
    assert told == ["occupied"] * 3
    wait()
    assert told[-1] == "held"


def test_one_database_has_one_lock() -> None:
    assert writer_lock("a") is writer_lock("a")
    assert writer_lock("a") is not writer_lock("b")
