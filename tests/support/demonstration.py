"""The demonstration of all cities, prepared once for all tests that look at it."""

from __future__ import annotations

import logging
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from flask import Flask

import handlers
from service.casework.assemble import desk_over
from service.casework.desk.desk import Desk
from service.catalog.calendars import bundled_calendars, load_calendars
from service.sdk import operations
from service.store import Store
from service.web import create_app
from service.web.demo.seasons import DemoClock, load_demo
from tests.support.browsers import settings_for_tests


class Notes(logging.Handler):
    """Collects what the loader could not do."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


def desk_in(folder: Path) -> Desk:
    """Return a desk over the demonstration's data in ``folder``, its clock where it was left."""
    handlers.load()
    store = Store(f"sqlite:///{folder}/laurel.db", folder / "files", durable=False)
    store.migrate()
    return desk_over(store, load_calendars(bundled_calendars()), operations(), clock=DemoClock(folder / "clock"))


@cache
def prepared() -> tuple[Path, tuple[str, ...]]:
    """Prepare every season, once; returns the folder and what the loader complained of."""
    folder, notes = Path(mkdtemp(prefix="laurel-demonstration-")), Notes()
    log = logging.getLogger("laurel.demo")
    log.addHandler(notes)
    try:
        desk = desk_in(folder)
        load_demo(desk)
        desk.store.close()
    finally:
        log.removeHandler(notes)
    return folder, tuple(notes.said)


def demonstration(folder: Path) -> Flask:
    """Return the application of a demonstration of one's own in ``folder``, at the end of every season."""
    shutil.copytree(prepared()[0], folder, dirs_exist_ok=True)
    return create_app(desk_in(folder), settings_for_tests(LAUREL_DEMO="1"))
