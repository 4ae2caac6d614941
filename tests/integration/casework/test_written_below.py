"""What a step reads of cases below and above its own is asked whether it is as recorded: a fact put back later decides nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import handlers
from service.casework.access.actor import SYSTEM
from service.casework.access.altered_state import StateAltered
from service.casework.due.retry_incident import retry_incident
from service.casework.simulate.playing.play import play_move
from service.casework.simulate.scenarios.scenario import read_scenario
from service.casework.simulate.stage.stage import PlayState, open_stage
from service.casework.step.step import open_step
from service.catalog import load_catalog
from service.sdk import operations
from service.store import Store
from tests.support.exampleton import RUNNING, season
from tests.support.first_start import first_start
from tests.support.passing import CALENDARS
from tests.support.tree import lay_out

pytestmark = pytest.mark.share(2)

COUNTY = Path(__file__).parents[2] / "data" / "pieces"
CALLED = """
title: 提请表决
start: 2026-03-02
organisations: {甲: {name: 甲公司}, 乙: {name: 乙公司}}
steps:
  - {members: {role: committee, count: 3}}
  - {at: 2026-03-02 09:00, as: office, start: round, name: 届}
  - {every: [甲, 乙], as: $, start: application, parent: 届, name: $, with: {merit: 特色}}
  - {as: office, case: 届, complete: close_call, with: {note: 截止}}
