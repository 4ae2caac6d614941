"""A PostgreSQL that starts later than the program is waited for, so long and no longer."""

from __future__ import annotations

import logging
import socket
import time
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner

from service.app import Installation
from service.cli.main import laurel
from service.domain.errors import LaurelError
from service.jobs.wait_for_database import wait_for_database
from service.settings import read_settings
from service.store import Store, Unreachable
from service.store.unusable import Unusable

NO_PASSWORD = "S致命错误\0VFATAL\0C28P01\0M口令不对\0\0".encode()
NOT_YET = "S致命错误\0VFATAL\0C57P03\0M数据库系统正在启动\0\0".encode()


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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
    port, pauses = closed_port(), []

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


def test_a_server_that_is_starting_up_is_waited_for() -> None:
    port = closed_port()
    serve_refusal(port, NOT_YET)
    assert wait_for_database(f"postgresql+psycopg://nobody@127.0.0.1:{port}/x", 0, lambda _seconds: None) is not None


@pytest.mark.parametrize(
    ("refusal", "told"), [(NOT_YET, Unreachable), (NO_PASSWORD, Unusable), (None, Unreachable)], ids=str
)
def test_one_that_went_away_since_it_was_waited_for_is_no_wrong_setting(
    tmp_path: Path, refusal: bytes | None, told: type[LaurelError]
) -> None:
    port = closed_port()
    if refusal is not None:
        serve_refusal(port, refusal)
    store = Store(f"postgresql+psycopg://nobody@127.0.0.1:{port}/x", tmp_path)
    with pytest.raises(told):
        store.migrate()
    store.close()


def test_patience_ends() -> None:
    assert (
        wait_for_database(f"postgresql+psycopg://nobody@127.0.0.1:{closed_port()}/x", 0, lambda _seconds: None)
        is not None
    )


def test_a_file_is_not_waited_for() -> None:
    assert wait_for_database("sqlite:////nowhere/laurel.db", 60) is None


def test_a_server_that_stands_still_is_given_up_however_many_addresses_it_has() -> None:
    with socket.create_server(("127.0.0.1", 0)) as still:
        host = f"127.0.0.1:{still.getsockname()[1]}"
        url = f"postgresql+psycopg://nobody@/x?{'&'.join(f'host={host}' for _ in range(50))}"
        began = time.monotonic()
        assert wait_for_database(url, 0, lambda _seconds: None, longest=0.2) is not None
        assert time.monotonic() - began < 50, "each of fifty addresses would be given three seconds"


@pytest.mark.parametrize("words", [[], ["--deep"], ["--recount"]], ids=str)
def test_doctor_says_that_the_database_does_not_answer_and_looks_no_further(tmp_path: Path, words: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as still:
        url = f"postgresql+psycopg://nobody@127.0.0.1:{still.getsockname()[1]}/x"
        tools = Installation(read_settings({"LAUREL_DATA": str(tmp_path), "LAUREL_DATABASE": url}))
        result = CliRunner().invoke(laurel, ["doctor", *words], obj=tools)
        assert result.exit_code == 1
        assert "PostgreSQL did not answer within seconds" in result.stdout
        assert len(result.stdout.splitlines()) == 1
        still.settimeout(0.1)
        assert connections(still) == 1, "it is asked once"


@pytest.mark.parametrize(
    ("refusal", "told"), [(NOT_YET, "lets nobody in yet"), (None, "not started, or host or port are wrong")], ids=str
)
def test_doctor_says_what_was_answered_where_nobody_is_let_in(tmp_path: Path, refusal: bytes | None, told: str) -> None:
    """An operator who reads that nothing was answered looks for a broken network."""
    port = closed_port()
    if refusal is not None:
        serve_refusal(port, refusal)
    url = f"postgresql+psycopg://nobody@127.0.0.1:{port}/x"
    tools = Installation(read_settings({"LAUREL_DATA": str(tmp_path), "LAUREL_DATABASE": url}))
    result = CliRunner().invoke(laurel, ["doctor"], obj=tools)
    assert (result.exit_code, told in result.stdout, "within seconds" in result.stdout) == (1, True, False)
    assert ("数据库系统正在启动" in result.stdout) == (refusal is not None)


def connections(listener: socket.socket) -> int:
    """Return how often somebody connected so far."""
    count = 0
    with suppress(TimeoutError):
        while True:
            listener.accept()[0].close()
            count += 1
    return count
