"""A hundred thousand requests to one process, whose memory must stay what it was: the first part of ``make soak``."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from service.casework.people.sessions import open_session
from tests.bench.measures import Measure
from tests.bench.serving import PYTHON, free_port, resident, server
from tests.bench.toy import toy_in
from tests.bench.work_cost import Served, mark_of

REQUESTS = int(os.environ.get("LAUREL_SOAK_REQUESTS", "100000"))
EVERY = 10
"""Of so many requests one completes a task; the others read."""


def measure(folder: Path) -> list[Measure]:
    """Return the resident memory after all requests over that after the first tenth."""
    toy = toy_in(folder)
    tasks = toy.waiting(toy.start("ten", REQUESTS // EVERY // 10 + 1))
    token = open_session(toy.desk, toy.office.person_id or 0, 24 * 300)
    mark = mark_of(toy, token)
    toy.desk.store.close()
    port = free_port()
    settings = {"LAUREL_DEMO": "0", "LAUREL_DATA": str(folder), "LAUREL_DATABASE": "", "LAUREL_PORT": str(port)}
    with server([PYTHON, "-m", "service.app", "serve"], port, settings, folder / "log") as process:
        served = Served(port, token, mark)
        program, browser = served.program(), served.browser()
        task, version = tasks.pop()
        following: int | None = task
        early, began = 0.0, time.monotonic()
        for number in range(REQUESTS):
            if number % EVERY == 0:
                _, following = served.complete(program, (following or tasks.pop()[0], version))
            else:
                path = ("/tasks?scope=body", f"/tasks/{task}", "/cases/1", "/api/v1/tasks?scope=body")[number % 4]
                _, status, _ = (program if path.startswith("/api") else browser).timed("GET", path)
                if status != 200:
                    raise RuntimeError(f"{path} answered {status}")
            if number and number % (REQUESTS // 10) == 0:
                early = early or resident(process.pid)
                _tell(number, resident(process.pid), began)
        late = resident(process.pid)
    return [Measure(f"memory after {REQUESTS} requests (after a tenth of them)", late, None, early, 1.1, unit="MB")]


def _tell(requests: int, memory: float, began: float) -> None:
    seconds = time.monotonic() - began
    print(f"{requests} requests, {requests / seconds:.0f} a second, {memory:.0f} MB", file=sys.stderr, flush=True)
