"""A sanction or an award that somebody deletes, whom that is told, and what does not hide it; counts of many owners."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.access.altered_state import ALTERED_ROW, reporting
from service.casework.people.seals.missing_rows import missing_rows
from service.casework.people.seals.row_seals import seal_rows_beside
from service.casework.queries.own_place.inbox import view_messages
from service.casework.subjects.register_facts import register_of
from service.store import Store
from service.store.rows import AwardRow, IncidentRow, MailRow, SanctionRow, TrainingRow
from service.store.rows.cases import case_party
from service.store.rows.register import award_record, sanction
from service.store.rows.row_counts import row_count
from service.store.seals.counted_rows import RowsMissing
from service.store.seals.row_seals import _OF_TABLE, SEALED
from tests.support.first_start import first_start
from tests.support.review import ReviewBench


def subject(here: ReviewBench) -> int:
    with here.desk.store.read() as tx:
        return tx.cases.get(here.case()).subject_id or 0


def recorded(here: ReviewBench) -> int:
    """Put a sanction and an award of the applicant on record; returns who that is."""
    first_start(here.desk)
    body, day = subject(here), here.desk.clock.now().date()
    with here.desk.store.write() as tx:
        place: Any = {"jurisdiction": "riverton", "body_id": body, "decided_on": day}
        tx.register.insert_sanction(SanctionRow(**place, ground="false_data", effect="bar", from_day=day))
        tx.register.insert_award(AwardRow(**place, award="prize", tier="prize", round="2020"))
    return body


def asked(here: ReviewBench, body: int, *, of_case: bool = True) -> dict[str, Any]:
    """Ask the register in a unit of work that writes, as a use case does."""

    def work() -> dict[str, Any]:
        with here.desk.store.write() as tx:
            return register_of(tx, [body], tx.cases.get(here.case("届")) if of_case else None)

    return reporting(lambda: here.desk, work)


def incidents(store: Store) -> list[IncidentRow]:
    with store.read() as tx:
        return [one for one in tx.incidents.list_open() if one.kind == ALTERED_ROW]


@pytest.mark.parametrize(("table", "words"), [(sanction, "处理记录"), (award_record, "获奖记录")])
def test_who_is_refused_since_a_record_was_deleted_has_it_told(here: ReviewBench, table: sa.Table, words: str) -> None:
    body, store = recorded(here), here.desk.store
    assert asked(here, body)["sanctions"]
    assert incidents(store) == []
    with store.write() as tx:
        tx._connection.execute(sa.delete(table).where(table.c.body_id == body))
    with pytest.raises(RowsMissing, match=f"表 {table.name} 中 body_id 为 {body} 的应有 1 行，现有 0 行"):
        asked(here, body)
    [told] = incidents(store)
    assert told.case_id == here.case("届")
    assert f"“甲公司”的{words}" in str(told.what["zh"])
    assert "应有 1 行，现有 0 行" in str(told.what["zh"])


def test_without_a_case_it_is_told_where_the_organisation_registered(here: ReviewBench) -> None:
    recorded(here)
    store, day = here.desk.store, here.desk.clock.now().date()
    with store.write() as tx:
        new = tx.people.upsert_body("*", "9137X", kind="organisation", name="丙公司", registered_in="riverton")
        place: Any = {"jurisdiction": "riverton", "body_id": new, "decided_on": day}
        tx.register.insert_sanction(SanctionRow(**place, ground="false_data", effect="bar", from_day=day))
    with store.write() as tx:
        tx._connection.execute(sa.delete(sanction).where(sanction.c.body_id == new))
    with pytest.raises(RowsMissing):
        asked(here, new, of_case=False)
    [told] = incidents(store)
    assert (told.jurisdiction, told.case_id) == ("riverton", None)
    assert "“丙公司”的处理记录" in str(told.what["zh"])


def test_a_sanction_that_somebody_wrote_takes_no_deleted_ones_place(here: ReviewBench) -> None:
    body, store = recorded(here), here.desk.store
    with store.write() as tx:
        columns = "jurisdiction, body_id, ground, decided_on, from_day, clauses, details"
        other = f"insert into sanction({columns}, effect, seal) select {columns}, 'none', 'x.y' from sanction"
        tx._connection.exec_driver_sql(other)
    assert len(asked(here, body)["sanctions"]) == 1  # beside the program's it counts for nothing
    with store.write() as tx:
        tx._connection.exec_driver_sql("delete from sanction where effect = 'bar'")
    with pytest.raises(RowsMissing, match="应有 1 行，现有 0 行"):
        asked(here, body)


def test_two_messages_under_one_key_are_one(here: ReviewBench) -> None:
    first_start(here.desk)
    member, now = here.member(here.active()[0]), here.desk.clock.now()
    words: Any = {"address": None, "subject": "通知", "text": "请知悉", "effect_key": "twice"}
    both = [
        MailRow(case_id=None, person_id=member.person_id, **words, queued_at=now + timedelta(minutes=n)) for n in (0, 1)
    ]
    with here.desk.store.write() as tx:
        assert tx.mail.queue_many(both) == ["twice"]
    found = view_messages(here.desk, member)
    assert (found.gone, [one.at for one in found.messages][:1]) == (None, [now])


def test_more_owners_are_counted_than_a_statement_takes_values(here: ReviewBench) -> None:
    first_start(here.desk)
    many = 700
    owners = [("training.expert_id", str(number), 1) for number in range(50_000, 50_000 + many)]
    with here.desk.store.write() as tx:
        line: Any = tx._connection.connection.driver_connection
        line.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 4 * many - 1)
        tx.row_counts.settle(owners)
        tx.row_counts.settle(owners)
        found = tx._connection.scalar(
            sa.select(sa.func.sum(row_count.c.amount)).where(row_count.c.owner.between("50000", "50699"))
        )
        line.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 250_000)
    assert found == 2 * many


@pytest.mark.parametrize(("daily", "counted"), [(True, "mail.person_id"), (False, "training.expert_id")])
def test_nobody_lacks_a_row_who_is_given_one_while_rows_and_counts_are_compared(
    drawn: ReviewBench, daily: bool, counted: str
) -> None:
    """Rows and counts are read one after the other, and another unit of work ends in between; on either database."""
    first_start(drawn.desk)
    store, now, person = drawn.desk.store, drawn.desk.clock.now(), drawn.active()[0]
    words: Any = {"address": None, "subject": "通知", "text": "请知悉", "queued_at": now}
    given = list[int]()

    def give(number: int) -> None:
        with store.write() as tx:
            tx.experts.add_training(TrainingRow(expert_id=1, title="培训", held_on=now.date()))
            tx.mail.queue_many([MailRow(case_id=None, person_id=person, effect_key=f"k{number}", **words)])
        given.append(number)

    def between(_: object, __: object, sql: str, values: object, *___: object) -> None:
        if "ORDER BY row_count.owner" in sql and counted in str(values) and len(given) < 2:
            give(1)

    give(0)
    sa.event.listen(store._reader, "before_cursor_execute", between)
    found = [said.en for said in missing_rows(drawn.desk, daily=daily)]
    assert (len(given), found) == (2, [])


def test_whom_an_older_program_takes_out_of_a_case_meanwhile_is_not_missing(here: ReviewBench) -> None:
    """An older program beside this one counts nothing; a day later every count begins to be asked."""
    seals, store, case = here.desk.store.seals, here.desk.store, here.case()
    assert seals is not None
    for name in {SEALED, *_OF_TABLE.values()} - {_OF_TABLE["row_count"]}:
        seals._keys.secret(name)
    with store.write() as tx:
        tx.cases.bind(case, "partner", subject(here))
    seal_rows_beside(here.desk, SYSTEM)
    with store.write() as tx:
        tx._connection.execute(sa.delete(case_party).where(case_party.c.role == "partner"))
    here.stage.clock.move_to(here.desk.clock.now() + timedelta(hours=25))
    seal_rows_beside(here.desk, SYSTEM)
    assert seals.asks_for("row_count")
    with store.write() as tx:
        assert "partner" not in tx.cases.parties(case)
