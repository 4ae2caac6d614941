"""The smallest award there is: a case of two tasks, one of ten, and two that wait for an hour and for a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

import handlers
from service.casework.access.actor import Actor, Seat
from service.casework.assemble import desk_over
from service.casework.cases.start import start_case
from service.casework.definitions.publish import publish_package
from service.casework.desk.clock import Clock, VirtualClock
from service.casework.desk.desk import Desk
from service.catalog import Package
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.sdk import operations
from service.store import Store
from service.store.models import MembershipRow, PersonRow
from tests.support.keys import keys_beside

PACKAGE = "toyville/prize"
START = datetime(2026, 3, 2, 1, tzinfo=UTC)
FORM = {"opinion": "同意推荐", "days": 5}
"""What is filled in at every task."""
TASKS = ("first", "second")
"""The tasks of the kind of case ``two``."""

_JURISDICTION = """\
id: toyville
name: 玩具市
name_en: Toyville
calendar: cn
start_rule: next_day
roll: rest_day
law: {title: 玩具市质量奖管理办法, title_en: Toyville Rules, issued: 2025-11-18, from: 2025-12-20, until: 2030-12-19}
roles:
  office: {name: 办公室, name_en: Office}
bodies:
  - {id: office, name: 玩具市质量奖办公室, name_en: Office, kind: office, roles: [office], area: 全市, phone: 0991-0000000}
"""
_LAW = """\
law: 玩具市质量奖管理办法
clauses:
  - {id: TY-1, article: 第一条, kind: procedure, summary: 办公室逐项办理。}
"""
_AWARD = """\
format: 2
id: prize
name: 玩具市质量奖
name_en: Toyville Prize
tiers:
  - {id: prize, name: 质量奖, name_en: Prize, clauses: [TY-1]}
processes:
  two: {process: toyville_two, name: 两步, name_en: Two, started_by: [office]}
  ten: {process: toyville_ten, name: 十步, name_en: Ten, started_by: [office]}
  timer: {process: toyville_timer, name: 等待, name_en: Timer, started_by: [office]}
  soon: {process: toyville_soon, name: 稍候, name_en: Soon, started_by: [office]}
"""
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="toyville_{0}_file" targetNamespace="http://laurel">'
    '<bpmn:process id="toyville_{0}" name="{0}" isExecutable="true"><bpmn:startEvent id="start" />{1}'
    '<bpmn:endEvent id="end" name="办结"><bpmn:extensionElements><spiffworkflow:properties>'
    '<spiffworkflow:property name="outcome" value="done" /></spiffworkflow:properties></bpmn:extensionElements>'
    "</bpmn:endEvent>{2}</bpmn:process></bpmn:definitions>"
)
_TASK = (
    '<bpmn:userTask id="{0}" name="办理{0}"><bpmn:extensionElements><spiffworkflow:properties>'
    '<spiffworkflow:property name="role" value="office" /><spiffworkflow:property name="form" value="opinion" />'
    '<spiffworkflow:property name="clauses" value="TY-1" />'
    "</spiffworkflow:properties></bpmn:extensionElements></bpmn:userTask>"
)
_TIMER = (
    '<bpmn:intermediateCatchEvent id="wait" name="等一小时"><bpmn:timerEventDefinition id="wait_for">'
    '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">duration("PT1H")</bpmn:timeDuration>'
    "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
)
_OPINION = {
    "type": "default",
    "id": "opinion",
    "schemaVersion": 19,
    "properties": {"title": "意见"},
    "components": [
        {"type": "textarea", "id": "opinion", "key": "opinion", "label": "意见", "validate": {"required": True}},
        {"type": "number", "id": "days", "key": "days", "label": "天数", "decimalDigits": 0},
    ],
}


@dataclass
class Toy:
    """The award published on a store, with one person of its office."""

    desk: Desk
    clock: Any
    office: Actor

    def start(self, kind: str, count: int) -> list[int]:
        """Start ``count`` cases of a kind; returns their numbers."""
        return [start_case(self.desk, self.office, PACKAGE, kind, None, {}) for _ in range(count)]

    def waiting(self, cases: list[int]) -> list[tuple[int, int]]:
        """Return number and version of the tasks that wait in ``cases``."""
        with self.desk.store.read() as tx:
            return [(task.id, task.version) for case in cases for task in tx.tasks.open_of_case(case)]


def toy_on(store: Store, clock: Clock | None = None) -> Toy:
    """Publish the award on an empty store, which a start has looked after: none does so beside what is measured."""
    handlers.load()
    clock = clock or VirtualClock(START)
    desk = desk_over(store, load_calendars(bundled_calendars()), operations(), clock=clock)
    with store.write() as tx:
        publish_package(tx, package(), clock.now(), "bench")
        office = tx.bodies.find(jurisdiction="toyville", key="office")
        assert office is not None
        person = tx.people.insert(PersonRow(login="office", name="办公室", created_at=START))
        tx.memberships.give(
            MembershipRow(person_id=person, body_id=office.id, jurisdiction="toyville", role="office", since=START)
        )
    seat = Seat("toyville", "office", office.id, "office", office.name, "office")
    return Toy(desk, clock, Actor(person, "办公室", (seat,)))


def toy_in(folder: Path, url: str = "", clock: Clock | None = None) -> Toy:
    """Publish the award on a new database: a file in ``folder``, or the one at ``url``."""
    store = Store(url or f"sqlite:///{folder}/laurel.db", folder / "files", keys=keys_beside(folder))
    store.migrate()
    return toy_on(store, clock)


def package(words: Mapping[str, str] | None = None) -> Package:
    """Return the award, with other ``words`` in its diagrams where they are given."""
    diagrams = {
        "two": _line(TASKS),
        "ten": _line(tuple(f"step{n}" for n in range(10))),
        "timer": _line(("wait",), _TIMER),
        "soon": _line(("wait",), _TIMER.replace("PT1H", "PT3S")),
    }
    files = {
        "processes/toyville/jurisdiction.yaml": _JURISDICTION.encode(),
        "processes/toyville/law.yaml": _LAW.encode(),
        "processes/toyville/prize/award.yaml": _AWARD.encode(),
        "forms/toyville/opinion.json": orjson.dumps(_OPINION),
        **{f"processes/toyville/prize/{name}.bpmn": _other(diagram, words or {}) for name, diagram in _named(diagrams)},
    }
    found = Package.from_files(files)
    assert not found.problems, found.problems
    return found


def _other(diagram: str, words: Mapping[str, str]) -> bytes:
    for old, new in words.items():
        diagram = diagram.replace(old, new)
    return diagram.encode()


def _named(diagrams: dict[str, tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, _HEAD.format(name, *parts)) for name, parts in diagrams.items()]


def _line(elements: tuple[str, ...], drawn: str = _TASK) -> tuple[str, str]:
    """Return elements one after the other, and the flows between them."""
    places = ("start", *elements, "end")
    flows = "".join(
        f'<bpmn:sequenceFlow id="f{n}" sourceRef="{one}" targetRef="{places[n + 1]}" />'
        for n, one in enumerate(places[:-1])
    )
    return "".join(drawn.format(element) for element in elements), flows
