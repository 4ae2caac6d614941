"""A hundred thousand requests to one process, whose memory must stay what it was (``make soak``).

What is loaded and kept at the first use of each page, and by the watchman in his first minute, is no growth: memory is
compared with what it was after `WARM` requests and `WARM_SECONDS`, and told at every tenth of the way.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from service.casework.people.factors.sessions import open_session
from tests.bench.measures import Measure
from tests.bench.serving import PYTHON, resident, server
from tests.bench.toy import toy_in
from tests.bench.work_cost import Served, mark_of
from tests.support.ports import free_port

REQUESTS = int(os.environ.get("LAUREL_SOAK_REQUESTS", "100000"))
EVERY = 10
"""Of so many requests one completes a task; the others read."""
WARM, WARM_SECONDS = 5_000, 90.0


def measure(folder: Path) -> list[Measure]:
    """Return the resident memory after all requests over that of the warm server."""
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
            if not early and number >= min(WARM, REQUESTS // 2) and time.monotonic() - began >= WARM_SECONDS:
                early = resident(process.pid)
                _tell(number, early, began)
            if number and number % (REQUESTS // 10) == 0:
                _tell(number, resident(process.pid), began)
        late = resident(process.pid)
        _tell(REQUESTS, late, began)
    if not early:
        raise RuntimeError(f"{REQUESTS} requests ended within {WARM_SECONDS:.0f} s: send more")
    return [Measure(f"memory after {REQUESTS} requests (of the warm server)", late, None, early, 1.1, unit="MB")]


def _tell(requests: int, memory: float, began: float) -> None:
    seconds = time.monotonic() - began
    print(f"{requests} requests, {requests / seconds:.0f} a second, {memory:.0f} MB", file=sys.stderr, flush=True)
