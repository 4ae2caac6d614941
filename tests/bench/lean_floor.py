"""The lean floor: what is left when a step does nothing but what every such step must.

A bare Flask route under the same server decodes the same JSON; the library loads an instance of the same diagram over
the shared spec, completes a person's task, runs on and is saved; one durable commit writes as many bytes as the product.

usage: lean_floor.py FOLDER PORT   (FOLDER holds diagram.bpmn and floor.json)
"""

from __future__ import annotations

import json
import sqlite3
import sys
import threading
from pathlib import Path

import orjson
import waitress
from flask import Flask, Response, request
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.spiff.serializer.config import SPIFF_CONFIG
from SpiffWorkflow.util.task import TaskState


def serializer_of(spec) -> BpmnWorkflowSerializer:
    """Return the library's serializer; it stores the specification by name, for all instances share the parsed one."""
    registry = BpmnWorkflowSerializer.configure(SPIFF_CONFIG)
    registry.register(BpmnProcessSpec, lambda _spec: {"id": spec.name}, lambda _dct: spec)
    return BpmnWorkflowSerializer(registry)


def main() -> None:
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    told = json.loads((folder / "floor.json").read_text())
    parser = SpiffBpmnParser()
    parser.add_bpmn_str((folder / "diagram.bpmn").read_bytes(), filename="diagram.bpmn")
    spec = parser.get_spec(told["process"])
    serializer = serializer_of(spec)
    workflow = BpmnWorkflow(spec)
    workflow.do_engine_steps()
    state = orjson.dumps(serializer.to_dict(workflow))
    database = sqlite3.connect(folder / "lean.db", check_same_thread=False, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        database.execute(f"PRAGMA {pragma}")
    database.execute("CREATE TABLE state(id INTEGER PRIMARY KEY, data BLOB, rest BLOB)")
    database.execute("INSERT INTO state VALUES (0, ?, NULL)", (state,))
    lock, app = threading.Lock(), Flask("lean")
    rest = b"x" * max(0, told["bytes"] - len(state))

    @app.post("/step/<int:number>")
    def step(number: int):
        form = orjson.loads(request.get_data())
        with lock:
            (data,) = database.execute("SELECT data FROM state WHERE id = 0").fetchone()
        instance = serializer.from_dict(orjson.loads(data))
        task = instance.get_next_task(state=TaskState.READY, manual=True)
        task.set_data(**form["values"])
        task.run()
        instance.do_engine_steps()
        saved = orjson.dumps(serializer.to_dict(instance))
        with lock:
            database.execute("BEGIN IMMEDIATE")
            database.execute("INSERT INTO state VALUES (?, ?, ?)", (number, saved, rest))
            database.execute("COMMIT")
        return Response(orjson.dumps({"case_id": number, "next_task_id": None}), mimetype="application/json")

    waitress.serve(app, host="127.0.0.1", port=port, threads=8, _quiet=True)


if __name__ == "__main__":
    main()
