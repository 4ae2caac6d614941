"""Running cases as a version of the program stored them, with the diagrams they ran on and what one more step made of them.

``python -m tests.support.stored_cases`` plays the seasons of the cities and keeps a few cases, so that every diagram is
under way in one of them. It is run before the way in which cases are stored or diagrams are read changes, never after.
"""

from __future__ import annotations

import json
import lzma
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import handlers
from service.casework.simulate import play, read_scenario
from service.casework.simulate.stage.empty_store import empty_store
from service.catalog.feel import FUNCTIONS
from service.domain.calendar import WorkingCalendar
from service.domain.errors import LaurelError
from service.engine import Engine, Environment, Instance
from service.sdk import operations
from tests.scenarios.mutants import package_of, scenarios
from tests.support.passing import CALENDARS

STORED = Path(__file__).parents[1] / "data" / "stored" / "cases.json.xz"
NOON = datetime(2026, 6, 1, 4, tzinfo=UTC)
"""The instant at which every stored case takes its step."""
_DRAWING = re.compile(r"<bpmndi:BPMNDiagram.*</bpmndi:BPMNDiagram>", re.DOTALL)
Place = tuple[str, str, str]
"""Process, element, state of a token."""


@dataclass(frozen=True, slots=True)
class StoredCase:
    """A case in the midst of ``process``: its bytes, what surrounds it, one wait of it, and where it stands after that."""

    award: str
    process: str
    state: bytes
    variables: Mapping[str, Any]
    act: tuple[str, str]
    before: tuple[Place, ...]
    after: tuple[Place, ...]


def stored_cases() -> tuple[dict[str, dict[str, bytes]], list[StoredCase]]:
    """Return the diagrams by award and path, and the cases."""
    kept = json.loads(lzma.decompress(STORED.read_bytes()))
    diagrams = {
        award: {path: kept["files"][mark].encode() for path, mark in paths.items()}
        for award, paths in kept["diagrams"].items()
    }
    return diagrams, [_case(row) for row in kept["cases"]]


def _case(row: Mapping[str, Any]) -> StoredCase:
    before, after = (tuple((p[0], p[1], p[2]) for p in row[when]) for when in ("before", "after"))
    state = zlib.compress(row["state"].encode())
    return StoredCase(
        row["award"], row["process"], state, row["variables"], (row["act"][0], row["act"][1]), before, after
    )


def surroundings(variables: Mapping[str, Any]) -> Environment:
    """Return the same surroundings whenever a case takes its step."""
    return Environment(NOON, WorkingCalendar(()), dict(variables))


def places(instance: Instance) -> tuple[Place, ...]:
    """Return where an instance stands."""
    return tuple(sorted((t.process_id, t.element_id, str(t.state)) for t in instance.tokens()))


def waits(instance: Instance) -> Iterator[tuple[str, str, str]]:
    """Yield all that an instance waits for: the process that waits, how to go on, and what for."""
    for task in instance.person_tasks():
        yield task.process_id, "person", task.id
    for call in instance.service_calls():
        yield call.process_id, "service", call.id
    for message in instance.message_waits():
        yield message.process_id, "message", message.name
    for timer in instance.timers():
        yield timer.process_id, "timer", timer.id


def take(instance: Instance, act: tuple[str, str]) -> None:
    """Take one step."""
    how, what = act
    if how == "person":
        instance.complete_person(what, {})
    elif how == "service":
        instance.complete_service(what, None)
    elif how == "message":
        instance.deliver(what)
    else:
        instance.fire(what)


