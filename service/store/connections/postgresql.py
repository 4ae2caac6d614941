"""PostgreSQL by psycopg, over connections that notice when nobody answers, and why it lets nobody in, in words."""

from __future__ import annotations

import re
import select
import socket
import struct
import time
from collections.abc import Generator
from contextlib import suppress
from typing import Any, TypeVar

import psycopg
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from service.domain.text import Text

QUIET = 1.0
"""Seconds without a byte before the server is asked whether it is there, and from then on between two questions."""

_ANSWER = 3.5
"""Seconds that it has for the answer, which costs it one process and no look at any data: a busy machine needs some."""

LONGEST = 45.0
"""Seconds of silence after which a process is given up that says it is at work: its server ends each statement after 30."""

_PAUSE = 2.0
"""Seconds for which nobody tries to connect after a server was found silent: each try would wait for as long again."""

_ARE_YOU_THERE = struct.pack("!ii", 8, 80877103)
"""SSLRequest of the protocol (PostgreSQL, "Message Formats"): every server answers one letter, before anybody signs in."""

_PROTOCOL = 196608
"""Version 3.0, in which every server tells the codes of its errors."""

_LONGEST_REFUSAL = 4096

_IDLE_SINCE = "select state_change::text from pg_catalog.pg_stat_activity where pid = %s and state like 'idle%%'"

Result = TypeVar("Result")


class ServerSilent(psycopg.OperationalError):
    """The server accepts what is sent and answers nothing; the connection is closed."""


class BackendSilent(psycopg.OperationalError):
    """The process of one connection stands still while its server answers others; the connection is closed."""


class ServerLine:
    """Connects to one server and remembers whether it was silent a moment ago."""

    def __init__(self) -> None:
        self._silent_until = 0.0

    def connect(self, *words: Any, **options: Any) -> WatchedConnection:
        """Connect as psycopg does; at once ServerSilent where the server was found silent a moment ago."""
        if time.monotonic() < self._silent_until:
            raise ServerSilent("connection failed: the server did not answer a moment ago")
        try:
            connection = WatchedConnection.connect(*words, **options)
        except psycopg.errors.ConnectionTimeout:
            self.found_silent()
            raise
        connection.line = self
        return connection

    def found_silent(self) -> None:
        """Let nobody else wait for this server for a moment."""
        self._silent_until = time.monotonic() + _PAUSE


class WatchedConnection(psycopg.Connection[Any]):
    """Waits for a statement as long as the server answers others."""

    line: ServerLine | None = None
    used_at = 0.0
    """When it was last taken from the pool, by the monotonic clock."""
    unlimited = False
    """Whether the server was told to let a statement of it run as long as it takes."""

    def wait(self, gen: Generator[Any, Any, Result], interval: float = 0.1, timeout: float | None = None) -> Result:
        """Wait as psycopg does, which looks up ten times a second; closes the connection and raises ServerSilent or BackendSilent.

        With a ``timeout`` it waits for notifications, for which there is no hurry.
        """
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(self._asking(gen), interval)
        except ServerSilent:
            self.close()
            if self.line is not None:
                self.line.found_silent()
            raise
        except BackendSilent:
            self.close()
            raise

    def _asking(self, gen: Generator[Any, Any, Result]) -> Generator[Any, Any, Result]:
        """Hand through what ``gen`` waits for, and ask after the server when nothing came for a while."""
        quiet_since = first_quiet = 0.0  # not yet: most answers come before anybody looks up
        idle: str | None = None
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if ready:
                    quiet_since = 0.0
                elif not quiet_since:
                    quiet_since = first_quiet = time.monotonic()
                    idle = None
                elif time.monotonic() - quiet_since >= QUIET:
                    if not self._somebody_answers():
                        raise ServerSilent("the server does not answer")
                    before, idle = idle, self._idle_since()
                    too_long = not self.unlimited and time.monotonic() - first_quiet >= LONGEST
                    if too_long or (idle is not None and idle == before):
                        raise BackendSilent("the process of this connection does not answer, its server does")
                    quiet_since = time.monotonic()
                wanted = gen.send(ready)
        except StopIteration as done:
            result: Result = done.value
            return result

    def _somebody_answers(self) -> bool:
        """Ask the server of this connection over a socket of its own."""
        info = self.info
        with suppress(OSError), _socket(info.hostaddr or info.host, info.port) as other:
            other.sendall(_ARE_YOU_THERE)
            return bool(other.recv(1))
        return False

    def _idle_since(self) -> str | None:
        """Ask since when its process waits for a statement; None where it is at work, or nobody can say."""
        info = self.info
        with (
            suppress(psycopg.Error),
            psycopg.connect(info.dsn, password=info.password, autocommit=True, connect_timeout=int(_ANSWER)) as other,
        ):
            found = other.execute(_IDLE_SINCE, (info.backend_pid,)).fetchone()
            return str(found[0]) if found is not None else None
        return None


