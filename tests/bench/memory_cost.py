"""Peak memory of the server while eight people sign in at once."""

from __future__ import annotations

import re
import threading
from pathlib import Path

from service.casework.people.passwords import hash_password
from tests.bench.measures import Measure
from tests.bench.season import AUDITOR, prepare
from tests.bench.serving import PYTHON, Client, free_port, server

PEOPLE, PASSWORD = 8, "correct horse battery staple"


def measure(folder: Path) -> list[Measure]:
    """Return the high-water mark of resident memory in MB."""
    stage, _ = prepare(folder, 2)
    stage.cast.actor(AUDITOR)
    with stage.desk.store.write() as tx:
        for n in range(PEOPLE):
            tx.people.insert_person(
                login=f"bench{n}", name=f"测试{n}", password=hash_password(PASSWORD), email=None, telephone=None,
                language="zh", active=True, created_at=stage.clock.now(),
            )  # fmt: skip
    stage.desk.store.close()
    port = free_port()
    settings = {
        "LAUREL_DATA": str(folder),
        "LAUREL_PORT": str(port),
        "LAUREL_DATABASE": f"sqlite:///{folder}/laurel.db",
        "LAUREL_DEMO": "1",
    }
    with server([PYTHON, "-m", "service.app", "serve"], port, settings, folder / "log") as process:
        answers: list[int] = []
        people = [threading.Thread(target=_sign_in, args=(port, n, answers)) for n in range(PEOPLE)]
        for person in people:
            person.start()
        for person in people:
            person.join()
        status = Path(f"/proc/{process.pid}/status").read_text()
    if sorted(answers) != [200] * PEOPLE and sorted(answers) != [201] * PEOPLE:
        raise RuntimeError(f"signing in answered {answers}")
    peak = int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1000  # type: ignore[index]
    return [Measure("peak memory of the server, eight people signing in at once", peak, None, None, 300, unit="MB")]


def _sign_in(port: int, number: int, answers: list[int]) -> None:
    _, status, _ = Client(port, {}).timed("POST", "/api/v1/session", {"login": f"bench{number}", "password": PASSWORD})
    answers.append(status)
