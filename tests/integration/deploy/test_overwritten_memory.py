"""What a person typed is gone from the memory of the program soon after: what is given back is overwritten."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import httpx
import pytest

from service.app import Installation
from service.casework.people.factors.passwords import hash_password
from service.settings import read_settings
from tests.support import records
from tests.support.ports import free_port
from tests.support.waiting import until

DEPLOY = Path(__file__).parents[3] / "deploy"
OVERWRITING = {"PYTHONMALLOC": "malloc", "GLIBC_TUNABLES": "glibc.malloc.perturb=165:glibc.malloc.tcache_count=0"}
PROGRAMS = ("laurel", "laurel-web", "laurel-worker@", "laurel-scheduler")
SECONDS = 60


def set_by(unit: str) -> dict[str, str]:
    lines = (DEPLOY / f"{unit}.service").read_text("utf-8").splitlines()
    return dict(line.removeprefix("Environment=").split("=", 1) for line in lines if line.startswith("Environment="))


@pytest.mark.parametrize("unit", PROGRAMS)
def test_every_unit_that_serves_overwrites_what_is_given_back(unit: str) -> None:
    assert set_by(unit) == OVERWRITING


def test_so_does_the_container() -> None:
    text = (DEPLOY / "Containerfile").read_text("utf-8").replace("\\\n", " ")
    told = " ".join(re.findall(r"^ENV (.*)$", text, re.MULTILINE)).split()
    assert {f"{name}={value}" for name, value in OVERWRITING.items()} <= set(told)


def test_a_password_that_was_typed_stands_nowhere_in_the_memory_of_the_program(sqlite_url: str, tmp_path: Path) -> None:
    words, wrong = (f"{secrets.token_hex(8)} 山高月小 {secrets.token_hex(8)}" for _ in range(2))
    port = free_port()
    environment = {
        **os.environ,
        **set_by("laurel-web"),
        "LAUREL_DATABASE": sqlite_url,
        "LAUREL_DATA": str(tmp_path / "data"),
        "LAUREL_BALLOT_KEYS": str(tmp_path / "keys"),
        "LAUREL_PORT": str(port),
    }
    with closing(Installation(read_settings(environment)).desk().store) as store, store.write() as tx:
        records.person(tx, login="zhou", password=hash_password(words))
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "service.app", "serve"], env=environment, stdout=log, stderr=log
        )
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=SECONDS) as client:
                until(lambda: is_alive(client), what="the program serves")
                told = client.post("/api/v1/session", json={"login": "zhou", "password": words})
                assert told.status_code in (200, 201), told.text
                assert client.post("/api/v1/session", json={"login": "zhou", "password": wrong}).status_code == 401
                for _ in range(20):
                    assert client.get("/livez").status_code == 200
            assert found_in(process.pid, b"zhou") > 0, "this look finds what is there"
            assert [found_in(process.pid, typed.encode()[:16]) for typed in (words, wrong)] == [0, 0]
            assert [found_in(process.pid, typed.encode()[-16:]) for typed in (words, wrong)] == [0, 0]
        finally:
            process.terminate()
            process.wait(SECONDS)


def is_alive(client: httpx.Client) -> bool:
    with suppress(httpx.TransportError):
        return client.get("/livez").status_code == 200
    return False


def found_in(pid: int, words: bytes) -> int:
    """Count how often ``words`` stand in the memory that a process may write to."""
    count = 0
    maps = Path(f"/proc/{pid}/maps").read_text().splitlines()
    with Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in maps:
            span, rights = line.split()[:2]
            if rights.startswith("rw"):
                begin, end = (int(each, 16) for each in span.split("-"))
                with suppress(OSError):
                    memory.seek(begin)
                    count += memory.read(end - begin).count(words)
    return count
