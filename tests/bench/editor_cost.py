"""What a designer waits for in a real browser: the largest diagram opened, problems, tidying up, a season played."""

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
from service.casework.desk.desk import Desk
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
from tests.bench.studio_cost import CHANGED, FOUR_APPLICANTS, LARGE, SLOWEST
from tests.conftest import BROWSER_FLAGS
from tests.prepare import browser_program
from tests.support.keys import keys_beside
from tests.support.ports import free_port
from tests.support.records import hold_seat

CITIES = (LARGE, "urumqi/quality_award")
TIDIED = (SLOWEST, "processes/kizilsu/quality_award/round.bpmn", "processes/kizilsu/quality_award/audit.bpmn")
TIMES = 5
_PROBLEMS_TOLD = "[data-part=problems][data-count]"
"""Asked of the page, not of its script: a condition is evaluated before the script is there, and the page's policy forbids it."""
_CHANGE_AND_TOLD = """async (letter) => {
  const { modeler, problems } = laurelStudio;
  performance.clearResourceTimings();
  const show = problems.show.bind(problems);
  const told = new Promise((done) => { problems.show = (found) => { show(found); problems.show = show; done(); }; });
  const task = modeler.get('elementRegistry').find((one) => one.type.endsWith('Task'));
  modeler.get('modeling').updateLabel(task, task.businessObject.name + letter);
  await told;
  return performance.getEntriesByType('resource').reduce((sum, { duration }) => sum + duration, 0) / 1000;
}"""
"""Draws a letter more and answers with the seconds that the page waited for the server."""
_TIDY = """async () => {
  const { modeler } = laurelStudio;
  const button = [...document.querySelectorAll('[data-part=tools] button')].find((one) => one.textContent === '整理版面');
  const laid = new Promise((done) => modeler.on('commandStack.changed', 1, done));
  button.click();
  await laid;
  await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
  modeler.get('commandStack').undo();
}"""


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
    editor = f"{base}/studio/drafts/1/diagrams/edit?path="
    first, again, checks, plays = _Times(), _Times(), _Times(), _Times()
    served: list[float] = []
    tidied = {path: _Times() for path in TIDIED}
    _open_editor(browser, base, token, editor + SLOWEST, first)
    for _ in range(TIMES):
        _open_editor(browser, base, token, editor + SLOWEST, again)
    with _page(browser, base, token) as page:
        for path in (CHANGED[0][0], SLOWEST):
            page.goto(editor + path)
            page.wait_for_selector(_PROBLEMS_TOLD, state="attached")
            for letter in "甲乙丙丁":
                with checks.once():
                    served.append(page.evaluate(_CHANGE_AND_TOLD, letter))
        for path, times in tidied.items():
            page.goto(editor + path)
            page.wait_for_selector(".studio-modeler[data-ready]")
            for _ in range(3):
                with times.once():
                    page.evaluate(_TIDY)
        for _ in range(TIMES):
            page.goto(f"{base}/studio/drafts/2/scenarios/view?path={FOUR_APPLICANTS}")
            with plays.once():
                _play(page)
    slowest = max(tidied, key=lambda path: median(tidied[path].cpu))
    return [
        *first.rows("largest diagram opened, first page after a start", 1.5),
        *again.rows("largest diagram opened, nothing in the browser's cache", 1.5),
        *checks.rows("a change drawn, saved, and its problems shown, in the browser", 0.3),
        Measure("of this, waiting for the server", median(served), max(served), None, None, unit="s"),
        *tidied[slowest].rows(f"tidied up in the browser, {Path(slowest).stem}", 1.0),
        *plays.rows("four applicants played, from the button to the result", 2.0),
    ]


def _open_editor(browser: Browser, base: str, token: str, address: str, times: _Times) -> None:
    with _page(browser, base, token) as page, times.once():
        page.goto(address, wait_until="commit")
        page.wait_for_selector(".studio-modeler[data-ready]")


def _play(page: Page) -> None:
    page.get_by_role("button", name="运行", exact=True).click()
    page.wait_for_selector("[data-job-url]")
    page.wait_for_selector("[data-job-url]", state="detached")
    page.wait_for_selector("svg.season")


@contextmanager
def _page(browser: Browser, base: str, token: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    context.add_cookies([{"name": SESSION, "value": token, "url": base}])
    yield context.new_page()
    context.close()


def _prepare(folder: Path) -> str:
    """Publish two cities in ``folder``, open a draft of each, and sign a designer in; returns the session."""
    handlers.load()
    calendars = load_calendars(bundled_calendars())
    store = Store(f"sqlite:///{folder}/laurel.db", folder / "files", keys=keys_beside(folder))
    store.migrate()
    desk = desk_over(store, calendars, operations(), ballot_keys=folder / "keys")
    catalog, sources = load_catalog(ROOT), read_sources(ROOT)
    now = desk.clock.now()
    for key in CITIES:
        deploy_package(desk, SYSTEM, catalog.package(key), sources=sources)
    with desk.store.write() as tx:
        person = tx.people.insert(PersonRow(login="designer", name="设计", created_at=now))
        for place in (key.partition("/")[0] for key in CITIES):
            body = tx.bodies.list_active(place)[0].id
            hold_seat(tx, person, body, place, DESIGNER, now)
    for key in CITIES:
        _open(desk, person, key)
    token = open_session(desk, person, 12)
    desk.store.close()
    return token


def _open(desk: Desk, person: int, key: str) -> None:
    place = key.partition("/")[0]
    open_draft(desk, Actor(person, "设计", (Seat(place, DESIGNER, 0, "office", "", "office"),)), key, "")


def _scripts() -> Measure:
    """Return what all scripts of the studio weigh together, those they share counted once."""
    manifest: dict[str, Any] = json.loads((ROOT / "service/web/static/dist/manifest.json").read_text())
    size = sum(
        one["gzip"] for name, one in manifest.items() if name.startswith(("studio-", "chunk-")) and name.endswith(".js")
    )
    return Measure("all scripts of the studio, compressed", size / 1024, None, None, 1.6 * 1024, unit="KiB")
