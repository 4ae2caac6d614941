"""A server that speaks S3 and keeps everything in memory: killed, it is gone with all that it kept."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from service.settings import S3Place
from service.store.files import s3_files
from tests.support.ports import free_port
from tests.support.waiting import until


@dataclass
class BucketServer:
    """A server with one empty bucket."""

    port: int
    process: subprocess.Popen[bytes] = field(repr=False)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def place(self) -> S3Place:
        return S3Place("award", "laurel", self.endpoint, "us-east-1", "key", "secret")

    @property
    def environment(self) -> dict[str, str]:
        return {
            "LAUREL_FILES": "s3://award/laurel",
            "LAUREL_FILES_ENDPOINT": self.endpoint,
            "LAUREL_FILES_KEY": "key",
            "LAUREL_FILES_SECRET": "secret",
        }

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(60)


@contextmanager
def bucket_server() -> Iterator[BucketServer]:
    """Run a server with the bucket ``award`` until the end of the block; on a busy machine it is waited for."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ))
    server = BucketServer(port, process)
    try:
        with _answers_within("60s"):
            until(lambda: _has_bucket(server), what="the bucket is there")
            yield server
    finally:
        server.kill()


@contextmanager
def _answers_within(longest: str) -> Iterator[None]:
    before = s3_files._ANSWERS_WITHIN
    s3_files._ANSWERS_WITHIN = longest
    try:
        yield
    finally:
        s3_files._ANSWERS_WITHIN = before


@contextmanager
def silent_server() -> Iterator[S3Place]:
    """A place that takes connections and never answers: it is given up as soon as in an installation."""
    with socket.socket() as line, _answers_within("4s"):
        line.bind(("127.0.0.1", 0))
        line.listen(64)
        yield S3Place("award", "", f"http://127.0.0.1:{line.getsockname()[1]}", "us-east-1", "key", "secret")


def _has_bucket(server: BucketServer) -> bool:
    assert server.process.poll() is None, "the server did not come up"
    with suppress(OSError):
        request = urllib.request.Request(f"{server.endpoint}/award", method="PUT")
        with urllib.request.urlopen(request, timeout=10):
            return True
    return False
