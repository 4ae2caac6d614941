"""A key service that really listens, with certificates made for it."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from threading import Event, Thread

from service.domain.ballots import Handful, Mark, Question, UrnShape, cells_of
from service.keys.certificates import AUTHORITY, PROGRAM, SERVICE, make_certificates
from service.keys.client import UrnsElsewhere
from service.keys.holders import make_holder
from service.keys.server import KeyServer
from service.keys.service import KeyService
from service.keys.urns import MadeUrn, NewUrn, StoredUrn
from tests.support.ballots import START, Hall
from tests.support.waiting import ended

ONE = Question("quality", "c1")
SHAPE = UrnShape("b0", (ONE,), 3)
YES = Handful(1, 0, {ONE: [Mark.YES]})


def certificates(folder: Path) -> Path:
    """Make the certificates of one installation."""
    make_certificates(folder, ("127.0.0.1",), datetime.now(UTC), 2)
    return folder


@contextmanager
def listening(service: KeyService, folder: Path, port: int = 0) -> Iterator[UrnsElsewhere]:
    """Let ``service`` listen with the certificates of ``folder``; yields the program's side of it."""
    server = KeyServer(service, ("127.0.0.1", port), folder / SERVICE, folder / AUTHORITY)
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        elsewhere = asking(server.server_port, folder)
        yield elsewhere
    finally:
        vars(elsewhere._here).clear()  # as where its process ended: what is kept open is gone
        server.shutdown()
        server.server_close()
        ended(thread)


def asking(port: int, folder: Path, trusted: Path | None = None, **given: float) -> UrnsElsewhere:
    """Return a program that shows the certificate of ``folder`` and trusts the authority of ``trusted``."""
    return UrnsElsewhere(f"https://127.0.0.1:{port}", folder / PROGRAM, (trusted or folder) / AUTHORITY, **given)


class StandStill:
    """A line to a key service on which, once it is ``stopped``, nothing comes through any more, though it stays open.

    ``taken`` counts the connections that somebody opened.
    """

    def __init__(self, port: int) -> None:
        self._to, self.stopped, self.taken = port, Event(), 0
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._door.getsockname()[1])
        Thread(target=self._open, daemon=True).start()

    def _open(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self._door.accept()
                self.taken += 1
                there = socket.create_connection(("127.0.0.1", self._to))
                for way in ((here, there), (there, here)):
                    Thread(target=self._carry, args=way, daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while content := source.recv(65536):
                while self.stopped.is_set():
                    time.sleep(0.01)
                target.sendall(content)
            target.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Take no further connection."""
        self._door.close()


def kept_apart(hall: Hall, root: Path) -> KeyService:
    """Let a key service hold the hall's keys, by the hall's clock."""
    service = KeyService(root, hall.clock.now)
    hall.desk = replace(hall.desk, key_service=service)
    return service


def name_holders(service: KeyService, holders: Sequence[str]) -> None:
    """Let ``holders`` hold shares in the town, each with a passphrase of their own."""
    for name in holders:
        service.change_circle(
            "votetown", lambda circle, n=name: circle.with_holder(make_holder(n, passphrase(n))), name
        )


def passphrase(name: str) -> bytes:
    return f"correct horse {name}".encode()


class Kept:
    """A key service with one ballot of three papers, used without the program."""

    def __init__(
        self, root: Path, closes_at: timedelta | None = timedelta(hours=1), holders: Sequence[str] = ()
    ) -> None:
        self.now = START
        self.service = KeyService(root, lambda: self.now, Random(1))
        name_holders(self.service, holders)
        self.new = NewUrn(SHAPE, True, "votetown", "表决", None if closes_at is None else START + closes_at)
        self.made: MadeUrn = self.service.make(self.new)
        self.urn = StoredUrn(self.made.urn or b"", SHAPE, self.made.key_name or "")
        self.papers = 0

    def cast(self) -> StoredUrn:
        """Cast a paper as a program would that never gives up a key; returns the urn before."""
        before, fresh = self.urn, self.service.prepare("b0")
        cells = cells_of(YES.slips, replace(SHAPE, papers_key=fresh.papers_key))
        content = self.service.cast(before, fresh.name, replace(YES, cells=cells), self.papers, "")
        self.urn = StoredUrn(content, SHAPE, fresh.name)
        self.papers += 1
        return before
