"""What reviewers declare is asked whether it is as recorded before recusals, scores and a consensus rest on it, on both databases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.access.altered_state import RowAltered
from service.casework.access.declarations import DECLARATION
from service.casework.cases.readable_file import demand_file_as_recorded
from service.casework.digests.demand import RecordsAltered
from service.casework.review.decide_recusals import conflicts_of, decide_recusals
from service.casework.review.results import agree_scores, collect_scores
from service.casework.step.step import Step, open_step
from service.casework.tasks.complete import complete_task
from service.domain.errors import LaurelError
from service.store.rows import InterestRow, UploadRow
from service.store.rows.columns import metadata
from tests.support.first_start import first_start
from tests.support.review import DECLARED, SCORED, STAGE, ReviewBench, sheet


@contextmanager
def meanwhile(here: ReviewBench, table: str, ident: int, **columns: Any) -> Iterator[None]:
    """Let one row hold other values, and put it back, as somebody does who has the database alone."""
    rows = metadata.tables[table]
    with here.desk.store.write() as tx:
        was = tx._connection.execute(sa.select(*(rows.c[name] for name in columns)).where(rows.c.id == ident)).one()
        tx._connection.execute(sa.update(rows).where(rows.c.id == ident).values(columns))
    yield
    with here.desk.store.write() as tx:
        before = dict(zip(columns, was, strict=True))
        tx._connection.execute(sa.update(rows).where(rows.c.id == ident).values(before))


@contextmanager
def deleted(here: ReviewBench, table: str, ident: int) -> Iterator[None]:
    rows = metadata.tables[table]
    with here.desk.store.write() as tx:
        gone = [dict(row) for row in tx._connection.execute(sa.select(rows).where(rows.c.id == ident)).mappings()]
        tx._connection.execute(sa.delete(rows).where(rows.c.id == ident))
    assert gone
    yield
    with here.desk.store.write() as tx:
        tx._connection.execute(sa.insert(rows), gone)


def refused(here: ReviewBench, work: Any, kind: type[LaurelError], match: str) -> None:
    """Do ``work`` with a step over the case, which is refused and undone."""
    with pytest.raises(kind, match=match), here.desk.store.write() as tx:
        work(open_step(here.desk, tx, here.case(), SYSTEM))


def matched(step: Step) -> Any:
    panel = step.tx.panels.at(step.case.id, STAGE)
    assert panel is not None
    return conflicts_of(step, panel, DECLARATION)


def decided(step: Step) -> Any:
    panel = step.tx.panels.at(step.case.id, STAGE)
    assert panel is not None
    person = step.tx.panels.members([panel.id])[0].person_id
    return decide_recusals(step, panel, [{"person": person, "recuse": False, "reason": "已核实"}], "refill", ())


def scored(step: Step) -> Any:
    return collect_scores(step, STAGE, "mean", 100, 1)


def agreed(step: Step) -> Any:
    return agree_scores(step, STAGE)


def declarations(here: ReviewBench) -> list[int]:
    with here.desk.store.read() as tx:
        return [row.id for row in tx.forms.of_case(here.case(), DECLARATION)]


def tied(here: ReviewBench) -> int:
    """Put an interest on record and return its row."""
    with here.desk.store.write() as tx:
        body = tx.cases.get(here.case()).subject_id
        assert body is not None
        known: Any = {"person_id": here.active()[0], "body_id": body, "source": "declared"}
        return tx.experts.add_interest(
            InterestRow(**known, kind="kinship", text="配偶", noted_at=here.desk.clock.now())
        )


def test_no_declaration_that_was_changed_is_matched_or_scored_on(drawn: ReviewBench) -> None:
    drawn.play(DECLARED, SCORED)
    first_start(drawn.desk)
    ident = declarations(drawn)[0]
    with meanwhile(drawn, "form_result", ident, data={"declared": "yes", "interests": None, "truthful": True}):
        refused(drawn, matched, RowAltered, "提交的表单")
        refused(drawn, scored, RecordsAltered, "表 form_result 第.*行 data 列的值与记录的不同")
        refused(drawn, agreed, RecordsAltered, "form_result")
    with meanwhile(drawn, "form_result", ident, form="something_else"):
        refused(drawn, matched, RowAltered, "提交的表单")
        refused(drawn, scored, RecordsAltered, "form_result")
    with deleted(drawn, "form_result", ident):
        refused(drawn, matched, RowAltered, "提交的表单")
        refused(drawn, scored, RecordsAltered, "已被删除")
    with drawn.desk.store.write() as tx:
        step = open_step(drawn.desk, tx, drawn.case(), SYSTEM)
        assert matched(step) == []
        assert scored(step).enough


def test_no_expert_scores_where_a_declaration_was_taken_back_in_the_tables(drawn: ReviewBench) -> None:
    drawn.play(DECLARED)
    first_start(drawn.desk)
    task = drawn.tasks("score")[0]
    expert = drawn.member(int(task.assignee_id or 0))
    with deleted(drawn, "form_result", declarations(drawn)[0]), pytest.raises(RowAltered, match="提交的表单"):
        complete_task(drawn.desk, expert, task.id, None, sheet(drawn, 55))
    with drawn.desk.store.read() as tx:
        assert tx.panels.sheets([drawn.case()], STAGE) == []
        assert ["form_result" in one.what["en"] for one in tx.incidents.list_open()] == [True]
    complete_task(drawn.desk, expert, task.id, None, sheet(drawn, 55))


def test_no_interest_on_record_that_was_changed_written_or_deleted_is_passed_over(drawn: ReviewBench) -> None:
    drawn.play(DECLARED, SCORED)
    first_start(drawn.desk)
    ident = tied(drawn)
    works = (matched, decided, scored, agreed)
    with meanwhile(drawn, "interest", ident, kind="paid_work"):
        for work in works:
            refused(drawn, work, RecordsAltered, f"表 interest 第{ident}行没有本系统的印记")
    with deleted(drawn, "interest", ident):
        for work in works:
            refused(drawn, work, RecordsAltered, "表 interest 中 body_id 为 .* 的应有 1 行，现有 0 行")
    with drawn.desk.store.write() as tx:
        step = open_step(drawn.desk, tx, drawn.case(), SYSTEM)
        assert [tie.kind for tie in matched(step)] == ["kinship"]


def test_no_interest_is_settled_by_writing_that_it_was_decided_on(drawn: ReviewBench) -> None:
    """What was decided stands in the panel's row, by which an interest would be told no more."""
    drawn.play(DECLARED)
    first_start(drawn.desk)
    tied(drawn)
    with drawn.desk.store.read() as tx:
        panel, body = tx.panels.at(drawn.case(), STAGE), tx.cases.get(drawn.case()).subject_id
    assert panel is not None
    settings = json.loads(json.dumps({**panel.settings, "decided": [{"person": drawn.active()[0], "body": body}]}))
    with meanwhile(drawn, "panel", panel.id, settings=settings):
        for work in (matched, decided):
            refused(drawn, work, RecordsAltered, "表 panel 第.*行 settings 列的值与记录的不同")


