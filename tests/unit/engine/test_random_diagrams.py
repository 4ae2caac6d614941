"""Random block-structured diagrams, walked at random: nothing gets stuck, lost or left behind."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from random import Random

import orjson
import pytest

from service.engine import Engine, Instance
from service.engine.state import forget_saved
from tests.unit.engine.diagrams import (
    FUNCTIONS,
    MESSAGE,
    Bench,
    boundary,
    chain,
    doc,
    el,
    flow,
    message,
    multi,
    problems,
    process,
    service,
    timer,
    user,
)

Block = tuple[str, str, str]  # its XML, the id it begins with, the id it ends with


@dataclass
class Maker:
    """Makes diagrams; every id and every key is new, so that branches never write the same one."""

    rnd: Random
    count: int = 0
    called: list[str] = field(default_factory=list)

    def id(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count}"

    def process(self, depth: int) -> str:
        pid, start, end = self.id("p"), self.id("s"), self.id("e")
        xml, first, last = self.sequence(depth)
        self.called.append(
            process(
                pid,
                el("startEvent", start),
                el("endEvent", end),
                xml,
                chain(start, first),
                chain(last, end),
                outputs=f"out_{pid}",
            )
        )
        return pid

    def block(self, depth: int) -> Block:
        simple = [self.user, self.service, self.wait]
        rich = [self.sequence, self.sequence, self.choice, self.fork, self.fork, self.inner, self.call, self.items]
        simple += [self.guarded, self.reminded]
        return self.rnd.choice(rich if depth > 0 else simple)(depth - 1)

    def user(self, _depth: int) -> Block:
        eid = self.id("u")
        return user(eid), eid, eid

    def service(self, _depth: int) -> Block:
        eid = self.id("x")
        return service(eid, "work", f"r_{eid}", n="1 + 1"), eid, eid

    def wait(self, _depth: int) -> Block:
        eid = self.id("t")
        return el("intermediateCatchEvent", eid, timer("timeDate", "workdays(3)")), eid, eid

    def sequence(self, depth: int) -> Block:
        (a, a1, a2), (b, b1, b2) = self.block(depth), self.block(depth)
        return a + b + chain(a2, b1), a1, b2

    def choice(self, depth: int) -> Block:
        split, merge = self.id("g"), self.id("m")
        (a, a1, a2), (b, b1, b2) = self.block(depth), self.block(depth)
        gates = el("exclusiveGateway", split, default=f"f_{split}_{b1}") + el("exclusiveGateway", merge)
        return (
            gates + a + b + flow(split, a1, "coin > 0") + flow(split, b1) + chain(a2, merge) + chain(b2, merge),
            split,
            merge,
        )

    def fork(self, depth: int) -> Block:
        split, join = self.id("g"), self.id("j")
        (a, a1, a2), (b, b1, b2) = self.block(depth), self.block(depth)
        gates = el("parallelGateway", split) + el("parallelGateway", join)
        return gates + a + b + chain(split, a1) + chain(split, b1) + chain(a2, join) + chain(b2, join), split, join

    def around(self, activity: str, eid: str) -> Block:
        event, side, merge = self.id("b"), self.id("u"), self.id("m")
        definition = self.rnd.choice([timer("timeDate", "workdays(5)"), message(f"msg_{event}")])
        xml = activity + boundary(event, eid, definition) + user(side) + el("exclusiveGateway", merge)
        return xml + chain(eid, merge) + chain(event, side, merge), eid, merge

    def guarded(self, _depth: int) -> Block:
        eid = self.id("u")
        return self.around(user(eid), eid)

    def reminded(self, _depth: int) -> Block:
        eid, event, side, end = self.id("u"), self.id("b"), self.id("u"), self.id("e")
        xml = user(eid) + boundary(event, eid, timer("timeCycle", '"R2/P1D"'), interrupting=False)
        return xml + user(side) + el("endEvent", end) + chain(event, side, end), eid, eid

    def inner(self, depth: int) -> Block:
        eid, start, end = self.id("i"), self.id("s"), self.id("e")
        xml, first, last = self.block(depth)
        parts = (el("startEvent", start), el("endEvent", end), xml, chain(start, first), chain(last, end))
        return self.around(el("subProcess", eid, *parts), eid)

    def call(self, depth: int) -> Block:
        eid = self.id("c")
        return self.around(el("callActivity", eid, calledElement=self.process(depth)), eid)

    def items(self, depth: int) -> Block:
        eid = self.id("v")
        loop = multi("[1, 2, 3]", f"out_{eid}", item=f"i_{eid}", result=f"r_{eid}", sequential=self.rnd.random() < 0.3)
        if self.rnd.random() < 0.5:
            return self.around(el("userTask", eid, loop), eid)
        return self.around(el("callActivity", eid, loop, calledElement=self.process(depth)), eid)


def step(rnd: Random, inst: Instance) -> bool:
    people, calls, timers, mail = inst.person_tasks(), inst.service_calls(), inst.timers(), inst.message_waits()
    waits = [*people * 5, *calls * 5, *timers, *mail]
    if not waits:
        return False
    chosen = rnd.choice(waits)
    if chosen in people:
        before = inst.previous_person_task(chosen.id)
        if before is not None and rnd.random() < 0.2:
            inst.rewind(before)
        else:
            inst.complete_person(chosen.id, {f"k_{chosen.element_id}": rnd.random()})
    elif chosen in calls:
        inst.complete_service(chosen.id, {"n": rnd.random()})
    elif chosen in timers:
        assert inst.fire(chosen.id)
    else:
        assert inst.deliver("withdraw", {"n": 1})
    return True


def written(state: bytes) -> object:
    """What a blob says; the order of data within a token says nothing."""
    return orjson.loads(zlib.decompress(state))


def picture(inst: Instance) -> tuple[object, ...]:
    return (
        sorted(str(token) for token in inst.tokens()),
        sorted((wait.id, wait.due) for wait in inst.timers()),
        sorted((wait.id, wait.name) for wait in inst.message_waits()),
        {task.id: task.data for task in inst.person_tasks()},
        dict(inst.visited()),
        inst.data(),
    )


@pytest.mark.parametrize("seed", range(40))
def test_given_any_sound_diagram_then_every_walk_ends_and_a_restored_instance_is_the_same(
    bench: Bench, seed: int
) -> None:
    rnd = Random(seed)
    maker = Maker(rnd)
    pid = maker.process(3)
    diagrams = {f"{number}.bpmn": doc(MESSAGE, xml) for number, xml in enumerate(maker.called)}
    engine = Engine(FUNCTIONS)
    assert {p.rule for p in problems(diagrams)} <= {"join_starved"}  # what interrupts a branch may end it
    engine.load("v1", diagrams)
    inst = engine.start("v1", pid, {"coin": rnd.choice([0, 1])}, bench.env())
    for _ in range(400):
        if not step(rnd, inst):
            break
        state = inst.dump()
        again = engine.restore("v1", state, bench.env())
        assert picture(again) == picture(inst)
        assert written(again.dump()) == written(state)
        if rnd.random() < 0.2:
            forget_saved(inst._workflow)
            assert written(inst.dump()) == written(state), "what was kept is no longer so"
        inst = again if rnd.random() < 0.5 else inst
    assert inst.completed, inst.tokens()
    assert (inst.timers(), inst.message_waits(), inst.tokens()) == ((), (), ())
