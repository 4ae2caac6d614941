"""The last quarter of an hour of a call: applicants of Urumqi open, save, upload and send beside a full database.

4,000 in 900 seconds, as docs/scale.md says of a province; ``LAUREL_PEAK_SECONDS=60`` sends as many a second for a
minute. The database is filled by `fictional_load` (``LAUREL_PEAK_CASES``, ``LAUREL_PEAK_SEED``).
"""

from __future__ import annotations

import base64
import json
import os
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import handlers
from service.casework.access.actor import SYSTEM, Actor, Seat
from service.casework.assemble import desk_over
from service.casework.cases.start import start_case
from service.casework.desk.clock import VirtualClock
from service.casework.desk.desk import Desk
from service.casework.due.run_item import run_item
from service.casework.people.factors.sessions import open_session
from service.casework.simulate import read_scenario
from service.casework.simulate.stage.cast import give
from service.casework.simulate.stage.stage import open_stage
from service.casework.soundness.found_by import drop_unused_values
from service.casework.tasks.complete import complete_filled
from service.catalog import load_catalog
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.sdk import operations
from service.store import Store
from service.store.rows import PersonRow
from tests.bench.databases import postgresql
from tests.bench.fictional_load import make_load
from tests.bench.measures import Measure, p95
from tests.bench.season import PACKAGE, ROOT
from tests.bench.serving import PYTHON, Client, free_port, server, spent_below
from tests.support.keys import keys_beside

