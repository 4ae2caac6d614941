"""A server that speaks S3 and keeps everything in memory: killed, it is gone with all that it kept."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from service.settings import S3Place
from service.store.files import s3_files
from tests.support.waiting import ended


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
            _make_bucket(server)
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
def refusing_service(status: int) -> Iterator[S3Place]:
    """Run a service that answers every request with ``status`` until the end of the block."""

    class Refuses(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Refuses)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield S3Place("award", "", f"http://127.0.0.1:{server.server_port}", "us-east-1", "key", "secret")
    server.shutdown()
    ended(thread)
    server.server_close()


@contextmanager
def silent_server() -> Iterator[S3Place]:
    """A place that takes connections and never answers: it is given up as soon as in an installation."""
    with socket.socket() as line, _answers_within("4s"):
        line.bind(("127.0.0.1", 0))
        line.listen(64)
        yield S3Place("award", "", f"http://127.0.0.1:{line.getsockname()[1]}", "us-east-1", "key", "secret")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _make_bucket(server: BucketServer) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with suppress(OSError):
            request = urllib.request.Request(f"{server.endpoint}/award", method="PUT")
            with urllib.request.urlopen(request, timeout=10):
                return
        time.sleep(0.05)
    raise TimeoutError("the server did not come up")


@contextmanager
def without_conditions(server: BucketServer) -> Iterator[S3Place]:
    """The same bucket as an older service serves it: whoever asks for a condition is told that there are none."""

    class Older(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if "If-Match" in self.headers or "If-None-Match" in self.headers:
                said = b"<Error><Code>NotImplemented</Code><Message>A header is not implemented</Message></Error>"
                self.send(501, {"Content-Type": "application/xml"}, said)
                return
            line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
            line.request(self.command, self.path, content, dict(self.headers))
            found = line.getresponse()
            kept = {name: value for name, value in found.getheaders() if name.lower() not in ("connection", "date")}
            self.send(found.status, kept, found.read())
            line.close()

        def send(self, status: int, headers: Mapping[str, str], content: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in ("content-length", "transfer-encoding"):
                    self.send_header(name, value)
            length = headers.get("Content-Length", "0") if self.command == "HEAD" else str(len(content))
            self.send_header("Content-Length", length)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = answer  # noqa: N815  the names of the library

        def log_message(self, *_told: object) -> None:
            """Say nothing."""

    older = ThreadingHTTPServer(("127.0.0.1", 0), Older)
    serving = Thread(target=older.serve_forever, args=(0.02,))
    serving.start()
    try:
        yield S3Place("award", "", f"http://127.0.0.1:{older.server_port}", "us-east-1", "key", "secret")
    finally:
        older.shutdown()
        ended(serving)
        older.server_close()
