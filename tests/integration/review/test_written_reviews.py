"""What a review is made from is asked whether it is as recorded at the moment of use: a value put back later hides nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.access.altered_state import RowAltered, StateAltered
from service.casework.desk.desk import Desk
from service.casework.digests.demand import RecordsAltered
from service.casework.due.retry_incident import retry_incident
from service.casework.handler_services.cases import CasePort
from service.casework.queries.tasks.task_form import view_task_form
from service.casework.review.results import agree_scores, collect_scores
from service.casework.step.step import open_step
from service.casework.tasks.complete import complete_task
from tests.support.first_start import first_start
from tests.support.review import DECLARED, SCORED, STAGE, ReviewBench, sheet


def executed(desk: Desk, sql: str, **values: Any) -> list[Any]:
    """Do what somebody does who has the database alone."""
    with desk.store.write() as tx:
        done = tx._connection.execute(sa.text(sql), values)
        return list(done.all()) if done.returns_rows else []


@contextmanager
def meanwhile(desk: Desk, table: str, column: str, value: str, where: str) -> Iterator[None]:
    """Let one row hold ``value`` (SQL), and put back afterwards what it held."""
    ((key, was),) = executed(desk, f"select id, {column} from {table} where {where} order by id limit 1")
    was = json.dumps(was) if isinstance(was, (dict, list)) else was
    executed(desk, f"update {table} set {column} = {value} where id = :key", key=key)
    yield
    executed(desk, f"update {table} set {column} = :was where id = :key", key=key, was=was)


@pytest.mark.parametrize(("column", "value"), [("scores", "'{}'"), ("state", "'dropped'"), ("person_id", "1")])
def test_no_stage_is_scored_from_a_sheet_that_was_changed_meanwhile(here: ReviewBench, column: str, value: str) -> None:
    here.play(DECLARED, SCORED)
    first_start(here.desk)
    with meanwhile(here.desk, "score_sheet", column, value, "kind = 'own'"), here.desk.store.write() as tx:
        step = open_step(here.desk, tx, here.case(), SYSTEM)
        with pytest.raises(RecordsAltered, match=f"表 score_sheet .* {column} 列的值与记录的不同"):
            collect_scores(step, STAGE, "mean", 100, 1)
        with pytest.raises(RecordsAltered, match="score_sheet"):
            agree_scores(step, STAGE)


def test_the_last_sheet_scores_no_stage_while_the_others_are_raised(here: ReviewBench) -> None:
    """What the expert sent is kept; the stage waits with an incident that names table, row and column, and then goes on."""
    one = "{case: 甲, each: score, percent: [60], times: 1}"
    here.play(DECLARED, one, one)
    first_start(here.desk)
    with meanwhile(here.desk, "score_sheet", "scores", "replace(scores, '60', '95')", "kind = 'own'"):
        here.play(one)
        assert executed(here.desk, "select * from stage_score") == []
    with here.desk.store.read() as tx:
        (waiting,) = tx.incidents.list_open()
        assert len(tx.panels.sheets([here.case()], STAGE)) == 3
    assert "column scores in row 1 of table score_sheet is not what was recorded" in waiting.what["en"]
    office = here.actor("office")
    admin = replace(office, seats=tuple(replace(seat, role="administrator") for seat in office.seats))
    retry_incident(here.desk, admin, waiting.id)
    ((points,),) = executed(here.desk, "select points from stage_score")
    assert points == "600/1"


def test_the_draft_of_a_consensus_proposes_nothing_from_sheets_that_were_changed(here: ReviewBench) -> None:
    """Its medians would be submitted as they stand: neither is it shown nor taken until the sheet is back."""
    here.play(DECLARED, SCORED)
    first_start(here.desk)
    (task,) = here.tasks("agree_scores")
    leader = here.member(int(task.assignee_id or 0))
    agreed = {item: {**row, "reason": "已议定"} for item, row in sheet(here, 55).items()}
    with meanwhile(here.desk, "score_sheet", "scores", "replace(scores, '60', '95')", "kind = 'own'"):
        with pytest.raises(RowAltered, match="评审记录在系统之外被改动，正在核查"):
            view_task_form(here.desk, leader, task.id)
        with pytest.raises(RowAltered):
            complete_task(here.desk, leader, task.id, None, agreed)
    with here.desk.store.read() as tx:
        (told,) = tx.incidents.list_open()
    assert "column scores in row 1 of table score_sheet is not what was recorded" in told.what["en"]
    names = executed(here.desk, "select name from person")
    assert not [name for (name,) in names if name in told.what["zh"]], "who recorded a row stands in its entry alone"
    form = view_task_form(here.desk, leader, task.id).form
    assert form is not None
    complete_task(here.desk, leader, task.id, None, agreed)


def test_no_ranking_adds_points_from_a_fact_that_was_changed_meanwhile(here: ReviewBench) -> None:
    here.play(DECLARED, SCORED)
    first_start(here.desk)
    case = here.case()
    with meanwhile(here.desk, "case_instance", "facts", "'{}'", f"id = {case}"), here.desk.store.write() as tx:
        cases = CasePort(open_step(here.desk, tx, here.case("届"), SYSTEM), "")
        with pytest.raises(StateAltered, match=f"办件 {case} 存储的"):
            cases.children("application")
