"""A throw-away PostgreSQL server from the installed binaries; root steps down to user postgres."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.support.ports import free_port

ABSENT = (
    "No PostgreSQL server binaries (initdb, pg_ctl) were found. Install them (Debian: apt-get install postgresql,"
    " which `make setup` does when run as root) or point PG_BINDIR at them."
)

_MEMORY = Path("/dev/shm")

OWNER, PROGRAM = "postgres", "laurel"
"""The role that makes and owns all tables, and the one by which the program connects."""


@dataclass
class Cluster:
    """A running server; ``template`` is copied for each database."""

    port: int
    folder: Path
    control: list[str]
    options: str
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def url(self, database: str) -> str:
        """Return the address of a database by the role that owns what it makes there."""
        return f"postgresql+psycopg://{OWNER}@127.0.0.1:{self.port}/{database}"

    def program_url(self, database: str) -> str:
        """Return the address by which the program connects, which changes no event."""
        return f"postgresql+psycopg://{PROGRAM}@127.0.0.1:{self.port}/{database}"

    def create(self, database: str, template: str = "template1") -> str:
        self.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}" STRATEGY file_copy')
        return self.url(database)

    def send_away(self, database: str) -> None:
        """End every session on a database, such as that of a process which is still ending: it can be copied then."""
        self.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'")

    def drop(self, database: str) -> None:
        self.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def kill(self) -> None:
        """End the server at once, as a loss of power would."""
        _run([*self.control, "-m", "immediate", "stop"])

    def start(self) -> None:
        _run([*self.control, "-l", f"{self.folder}/log", "-o", self.options, "start"])

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let none of its processes go on until the end of the block."""
        first = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        told = subprocess.run(["ps", "-o", "pid=", "--ppid", str(first)], capture_output=True, text=True, check=True)
        every = [first, *(int(pid) for pid in told.stdout.split())]
        for pid in every:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in every:
                os.kill(pid, signal.SIGCONT)

    def fresh_name(self) -> str:
        return f"t{next(self._numbers)}"

    def execute(self, sql: str) -> None:
        address = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(sql)


def binaries() -> Path | None:
    """Return the folder of initdb and pg_ctl: PG_BINDIR, pg_config's, or Debian's newest."""
    places = [Path(os.environ["PG_BINDIR"])] if "PG_BINDIR" in os.environ else []
    if shutil.which("pg_config"):
        told = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=True)
        places.append(Path(told.stdout.strip()))
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)
    return next((place for place in places if (place / "initdb").exists()), None)


@contextmanager
def cluster(folder: Path, *settings: str, durable: bool = False) -> Iterator[Cluster]:
    """Run a server with its data in ``folder`` (a path without spaces); it waits for the disk only where it is ``durable``.

    ``settings`` are written into its configuration; data that are there already (a copy of a server's) are kept.
    """
    as_user = _step_down(folder)
    control = [*as_user, f"{folder}/bin/pg_ctl", "-D", f"{folder}/data", "-w"]
    port = free_port()
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=200"
    if not durable:  # a copied database is gone within a second: nobody tidies it, and no page of it is kept twice
        options += " -c fsync=off -c full_page_writes=off -c autovacuum=off"
    encoding = ["-E", "UTF8", "--locale=C.UTF-8"]
    if fresh := not (folder / "data").exists():
        _run(
            [*as_user, f"{folder}/bin/initdb", "-D", f"{folder}/data", "-U", "postgres", "-A", "trust", "-N", *encoding]
        )
    with (folder / "data" / "postgresql.auto.conf").open("a") as configuration:
        configuration.writelines(f"{setting}\n" for setting in settings)
    _run([*control, "-l", f"{folder}/log", "-o", options, "start"])
    with _stopped_afterwards([*control, "-m", "immediate", "stop"]):
        server = Cluster(port, folder, control, options)
        if fresh:
            server.execute(f"CREATE ROLE {PROGRAM} LOGIN")
        yield server


def owner_of(url: str) -> str:
    """Return the address of a database by its owner, who writes beside the program what the program may not."""
    return url.replace(f"//{PROGRAM}@", f"//{OWNER}@", 1)


def owner_setting(url: str) -> dict[str, str]:
    """Return the setting that a command which makes or rewrites tables gets beside ``LAUREL_DATABASE``."""
    return {"LAUREL_DATABASE_OWNER": owner_of(url)} if owner_of(url) != url else {}


@contextmanager
def data_folder(within: Path | None = None) -> Iterator[Path]:
    """A folder user postgres can reach, with a link to the binaries; ``within`` another folder than that of temporary files."""
    found = binaries()
    if found is None:
        raise FileNotFoundError(ABSENT)
    folder = Path(tempfile.mkdtemp(prefix="laurel-pg-", dir=within))
    (folder / "bin").symlink_to(found)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def in_memory() -> Path | None:
    """Return the folder that the machine keeps in memory, None where it has none with two gigabytes to spare.

    A database is copied for each test: hundreds of small files, which a disk takes several times as long to make.
    """
    usable = _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > 2 * 1024**3
    return _MEMORY if usable else None


@contextmanager
def _stopped_afterwards(stop: list[str]) -> Iterator[None]:
    """Run ``stop`` at the end of the block, and also when this process is killed and its end of the pipe closes."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    watch = subprocess.Popen(
        ["sh", "-c", 'cat; exec "$@"', "watch", *stop], stdin=subprocess.PIPE, cwd="/", start_new_session=True, **quiet
    )
    try:
        yield
    finally:
        watch.communicate(timeout=120)


def _step_down(folder: Path) -> list[str]:
    if os.geteuid() != 0:
        return []
    shutil.chown(folder, "postgres")
    return ["runuser", "-u", "postgres", "--"]


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)
