"""A PostgreSQL that starts later than the program is waited for, so long and no longer."""

from __future__ import annotations

import logging
import socket
from pathlib import Path
from threading import Thread

import pytest

from service.domain.errors import LaurelError
from service.jobs.attendance import at_work
from service.jobs.outages import AwaySpell, wait_for_database
from service.store import Store, Unreachable
from service.store.connections.sqlite import FileGone
from service.store.errors import Unusable
from tests.support.ports import free_port

NO_PASSWORD = "S致命错误\0VFATAL\0C28P01\0M口令不对\0\0".encode()
NOT_YET = "S致命错误\0VFATAL\0C57P03\0M数据库系统正在启动\0\0".encode()


def serve_refusal(port: int, refusal: bytes) -> None:
    """Answer as a server does that lets nobody in, in the language that it was set to."""
    listener = socket.create_server(("127.0.0.1", port))

    def answer() -> None:
        with listener:
            while True:
                with listener.accept()[0] as line:
                    asked = line.recv(1000)
                    if len(asked) == 8:  # whether encryption is wanted
                        line.sendall(b"N")
                        line.recv(1000)
                    line.sendall(b"E" + (len(refusal) + 4).to_bytes(4, "big") + refusal)

    Thread(target=answer, daemon=True).start()


def test_it_is_waited_for_until_it_answers(caplog: pytest.LogCaptureFixture) -> None:
    port, pauses = free_port(), []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            serve_refusal(port, NO_PASSWORD)

    with caplog.at_level(logging.WARNING):
        assert wait_for_database(f"postgresql+psycopg://nobody@127.0.0.1:{port}/x", 60, sleep=pause) is None
    assert len(pauses) == 2
    assert [message.partition(":")[0] for message in caplog.messages] == [
        "waiting up to 60 seconds for the database",
        "the database answers",
    ]


@pytest.mark.parametrize(
    ("refusal", "told"), [(NOT_YET, Unreachable), (NO_PASSWORD, Unusable), (None, Unreachable)], ids=str
)
def test_one_that_went_away_since_it_was_waited_for_is_no_wrong_setting(
    tmp_path: Path, refusal: bytes | None, told: type[LaurelError]
) -> None:
    port = free_port()
    if refusal is not None:
        serve_refusal(port, refusal)
    store = Store(f"postgresql+psycopg://nobody@127.0.0.1:{port}/x", tmp_path)
    with pytest.raises(told):
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
