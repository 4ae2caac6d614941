"""One server of pages by several processes: they answer alike, count together, and one that dies is replaced."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from tests.support.ports import free_port
from tests.support.waiting import until
from tests.support.warm import warm

TOKEN = "a token that nobody guesses"


@pytest.fixture
def environment(postgres_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "LAUREL_DATABASE": postgres_url,
        "LAUREL_DATA": str(tmp_path / "data"),
        "LAUREL_BALLOT_KEYS": str(tmp_path / "keys"),
        "LAUREL_PORT": str(free_port()),
        "LAUREL_METRICS_TOKEN": TOKEN,
    }


@pytest.fixture
def served(environment: dict[str, str], tmp_path: Path) -> Iterator[tuple[str, int]]:
    """The address, and the process that the others belong to."""
    with serving(environment, tmp_path) as told:
        yield told


@contextmanager
def serving(environment: dict[str, str], tmp_path: Path) -> Iterator[tuple[str, int]]:
    command = [sys.executable, "-m", "service.app", "serve", "--processes", "2", "--without-work"]
    with (tmp_path / "log").open("wb") as log:
        first = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            yield f"http://127.0.0.1:{environment['LAUREL_PORT']}", first.pid
        finally:
            first.terminate()
            assert first.wait(60) == 0, (tmp_path / "log").read_text()


def children(pid: int) -> set[int]:
    told = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return {int(each) for each in told.stdout.split()}


def answers(client: httpx.Client, path: str) -> int:
    codes: list[int] = []

    def has_answered() -> bool:
        with suppress(httpx.TransportError):
            codes.append(client.get(path).status_code)
        return bool(codes)

    until(has_answered, what=f"{path} is answered")
    return codes[0]


@pytest.mark.postgres
def test_two_processes_answer_count_together_and_are_replaced(served: tuple[str, int]) -> None:
    address, first = served
    with httpx.Client(base_url=address, trust_env=False, timeout=60) as client:
        assert answers(client, "/readyz") == 200
        for _ in range(10):
            alive_told = client.get("/livez")
            assert (alive_told.status_code, alive_told.headers["Server"]) == (200, "gunicorn"), "no version"
        metrics = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
        counted = [
            line for line in metrics.splitlines() if 'endpoint="health.livez"' in line and "requests_total" in line
        ]
        assert [float(line.rsplit(" ", 1)[1]) for line in counted] == [10.0], metrics
        assert "laurel_work_due" in metrics
    until(
        lambda: len(children(first)) == 2, what="both processes have begun"
    )  # one may answer before the other is there
    [victim, other] = children(first)
    os.kill(victim, signal.SIGKILL)
    until(lambda: len(children(first) - {victim}) == 2, what="the one that died is replaced")
    assert other in children(first)
    with httpx.Client(base_url=address, trust_env=False, timeout=60) as client:
        assert answers(client, "/readyz") == 200


def test_several_processes_need_postgresql_and_workers_of_their_own(tmp_path: Path) -> None:
    environment = {"LAUREL_DATA": str(tmp_path / "data"), "LAUREL_PORT": "0"}
    for words, said in (
        (["serve", "--processes", "2"], "SQLite"),
        (["serve", "--processes", "2", "--with-work"], "laurel work"),
        (["work"], "laurel serve"),
        (["work", "--queues", "letters"], "timers、cases"),
    ):
        done = warm(["-m", "service.app", *words], environment)
        assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr


@pytest.mark.postgres
def test_an_address_gets_no_more_through_because_several_processes_answer(
    environment: dict[str, str], tmp_path: Path
) -> None:
    environment["LAUREL_REQUESTS_PER_ADDRESS"] = "30"
    with serving(environment, tmp_path) as (address, first):
        with httpx.Client(base_url=address, trust_env=False, timeout=60) as client:
            assert answers(client, "/livez") == 200
        began, told = time.monotonic(), []
        while (429 not in told or len(told) < 60) and time.monotonic() - began < 120:
            told.append(httpx.get(f"{address}/portal", trust_env=False, timeout=60).status_code)
        assert len(children(first)) == 2
    assert set(told) == {200, 429}
    assert told.count(200) <= 30 + (time.monotonic() - began) / 2 + 1