def let_run(connection: Any) -> None:
    """Let statements of this unit of work take as long as they do: who calls it tells the server so, too."""
    connection.connection.driver_connection.unlimited = True


def answer_of(host: str, port: int, user: str, database: str) -> str | None:
    """Begin to sign in, and return the code with which the server refuses, "" where it goes on; None: nobody answers.

    A driver hands on the sentence of a refusal alone, which is in the server's language.
    """
    words = b"".join(word.encode() + b"\0" for word in ("user", user, "database", database)) + b"\0"
    with suppress(OSError), _socket(host, port) as line:
        line.sendall(struct.pack("!ii", len(words) + 8, _PROTOCOL) + words)
        with line.makefile("rb") as answer:
            kind, length = answer.read(1), answer.read(4)
            if kind == b"E" and len(length) == 4:
                fields = answer.read(min(int.from_bytes(length, "big") - 4, _LONGEST_REFUSAL)).split(b"\0")
                return next((field[1:].decode("ascii", "replace") for field in fields if field[:1] == b"C"), "")
            return "" if kind else None
    return None


def _socket(host: str, port: int) -> socket.socket:
    if not host.startswith("/"):
        return socket.create_connection((host, port), _ANSWER)
    here = socket.socket(socket.AF_UNIX)
    here.settimeout(_ANSWER)
    here.connect(f"{host}/.s.PGSQL.{port}")
    return here


DRIVER = "postgresql+laurel"
"""Names this dialect in an address."""

FRESH = 1.0
"""Seconds since its last use for which a connection that says nothing is taken to be one that answers."""


class PostgreSQLDialect(PGDialect_psycopg):
    """Connects by one `ServerLine`, and asks a connection of the pool whether it answers only where this may be new."""

    supports_statement_cache = True

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call]
        self._line = ServerLine()

    def connect(self, *words: Any, **options: Any) -> Any:
        """Return a connection; raises ServerSilent where nobody answers."""
        return self._line.connect(*words, **options)

    def do_ping(self, dbapi_connection: Any) -> bool:
        """Return True where the server answers, which one that was used a moment ago does unless it says goodbye.

        Raises:
            psycopg.OperationalError: where it does not.
        """
        connection: WatchedConnection = dbapi_connection
        connection.unlimited = False  # it may have been for the unit of work before
        now = time.monotonic()
        fresh, connection.used_at = now - connection.used_at < FRESH, now
        if fresh and not _says_something(connection):
            return True
        return bool(super().do_ping(dbapi_connection))  # type: ignore[no-untyped-call]


def _says_something(connection: WatchedConnection) -> bool:
    """Return whether a word of the server waits to be read: a server that ends its connections tells them first."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


registry.register("postgresql.laurel", __name__, PostgreSQLDialect.__name__)


SILENT = Text(
    "PostgreSQL 在数秒内没有应答：进程僵住了，或者网络不通",
    "PostgreSQL did not answer within seconds: it stands still, or the network is cut",
)
"""Nothing came back at all."""

_REFUSED = ("Connection refused", "No such file or directory")
_UNKNOWN_HOST = ("resolve", "translate host name", "Name or service not known")
_DRIVER = re.compile(r"^connection (?:failed|is bad): ")
_PLACE = re.compile(r'connection to server (?:at|on socket) "([^"]+)"(?:, port (\d+))?')
_NO_WAY = ("No route to host", "Network is unreachable")


def why_away(said: str, *, not_yet: bool = False) -> Text:
    """Return in words why the connection failed of which the driver ``said`` this; ``not_yet``: the server sent us away itself."""
    words = _DRIVER.sub("", " ".join((said.splitlines() or [""])[0].split()))
    if not_yet:
        words = words.rpartition("FATAL:")[2].strip() or words
        return Text(
            f"PostgreSQL 有应答，但现在不让人进入（{words}）：它正在启动、停止或者恢复，通常片刻就好",
            f"PostgreSQL answered and lets nobody in yet ({words}): it is starting, stopping or recovering, mostly for moments",
        )
    if any(one in said for one in _REFUSED):
        return Text(
            f"在{_place(words)}没有 PostgreSQL 接受连接，当即被拒绝：它没有启动，或者主机、端口不对",
            f"no PostgreSQL accepts connections there ({words}): it is not started, or host or port are wrong",
        )
    if any(one in said for one in _UNKNOWN_HOST):
        return Text("查不到主机的地址", f"the host has no address ({words})")
    if any(one in said for one in _NO_WAY):
        return Text("网络不通", f"the network is cut ({words})")
    return (
        SILENT
        if "timeout" in said or "not answer" in said
        else Text(f"连接失败（{words}）", f"no connection ({words})")
    )


def _place(words: str) -> str:
    """Return where the connection was to go, as the driver's ``words`` name it."""
    found = _PLACE.search(words)
    return f" {' 端口 '.join(part for part in found.groups() if part)} " if found else "那里"
