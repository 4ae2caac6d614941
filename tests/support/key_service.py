"""A key service that really listens, with certificates made for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

from service.keys.certificates import AUTHORITY, PROGRAM, SERVICE, make_certificates
from service.keys.client import UrnsElsewhere
from service.keys.server import KeyServer
from service.keys.service import KeyService
from tests.support.ballots import Hall


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
        thread.join()


def asking(port: int, folder: Path, trusted: Path | None = None) -> UrnsElsewhere:
    """Return a program that shows the certificate of ``folder`` and trusts the authority of ``trusted``."""
    return UrnsElsewhere(f"https://127.0.0.1:{port}", folder / PROGRAM, (trusted or folder) / AUTHORITY)


def kept_apart(hall: Hall, root: Path) -> KeyService:
    """Let a key service hold the hall's keys, by the hall's clock."""
    service = KeyService(root, hall.clock.now)
    hall.desk = replace(hall.desk, key_service=service)
    return service
