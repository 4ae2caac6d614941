"""What a form costs from its page to the next, the toy's and a real one, and the lists around it: statements, writes, CPU.

All of it inside one process: a test's client stands for browser and program, so that nothing else is counted. The time of
the processor is that of requests whose statements nobody counts: to be listened to, a statement goes another way.
"""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from service.domain.running.memory import collect_less
from tests.bench.measures import Measure, p95
from tests.bench.season import AUDITOR, TASK, prepare
from tests.bench.toy import FORM, PACKAGE, toy_in
from tests.support.counted_person import CountedPerson

APPLICATIONS, RUNS = 24, 20
TODAY = {"page": 17.0, "json": 12.0, "case": 14.0, "list": 9.5, "list page": 15.0}
"""Milliseconds of CPU before they were to be halved, the middle where two were measured."""


@dataclass(frozen=True, slots=True)
class _Cost:
    """What one request took of the processor in milliseconds, and asked of the database."""

    cpu: float
    statements: int
    writes: int


def measure(folder: Path) -> list[Measure]:
    """Return the rows of the toy, of the district's opinion, and of the lists that a person opens."""
    for name in ("toy", "real"):
        (folder / name).mkdir()
    return [*_toy(folder / "toy"), *_real(folder / "real")]


def _toy(folder: Path) -> list[Measure]:
    toy = toy_in(folder)
    person = CountedPerson(toy.desk, toy.office.person_id or 0)
    [(task, _), (other, version)] = toy.waiting(toy.start("two", 2))
    sent = person.filled_in(task, FORM)
    page = _cost(person, lambda: person.client.get(f"/tasks/{task}"), 200)
    posted = _cost(person, lambda: person.client.post(f"/tasks/{task}", data=sent), 302)
    begun = _cost(
        person, lambda: person.client.post(f"/start/{PACKAGE}/two", data={"csrf_token": sent["csrf_token"]}), 302
    )
    told = _cost(person, lambda: _complete(person, other, version, FORM), 200)
    toy.desk.store.close()
    return [
        _statements("statements of a form posted, toy (browser)", posted, 12),
        _statements("statements of the page after it, toy (browser)", page, 12),
        _writes("writes of a form posted, toy (browser)", posted),
        _writes("writes of a completion by JSON, toy", told),
        _writes("writes of starting a case, toy (browser)", begun),
    ]


def _real(folder: Path) -> list[Measure]:
    stage, form = prepare(folder, APPLICATIONS)
    person = CountedPerson(stage.desk, stage.cast.actor(AUDITOR).person_id or 0)
    with stage.desk.store.read() as tx:
        waiting = [
            (task.id, task.version, task.case_id)
            for case in stage.cases.values()
            for task in tx.tasks.open_of_case(case)
            if task.element == TASK
        ]
    values = json.loads(json.dumps(form, default=str))
    collect_less()  # as the server does
    [(first, _, case), *rest] = waiting
    found = {
        "page": _costs(person, lambda: person.client.get(f"/tasks/{first}")),
        "case": _costs(person, lambda: person.client.get(f"/cases/{case}")),
        "list": _costs(person, lambda: person.program.get("/api/v1/tasks?scope=body", headers=person.bearer)),
        "list page": _costs(person, lambda: person.client.get("/tasks?scope=body")),
        "json": _each(person, [partial(_complete, person, task, version, values) for task, version, _ in rest]),
    }
    stage.desk.store.close()
    gc.unfreeze()
    named = {
        "page": ("page of the district's opinion", 12),
        "json": ("the district's opinion by JSON", 8),
        "case": ("page of its case", 15),
        "list": ("task list by JSON", 6),
        "list page": ("task list as a page", 10),
    }
    return [row for key, (name, most) in named.items() for row in _rows(name, found[key], TODAY[key] / 2, most)]


def _complete(person: CountedPerson, task: int, version: int, values: Mapping[str, Any]) -> Any:
    body = {"version": version, "values": values}
    return person.program.post(f"/api/v1/tasks/{task}/complete", json=body, headers=person.bearer)


def _costs(person: CountedPerson, ask: Callable[[], Any]) -> list[_Cost]:
    ask()  # whoever opens a task first is noted
    return _each(person, [ask] * RUNS)


def _each(person: CountedPerson, asks: Sequence[Callable[[], Any]]) -> list[_Cost]:
    """Return what each request took, with what the last one asked of the database."""
    spent = [_spent(ask) for ask in asks[:-1]]
    last = _cost(person, asks[-1], 200)
    return [replace(last, cpu=one) for one in spent]


def _spent(ask: Callable[[], Any], status: int = 200) -> float:
    began = time.process_time()
    answer = ask()
    spent = (time.process_time() - began) * 1000
    if answer.status_code != status:
        raise RuntimeError(f"answered {answer.status_code}: {answer.text[:300]}")
    return spent


def _cost(person: CountedPerson, ask: Callable[[], Any], status: int) -> _Cost:
    with person.counted() as seen:
        spent = _spent(ask, status)
    return _Cost(spent, seen["statements"], seen["writes"])


def _rows(name: str, costs: list[_Cost], most_cpu: float, most_statements: int) -> list[Measure]:
    spent = [cost.cpu for cost in costs[2:]]
    return [
        Measure(f"{name}, CPU", median(spent), p95(spent), None, most_cpu, unit="ms of CPU"),
        _statements(f"statements of the {name.removeprefix('the ')}", costs[-1], most_statements),
    ]


def _statements(work: str, cost: _Cost, most: int) -> Measure:
    return Measure(work, float(cost.statements), None, None, most, unit="statements")


def _writes(work: str, cost: _Cost) -> Measure:
    return Measure(work, float(cost.writes), None, None, 1, unit="writes")
