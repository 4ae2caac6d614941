"""Connections to PostgreSQL that give up a server that stands still.

A process that is frozen keeps its sockets open and its machine goes on acknowledging what arrives, so no limit of TCP
ends the wait, and limits of statements are kept by the server itself. Whoever waits long therefore asks, beside the
statement, whether anybody answers at all: a slow statement goes on, a silent server is given up. Where the server
answers others, it is asked what the process of this connection does: one that still waits for the statement which it was
sent stands still by itself, and so does one that says nothing for longer than the server lets a statement run.
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Generator
from contextlib import suppress
from typing import Any, TypeVar

import psycopg

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
