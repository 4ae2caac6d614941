"""The district's opinion, completed over HTTP by a signed-in person, against the floor."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from service.casework.people.factors.sessions import open_session
from service.casework.simulate.stage.stage import PlayState
from service.casework.tasks.complete import complete_task
from service.catalog import Element, Kind
from service.catalog.bpmn.model import Purpose, Stated
from service.catalog.feel import FUNCTIONS
from service.domain.feel import compile_expression
from tests.bench.measures import Measure, p95
from tests.bench.season import AUDITOR, TASK, prepare
from tests.bench.serving import PYTHON, Client, server
from tests.support.ports import free_port
from tests.support.statements import statements_of

RUNS, WARM = 60, 10


def measure(folder: Path) -> list[Measure]:
    """Return the ratio of a step of the product to the floor, both measured in turns."""
    season = folder / "season"
    season.mkdir()
    stage, form = prepare(season, RUNS + WARM)
    tasks = _waiting(stage)
    with statements_of(stage.desk.store) as seen:
        _complete_here(stage, tasks.pop(), form)
    statements = [s for s in seen if not s[0].lstrip().upper().startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))]
    written = sum(len(json.dumps(p, default=str)) for s, p in statements if not s.lstrip().upper().startswith("SELECT"))
    _write_floor(folder, stage, form, written)
    token = open_session(stage.desk, stage.cast.actor(AUDITOR).person_id or 0, 24 * 30)
    _stop_clock_at(season, stage)
    stage.desk.store.close()
    ours, floor = _alternate(folder, season, tasks, form, token)
    return [
        Measure("区级审核意见（HTTP，SQLite WAL FULL）", median(ours), p95(ours), median(floor), 2.5),
        Measure(
            "SQL statements of that step, the session included",
            float(len(statements) + 1),
            None,
            None,
            12,
            unit="statements",
        ),
    ]


def _waiting(stage: PlayState) -> list[tuple[int, int]]:
    with stage.desk.store.read() as tx:
        found = [t for case in stage.cases.values() for t in tx.tasks.open_of_case(case) if t.element == TASK]
    return [(t.id, t.version) for t in found]


def _complete_here(stage: PlayState, task: tuple[int, int], form: dict[str, Any]) -> None:
    complete_task(stage.desk, stage.cast.actor(AUDITOR), task[0], task[1], form)


WAY = {
    "case": {"channel": "online"},
    "round": {"accepting": True},
    "objection_open": False,
    "receipt": {"in_time": True},
}
"""What the conditions on the way to the task read; the form's own values answer the rest."""


def _write_floor(folder: Path, stage: PlayState, form: dict[str, Any], written: int) -> None:
    (folder / "diagrams").mkdir()
    diagrams = stage.package.diagram_files
    for path, data in diagrams.items():
        (folder / "diagrams" / path.replace("/", "_")).write_bytes(data)
    outer = stage.package.award.processes["application"].process
    answers = {
        stated.text: _answer(diagram.elements.get(place), stated, form)
        for diagram in stage.package.diagrams.values()
        for place, stated in diagram.stated()
    }
    told = {"process": outer, "task": TASK, "answers": answers, "bytes": written}
    (folder / "floor.json").write_text(json.dumps(told))


def _answer(element: Element | None, stated: Stated, form: dict[str, Any]) -> object:
    """Return what the floor takes an expression to be: timers on the way are over, those around it never come."""
    if stated.purpose is Purpose.TIMER:
        around = element is not None and element.kind is Kind.BOUNDARY
        return "2099-01-01T00:00:00+00:00" if around else "2020-01-01T00:00:00+00:00"
    return compile_expression(stated.text, functions=FUNCTIONS).evaluate({**form, **WAY}) is True


def _stop_clock_at(season: Path, stage: PlayState) -> None:
    (season / "demo-clock").write_text(str((stage.clock.now() - datetime.now(UTC)).total_seconds()))


def _alternate(
    folder: Path, season: Path, tasks: list[tuple[int, int]], form: dict[str, Any], token: str
) -> tuple[list[float], list[float]]:
    port, floor_port = free_port(), free_port()
    settings = {
        "LAUREL_DEMO": "1",
        "LAUREL_DATA": str(season),
        "LAUREL_PORT": str(port),
        "LAUREL_DATABASE": f"sqlite:///{season}/laurel.db",
    }
    floor_command = [PYTHON, str(Path(__file__).with_name("floor_app.py")), str(folder), str(floor_port)]
    ours: list[float] = []
    floor: list[float] = []
    with (
        server([PYTHON, "-m", "service.app", "serve"], port, settings, folder / "ours.log"),
        server(floor_command, floor_port, log=folder / "floor.log"),
    ):
        here, bare = Client(port, {"Authorization": f"Bearer {token}"}), Client(floor_port, {})
        for number, (task, version) in enumerate(tasks):
            body = {"version": version, "values": form}
            ours.append(_ok(*here.timed("POST", f"/api/v1/tasks/{task}/complete", body)))
            floor.append(_ok(*bare.timed("POST", f"/step/{number}", body)))
    return ours[WARM:], floor[WARM:]


def _ok(milliseconds: float, status: int, content: bytes) -> float:
    if status != 200:
        raise RuntimeError(f"answered {status}: {content[:500].decode()}")
    return milliseconds
