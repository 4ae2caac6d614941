"""What trust costs: signing in, an entry in the book of acts beside a completed task, and verifying a million entries."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from service.casework.people.factors.passwords import hash_password
from service.casework.soundness.chains import broken_chains
from service.casework.tasks.complete import complete_task
from service.store import Transaction
from service.store.rows import ActRow
from service.web import create_app
from tests.bench.measures import Measure, p95
from tests.bench.toy import FORM, START, Toy, toy_in
from tests.support.browsers import PASSWORD, mark_of, settings_for_tests

RUNS, ENTRIES, AT_ONCE = 20, 1_000_000, 50_000
CHAIN = "operation"


def measure(folder: Path) -> list[Measure]:
    """Return how much of the processor signing in takes, and which share of a completion an entry in the book costs."""
    toy = toy_in(folder)
    rows = [_signing_in(toy), _entry(toy)]
    toy.desk.store.close()
    return rows


def million(folder: Path) -> list[Measure]:
    """Return how long it takes to verify a million entries of one chain, the longest way: nothing of it is done side by side."""
    toy = toy_in(folder)
    for _ in range(ENTRIES // AT_ONCE):
        with toy.desk.store.write() as tx:
            _append(tx, AT_ONCE)
    began = time.perf_counter()
    broken = [name for name, first in broken_chains(toy.desk) if first is not None]
    took = time.perf_counter() - began
    toy.desk.store.close()
    if broken:
        raise RuntimeError(f"broken: {broken}")
    return [
        Measure("verify a million entries of the book", took, None, None, 60, unit="s"),
    ]


def _signing_in(toy: Toy) -> Measure:
    with toy.desk.store.write() as tx:
        tx.people.update_person(toy.office.person_id or 0, password=hash_password(PASSWORD))
    app = create_app(toy.desk, settings_for_tests())
    taken = []
    for _ in range(RUNS):
        client = app.test_client()
        form = {
            "csrf_token": mark_of(client.get("/sign-in").text),
            "login": "office",
            "password": PASSWORD,
        }
        began = time.process_time()
        answer = client.post("/sign-in", data=form)
        taken.append((time.process_time() - began) * 1000)
        if answer.status_code not in (302, 303):
            raise RuntimeError(f"signing in answered {answer.status_code}")
    return Measure("processor of signing in", median(taken), p95(taken), None, 250)


def _entry(toy: Toy) -> Measure:
    completed = []
    for task, version in toy.waiting(toy.start("two", RUNS)):
        completed.append(_processor(lambda t=task, v=version: complete_task(toy.desk, toy.office, t, v, FORM)))
    entered = []
    for _ in range(RUNS):
        with toy.desk.store.write() as tx:
            entered.append(_processor(lambda tx=tx: _append(tx, 50)) / 50)
    return Measure(
        "an entry in the book beside a completion of the toy (processor)",
        median(entered) / median(completed) * 100,
        None,
        None,
        5,
        unit="%",
    )


def _processor(act: Callable[[], object]) -> float:
    began = time.process_time()
    act()
    return (time.process_time() - began) * 1000


def _append(tx: Transaction, count: int) -> None:
    for _ in range(count):
        tx.acts.append(ActRow(
            chain=CHAIN, seq=0, at=START, jurisdiction="toyville", actor="办公室", person_id=None, origin="192.0.2.7",
            action="settings.change", about="toyville/prize", outcome="done", data={"before": 1, "after": 2}, previous="", hash="",
        ))  # fmt: skip
