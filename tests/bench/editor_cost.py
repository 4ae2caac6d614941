"""How long the largest diagram takes to open in a real browser, and what the scripts of the studio weigh."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

import handlers
from service.casework.access.actor import DESIGNER, SYSTEM, Actor, Seat
from service.casework.assemble import desk_over
from service.casework.definitions.deploy import deploy_package
from service.casework.people.factors.sessions import open_session
from service.casework.studio.drafts.open_draft import open_draft
from service.catalog import load_catalog
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.catalog.tree import read_sources
from service.sdk import operations
from service.store import Store
from service.store.models import PersonRow
from service.web.frame.requests.cookies import SESSION
from tests.bench.measures import Measure
from tests.bench.season import ROOT
from tests.bench.serving import PYTHON, server, spent_below
from tests.bench.studio_cost import LARGE, SLOWEST
from tests.conftest import BROWSER_FLAGS
from tests.prepare import browser_program
from tests.support.keys import keys_beside
from tests.support.ports import free_port
from tests.support.records import hold_seat

TIMES = 5


def measure(folder: Path) -> list[Measure]:
    """Return seconds as the page sees them; the server runs in a process of its own, as in service."""
    program = browser_program()
    token = _prepare(folder)
    port = free_port()
    environment = {
        "LAUREL_DATA": str(folder),
        "LAUREL_PORT": str(port),
        "LAUREL_BALLOT_KEYS": str(folder / "keys"),
        "LAUREL_DEMO": "0",
        "LAUREL_DATABASE": "",
    }
    base = f"http://127.0.0.1:{port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=BROWSER_FLAGS)
        with server([PYTHON, "-m", "service.app", "serve"], port, environment, folder / "log"):
            found = _measured(browser, base, token)
        browser.close()
    return [*found, _scripts()]


@dataclass
class _Times:
    """How long something took each time, and the CPU that server and browser spent on it."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @contextmanager
    def once(self) -> Iterator[None]:
        """Measure what is done meanwhile."""
        began, spent = time.perf_counter(), spent_below()
        yield
        self.wall.append(time.perf_counter() - began)
        self.cpu.append(spent_below() - spent)

    def rows(self, work: str, limit: float) -> list[Measure]:
        """Return what a person waits, and the CPU of server and browser together, which has no limit of its own."""
        return [
            Measure(work, median(self.wall), max(self.wall), None, limit, unit="s"),
            Measure(f"{work} (CPU of both)", median(self.cpu), max(self.cpu), None, None, unit="s of CPU"),
        ]


def _measured(browser: Browser, base: str, token: str) -> list[Measure]:
    editor = f"{base}/studio/drafts/1/diagrams/edit?path={SLOWEST}"
    first, again = _Times(), _Times()
    _open_editor(browser, base, token, editor, first)
    for _ in range(TIMES):
        _open_editor(browser, base, token, editor, again)
    return [
        *first.rows("largest diagram opened, first page after a start", 1.5),
        *again.rows("largest diagram opened, nothing in the browser's cache", 1.5),
    ]


def _open_editor(browser: Browser, base: str, token: str, address: str, times: _Times) -> None:
    with _page(browser, base, token) as page, times.once():
        page.goto(address, wait_until="commit")
        page.wait_for_selector(".studio-modeler[data-ready]")


@contextmanager
def _page(browser: Browser, base: str, token: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    context.add_cookies([{"name": SESSION, "value": token, "url": base}])
    yield context.new_page()
    context.close()


def _prepare(folder: Path) -> str:
    """Publish the largest package in ``folder``, open a draft of it, and sign a designer in; returns the session."""
    handlers.load()
    store = Store(f"sqlite:///{folder}/laurel.db", folder / "files", keys=keys_beside(folder))
    store.migrate()
    desk = desk_over(store, load_calendars(bundled_calendars()), operations(), ballot_keys=folder / "keys")
    deploy_package(desk, SYSTEM, load_catalog(ROOT).package(LARGE), sources=read_sources(ROOT))
    now, place = desk.clock.now(), LARGE.partition("/")[0]
    with desk.store.write() as tx:
        person = tx.people.insert(PersonRow(login="designer", name="设计", created_at=now))
        hold_seat(tx, person, tx.bodies.list_active(place)[0].id, place, DESIGNER, now)
    open_draft(desk, Actor(person, "设计", (Seat(place, DESIGNER, 0, "office", "", "office"),)), LARGE, "")
    token = open_session(desk, person, 12)
    desk.store.close()
    return token


def _scripts() -> Measure:
    """Return what all scripts of the studio weigh together, those they share counted once."""
    manifest: dict[str, Any] = json.loads((ROOT / "service/web/static/dist/manifest.json").read_text())
    size = sum(
        one["gzip"] for name, one in manifest.items() if name.startswith(("studio-", "chunk-")) and name.endswith(".js")
    )
    return Measure("all scripts of the studio, compressed", size / 1024, None, None, 1.6 * 1024, unit="KiB")
