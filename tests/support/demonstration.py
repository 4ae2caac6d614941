"""The demonstration of all cities, prepared once for all tests of a run that look at it, whichever process runs them.

``make test`` prepares it by ``python -m tests.support.demonstration`` while one of its processors waits for the types, in
the folder ``LAUREL_DEMONSTRATION``; other runs when the first test asks for it.
"""

from __future__ import annotations

import fcntl
import gc
import json
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import gettempdir, mkdtemp
from threading import Thread

import waitress
from flask import Flask
from playwright.sync_api import Page

import handlers
from service.casework.access.actor import Actor
from service.casework.assemble import desk_over
from service.casework.desk.desk import Desk
from service.casework.people.factors.sessions import acting_as
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.domain.running.memory import SELDOM
from service.jobs.channels import channels_of
from service.sdk import operations
from service.settings import read_settings
from service.store import DataKeys, Store
from service.web import create_app
from service.web.demo.seasons import DemoClock, load_demo
from service.web.frame.requests.current import DESK
from tests.support.browsers import settings_for_tests

PROJECT = Path(__file__).parents[2]
CHANNELS = channels_of(read_settings({"LAUREL_DEMO": "1"}))


class Notes(logging.Handler):
    """Collects what the loader could not do."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


def desk_in(folder: Path, database: str = "", keys: DataKeys | None = None) -> Desk:
    """Return a desk over the demonstration's data in ``folder``, its clock where it was left.

    ``database`` is the address of its database where that is not the SQLite file in ``folder``, ``keys`` those that a process
    of its own encrypted it with.
    """
    handlers.load()
    store = Store(database or f"sqlite:///{folder}/laurel.db", folder / "files", durable=False, keys=keys)
    store.migrate()
    return desk_over(
        store,
        load_calendars(bundled_calendars()),
        operations(),
        clock=DemoClock(folder / "demo-clock"),
        channels=CHANNELS,
    )


@cache
def prepared() -> tuple[Path, tuple[str, ...]]:
    """Prepare every season, once; returns the folder and what the loader complained of.

    Of several processes of one run the first prepares, and the others wait for it.
    """
    run, named = os.environ.get("PYTEST_XDIST_TESTRUNUID"), os.environ.get("LAUREL_DEMONSTRATION")
    if not named and run is None:
        folder = Path(mkdtemp(prefix="laurel-demonstration-"))
        return folder, _prepare(folder)
    folder = PROJECT / (named or f"{gettempdir()}/laurel-demonstration-{run}")
    folder.mkdir(exist_ok=True)
    said = folder.with_name(f"{folder.name}.json")
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            said.write_text(json.dumps(_prepare(folder)))
    return folder, tuple(json.loads(said.read_text()))


def _prepare(folder: Path) -> tuple[str, ...]:
    notes = Notes()
    log = logging.getLogger("laurel.demo")
    log.addHandler(notes)
    try:
        desk = desk_in(folder)
        load_demo(desk)
        desk.store.close()
    finally:
        log.removeHandler(notes)
    return tuple(notes.said)


def demonstration(folder: Path) -> Flask:
    """Return the application of a demonstration of one's own in ``folder``, at the end of every season."""
    shutil.copytree(prepared()[0], folder, dirs_exist_ok=True)
    return create_app(desk_in(folder), settings_for_tests(LAUREL_DEMO="1"))


def person_of(app: Flask, login: str) -> Actor:
    """Return the person of a demonstration who signs in as ``login``."""
    actor = acting_as(app.extensions[DESK], login)
    assert actor is not None, login
    return actor


@contextmanager
def served_demonstration(folder: Path) -> Iterator[str]:
    """Serve a demonstration of one's own in ``folder`` for a real browser; yields the address."""
    app = demonstration(folder)
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(5)
    app.extensions[DESK].store.close()


def play(page: Page, login: str, language: str = "zh") -> None:
    """Let a person of the demonstration sign in, reading in ``language``; "" for a visitor, who is on a portal then."""
    page.goto("/portal/urumqi")
    if login:
        mark = page.locator("meta[name=csrf-token]").get_attribute("content") or ""
        page.context.request.post("/demo/play", form={"person": login, "csrf_token": mark})
    if language != "zh":
        page.context.request.get(f"/language?to={language}")


if __name__ == "__main__":
    gc.set_threshold(*SELDOM)
    prepared()
