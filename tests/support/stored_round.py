"""A running round as the first tables hold it, for SQLite and for PostgreSQL: what an upgrade must go on with.

``python -m tests.support.stored_round`` makes both copies anew. Once an installation exists they stay as they are.
"""

from __future__ import annotations

import lzma
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

import handlers
from service.casework.access.actor import acting
from service.casework.assemble import desk_over
from service.casework.desk.clock import VirtualClock
from service.casework.tasks.complete import complete_task
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.sdk import operations
from service.store import Store
from service.store.models import TaskRow
from tests.support import postgres as pg
from tests.support.review import BEGIN, HONEST, make_review

STORED = Path(__file__).parents[1] / "data" / "stored"
_ASKED = "declare_interest"
"""The step of the panel's three members at which the copy was made."""


def load_round(url: str) -> None:
    """Fill an empty database, one without tables, with the stored copy."""
    address = sa.make_url(url)
    script = lzma.decompress(_copy(address.get_backend_name()).read_bytes()).decode()
    if address.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(address.database or "")) as connection:
            connection.executescript(script)
    else:
        plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
        subprocess.run(
            ["psql", "-q", "-v", "ON_ERROR_STOP=1", plain],
            input=script,
            text=True,
            check=True,
            stdout=subprocess.DEVNULL,
        )


def answer_all(store: Store) -> tuple[int, list[str]]:
    """Let the members of the panel answer; returns how many did, and at which steps their case stands then."""
    handlers.load()
    asked = _open_tasks(store)
    clock = VirtualClock(asked[0].created_at + timedelta(hours=1))
    desk = desk_over(store, load_calendars(bundled_calendars()), operations(), clock=clock)
    for task in asked:
        with store.read() as tx:
            member = acting(tx, task.assignee_id or 0, clock.now())
        complete_task(desk, member, task.id, None, HONEST)
    with store.read() as tx:
        return len(asked), [task.element for task in tx.tasks.open_of_case(asked[0].case_id)]


def _open_tasks(store: Store) -> list[TaskRow]:
    with store.read() as tx:
        tasks = [task for case in tx.cases.numbers_after(0, 500) for task in tx.tasks.open_of_case(case)]
    return [task for task in tasks if task.element == _ASKED]


def _copy(dialect: str) -> Path:
    return STORED / f"round.{dialect}.sql.xz"


def _make(url: str, folder: Path) -> None:
    handlers.load()
    store = Store(url, folder / "files")
    store.migrate()
    make_review(store, *BEGIN)
    store.close()


def _write(dialect: str, script: str) -> None:
    _copy(dialect).write_bytes(lzma.compress(script.encode()))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "laurel.db"
        _make(f"sqlite:///{file}", Path(name))
        with closing(sqlite3.connect(file)) as made:
            _write("sqlite", "\n".join(made.iterdump()))
    with pg.data_folder() as folder, pg.cluster(folder) as server:
        address = server.create("round")
        _make(address, folder)
        plain = address.replace("+psycopg", "")
        dump = ["pg_dump", "--inserts", "--no-owner", plain]
        _write("postgresql", subprocess.run(dump, capture_output=True, text=True, check=True).stdout)
