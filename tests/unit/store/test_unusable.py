"""A database that cannot be used is told of in a sentence when the program starts."""

import threading
from pathlib import Path

import pytest

from service.store import Store
from service.store.connections.database import FairLock
from service.store.errors import Occupied, Unusable
from tests.support.waiting import ended, until


def test_a_file_that_is_no_database_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "laurel.db").write_bytes(b"no database at all" * 100)
    with pytest.raises(Unusable, match=r"数据库不能使用。文件已损坏或不是数据库.*从备份恢复"):
        Store(f"sqlite:///{tmp_path}/laurel.db", tmp_path / "files").migrate()


def test_a_data_folder_that_takes_no_writing_is_named_and_nothing_is_to_be_restored(tmp_path: Path) -> None:
    (tmp_path / "laurel.db").touch()
    store = Store(f"sqlite:///file:{tmp_path}/laurel.db?mode=ro&uri=true", tmp_path / "files")
    with pytest.raises(Unusable, match=f"数据目录 {tmp_path} 不能写入") as refused:
        store.migrate()
    assert "备份" not in refused.value.message.zh


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
