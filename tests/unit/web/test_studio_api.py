"""Every act of the studio is a use case and a call of the interface for programs."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

from flask import Flask

import service.casework.studio
import service.web.api
from service.casework.access.guards import GUARDED
from service.web.api.blueprint import API
from service.web.api.openapi import document
from service.web.api.operation import ROUTES

STUDIO = "service.casework.studio."
PARTS_OF_OTHER_ACTS = {
    "await_job": "for pages that follow a job; programs ask /drafts/ID/jobs/JOB",
    "compare_again": "part of starting a job again, /drafts/ID/jobs/JOB/again",
    "count_held": "its list is a call: /drafts/ID/held",
    "count_scenarios": "told by /drafts/ID/publication",
    "diagram_of": "a diagram is a file: /drafts/ID/file",
    "drafted_city": "pages lead to it; programs list /drafts before they begin a place",
    "drop_recording": "part of giving a recording up and of saving it",
    "hold_save": "part of saving a file that meets another's change",
    "keep_recording": "part of beginning a recording",
    "open_new_package": "for the commands alone: a folder of a place that was never published",
    "preview_again": "starts a preview again, which programs do not ask for",
    "preview_assistance": "for a page that shows how far it is; programs ask /drafts/ID/assistance",
    "preview_condition": "for a page that shows how far it is; programs ask /drafts/ID/condition",
    "recording_of": "part of every act of a recording",
    "records": "whether there is a recording is told by /drafts/ID/recording",
    "save_files": "part of acts that write several files",
    "start_job": "part of every long work",
    "view_preview": "what pages of assistants show; programs are answered by /drafts/ID/condition and /drafts/ID/assistance",
    "write_file": "part of saving a file",
    "write_files": "part of saving files",
}
"""Use cases without a call of their own, and why."""


def use_cases() -> set[str]:
    """The guarded functions of the studio."""
    for info in pkgutil.walk_packages(service.casework.studio.__path__, STUDIO):
        importlib.import_module(info.name)
    names = {name.rpartition(".")[2] for name in GUARDED if name.startswith(STUDIO)}
    return {name for name in names if not name.startswith("_")}


def called_by_routes() -> set[str]:
    """What the functions behind the routes of the interface call, over functions of the same modules."""
    calls: dict[str, set[str]] = {}
    for file in sorted(Path(inspect.getfile(service.web.api)).parent.rglob("*.py")):
        for node in ast.parse(file.read_text()).body:
            if isinstance(node, ast.FunctionDef):
                names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
                calls[node.name] = calls.get(node.name, set()) | names
    reached = {route for route in _works() if route in calls}
    waiting = set(reached)
    while waiting:
        found = {name for work in waiting for name in calls.get(work, ())} - reached
        reached |= found
        waiting = found & calls.keys()
    return reached


def _works() -> set[str]:
    app = Flask(__name__)
    app.register_blueprint(API)
    return {rule.endpoint.removeprefix("api.") for rule in app.url_map.iter_rules()}


def test_every_act_of_the_studio_is_a_call() -> None:
    missing = use_cases() - called_by_routes() - PARTS_OF_OTHER_ACTS.keys()
    assert not missing, f"add a route in service/web/api for: {sorted(missing)}"


def test_the_exceptions_are_use_cases_that_no_route_calls() -> None:
    assert PARTS_OF_OTHER_ACTS.keys() <= use_cases()
    assert not PARTS_OF_OTHER_ACTS.keys() & called_by_routes()


def test_every_route_is_described_with_what_it_takes_and_gives() -> None:
    paths = document()["paths"]
    for route in ROUTES:
        place = "/api/v1" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.path)
        told = paths[place][route.method.lower()]
        assert told["summary"]
        assert ("requestBody" in told) == (route.body is not None)