SECONDS = int(os.environ.get("LAUREL_PEAK_SECONDS", "900"))
CASES = int(os.environ.get("LAUREL_PEAK_CASES", "20000"))
SEED = int(os.environ.get("LAUREL_PEAK_SEED", "1"))
APPLICANTS = max(1, 4000 * SECONDS // 900)
FILE = b"%PDF-1.4\n" + b"%" * 200_000 + b"\n%%EOF\n"
"""What is uploaded five times by each."""

_OPENED, _PEAK = datetime(2026, 3, 2, 1, tzinfo=UTC), datetime(2026, 3, 31, 15, 40, tzinfo=UTC)
"""The call is published on 2 March and closes on 31 March, at 24:00 in China; the peak begins twenty minutes before."""
_CALL = {
    "requested_deadline": "2026-03-31",
    "text": "现开展市质量奖申报工作。",
    "criteria": "GB/T 19580-2012",
    "contact": "质量科 0991-0000000",
}
_FIRST = {"channel": "online", "district": "tianshan", "audit_unit": "tianshan", "voluntary": True}
_FILES = {
    "evidence": ("licence", "certificates", "self_evaluation_report", "credit_report"),
    "statements": ("signed_statement",),
}


@dataclass
class _Peak:
    """Where the applicants go, what each request took in milliseconds by its kind, and who did not get through."""

    port: int
    round_id: int
    form: Mapping[str, Any]
    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    late: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def apply(self, token: str, at: float) -> None:
        """Do what one applicant does from the list of tasks to the page after the form was sent."""
        time.sleep(max(0.0, at - time.monotonic()))
        late = time.monotonic() - at
        try:
            times = list(self._requests(token))
        except RuntimeError as refusal:
            with self.guard:
                self.refused.append(str(refusal))
            return
        with self.guard:
            self.late.append(late)
            for kind, took in times:
                self.took[kind].append(took)

    def _requests(self, token: str) -> Iterator[tuple[str, float]]:
        program = Client(self.port, {"Authorization": f"Bearer {token}"})
        browser = Client(self.port, {"Cookie": f"laurel_session={token}", "Accept": "text/html"})
        yield "page", _answered(browser, "GET", "/tasks", None)[0]
        yield "page", _answered(browser, "GET", f"/start/{PACKAGE}/application?parent={self.round_id}", None)[0]
        begun = {"package": PACKAGE, "process": "application", "parent_id": self.round_id, "values": _FIRST}
        took, told = _answered(program, "POST", "/api/v1/cases", begun)
        yield "write", took
        case = json.loads(told)["case_id"]
        task = json.loads(_answered(program, "GET", f"/api/v1/cases/{case}/tasks", None)[1])["tasks"][0]
        here = f"/api/v1/tasks/{task['id']}"
        yield "page", _answered(browser, "GET", f"/tasks/{task['id']}", None)[0]
        values: dict[str, Any] = json.loads(json.dumps(self.form, default=str))
        for group, names in _FILES.items():
            for name in names:
                sent = {"field": f"{group}.{name}", "name": f"{name}.pdf", "content": base64.b64encode(FILE).decode()}
                took, told = _answered(program, "POST", f"{here}/uploads", sent)
                yield "upload", took
                values[group][name] = [json.loads(told)]
        yield "write", _answered(program, "PUT", f"{here}/draft", {"values": values})[0]
        version = json.loads(_answered(program, "GET", here, None)[1])["version"]
        yield "write", _answered(program, "POST", f"{here}/complete", {"version": version, "values": values})[0]
        yield "page", _answered(browser, "GET", f"/cases/{case}", None)[0]


def on_sqlite(folder: Path) -> list[Measure]:
    """Return the rows of one process with SQLite."""
    return _on(folder, "SQLite, one process", "", ())


def on_postgresql(folder: Path) -> list[Measure]:
    """Return the rows of two web processes with PostgreSQL, whose own processor time is not counted."""
    with postgresql() as database:
        return _on(folder, "PostgreSQL, two processes", database(), ("--processes", "2"))


def _on(folder: Path, name: str, url: str, more: tuple[str, ...]) -> list[Measure]:
    store = Store(url or f"sqlite:///{folder}/laurel.db", folder / "files", keys=keys_beside(folder))
    store.migrate()
    desk, office, form = _filled(store)
    round_id = _open_round(desk, office)
    tokens = [open_session(desk, person, 24 * 40) for person in _applicants(desk)]
    store.close()
    port = free_port()
    ahead = (_PEAK - datetime.now(UTC)).total_seconds()
    (folder / "demo-clock").write_text(str(ahead), encoding="ascii")
    settings = {"LAUREL_DEMO": "1", "LAUREL_DATA": str(folder), "LAUREL_DATABASE": url, "LAUREL_PORT": str(port)}
    peak = _Peak(port, round_id, form)
    with server([PYTHON, "-m", "service.app", "serve", *more], port, settings, folder / "log"):
        peak.apply(tokens.pop(), time.monotonic())  # what is compiled on first use is no part of the peak
        if peak.refused:
            raise RuntimeError(peak.refused[0])
        peak.took.clear()
        began, before = time.monotonic(), spent_below()
        with ThreadPoolExecutor(32) as pool:
            for number, token in enumerate(tokens):
                pool.submit(peak.apply, token, began + number * SECONDS / APPLICANTS)
        seconds, spent = time.monotonic() - began, spent_below() - before
    return [*_rows(peak, name, spent, seconds)]


def _rows(peak: _Peak, name: str, spent: float, seconds: float) -> Iterator[Measure]:
    if peak.refused:
        print(f"{len(peak.refused)} refused, first: {peak.refused[0]}", flush=True)
    of = f"{APPLICANTS} applicants in {SECONDS} s, {CASES} cases there ({name})"
    through = len(peak.late) / (len(peak.late) + len(peak.refused))
    yield Measure(f"got through: {of}", through, None, None, 1.0, unit="of 1", least=True)
    for kind, took in peak.took.items():
        yield Measure(f"{kind}, {len(took) / seconds:.0f} a second: {of}", median(took), p95(took), None, None)
    yield Measure(f"begun later than meant: {of}", median(peak.late), p95(peak.late), None, None, unit="s")
    yield Measure(f"processor for an applicant: {of}", 1000 * spent / APPLICANTS, None, None, None, unit="ms of CPU")
    yield Measure(f"processor: {of}", spent / seconds, None, None, None, unit="cores")


def _filled(store: Store) -> tuple[Desk, Actor, Mapping[str, Any]]:
    """Fill the store with fictional cases; returns a desk in the weeks of the call, the office, and an applicant's form."""
    handlers.load()
    path = ROOT / "processes" / PACKAGE / "scenarios" / "season_of_twelve.yaml"
    scenario = read_scenario(path.read_bytes(), path.name)
    package, calendars = load_catalog(ROOT).packages[PACKAGE], load_calendars(bundled_calendars())
    stage = open_stage(store, package, scenario, calendars, operations())
    office = stage.cast.actor("office")
    drop_unused_values(stage.desk, SYSTEM)
    make_load(stage, CASES, SEED, lambda _made: None)
    filled = next(move for move in scenario.moves if move.value == "fill_application")
    return desk_over(store, calendars, operations(), clock=VirtualClock(_OPENED)), office, filled.keys["with"]


def _open_round(desk: Desk, office: Actor) -> int:
    """Open a round beside those of the load, which are to be none that was announced: the next one would be too soon."""
    with desk.store.write() as tx:
        others = tx.cases.roots(*PACKAGE.split("/"), "round")
        for row in others:
            facts = {name: value for name, value in row.facts.items() if name != "announced_on"}
            tx.cases.save(row, facts=facts)
    ident = start_case(desk, office, PACKAGE, "round", None, {"round_name": "新一届质量奖"})
    with desk.store.read() as tx:
        (task,) = tx.tasks.open_of_case(ident)
    complete_filled(desk, office, task.id, task.version, lambda first: {**first, **_CALL})
    while (item := desk.store.claim(desk.clock.now(), "peak")) is not None:
        run_item(desk, SYSTEM, item)
    with desk.store.read() as tx:
        if tx.cases.get(ident).facts.get("accepting") is not True:
            raise RuntimeError("the call did not open")
    return ident


def _applicants(desk: Desk) -> Iterator[int]:
    """Yield the people of so many new organisations, and of one that goes first."""
    now = desk.clock.now()
    for number in range(APPLICANTS + 1):
        with desk.store.write() as tx:
            code, name = f"91650100MA79{number:05d}X", f"高峰{number}号有限公司"
            body = tx.people.upsert_body("*", code, kind="organisation", name=name, details={})
            person = tx.people.insert_person(PersonRow(login=f"peak{number}", name=name, created_at=now))
            give(tx, person, Seat("*", "applicant", body, code, name, "organisation"), now)
        yield person


def _answered(client: Client, method: str, path: str, body: object | None) -> tuple[float, bytes]:
    took, status, content = client.timed(method, path, body)
    if status not in (200, 201):
        raise RuntimeError(f"{method} {path} answered {status}: {content[:1500].decode(errors='replace')}")
    return took, content
