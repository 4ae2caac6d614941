"""Peak memory of the demonstration's server while eight people sign in at once."""

from __future__ import annotations

import os
import re
import subprocess
import threading
from pathlib import Path

from service.casework.desk.clock import START
from service.casework.people.factors.passwords import hash_password
from service.store import Store
from service.store.models import PersonRow
from tests.bench.measures import Measure
from tests.bench.serving import PYTHON, Client, server
from tests.support.keys import keys_beside
from tests.support.ports import free_port

PEOPLE, PASSWORD = 8, "correct horse battery staple"


def measure(folder: Path) -> list[Measure]:
    """Return the high-water mark of resident memory in MB."""
    port = free_port()
    settings = {
        "LAUREL_DATA": str(folder),
        "LAUREL_PORT": str(port),
        "LAUREL_DATABASE": f"sqlite:///{folder}/laurel.db",
        "LAUREL_DEMO": "1",
    }
    subprocess.run(
        [PYTHON, "-m", "service.app", "demo", "--prepare"],
        env={**os.environ, **settings},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    store = Store(f"sqlite:///{folder}/laurel.db", folder / "files", keys=keys_beside(folder))
    with store.write() as tx:
        for n in range(PEOPLE):
            tx.people.insert(PersonRow(
                login=f"bench{n}", name=f"测试{n}", password=hash_password(PASSWORD), email=None, telephone=None,
                language="zh", active=True, created_at=START,
            ))  # fmt: skip
    store.close()
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
