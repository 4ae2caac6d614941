"""Two steps that count what the other is about to become: places are not given twice, no expert sits twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.cases.start import start_child
from service.casework.review.draw_panel import draw_panel
from service.casework.simulate.stage.stage import PlayState
from service.casework.step.save import save_step
from service.casework.step.step import open_step
from service.casework.step.submission import FormInvalid
from service.casework.tasks.complete import complete_task
from service.sdk.review import DrawOrder
from service.store import Store
from service.store.connections.database import writer_lock
from service.store.models import CaseRow
from tests.support.exampleton import RUNNING, season
from tests.support.lakeside import DIAGRAM, KEY, amended_package, make_lakeside
from tests.support.review import BEGIN, make_review
from tests.support.waiting import ended, until

pytestmark = pytest.mark.both_databases

FORM = f"processes/{KEY}/forms/decide.json"
ONE_REFUSED = {
    DIAGRAM: [("{conditions: exam.result}", "{conditions: 1 - count(siblings[outcome = &quot;refused&quot;])}")],
    FORM: [
        (r"decision != \"accept\" or conditions != \"unknown\"", r"decision != \"refuse\" or conditions > 0"),
        ('"type": "textfield"', '"type": "number"'),
    ],
}
"""At most one of the applications beside each other may be refused."""

_WAITING = sa.text(
    "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
)
"""Who waits for a row waits for a transaction, which ``pg_locks`` counts to no database."""


def both(store: Store, url: str, point: str, first: Callable[[], object], second: Callable[[], object]) -> None:
    """Do ``first``, and at its ``point`` begin ``second``; the first goes on once the other waits for it or is over."""
    other = threading.Thread(target=second)
    mine = threading.get_ident()
    looking = sa.create_engine(url)

    def waits() -> bool:
        if store.dialect == "sqlite":
            return bool(writer_lock(store._engine.url.database or "")._waiting)
        with looking.connect() as line:
            return bool(line.scalar(_WAITING))

    def begin_second(name: str) -> None:
        if name == point and threading.get_ident() == mine and not other.ident:
            other.start()
            until(lambda: not other.is_alive() or waits(), what="the second waits for the first")

    store.crash_point = begin_second
    first()
    ended(other)
    looking.dispose()


def test_when_two_clerks_use_the_last_place_at_once_then_one_of_them_is_told_that_none_is_left(
    store: Store, database_url: str
) -> None:
    town = make_lakeside(store)
    town.deploy(amended_package(ONE_REFUSED))
    cases = [town.start(name) for name in ("first", "second")]
    said: list[str] = []

    def refuse(case: int) -> Callable[[], None]:
        (task,) = town.tasks(case)

        def done() -> None:
            try:
                complete_task(
                    town.desk, town.office, task.id, task.version, {"decision": "refuse", "reason": "材料不实"}
                )
                said.append("refused")
            except FormInvalid:
                said.append("no place")

        return done

    both(store, database_url, "form-recorded", *map(refuse, cases))

    assert sorted(said) == ["no place", "refused"]
    with store.read() as tx:
        assert [tx.cases.get(case).outcome for case in cases] == ["refused", None]


def test_when_two_panels_are_drawn_at_once_then_no_expert_sits_on_both(store: Store, database_url: str) -> None:
    bench = make_review(store, *BEGIN, "{as: 乙, start: application, parent: 届, name: 乙, with: {merit: 特色}}")
    order = DrawOrder("field", 3, condition="expert.panels = 0")
    office = bench.actor("office")
    seated: list[int] = []

    def draw(nick: str) -> Callable[[], None]:
        def done() -> None:
            with store.write() as tx:
                step = open_step(bench.desk, tx, bench.case(nick), office)
                seated.extend(draw_panel(step, order, ()).members)
                tx.crash("drawn")

        return done

    both(store, database_url, "drawn", draw("甲"), draw("乙"))

    assert len(seated) == len(set(seated)) == 3  # two of the five are left, too few for the other panel


OBJECTION = """
  - {as: 甲, lodge: objection, parent: 甲, notice: 届/winners, name: %s, with: {kind: person, name: 李某,
     telephone: '13900000000', address: 示例市北区一号, email: null, signature: 李某, identity_proof: 'file:身份证.pdf',
     content: %s, evidence_list: 事故通报, evidence: 'file:通报.pdf', declared: true}}
"""
TWO_OBJECTIONS = (
    RUNNING + OBJECTION % ("异一", "甲公司去年发生重大质量事故。") + OBJECTION % ("异二", "甲公司的检测报告系伪造。")
)


def upheld(stage: PlayState, number: str, found: str) -> Callable[[], None]:
    """Queue what follows from an objection of 甲 that was upheld; returns the step that starts it, as the sweeper does."""
    desk, ident = stage.desk, stage.cases[number]
    with desk.store.write() as tx:
        step = open_step(desk, tx, ident, SYSTEM)
        subject = tx.cases.get(stage.cases["甲"]).subject_id
        payload = {"process": "misuse", "subject": subject, "facts": {"misuse": found}, "join": ["misuse"]}
        step.queue("start", f"start:{number}", {**payload, "in_turn": True, "actor": "系统"})
        save_step(step)
    with desk.store.write() as tx:
        item = tx.work.claim(stage.clock.now(), "sweeper")
    assert item is not None
    assert item.effect_key == f"start:{number}"

    def start() -> None:
        """Start it; who waits in vain for the other's lock tries again, as the sweeper does."""
        for left in reversed(range(20)):
            try:
                start_child(desk, item)
            except sa.exc.OperationalError:
                if not left:
                    raise
            else:
                return

    return start


def begun(stage: PlayState) -> list[CaseRow]:
    with stage.desk.store.read() as tx:
        return [
            one for name in ("异一", "异二") for one in tx.cases.select(parent_id=stage.cases[name], process="misuse")
        ]


def test_when_two_objections_are_upheld_at_once_then_one_case_begins_and_has_both(
    store: Store, database_url: str, tmp_path: Path
) -> None:
    stage = season(store, tmp_path, TWO_OBJECTIONS)
    both(store, database_url, "before-commit", upheld(stage, "异一", "重大事故"), upheld(stage, "异二", "伪造报告"))
    (case,) = begun(stage)
    assert case.facts["misuse"] == "重大事故\n伪造报告"


def test_when_somebody_submits_in_the_case_that_another_objection_joins_then_that_one_waits_its_turn(
    store: Store, database_url: str, tmp_path: Path
) -> None:
    """Whoever is accused there was not heard on the second; the step that joins waits for the row, and for nobody else."""
    stage = season(store, tmp_path, TWO_OBJECTIONS)
    upheld(stage, "异一", "重大事故")()
    stage.drain()
    second = upheld(stage, "异二", "伪造报告")
    (case,) = begun(stage)
    with store.read() as tx:
        (task,) = tx.tasks.select(case_id=case.id)
    answers = {"misuse_result": "misuse", "facts": "在产品上使用称号"}
    office = stage.cast.actor("office")
    both(
        store, database_url, "before-commit", lambda: complete_task(stage.desk, office, task.id, None, answers), second
    )
    (case,) = begun(stage)
    assert case.facts["misuse"] == "重大事故"
    with store.read() as tx:
        waiting = tx.work.of_case(stage.cases["异二"], ("waiting",))
    assert [one.effect_key for one in waiting if one.kind == "start"] == ["start:异二"]
