"""Connections to PostgreSQL that notice when the server answers nobody, and why it lets nobody in, in words."""

from __future__ import annotations

import re
import time
from collections.abc import Generator
from typing import Any, TypeVar

import psycopg

from service.domain.text import Text

QUIET = 2.0
"""Seconds without a byte after which another connection is tried."""

_ANSWER = 3
"""Seconds that the server has to let that one in."""

Result = TypeVar("Result")


class ServerSilent(psycopg.OperationalError):
    """The server accepts what is sent and answers nothing; the connection is closed."""


class WatchedConnection(psycopg.Connection[Any]):
    """Waits for a statement as long as the server lets others in: the network's own limits see no process that stands still."""

    def wait(self, gen: Generator[Any, Any, Result], interval: float = 0.1, timeout: float | None = None) -> Result:
        """Wait as psycopg does; raises ServerSilent. With a ``timeout`` it waits for notifications, for which there is no hurry."""
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(self._watch(gen), interval)
        except ServerSilent:
            self.close()
            raise

    def _watch(self, gen: Generator[Any, Any, Result]) -> Generator[Any, Any, Result]:
        """Hand through what ``gen`` waits for, and ask after the server when nothing came for a while."""
        since = time.monotonic()
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if ready:
                    since = time.monotonic()
                elif time.monotonic() - since >= QUIET:
                    self._require_server()
                    since = time.monotonic()
                wanted = gen.send(ready)
        except StopIteration as done:
            result: Result = done.value
            return result

    def _require_server(self) -> None:
        try:
            psycopg.connect(self.info.dsn, password=self.info.password, connect_timeout=_ANSWER).close()
        except psycopg.errors.ConnectionTimeout as error:
            raise ServerSilent("the server does not answer") from error
        except psycopg.OperationalError:
            return  # it answers, if only with a refusal


def connect_watched(_dialect: object, _record: object, words: Any, options: Any) -> WatchedConnection:
    """Connect as SQLAlchemy would, by a connection that is watched."""
    return WatchedConnection.connect(*words, **options)


_REFUSED = ("Connection refused", "No such file or directory")
_UNKNOWN_HOST = ("resolve", "translate host name", "Name or service not known")
_DRIVER = re.compile(r"^connection (?:failed|is bad): ")
_PLACE = re.compile(r'connection to server (?:at|on socket) "([^"]+)"(?:, port (\d+))?')
_NO_WAY = ("No route to host", "Network is unreachable")


def why_away(message: str) -> Text:
    """Return in words why the connection failed of which the driver ``message`` this."""
    words = _DRIVER.sub("", " ".join((message.splitlines() or [""])[0].split()))
    if any(phrase in message for phrase in _REFUSED):
        return Text(
            f"在{_find_place(words)}没有 PostgreSQL 接受连接，当即被拒绝：它没有启动，或者主机、端口不对",
            f"no PostgreSQL accepts connections there ({words}): it is not started, or host or port are wrong",
        )
    if any(phrase in message for phrase in _UNKNOWN_HOST):
        return Text("查不到主机的地址", f"the host has no address ({words})")
    if any(phrase in message for phrase in _NO_WAY):
        return Text("网络不通", f"the network is cut ({words})")
    if "timeout" in message or "not answer" in message:
        return Text(
            "PostgreSQL 在数秒内没有应答：进程僵住了，或者网络不通",
            "PostgreSQL did not answer within seconds: it stands still, or the network is cut",
        )
    return Text(f"PostgreSQL 没有让人进入（{words}）", f"PostgreSQL let nobody in ({words})")


def _find_place(words: str) -> str:
    """Return where the connection was to go, as the driver's ``words`` name it."""
    match = _PLACE.search(words)
    return f" {' 端口 '.join(part for part in match.groups() if part)} " if match else "那里"
