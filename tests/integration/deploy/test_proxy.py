"""Behind a reverse proxy the program sees who asks; without one nobody can pretend."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from urllib.parse import quote

import httpx
import pytest

from service.settings import read_settings
from service.web.serving import create_listening_server

Program = Callable[[dict[str, str], Callable[..., object]], Iterable[bytes]]


def tell_who_asks(environ: dict[str, str], start: Callable[..., object]) -> Iterable[bytes]:
    seen = quote(environ["PATH_INFO"].encode("latin-1"))
    start("200 OK", [("Content-Type", "text/plain"), ("X-Path", seen)])
    return [f"{environ['REMOTE_ADDR']} {environ['wsgi.url_scheme']}".encode()]


@contextmanager
def served(answering: Program = tell_who_asks, **environment: str) -> Iterator[str]:
    server = create_listening_server(answering, read_settings({"LAUREL_PORT": "0", **environment}))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}/"
    server.trigger.pull_trigger(server.close)  # by its own thread, which may be waiting on what is closed
    thread.join(10)
    assert not thread.is_alive()


@pytest.mark.parametrize(
    ("proxy", "seen"), [("127.0.0.1", "203.0.113.7 https"), ("192.0.2.1", "127.0.0.1 http"), ("", "127.0.0.1 http")]
)
def test_only_the_proxy_that_is_named_says_who_asks(proxy: str, seen: str) -> None:
    forwarded = {"X-Forwarded-For": "198.51.100.9, 203.0.113.7", "X-Forwarded-Proto": "https"}
    with served(LAUREL_TRUSTED_PROXY=proxy, LAUREL_PLAIN_LINES="pages") as address:
        assert httpx.get(address, headers=forwarded, trust_env=False).text == seen


def test_the_server_of_pages_does_not_name_itself() -> None:
    with served() as address:
        assert "Server" not in httpx.get(address, trust_env=False).headers
