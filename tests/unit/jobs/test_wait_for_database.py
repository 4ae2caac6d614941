"""A PostgreSQL that starts later than the program is waited for, so long and no longer."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from service.jobs.attendance import at_work
from service.jobs.outages import AwaySpell, wait_for_database
from service.store import Store, Unreachable
from service.store.connections.sqlite import FileGone
from tests.support.ports import free_port


def test_it_is_waited_for_as_long_as_one_is_patient(caplog: pytest.LogCaptureFixture) -> None:
    pauses: list[float] = []
    with caplog.at_level(logging.WARNING):
        why = wait_for_database(f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/x", 0.5, sleep=pauses.append)
    assert pauses
    assert why is not None
    assert "没有 PostgreSQL 接受连接" in why.zh
    assert [message.partition(":")[0] for message in caplog.messages] == ["waiting up to 0 seconds for the database"]


@pytest.mark.postgres
def test_one_that_answers_is_waited_for_no_longer(postgres_url: str) -> None:
    assert wait_for_database(postgres_url, 0) is None


def test_one_that_went_away_since_it_was_waited_for_is_no_wrong_setting(tmp_path: Path) -> None:
    store = Store(f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/x", tmp_path)
    with pytest.raises(Unreachable, match="没有 PostgreSQL 接受连接"):
        store.migrate()
    store.close()


# Trying on while the database is away: one line when it begins, one when it is over, and no traceback.

LOG = logging.getLogger("laurel.test")


def test_a_database_that_is_away_is_told_once_and_once_when_it_is_back(caplog: pytest.LogCaptureFixture) -> None:
    away = AwaySpell(LOG, "not looked again")
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            with away.survived():
                raise Unreachable
        assert [(r.levelname, r.exc_info) for r in caplog.records] == [("ERROR", None)]
        assert caplog.messages[0].startswith("not looked again: 暂时连接不上数据库")
        for _ in range(2):
            with away.survived():
                pass
    assert caplog.messages[1:] == ["the database answers again"]


# The file of a SQLite database that is moved away under the service: nothing is written into it any more.


def test_nothing_is_written_into_a_database_that_is_not_where_it_was(tmp_path: Path) -> None:
    file, away = tmp_path / "laurel.db", tmp_path / "away.db"
    url = f"sqlite:///{file}"
    with at_work(url) as demand_presence:
        store = Store(url, tmp_path / "files")
        store.demand_presence = demand_presence
        store.migrate()
        with store.write() as tx:
            tx.work.reset_running()
        file.rename(away)
        for begun in (store.read, store.write):
            with pytest.raises(FileGone, match="已被移走"), begun():
                pass
        file.write_bytes(b"")
        with pytest.raises(Unreachable), store.write():
            pass
        file.unlink()
        away.rename(file)
        with store.write() as tx:
            tx.work.reset_running()
        store.close()
