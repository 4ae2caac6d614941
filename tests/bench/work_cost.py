"""The work of a day on the toy: completing by program and by browser, starting, many at once, the slowest of many."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from service.casework.people.factors.sessions import find_session, open_session
from service.casework.tasks.complete import complete_task
from tests.bench.databases import postgresql
from tests.bench.measures import Measure, p95
from tests.bench.serving import PYTHON, Client, server, spent_by
from tests.bench.toy import FORM, PACKAGE, Toy, package, toy_in
from tests.support.ports import free_port
from tests.support.statements import statements_of

RUNS, WARM, BLOCK = 60, 10, 150
SECONDS = 30
"""How long four clients work at once."""
REQUESTS = 5_000
"""Completions one after the other, of which the slowest in a hundred is looked for."""


@dataclass
class Served:
    """A toy behind its server: a program with a token, a browser with a session and the mark of its forms."""

    port: int
    token: str
    mark: str

    def program(self) -> Client:
        """Return a program's connection."""
        return Client(self.port, {"Authorization": f"Bearer {self.token}"})

    def browser(self) -> Client:
        """Return a browser's connection."""
        kind = "application/x-www-form-urlencoded"
        return Client(
            self.port, {"Cookie": f"laurel_session={self.token}", "Content-Type": kind, "Accept": "text/html"}
        )

    def start(self, browser: Client, kind: str) -> tuple[float, int]:
        """Start a case as a browser does; returns what it took and the case's number."""
        took, status, _ = browser.timed("POST", f"/start/{PACKAGE}/{kind}", form={"csrf_token": self.mark})
        if status != 302:
            raise RuntimeError(f"starting answered {status}")
        return took, int(browser.location.rsplit("/", 1)[1])

    def complete(self, program: Client, task: tuple[int, int]) -> tuple[float, int | None]:
        """Complete a task as a program does; returns what it took and the next task."""
        body = {"version": task[1], "values": FORM}
        took, status, content = program.timed("POST", f"/api/v1/tasks/{task[0]}/complete", body)
        if status != 200:
            raise RuntimeError(f"completing answered {status}: {content[:300].decode()}")
        return took, json.loads(content)["next_task_id"]


def on_sqlite(folder: Path) -> list[Measure]:
    """Return the rows of SQLite."""
    return _on(folder / "SQLite", "SQLite", "")


def on_postgresql(folder: Path) -> list[Measure]:
    """Return the rows of PostgreSQL."""
    with postgresql() as database:
        return _on(folder / "PostgreSQL", "PostgreSQL", database())


