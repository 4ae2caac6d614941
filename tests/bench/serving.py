"""Servers in processes of their own, and how long their answers take."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode


@contextmanager
def server(
    command: list[str], port: int, environment: Mapping[str, str] | None = None, log: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``command`` until it listens on ``port``, and end it afterwards.

    Its keys are those of a desk made over the same data, unless ``environment`` names others: with other keys the
    sessions that such a desk began open nothing.
    """
    out = log.open("wb") if log else subprocess.DEVNULL
    given = dict(environment or {})
    if "LAUREL_DATA" in given:
        given.setdefault("LAUREL_BALLOT_KEYS", f"{given['LAUREL_DATA']}/files-ballot-keys")
    for whose in ("REQUESTS_PER_ADDRESS", "REQUESTS_PER_PERSON", "ACTS_PER_PERSON"):
        given.setdefault(
            f"LAUREL_{whose}", "10000000"
        )  # one person and one address stand for all; counted all the same
    process = subprocess.Popen(command, env={**os.environ, **given}, stdout=out, stderr=subprocess.STDOUT)
    try:
        _wait(process, port, log)
        yield process
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def work_beside(command: list[str], environment: Mapping[str, str], log: Path) -> Iterator[None]:
    """Run a process that serves nothing until the end of the block."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=out, stderr=subprocess.STDOUT)
        try:
            time.sleep(5)  # it tells nobody when it has begun
            if process.poll() is not None:
                raise RuntimeError(f"it ended: {log.read_text()}")
            yield
        finally:
            process.terminate()
            process.wait(20)


def resident(pid: int | str = "self") -> float:
    """Return the memory that a process holds, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1000  # type: ignore[index]


def _wait(process: subprocess.Popen[bytes], port: int, log: Path | None) -> None:
    for _ in range(3000):  # on a busy machine it takes minutes; a part of the bench ends in time anyway
        if process.poll() is not None:
            raise RuntimeError(f"server ended: {log.read_text() if log else ''}")
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("server did not start")


def spent_below() -> float:
    """Return the seconds of CPU that the running processes below this one have spent: servers and browsers."""
    of: dict[int, tuple[int, float]] = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            told = place.read_text().rpartition(")")[2].split()
            of[int(place.parent.name)] = int(told[1]), (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
    below, grown = {os.getpid()}, True
    while grown:
        more = {pid for pid, (parent, _) in of.items() if parent in below} - below
        below, grown = below | more, bool(more)
    return sum(of[pid][1] for pid in below - {os.getpid()})


def spent_by(process: subprocess.Popen[bytes]) -> float:
    """Return the seconds of CPU that a running process has spent."""
    told = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


class Client:
    """One connection kept open."""

    def __init__(self, port: int, headers: Mapping[str, str]) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Content-Type": "application/json", **headers}
        self.location = ""
        """Where the last answer sent a browser."""

    def timed(
        self, method: str, path: str, body: object | None = None, form: Mapping[str, object] | None = None
    ) -> tuple[float, int, bytes]:
        """Return (milliseconds, status, body) of one request, which sends JSON or what a form of a page sends."""
        data = urlencode(form).encode() if form is not None else None
        if body is not None:
            data = json.dumps(body, default=str).encode()
        start = time.perf_counter()
        self._connection.request(method, path, data, self._headers)
        answer = self._connection.getresponse()
        content = answer.read()
        self.location = answer.getheader("Location", "")
        return (time.perf_counter() - start) * 1000, answer.status, content


PYTHON = sys.executable
