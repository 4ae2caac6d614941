"""Put what a step brings into the files of a place: kinds of case, facts, actions, parameters, roles, bodies; what is there stays."""

from __future__ import annotations

from typing import Any

from service.catalog.new_city.blank import parameter_entry
from service.catalog.new_city.rows import flowing
from service.catalog.new_city.said_anew import said_anew
from service.catalog.new_city.site import Rows, StepPieces
from service.catalog.package import Package
from service.catalog.parameters.parameter_entries import add_parameter
from service.catalog.source.format_yaml import dump_yaml, load_yaml


def put_award(content: bytes, pieces: StepPieces) -> bytes:
    """Return award.yaml with the processes, facts and actions that are not there yet."""
    document = load_yaml(content.decode())
    processes = document["processes"]
    put_missing(processes, flowing(pieces.processes))
    for name, facts in (("round", pieces.round_facts), ("application", pieces.application_facts)):
        if facts:
            put_missing(processes[name].setdefault("facts", {}), facts)
    if pieces.actions:
        put_missing(document.setdefault("actions", {}), flowing(pieces.actions))
    return dump_yaml(document).encode()


def put_place(content: bytes, pieces: StepPieces, answered: bool) -> bytes:
    """Return jurisdiction.yaml with the roles, bodies and bindings; a binding that was ``answered`` takes the place of another."""
    document = load_yaml(content.decode())
    put_missing(document["roles"], flowing({"roles": pieces.roles})["roles"])
    known = {body["id"] for body in document["bodies"]}
    document["bodies"].extend(flowing({"b": [body]})["b"][0] for body in pieces.bodies if body["id"] not in known)
    if pieces.bindings:
        bound = document.setdefault("bindings", {})
        bound.update({role: to for role, to in pieces.bindings.items() if answered or role not in bound})
    return dump_yaml(document).encode()


def put_parameters(content: bytes, package: Package, pieces: StepPieces, clause: str) -> bytes:
    """Return parameters.yaml with the parameters, for ``clause``; what was answered anew takes the place of what is there."""
    text = content.decode()
    known = load_yaml(text)["parameters"]
    for ident, parameter in pieces.parameters.items():
        if ident not in known and ident not in package.award.parameters:
            text = add_parameter(text, ident, parameter_entry((clause,), parameter))
        elif (parameter.said or parameter.answered) and ident in known:
            text = said_anew(text, package, ident, parameter, clause)
    return text.encode()


def put_missing(held: Any, wanted: Rows) -> None:
    """Put into a mapping what it has not."""
    held.update({key: value for key, value in wanted.items() if key not in held})