class _Collector:
    """Looks at every state that seasons store, and keeps for each process the first that takes a step in it.

    For one in which nothing ever waits it keeps a case that stands in what it calls, or has gone through it.
    """

    def __init__(self, award: str, engine: Engine, missing: set[str]) -> None:
        self.award, self.engine, self.missing = award, engine, missing
        self.cases: list[dict[str, Any]] = []
        self.beside: dict[str, dict[str, Any]] = {}

    def look(self, instance: Instance, state: bytes, variables: Mapping[str, Any]) -> None:
        here = {process for process, _ in instance.visited()} & self.missing
        if not here:
            return
        try:
            said = {name: json.loads(json.dumps(dict(variables[name]), default=str)) for name in ("param", "case")}
            fresh = self.engine.restore(self.award, state, surroundings(said))
            for process, how, what in [*waits(fresh)]:
                if process in self.missing and (case := self._tried(process, state, said, (how, what))):
                    self.cases.append(case)
                    self.missing.discard(process)
                elif here - self.beside.keys() and (case := self._tried("", state, said, (how, what))):
                    self.beside |= {each: {**case, "process": each} for each in here - self.beside.keys()}
        except (LaurelError, KeyError) as refused:
            print(f"passed over in {self.award}: {refused}")

    def _tried(
        self, process: str, state: bytes, said: Mapping[str, Any], act: tuple[str, str]
    ) -> dict[str, Any] | None:
        instance = self.engine.restore(self.award, state, surroundings(said))
        before = places(instance)
        try:
            take(instance, act)
        except LaurelError:
            return None
        instance.dump()
        after = places(instance)
        if after == before:
            return None
        text = zlib.decompress(state).decode()
        return {"award": self.award, "process": process, "state": text, "variables": said, "act": act, "before": before,
                "after": after}  # fmt: skip


def begun(engine: Engine, award: str, process: str, said: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a case that waits for the program where nothing else of its process ever waits."""
    instance = engine.start(award, process, {}, surroundings(said))
    state, before = instance.dump(), places(instance)
    for call in instance.service_calls()[:1]:
        take(instance, ("service", call.id))
        text = zlib.decompress(state).decode()
        yield {"award": award, "process": process, "state": text, "variables": said, "act": ("service", call.id),
               "before": before, "after": places(instance)}  # fmt: skip


def collect(award: str, known: set[str]) -> tuple[dict[str, bytes], list[dict[str, Any]]]:
    """Play the seasons of an award; returns its diagrams and the cases kept of processes that are not ``known`` yet."""
    package = package_of(award)
    engine = Engine(FUNCTIONS)
    engine.load(award, package.diagram_files)
    collector = _Collector(award, engine, set(package.processes) - known)
    keep = Engine.keep

    def seen(self: Engine, key: str, state: bytes, instance: Instance) -> None:
        collector.look(instance, state, instance._scripts.env.variables)
        keep(self, key, state, instance)

    Engine.keep = seen  # type: ignore[method-assign]
    try:
        for path in scenarios(package).values():
            with empty_store() as store:
                play(store, package, read_scenario(path.read_bytes(), path.name), CALENDARS, operations())
            if not collector.missing:
                break
    finally:
        Engine.keep = keep  # type: ignore[method-assign]
    beside = [case for process, case in collector.beside.items() if process in collector.missing]
    found = [*collector.cases, *beside]
    for process in sorted(collector.missing - collector.beside.keys()):
        found += begun(engine, award, process, found[0]["variables"] if found else {"param": {}, "case": {}})
    return package.diagram_files, found


def main() -> None:
    """Write the file anew, of the program as it is."""
    handlers.load()
    files: dict[str, str] = {}
    diagrams: dict[str, dict[str, str]] = {}
    cases: list[dict[str, Any]] = []
    for path in sorted((Path(__file__).parents[2] / "processes").glob("*/*/award.yaml")):
        award = f"{path.parent.parent.name}/{path.parent.name}"
        own, found = collect(award, {case["process"] for case in cases})
        diagrams[award] = {}
        for name, content in own.items():
            undrawn = re.sub(r">\s+<", "><", _DRAWING.sub("", content.decode()))
            mark = next((m for m, text in files.items() if text == undrawn), str(len(files)))
            files[mark] = undrawn
            diagrams[award][name] = mark
        cases += found
        print(award, len(found), "cases")
    text = json.dumps({"files": files, "diagrams": diagrams, "cases": cases}, ensure_ascii=False)
    STORED.parent.mkdir(parents=True, exist_ok=True)
    STORED.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


if __name__ == "__main__":
    main()
