"""Connections over HTTP and HTTPS that are cut when their time is over, however slowly the other side goes on answering."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Timer
from urllib.parse import urlsplit

from service.domain.text import Text
from service.domain.wording.cause_words import ToldCause


class NoAnswer(ToldCause):
    """The other side gave no answer in time, or none that can be read."""


@contextmanager
def bounded_line(
    url: str, seconds: float, reach: Callable[[str, int], socket.socket], refused: type[ToldCause] = NoAnswer
) -> Iterator[http.client.HTTPConnection]:
    """Connect to the host of ``url`` by ``reach``, encrypted for https, and cut the line after so many ``seconds`` in all.

    Raises:
        OSError: it cannot be reached; ``refused``: no answer in time, or one that is not HTTP.
    """
    end, parts = time.monotonic() + seconds, urlsplit(url)
    encrypted, host = parts.scheme == "https", parts.hostname or ""
    connection = http.client.HTTPConnection(host, parts.port or (443 if encrypted else 80))
    line = reach(host, connection.port)
    if encrypted:
        context = ssl.create_default_context()
        line = context.wrap_socket(line, server_hostname=host, do_handshake_on_connect=False)
    connection.sock, over = line, Event()
    timer = Timer(max(0.0, end - time.monotonic()), _cut_line, [line, over])
    timer.start()
    try:
        if isinstance(line, ssl.SSLSocket):
            line.do_handshake()
        yield connection
        if over.is_set():
            raise TimeoutError
    except (OSError, http.client.HTTPException) as error:
        if over.is_set() or isinstance(error, TimeoutError):  # the line may tell of it before the timer does
            raise refused(Text(f"{seconds:.0f}秒内没有应答", f"no answer within {seconds:.0f} seconds")) from error
        if isinstance(error, OSError):
            raise
        raise refused(Text("对方的答复读不懂，不是 HTTP", f"its answer cannot be read: {error}")) from error
    finally:
        timer.cancel()
        connection.close()


def path_of(url: str) -> str:
    """Return what of ``url`` is asked for: its path and query."""
    parts = urlsplit(url)
    return f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"


def _cut_line(line: socket.socket, over: Event) -> None:
    over.set()
    with suppress(OSError):
        socket.socket.shutdown(line, socket.SHUT_RDWR)