def _on(folder: Path, name: str, url: str) -> list[Measure]:
    folder.mkdir()
    toy = toy_in(folder, url)
    tasks = toy.waiting(toy.start("two", 2 * (RUNS + WARM) + BLOCK + 1))
    before = _size(toy)
    tens = toy.start("ten", REQUESTS // 10)
    begun = _size(toy) - before
    with statements_of(toy.desk.store) as seen:
        complete_task(toy.desk, toy.office, *tasks.pop(), FORM)
    written = sum(len(json.dumps(p, default=str)) for s, p in seen if not s.startswith("SELECT"))
    (folder / "diagram.bpmn").write_bytes(package().files["processes/toyville/prize/two.bpmn"])
    (folder / "floor.json").write_text(json.dumps({"process": "toyville_two", "bytes": written}))
    token = open_session(toy.desk, toy.office.person_id or 0, 24 * 300)
    mark = mark_of(toy, token)
    settings = {"LAUREL_DEMO": "0", "LAUREL_DATA": str(folder), "LAUREL_DATABASE": url}
    port, floor_port = free_port(), free_port()
    ours = [PYTHON, "-m", "service.app", "serve"]
    floor = [PYTHON, "-m", "tests.bench.lean_floor", str(folder), str(floor_port)]
    with (
        server(ours, port, {**settings, "LAUREL_PORT": str(port)}, folder / "log") as product,
        server(floor, floor_port, log=folder / "floor.log") as bare,
    ):
        served = Served(port, token, mark)
        rows = [*_single(served, tasks, floor_port, name), _processor(served, tasks, floor_port, (product, bare), name)]
        rows += _many(served, name, None if url else 150)
        before = _size(toy)
        rows += _slowest(served, toy.waiting(tens), name)
        grown = (begun + _size(toy) - before) / len(tens) / 1024
    sent = len(seen) + 1.0  # and who asks
    rows.append(Measure(f"statements of a completion by JSON ({name})", sent, None, None, 10, unit="statements"))
    rows.append(Measure(f"a finished case of ten tasks ({name})", grown, None, None, None, unit="KiB"))
    toy.desk.store.close()
    if url:
        several = [*ours, "--processes", "2"]
        with server(several, port, {**settings, "LAUREL_PORT": str(port)}, folder / "log2"):
            rows += _many(served, f"{name}, two processes", 110)
    return rows


def _single(served: Served, tasks: list[tuple[int, int]], floor_port: int, name: str) -> list[Measure]:
    """Compare, in turns: the floor, a program, a browser from its form to the next page, and starting."""
    program, browser, bare = served.program(), served.browser(), Client(floor_port, {})
    floor, ours, page, browsed, starts = [], [], [], [], []
    for number in range(RUNS + WARM):
        body = {"version": 1, "values": FORM}
        floor.append(bare.timed("POST", f"/step/{number + 1}", body)[0])
        took, following = served.complete(program, tasks.pop())
        ours.append(took)
        page.append(browser.timed("GET", f"/tasks/{following}")[0])
        task, version = tasks.pop()
        sent = {"csrf_token": served.mark, "version": version, "do": "submit", **FORM}
        took, status, _ = browser.timed("POST", f"/tasks/{task}", form=sent)
        assert status == 302, status
        browsed.append(took + browser.timed("GET", browser.location)[0])
        starts.append(served.start(browser, "two")[0])
    floor, ours, page, browsed, starts = (found[WARM:] for found in (floor, ours, page, browsed, starts))
    both = median(ours) + median(page)
    return [
        Measure(f"complete by JSON, toy (lean floor; {name})", median(ours), p95(ours), median(floor), 2.0),
        Measure(
            f"form to next page (a completion by JSON and a page; {name})", median(browsed), p95(browsed), both, 1.5
        ),
        Measure(f"start a case in the browser (a completion; {name})", median(starts), p95(starts), median(ours), 1.5),
    ]


def _processor(
    served: Served,
    tasks: list[tuple[int, int]],
    floor_port: int,
    processes: tuple[subprocess.Popen[bytes], subprocess.Popen[bytes]],
    name: str,
) -> Measure:
    """Compare what both spend of the processor, which other work on the machine does not change much."""
    program, bare = served.program(), Client(floor_port, {})
    before = [spent_by(process) for process in processes]
    for number in range(BLOCK):
        bare.timed("POST", f"/step/{1000 + number}", {"version": 1, "values": FORM})
        served.complete(program, tasks.pop())
    ours, floor = (1000 * (spent_by(process) - then) / BLOCK for process, then in zip(processes, before, strict=True))
    return Measure(f"complete by JSON, toy, CPU alone ({name})", ours, None, floor, 2.0, unit="ms of CPU")


def _many(served: Served, name: str, least: float | None) -> list[Measure]:
    """Let four clients start one case and complete both its tasks, again and again."""
    end, done, faults = time.monotonic() + SECONDS, [0] * 4, list[Exception]()

    def work(client: int) -> None:
        program, browser = served.program(), served.browser()
        try:
            while time.monotonic() < end:
                _, case = served.start(browser, "two")
                task: int | None = _first_task(program, case)
                while task is not None:
                    _, task = served.complete(program, (task, 1))
                    done[client] += 1
        except Exception as fault:  # told below, in the thread that reports
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(client,)) for client in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    rate = sum(done) / SECONDS
    return [Measure(f"completions a second, four clients ({name})", rate, None, None, least, unit="per s", least=True)]


def _first_task(program: Client, case: int) -> int:
    _, _, content = program.timed("GET", f"/api/v1/tasks?scope=body&q=&round={case}")
    return int(json.loads(content)["tasks"][0]["id"])


def _slowest(served: Served, tasks: list[tuple[int, int]], name: str) -> list[Measure]:
    program, took = served.program(), []
    for task, version in tasks:
        following: int | None = task
        while following is not None:
            spent, following = served.complete(program, (following, version))
            took.append(spent)
    middle, slow = median(took), quantiles(took, n=100)[-1]
    return [Measure(f"slowest of a hundred of {len(took)} completions (median; {name})", slow, None, middle, 4.0)]


def mark_of(toy: Toy, token: str) -> str:
    """Return the mark that forms of a session carry."""
    session = find_session(toy.desk, token)
    assert session is not None
    return session.csrf


def _size(toy: Toy) -> int:
    """Return the bytes that the database holds, nothing left aside in its log."""
    engine = toy.desk.store._engine
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar() or 0)
        pages, free, size = (
            int(connection.exec_driver_sql(f"PRAGMA {name}").scalar() or 0)
            for name in ("page_count", "freelist_count", "page_size")
        )
        return (pages - free) * size