"""
handlers.load()


@pytest.fixture
def called(store: Store, tmp_path: Path) -> PlayState:
    """A round with two applications, about to be put to the vote, in an installation whose rows must all be on record."""
    package = load_catalog(lay_out(tmp_path / "tree", COUNTY)).package("millbrook/ballot_prize")
    scenario = read_scenario(CALLED.encode(), "called.yaml")
    stage = open_stage(store, package, scenario, CALENDARS, operations())
    for move in scenario.moves[:-1]:
        assert play_move(stage, move) == []
    first_start(stage.desk)
    return stage


def executed(stage: PlayState, sql: str, **values: Any) -> list[Any]:
    """Do what somebody does who has the database alone."""
    with stage.desk.store.write() as tx:
        done = tx._connection.execute(sa.text(sql), values)
        return list(done.all()) if done.returns_rows else []


@contextmanager
def meanwhile(stage: PlayState, column: str, value: str, case: int) -> Iterator[None]:
    """Let the row of a case hold ``value`` (SQL), and put back afterwards what it held."""
    ((was,),) = executed(stage, f"select {column} from case_instance where id = {case}")
    was = json.dumps(was) if isinstance(was, dict) else was
    executed(stage, f"update case_instance set {column} = {value} where id = {case}")
    yield
    executed(stage, f"update case_instance set {column} = :was where id = {case}", was=was)


def close_call(stage: PlayState) -> None:
    move = read_scenario(CALLED.encode(), "called.yaml").moves[-1]
    assert play_move(stage, move) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [("facts", '\'{"merit": "别的"}\''), ("subject_id", "1"), ("status", "'running'"), ("outcome", "'refused'")],
)
def test_no_ballot_is_called_on_a_case_below_that_was_changed_meanwhile(
    called: PlayState, column: str, value: str
) -> None:
    """What the office sent is kept; the ballot waits with an incident that names case, table and column, and then opens."""
    below = called.case("甲")
    with meanwhile(called, column, value, below):
        close_call(called)
        assert executed(called, "select * from ballot") == []
    with called.desk.store.read() as tx:
        (waiting,) = tx.incidents.list_open()
    assert waiting.case_id == called.case("届")
    assert f"{column} of case {below} (row {below} of table case_instance)" in waiting.what["en"]
    office = called.cast.actor("office")
    admin = replace(office, seats=tuple(replace(seat, role="administrator") for seat in office.seats))
    retry_incident(called.desk, admin, waiting.id)
    with called.desk.store.read() as tx:
        (ballot,) = tx.ballots.of_case(called.case("届"))
    assert {one["name"] for one in ballot.candidates} == {"甲公司", "乙公司"}


READ: list[tuple[str, Callable[[Any], object], str, str]] = [
    ("a case above", lambda step: step.scope["round"], "甲", "届"),
    ("the cases beside", lambda step: step.scope["siblings"], "甲", "乙"),
    ("all cases beside", lambda step: step.scope["beside"], "甲", "乙"),
    ("the cases below", lambda step: step.scope["children"], "届", "乙"),
]


@pytest.mark.parametrize(("reads", "of", "other"), [one[1:] for one in READ], ids=[one[0] for one in READ])
def test_a_step_reads_no_case_around_it_that_was_changed(
    called: PlayState, reads: Callable[[Any], object], of: str, other: str
) -> None:
    around = called.case(other)
    with meanwhile(called, "title", "'别的'", around), called.desk.store.write() as tx:
        step = open_step(called.desk, tx, called.case(of), SYSTEM)
        with pytest.raises(StateAltered, match=f"办件 {around} 存储的"):
            reads(step)
    with called.desk.store.write() as tx:
        reads(open_step(called.desk, tx, called.case(of), SYSTEM))


def statements_of_a_step(stage: PlayState) -> int:
    """How many statements a step of the round takes that reads the cases below it."""
    with stage.desk.store.statements() as seen, stage.desk.store.write() as tx:
        open_step(stage.desk, tx, stage.case("届"), SYSTEM).scope["children"]
    return len(seen)


def test_a_case_below_that_bears_no_seal_is_looked_up_once(called: PlayState) -> None:
    """It is one of a program before; what was found sound is not asked again until something of it changes."""
    executed(called, f"update case_instance set state_seal = null where id = {called.case('乙')}")
    for _ in range(2):
        with called.desk.store.write() as tx:
            assert len(open_step(called.desk, tx, called.case("届"), SYSTEM).scope["children"]) == 2
    assert len(called.desk.store.booked.sound) == 1
    asked = statements_of_a_step(called)
    called.desk.store.booked.forget()  # as every day, when all is compared
    assert statements_of_a_step(called) == asked
    with (
        meanwhile(called, "facts", "'{}'", called.case("乙")),
        called.desk.store.write() as tx,
        pytest.raises(StateAltered) as found,
    ):
        open_step(called.desk, tx, called.case("届"), SYSTEM).scope["children"]
    assert found.value.columns == ("facts",)


OBJECTED = (
    RUNNING
    + """
  - {at: 2026-03-03 10:00, as: office, lodge: objection, parent: 甲, notice: 届/winners, name: 异,
     with: {kind: person, name: 李某, telephone: '13900000000', address: 北区一号, email: null, signature: 李某, identity_proof: 'file:证.pdf',
     content: 甲公司去年发生重大质量事故。, evidence_list: 通报, evidence: 'file:通报.pdf', declared: true}}
"""
)


def test_no_objection_is_said_to_have_ended(store: Store, tmp_path: Path) -> None:
    """The round waits while somebody objects to an application: a row that says otherwise is refused, two levels below."""
    stage = season(store, tmp_path, OBJECTED)
    first_start(stage.desk)
    objection = stage.case("异")
    with meanwhile(stage, "status", "'ended'", objection), stage.desk.store.write() as tx:
        step = open_step(stage.desk, tx, stage.case("届"), SYSTEM)
        with pytest.raises(StateAltered, match=f"办件 {objection} 存储的"):
            step.scope["children"]
    with stage.desk.store.write() as tx:
        scope = open_step(stage.desk, tx, stage.case("届"), SYSTEM).scope
        assert [one["open_objections"] for one in scope["children"]] == [1, 0, 0]
        assert [[(o["id"], o["status"], o["stage"]) for o in one["objection_cases"]] for one in scope["children"]] == [
            [(objection, "running", "checking")],
            [],
            [],
        ]
        assert [one["objections"] for one in scope["notices"]] == [1]  # counted by the case of the objection
