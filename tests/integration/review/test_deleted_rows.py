"""Who can only write the database deletes a row: where something rests on it, it is missed, and named with owner and count."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.digests.demand import RecordsAltered, demand_as_recorded
from service.casework.due.send_message import demand_letters
from service.casework.people.seals.renew_seals import renew_taken_back
from service.casework.people.seals.row_seals import seal_rows, seal_rows_beside, unsealed
from service.casework.queries.cases.view_case import view_case
from service.casework.queries.own_place.inbox import view_messages
from service.casework.records.compare import RANKED
from service.casework.review.decide_recusals import record_recusal
from service.casework.review.draw_panel import leave_panel, refill_panel
from service.casework.soundness.digests import wrong_beside
from service.casework.step.save import save_step
from service.casework.step.step import open_step
from service.domain.errors import NotAllowed
from service.store import Store
from service.store.rows import InterestRow, MailRow, TrainingRow
from service.store.rows.columns import metadata
from service.store.rows.row_counts import row_count
from service.store.seals.counted_rows import BELOW, CASES, RowsMissing
from service.store.seals.row_seals import _OF_TABLE, SEALED, RowSeals
from tests.support.first_start import first_start
from tests.support.review import BEGIN, ReviewBench, make_review


class Undone(Exception):
    """Ends a part of a unit of work."""


def taken_out(store: Store, table: str, **key: Any) -> list[dict[str, Any]]:
    """Take rows out as somebody does who has the database alone."""
    columns = metadata.tables[table]
    where = [columns.c[name] == value for name, value in key.items()]
    with store.write() as tx:
        gone = [dict(row) for row in tx._connection.execute(sa.select(columns).where(*where)).mappings()]
        tx._connection.execute(sa.delete(columns).where(*where))
    assert gone
    return gone


@contextmanager
def deleted(store: Store, table: str, **key: Any) -> Iterator[None]:
    """Take rows out, and put them back byte for byte."""
    gone = taken_out(store, table, **key)
    yield
    with store.write() as tx:
        tx._connection.execute(sa.insert(metadata.tables[table]), gone)


@pytest.fixture
def seated(drawn: ReviewBench) -> ReviewBench:
    """A panel with a place to fill, an expert with a training and a tie, a member who is recused; on either database."""
    first_start(drawn.desk)
    panel, members = drawn.panel()
    with drawn.desk.store.write() as tx:
        step = open_step(drawn.desk, tx, drawn.case(), SYSTEM)
        row, body, now = tx.experts.pool("riverton")[0], step.case.subject_id, step.now
        assert body is not None
        tx.experts.add_training(TrainingRow(expert_id=row.id, title="培训", held_on=now.date()))
        tie: Any = {"person_id": row.person_id, "body_id": body, "source": "record"}
        tx.experts.add_interest(InterestRow(**tie, kind="kinship", noted_at=now))
        record_recusal(step, members[0].person_id, body, "曾任职", "challenged", ())
        leave_panel(step, panel, members[1].person_id, "left", "病假")
        save_step(step)
    assert missed(drawn) == []
    return drawn


def missed(here: ReviewBench) -> list[str]:
    return [one.en for one in wrong_beside(here.desk) if " are there" in one.en or "row_count" in one.en]


def refilled(here: ReviewBench) -> None:
    with here.desk.store.write() as tx:
        refill_panel(open_step(here.desk, tx, here.case(), SYSTEM), here.panel()[0], "补抽")


def number(here: ReviewBench, table: str) -> int:
    with here.desk.store.read() as tx:
        return int(tx._connection.execute(sa.text(f"select max(id) from {table}")).scalar_one())


@pytest.mark.parametrize("table", ["training", "interest", "recusal"])
def test_no_place_is_filled_while_a_row_is_missing_that_bars_or_fits(seated: ReviewBench, table: str) -> None:
    with deleted(seated.desk.store, table, id=number(seated, table)):
        with pytest.raises(RecordsAltered, match=f"表 {table} 中 .* 行，现有 . 行"):
            refilled(seated)
        assert any(f"rows of table {table} have" in said.en for said in unsealed(seated.desk))
    refilled(seated)
    assert missed(seated) == []


def test_no_panel_is_refilled_from_a_register_that_lost_an_entry(seated: ReviewBench) -> None:
    """Of what refers to it nothing is left either."""
    store, now = seated.desk.store, seated.desk.clock.now()
    with store.write() as tx:
        last = tx.experts.pool("riverton")[-1]
        person = seated.actor("office").person_id or 0
        new = tx.experts.insert(replace(last, id=0, person_id=person, seal="", created_at=now))
    with deleted(store, "expert", id=new), pytest.raises(RecordsAltered, match="表 expert 中 jurisdiction 为 riverton"):
        refilled(seated)
    refilled(seated)


def test_whose_recusal_is_deleted_keeps_away_from_everybody_until_it_is_back(seated: ReviewBench) -> None:
    """By its count alone, by an older count, and by none: the rows are back byte for byte, or as they were before."""
    member = int(seated.panel()[1][0].person_id)
    with seated.desk.store.read() as tx:
        own = list(tx.experts.recusals_of(member))
    counted = {"counted": "recusal.person_id", "owner": str(member)}
    (body,) = seated.member(member).recused
    with deleted(seated.desk.store, "recusal", id=own[0].id):
        assert seated.member(member).recused > {body}
        with pytest.raises(NotAllowed, match="回避"):
            view_case(seated.desk, seated.member(member), seated.case())
        with deleted(seated.desk.store, "row_count", **counted):
            assert seated.member(member).recused > {body}
    assert seated.member(member).recused == {body}
    older = taken_out(seated.desk.store, "row_count", **counted)
    with seated.desk.store.write() as tx:
        tx._connection.execute(sa.insert(row_count), older)
        other = next(row.id for row in tx.people.bodies_by_id(range(1, 50)).values() if row.id != body)
        tx.experts.recuse(
            own[0].__class__(
                jurisdiction="riverton", person_id=member, body_id=other, case_id=seated.case(), reason="亲属",
                source="record", decided_at=seated.desk.clock.now(),
            )
        )  # fmt: skip
    assert seated.member(member).recused == {body, other}
    taken_out(seated.desk.store, "recusal", body_id=other)
    taken_out(seated.desk.store, "row_count", **counted)
    with seated.desk.store.write() as tx:
        tx._connection.execute(sa.insert(row_count), older)
    assert seated.member(member).recused > {body, other}
    as_another_process_sees_it(seated)
    assert seated.member(member).recused > {body, other}


def as_another_process_sees_it(here: ReviewBench) -> None:
    """What this process alone remembers is gone: it was killed, or another one asks."""
    store = here.desk.store
    store.seals = RowSeals(store.key_of_digests or bytes, here.desk.ballot_keys)


def test_a_step_by_parties_of_whom_one_is_missing_is_not_done(seated: ReviewBench) -> None:
    case, store = seated.case(), seated.desk.store
    with store.write() as tx:
        body = tx.cases.get(case).subject_id
        assert body is not None
        tx.cases.bind(case, "partner", body)
        tx.cases.bind(case, "partner", body)
        assert tx.cases.parties(case)["partner"]
    with deleted(store, "case_party", case_id=case, role="partner"):
        with store.write() as tx, pytest.raises(RowsMissing, match=f"case_id 为 {case} 的应有"):
            tx.cases.parties(case)
        assert any("case_party" in said for said in missed(seated))
    with store.write() as tx:
        assert tx.cases.parties(case)["partner"]
        tx.cases.unbind(case, "partner", body)
    with store.write() as tx:
        assert "partner" not in tx.cases.parties(case)
    assert missed(seated) == []


def test_a_message_that_is_deleted_is_missed_by_its_reader_and_by_the_mail(seated: ReviewBench) -> None:
    member, store = seated.member(seated.panel()[1][0].person_id), seated.desk.store
    words: Any = {"address": "a@example.org", "subject": "通知", "text": "请知悉", "queued_at": seated.desk.clock.now()}
    with store.write() as tx:
        tx.mail.queue_many(
            [MailRow(case_id=None, person_id=member.person_id, effect_key=f"k{n}", **words) for n in range(2)]
        )
    assert view_messages(seated.desk, member).gone is None
    with deleted(store, "mail", effect_key="k0"):
        gone = view_messages(seated.desk, member).gone
        assert gone is not None
        assert (gone.amount or 0) - gone.there == 1
        with pytest.raises(RowsMissing):
            demand_letters(seated.desk, member.person_id)
        with store.write() as tx:  # a copy of another letter takes no place
            (copy,) = tx._connection.execute(
                sa.select(metadata.tables["mail"]).where(sa.text("effect_key = 'k1'"))
            ).mappings()
            tx._connection.execute(
                sa.insert(metadata.tables["mail"]), {**copy, "id": copy["id"] + 900, "effect_key": "k2"}
            )
        assert view_messages(seated.desk, member).gone is not None
        taken_out(store, "mail", effect_key="k2")
    assert view_messages(seated.desk, member).gone is None


def test_what_is_undone_is_not_counted(seated: ReviewBench) -> None:
    with seated.desk.store.write() as tx:
        body = tx.cases.get(seated.case()).subject_id
        assert body is not None
        with suppress(Undone), tx.savepoint():
            tx.cases.bind(seated.case(), "partner", body)
            raise Undone
        assert "partner" not in tx.cases.parties(seated.case())
        with tx.savepoint():
            tx.cases.bind(seated.case(), "partner", body)
            assert tx.cases.parties(seated.case())["partner"]
    assert missed(seated) == []


def test_rows_of_a_program_before_are_counted_once_and_again_when_somebody_says_so(drawn: ReviewBench) -> None:
    """An installation of the version before, in which other seals are demanded already."""
    seals, store = drawn.desk.store.seals, drawn.desk.store
    assert seals is not None
    for name in {SEALED, *_OF_TABLE.values()} - {_OF_TABLE["row_count"]}:
        seals._keys.secret(name)
    number = seal_rows_beside(drawn.desk, SYSTEM)
    drawn.stage.clock.move_to(drawn.desk.clock.now() + timedelta(hours=25))
    assert seal_rows_beside(drawn.desk, SYSTEM) == 0
    assert (number > 2, seals.asked_for, missed(drawn)) == (True, True, [])
    taken_out(store, "training", expert_id=1)
    assert any("table training have expert_id 1" in said for said in missed(drawn))
    seal_rows(drawn.desk, SYSTEM, again=True)
    assert missed(drawn) == []


def test_counts_of_a_backup_hold_after_its_restore(seated: ReviewBench) -> None:
    """What was added since the backup is gone with it, and whom it did not count yet is counted."""
    store, case = seated.desk.store, seated.case()
    with store.read() as tx:
        kept = [dict(row) for row in tx._connection.execute(sa.select(row_count)).mappings()]
        body = tx.cases.get(case).subject_id
    assert body is not None
    with store.write() as tx:
        tx.cases.bind(case, "partner", body)
        tx.experts.add_training(TrainingRow(expert_id=1, title="复训", held_on=seated.desk.clock.now().date()))
    taken_out(store, "case_party", case_id=case, role="partner")
    taken_out(store, "training", title="复训")
    with store.write() as tx:
        tx._connection.execute(sa.delete(row_count))
        tx._connection.execute(sa.insert(row_count), kept)
    assert missed(seated) != []
    with store.write() as tx:
        renew_taken_back(seated.desk, tx)
    assert missed(seated) == []


def test_no_ranking_is_made_over_a_case_that_was_deleted_with_all_that_belongs_to_it(sqlite_store: Store) -> None:
    """Keys of other tables are not looked at: its row alone goes, and what belongs to it points nowhere."""
    here = make_review(sqlite_store, *BEGIN)
    first_start(here.desk)
    below, above = here.case(), here.case("届")
    with here.desk.store.write() as tx:
        demand_as_recorded(open_step(here.desk, tx, above, SYSTEM), [above], RANKED)
    with sqlite3.connect(sqlite_store.sqlite_file or "") as line:
        line.execute(f"delete from case_instance where id = {below}")
    with (
        here.desk.store.write() as tx,
        pytest.raises(RecordsAltered, match=f"parent_id 为 {above} 的应有 1 行，现有 0 行"),
    ):
        demand_as_recorded(open_step(here.desk, tx, above, SYSTEM), [above], RANKED)
    with here.desk.store.read() as tx:
        assert [one.owner for of in (BELOW, CASES) for one in tx.row_counts.lacking(of)] == [f"{above}", "riverton"]
