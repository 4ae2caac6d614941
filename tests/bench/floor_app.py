"""The floor: a bare Flask route that does what any such system must, with nothing of ours.

SpiffWorkflow loads an instance from bytes (shared spec), completes one person's task, runs on and
is saved; one durable commit writes as many bytes as the product writes. Conditions are answered
from a table, so that no expression language costs anything.

usage: floor_app.py FOLDER PORT   (FOLDER holds diagrams/*.bpmn, floor.json and states.db)
"""

from __future__ import annotations

import json
import sqlite3
import sys
import threading
import zlib
from pathlib import Path

import waitress
from flask import Flask, jsonify, request
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.helpers import BpmnConverter
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.spiff.parser.task_spec import ServiceTaskParser
from SpiffWorkflow.spiff.serializer.config import SPIFF_CONFIG
from SpiffWorkflow.spiff.serializer.task_spec import ServiceTaskConverter
from SpiffWorkflow.spiff.specs.defaults import ServiceTask
from SpiffWorkflow.util.task import TaskState


class NothingToDo(ServiceTask):
    """A service task that is done at once."""

    def _execute(self, task):
        return True


class Parser(SpiffBpmnParser):
    OVERRIDE_PARSER_CLASSES = SpiffBpmnParser.OVERRIDE_PARSER_CLASSES | {
        full_tag("serviceTask"): (ServiceTaskParser, NothingToDo)
    }


class Answers(PythonScriptEngine):
    """Answers every expression from a table; what is not in it is true."""

    def __init__(self, table):
        super().__init__()
        self.table = table

    def evaluate(self, task, expression, external_context=None):
        return self.table.get(expression.strip(), True)

    def execute(self, task, script, external_context=None):
        return True


class Reference(BpmnConverter):
    """Stores a spec by its name: all instances share the parsed one."""

    def __init__(self, specs, registry):
        super().__init__(BpmnProcessSpec, registry)
        self.specs = specs

    def to_dict(self, spec):
        return {"id": spec.name}

    def from_dict(self, dct):
        return self.specs[dct["id"]]


def build(folder: Path):
    """Return (serializer, start function, script engine) over the diagrams of ``folder``."""
    told = json.loads((folder / "floor.json").read_text())
    parser = Parser()
    for path in sorted((folder / "diagrams").glob("*.bpmn")):
        parser.add_bpmn_str(path.read_bytes(), filename=path.name)
    spec, subs = parser.get_spec(told["process"]), parser.get_subprocess_specs(told["process"])
    registry = BpmnWorkflowSerializer.configure(SPIFF_CONFIG | {NothingToDo: ServiceTaskConverter})
    Reference({spec.name: spec, **subs}, registry)
    script = Answers(told["answers"])
    return BpmnWorkflowSerializer(registry), (lambda: BpmnWorkflow(spec, subs, script_engine=script)), script, told


def advance(workflow) -> None:
    workflow.refresh_timers()
    while workflow.get_next_task(state=TaskState.READY, manual=False) is not None:
        workflow.do_engine_steps()


def dump(serializer, workflow) -> bytes:
    return zlib.compress(serializer.serialize_json(workflow).encode(), 1)


def main() -> None:
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    serializer, start, script, told = build(folder)
    workflow = start()
    for _ in range(50):
        advance(workflow)
        task = workflow.get_next_task(state=TaskState.READY, manual=True)
        if task is None or task.task_spec.bpmn_id == told["task"]:
            break
        task.run()
    print("the floor's instance has", len(list(workflow.get_tasks())), "tasks", flush=True)
    assert task is not None, "the floor's instance never reached the task that is measured"
    state = dump(serializer, workflow)
    database = sqlite3.connect(folder / "states.db", check_same_thread=False, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        database.execute(f"PRAGMA {pragma}")
    database.execute("CREATE TABLE IF NOT EXISTS state(id INTEGER PRIMARY KEY, data BLOB)")
    database.execute("INSERT OR REPLACE INTO state VALUES (0, ?)", (state,))
    lock, app = threading.Lock(), Flask("floor")
    padding = b"x" * max(0, told["bytes"] - len(state))

    @app.post("/step/<int:number>")
    def step(number: int):
        form = request.get_json()
        (data,) = database.execute("SELECT data FROM state WHERE id = 0").fetchone()
        workflow = serializer.deserialize_json(zlib.decompress(data))
        workflow.script_engine = script
        task = workflow.get_next_task(state=TaskState.READY, manual=True)
        task.set_data(**{k: v for k, v in form["values"].items() if isinstance(v, str)})
        task.run()
        advance(workflow)
        saved = dump(serializer, workflow) + padding
        with lock:
            database.execute("BEGIN IMMEDIATE")
            database.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (number + 1, saved))
            database.execute("COMMIT")
        return jsonify(case_id=number)

    waitress.serve(app, host="127.0.0.1", port=port, threads=8, _quiet=True)


if __name__ == "__main__":
    main()
