"""Who can only write the database neither brings an expert onto a panel nor keeps one away from it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM, Actor
from service.casework.digests.demand import RecordsAltered
from service.casework.due.retry_incident import retry_incident
from service.casework.people.seals.row_seals import seal_rows_beside, unsealed
from service.casework.queries.cases.list_cases import CaseQuery, list_cases
from service.casework.queries.cases.view_case import view_case
from service.casework.review.decide_recusals import record_recusal
from service.casework.review.draw_panel import leave_panel, refill_panel
from service.casework.review.ties_on_record import lift_recusal
from service.casework.step.save import save_step
from service.casework.step.step import open_step
from service.domain.errors import NotAllowed
from service.store import Store
from service.store.rows import ExpertRow, InterestRow, RecusalRow, TrainingRow
from service.store.rows.columns import metadata
from service.store.seals.row_seals import _OF_TABLE, SEALED
from tests.support.first_start import first_start
from tests.support.review import BEGIN, STAGE, ReviewBench, make_review

pytestmark = pytest.mark.share(2)

APPLIES = BEGIN[-1]


@pytest.fixture
def register(store: Store) -> ReviewBench:
    """Five experts and a round before its first application; on SQLite and on PostgreSQL."""
    here = make_review(store, *BEGIN[:-1])
    first_start(here.desk)
    return here


def written(here: ReviewBench, table: str, ident: int, **values: Any) -> dict[str, Any]:
    """Write columns of a row as somebody does who has the database alone; returns what they held."""
    columns = metadata.tables[table]
    with here.desk.store.write() as tx:
        old = sa.select(*(columns.c[name] for name in values)).where(columns.c.id == ident)
        (before,) = tx._connection.execute(old).all()
        tx._connection.execute(sa.update(columns).where(columns.c.id == ident).values(values))
    return dict(before._mapping)


@contextmanager
def meanwhile(here: ReviewBench, table: str, ident: int, **values: Any) -> Iterator[None]:
    """Let columns of a row say something else, and put them back."""
    before = written(here, table, ident, **values)
    yield
    written(here, table, ident, **before)


def experts(here: ReviewBench) -> list[ExpertRow]:
    with here.desk.store.read() as tx:
        return tx.experts.pool("riverton")


def drawn(here: ReviewBench) -> bool:
    with here.desk.store.read() as tx:
        return tx.panels.at(here.case(), STAGE) is not None


@pytest.mark.parametrize(
    "change",
    [
        {"employer": "单位一"},
        {"status": "suspended"},
        {"term_until": date(2020, 1, 1)},
        {"sectors": ["x"]},
        {"seal": ""},
    ],
    ids=lambda change: next(iter(change)),
)
def test_no_panel_is_drawn_from_an_expert_that_somebody_changed(register: ReviewBench, change: dict[str, Any]) -> None:
    row = experts(register)[2]
    with meanwhile(register, "expert", row.id, **change):
        register.play(APPLIES)
        assert not drawn(register)
        assert [one.en for one in unsealed(register.desk)] == [
            f"row {row.id} of table expert lacks the seal of this program and does not hold"
        ]
    with register.desk.store.read() as tx:
        (waiting,) = tx.incidents.list_open()
    assert f"row {row.id} of table expert lacks the seal" in waiting.what["en"]
    assert "employer" in waiting.what["en"]
    office = register.actor("office")
    admin = replace(office, seats=tuple(replace(seat, role="administrator") for seat in office.seats))
    retry_incident(register.desk, admin, waiting.id)
    assert (drawn(register), unsealed(register.desk)) == (True, [])


def test_nobody_comes_onto_a_register_by_a_row_that_somebody_wrote(register: ReviewBench) -> None:
    own = experts(register)[0]
    columns = metadata.tables["expert"]
    values = {column.name: getattr(own, column.name) for column in columns.c if column.name != "id"}
    office = register.actor("office").person_id
    with register.desk.store.write() as tx:
        tx._connection.execute(sa.insert(columns).values({**values, "person_id": office}))
    register.play(APPLIES)
    assert not drawn(register)


def test_who_was_disqualified_is_not_brought_back_by_their_former_row(register: ReviewBench) -> None:
    former = experts(register)[0]
    with register.desk.store.write() as tx:
        tx.experts.update(former.id, former.version, status="disqualified", status_reason="弄虚作假")
    assert unsealed(register.desk) == [], "the program's own change"
    written(register, "expert", former.id, status=former.status, status_reason="", seal=former.seal)
    register.play(APPLIES)
    assert not drawn(register)


def test_a_vacant_place_is_filled_from_the_register_as_the_program_wrote_it(drawn: ReviewBench) -> None:
    first_start(drawn.desk)
    panel, members = drawn.panel()
    row = next(one for one in experts(drawn) if one.person_id not in drawn.active())
    with drawn.desk.store.write() as tx:
        leave_panel(open_step(drawn.desk, tx, drawn.case(), SYSTEM), panel, members[0].person_id, "left", "病假")
    with meanwhile(drawn, "expert", row.id, status="suspended"), drawn.desk.store.write() as tx:
        step = open_step(drawn.desk, tx, drawn.case(), SYSTEM)
        with pytest.raises(RecordsAltered, match=f"表 expert 第{row.id}行"):
            refill_panel(step, panel, "补抽")
    with drawn.desk.store.write() as tx:
        assert refill_panel(open_step(drawn.desk, tx, drawn.case(), SYSTEM), panel, "补抽").short == 0


@pytest.mark.parametrize("table", ["training", "interest", "recusal"])
def test_what_bars_or_fits_an_expert_is_the_programs_word_alone(drawn: ReviewBench, table: str) -> None:
    first_start(drawn.desk)
    row, now = experts(drawn)[0], drawn.desk.clock.now()
    with drawn.desk.store.write() as tx:
        body, case = tx.cases.get(drawn.case()).subject_id, drawn.case()
        assert body is not None
        tx.experts.add_training(TrainingRow(expert_id=row.id, title="培训", held_on=now.date()))
        tie = {"person_id": row.person_id, "body_id": body, "source": "record"}
        tx.experts.add_interest(InterestRow(**tie, kind="kinship", noted_at=now))
        tx.experts.recuse(RecusalRow(**tie, jurisdiction="riverton", case_id=case, reason="亲属", decided_at=now))
        (number,) = tx._connection.execute(sa.text(f"select max(id) from {table}")).one()
    assert unsealed(drawn.desk) == []
    panel, members = drawn.panel()
    change = {
        "training": {"valid_until": date(2020, 1, 1)},
        "interest": {"last_day": date(2000, 1, 1)},
        "recusal": {"person_id": members[0].person_id + 1},
    }[table]
    with drawn.desk.store.write() as tx:
        leave_panel(open_step(drawn.desk, tx, case, SYSTEM), panel, members[0].person_id, "left", "病假")
    with (
        meanwhile(drawn, table, number, **change),
        drawn.desk.store.write() as tx,
        pytest.raises(RecordsAltered, match=f"表 {table} 第{number}行"),
    ):
        refill_panel(open_step(drawn.desk, tx, case, SYSTEM), panel, "补抽")
    if table == "recusal":
        with drawn.desk.store.write() as tx:
            tx.experts.lift(number, now, "已无关系")
    assert unsealed(drawn.desk) == []


def test_experts_of_a_program_before_are_drawn_until_seals_are_demanded(store: Store) -> None:
    """An installation of the version before, in which other seals are demanded already."""
    here = make_review(store, *BEGIN[:-1])
    seals = here.desk.store.seals
    assert seals is not None
    for name in {SEALED, *_OF_TABLE.values()} - {_OF_TABLE["expert"]}:
        seals._keys.secret(name)
    with here.desk.store.write() as tx:
        tx._connection.execute(sa.update(metadata.tables["expert"]).values(seal=""))
    assert seal_rows_beside(here.desk, SYSTEM) == len(experts(here))
    written(here, "expert", experts(here)[0].id, employer="单位六")
    here.stage.clock.move_to(here.desk.clock.now() + timedelta(hours=25))
    assert seal_rows_beside(here.desk, SYSTEM) == 1
    assert (seals.asked_for, unsealed(here.desk)) == (True, [])
    here.play(APPLIES)
    assert drawn(here)


def recused(here: ReviewBench) -> tuple[int, Actor]:
    """Keep a member of the panel away from its applicant; returns the row and the member."""
    first_start(here.desk)
    person = here.panel()[1][0].person_id
    with here.desk.store.write() as tx:
        step = open_step(here.desk, tx, here.case(), SYSTEM)
        assert step.case.subject_id is not None
        record_recusal(step, person, step.case.subject_id, "曾任职", "challenged", ())
        save_step(step)
        (row,) = tx.experts.recusals([step.case.subject_id])
    return row.id, here.member(person)


def test_a_recusal_that_the_database_ends_keeps_away_all_the_same(drawn: ReviewBench) -> None:
    """From pages, lists and files, and from a sitting; who draws or votes is told of the row."""
    number, member = recused(drawn)
    body = next(iter(member.recused))
    with meanwhile(drawn, "recusal", number, lifted_at=drawn.desk.clock.now(), lifted_reason="已无关系"):
        again = drawn.member(int(member.person_id or 0))
        assert again.recused == {body}
        with pytest.raises(NotAllowed, match="回避"):
            view_case(drawn.desk, again, drawn.case())
        assert drawn.case() not in [line.id for line in list_cases(drawn.desk, again, CaseQuery()).lines]
        with drawn.desk.store.read() as tx:
            assert [row.person_id for row in tx.experts.recusals([body])] == [member.person_id]
    lift_recusal(drawn.desk, drawn.actor("office"), number, "已无关系")
    assert drawn.member(int(member.person_id or 0)).recused == frozenset()
    with drawn.desk.store.read() as tx:
        assert tx.experts.recusals([body]) == []


@pytest.mark.parametrize("change", [{"lifted_at": datetime(2026, 4, 1, tzinfo=UTC)}, {"body_id": 1}])
def test_no_place_is_filled_while_a_recusal_was_ended_or_moved_by_others(
    drawn: ReviewBench, change: dict[str, Any]
) -> None:
    number, _ = recused(drawn)
    panel, members = drawn.panel()
    with drawn.desk.store.write() as tx:
        leave_panel(open_step(drawn.desk, tx, drawn.case(), SYSTEM), panel, members[1].person_id, "left", "病假")
    with (
        meanwhile(drawn, "recusal", number, **change),
        drawn.desk.store.write() as tx,
        pytest.raises(RecordsAltered, match=f"表 recusal 第{number}行"),
    ):
        refill_panel(open_step(drawn.desk, tx, drawn.case(), SYSTEM), panel, "补抽")


def test_who_keeps_away_from_nobody_any_more_is_asked_for_no_more_than_once(drawn: ReviewBench) -> None:
    number, member = recused(drawn)

    def asked() -> int:
        with drawn.desk.store.read() as tx, drawn.desk.store.statements() as sent:
            tx.people.sessions.acting(int(member.person_id or 0), drawn.desk.clock.now())
        return len(sent)

    assert asked() == 1
    lift_recusal(drawn.desk, drawn.actor("office"), number, "已无关系")
    assert asked() == 2, "the ended row is read for its seal"