def test_no_reviewer_opens_a_file_whose_declaration_was_taken_back_in_the_tables(drawn: ReviewBench) -> None:
    drawn.play(DECLARED)
    first_start(drawn.desk)
    person, (ident, *_) = int(drawn.tasks("score")[0].assignee_id or 0), declarations(drawn)
    with drawn.desk.store.write() as tx:
        sha256, size = drawn.desk.store.files.put(b"%PDF-1.4 none")
        case = tx.cases.get(drawn.case())
        row = UploadRow(
            id="r1", case_id=case.id, field="report", name="r1.pdf", kind="application/pdf", size=size, sha256=sha256,
            at=drawn.desk.clock.now(),
        )  # fmt: skip
        tx.uploads.insert(row)
    office = drawn.actor("office")
    with meanwhile(drawn, "form_result", ident, data={"declared": "no", "truthful": False}):
        with drawn.desk.store.read() as tx, pytest.raises(RowAltered, match="提交的表单"):
            demand_file_as_recorded(drawn.desk, tx, drawn.member(person), row)
        with drawn.desk.store.read() as tx:
            demand_file_as_recorded(drawn.desk, tx, office, row)
    with drawn.desk.store.read() as tx:
        demand_file_as_recorded(drawn.desk, tx, drawn.member(person), row)
