"""What decides is digested into the chains: whoever changes it beside the program is found, by table, row and column."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.ballots.counting import count_ballot
from service.casework.cases.start import start_case
from service.casework.desk.desk import Desk
from service.casework.digests.before import record_before
from service.casework.digests.demand import RecordsAltered
from service.casework.handler_services.register import RegisterPort
from service.casework.people.accounts.accounts import set_active
from service.casework.records.compare import WHOLE
from service.casework.review.ranking import rank_cases
from service.casework.sealing.seal import seal_season
from service.casework.soundness.digests import digests
from service.casework.soundness.fault import Underway, Unsound
from service.casework.soundness.newest import note_newest
from service.casework.step.history import note
from service.casework.step.step import open_step
from service.domain.errors import Conflict
from service.sdk import Conferral
from service.sdk.review import RankOrder
from service.store import KeyFiles, event_of
from service.store.rows import SanctionRow
from service.store.rows.panels import score_sheet
from tests.support.desks import PACKAGE, Bench
from tests.support.sealed import SealedSeason, sealed_season


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SealedSeason]:
    """A season of the example city, in which the program digests what decides; people were there before it began to."""
    with sealed_season(tmp_path_factory.mktemp("season"), recorded=True) as found:
        yield found


def faults(desk: Desk) -> list[str]:
    return [one.found.en for one in digests(desk) if isinstance(one, Unsound)]


def executed(desk: Desk, sql: str, **values: Any) -> list[Any]:
    """Do what somebody does who has the database alone."""
    with desk.store.write() as tx:
        done = tx._connection.execute(sa.text(sql), values)
        return list(done.all()) if done.returns_rows else []


@contextmanager
def altered(desk: Desk, table: str, column: str, value: str) -> Iterator[None]:
    """Let the first row of ``table`` that has something in ``column`` hold ``value`` (SQL) meanwhile."""
    first = f"select rowid, {column} from {table} where {column} is not null order by rowid limit 1"
    ((row, was),) = executed(desk, first)
    executed(desk, f"update {table} set {column} = {value} where rowid = :row", row=row)
    yield
    executed(desk, f"update {table} set {column} = :was where rowid = :row", row=row, was=was)


def test_what_was_there_before_is_recorded_once_and_then_everything_must_be(season: SealedSeason) -> None:
    assert faults(season.desk) == []
    keeping, season.desk.store.key_of_digests = season.desk.store.key_of_digests, None
    with season.desk.store.write() as tx:  # as a program of before wrote
        ((body,),) = tx._connection.execute(sa.text("select body_id from award_record limit 1")).all()
        day, place = date(2020, 1, 1), "example"
        tx.register.insert_sanction(
            SanctionRow(jurisdiction=place, body_id=body, ground="x", effect="ban", decided_on=day, from_day=day)
        )
    season.desk.store.key_of_digests = keeping
    assert record_before(season.desk, SYSTEM) == 1
    assert season.desk.ballot_keys.known_secret(WHOLE) is not None
    assert record_before(season.desk, SYSTEM) == 0
    assert faults(season.desk) == []
    with season.desk.store.read() as tx:
        assert {row.action for row in tx.acts.after(0, 500) if row.chain == "record"} == {"records.keep"}


def test_that_nothing_can_be_compared_without_the_key_is_said(season: SealedSeason, tmp_path: Path) -> None:
    """As after a restore to a new machine, whose folder of keys is empty."""
    [said] = digests(replace(season.desk, ballot_keys=KeyFiles(tmp_path / "keys")))
    assert isinstance(said, Underway)
    assert "Not compared" in said.said.en


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("score_sheet", "points", "'999/1'"),
        ("score_sheet", "state", "'dropped'"),
        ("stage_score", "points", "'999/1'"),
        ("award_record", "tier", "'none'"),
        ("award_record", "body_id", "body_id + 1"),
        ("form_result", "data", "'{}'"),
        ("finding", "result", "'not_met'"),
        ("case_instance", "facts", "'{}'"),
        ("case_instance", "parameters", "'{}'"),
        ("notice", "last_day", "'2031-01-01'"),
        ("document", "content", "'{}'"),
        ("document", "sha256", "'0'"),
        ("expert_draw", "seed", "'0'"),
        ("panel_member", "state", "'replaced'"),
        ("ballot", "rules", "'{}'"),
        ("ballot_roll", "weight", "weight + 1"),
        ("ballot_result", "outcome", "'{}'"),
        ("expert", "status", "'suspended'"),
        ("membership", "role", "'administrator'"),
        ("person", "active", "1 - active"),
    ],
)
def test_a_change_is_found_where_it_was_made(season: SealedSeason, table: str, column: str, value: str) -> None:
    record_before(season.desk, SYSTEM)
    with altered(season.desk, table, column, value):
        (found,) = faults(season.desk)
    assert f"column {column} in row " in found
    assert f" of table {table} is not what was recorded (in entry " in found


def test_both_databases_give_back_what_was_digested(bench: Bench) -> None:
    desk = bench.desk
    start_case(desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    set_active(desk, bench.admin, bench.stranger.person_id or 0, False)
    assert record_before(desk, SYSTEM) == 0, "everything was recorded when it was written"
    assert faults(desk) == []
    executed(desk, "update form_result set data = '{}'")
    executed(desk, "update person set login = 'other' where login = 'stranger'")
    case, person = faults(desk)
    assert "column data in row 1 of table form_result" in case
    assert "column login in row " in person


def test_rows_that_are_taken_out_or_put_in_are_found(season: SealedSeason) -> None:
    desk = season.desk
    record_before(desk, SYSTEM)
    executed(desk, "create table kept as select * from score_sheet where id = (select max(id) from score_sheet)")
    executed(desk, "delete from score_sheet where id = (select id from kept)")
    (found,) = faults(desk)
    assert "of table score_sheet was removed (recorded in entry " in found
    executed(desk, "insert into score_sheet select * from kept")
    assert faults(desk) == []
    executed(desk, "update kept set id = id + 1")
    executed(desk, "insert into score_sheet select * from kept")
    (found,) = faults(desk)
    assert "of table score_sheet is in no record: the program did not write it" in found
    executed(desk, "delete from score_sheet where id = (select id from kept)")
    executed(desk, "drop table kept")
    assert faults(desk) == []


def test_who_makes_themselves_a_member_or_takes_an_account_is_found(season: SealedSeason) -> None:
    desk = season.desk
    record_before(desk, SYSTEM)
    assert faults(desk) == []
    columns = "person_id, body_id, jurisdiction, role, since, seal"
    given = f"insert into membership ({columns}) select 1, body_id, jurisdiction, 'x', since, ''"
    executed(desk, f"{given} from membership where role = 'office' limit 1")
    (found,) = faults(desk)
    assert "of table membership is in no record: the program did not write it" in found
    executed(desk, "delete from membership where role = 'x'")
    assert faults(desk) == []
    executed(desk, "update person set password = '$argon2id$', password_owned_at = created_at where id = 1")
    assert [found.split(" in row")[0] for found in faults(desk)] == ["column password", "column password_owned_at"]
    executed(desk, "update person set password = null, password_owned_at = null where id = 1")
    assert faults(desk) == []


def test_who_hashes_the_chain_anew_without_the_key_can_record_nothing(season: SealedSeason) -> None:
    desk = season.desk
    record_before(desk, SYSTEM)
    with desk.store.write() as tx:
        (sheet, case) = tx._connection.execute(sa.text("select id, case_id from score_sheet order by id limit 1")).one()
        event = replace(tx.history.whole(case)[-1], id=0)
    forged = {"records": {"by": "0" * 12, "rows": {f"score_sheet:{sheet}": {"points": "AAAAAAAAAAAA"}}}}
    ours = next(e for e in _told(desk, case) if f"score_sheet:{sheet}" in e["rows"])
    copied = {"records": {**ours, "rows": {f"score_sheet:{sheet}": {"points": "AAAAAAAAAAAA"}}}}
    for data in (forged, copied):
        with desk.store.write() as tx:
            row = tx.cases.lock(case)
            tx.history.append(case, row.audit_seq, row.audit_hash, [replace(event_of(event), data=data)])
        with altered(desk, "score_sheet", "points", "'999/1'"):
            assert any(f"column points in row {sheet} of table score_sheet" in found for found in faults(desk))
        executed(desk, "delete from audit where id = (select max(id) from audit)")


def _told(desk: Desk, case: int) -> list[Any]:
    with desk.store.read() as tx:
        return [one.told for one in tx.digests.told_of([case])]


def test_nothing_is_made_from_what_was_changed(season: SealedSeason) -> None:
    desk, application = season.desk, season.stage.case("甲")
    order = RankOrder(cases=[application], weights={"material_review": "1"})
    conferral = Conferral(subject=1, tier="x", round="x", decided_on=date(2026, 5, 1))

    def refused(work: Any, case: int, said: str) -> None:
        with pytest.raises(RecordsAltered, match=said), desk.store.write() as tx:
            work(open_step(desk, tx, case, SYSTEM))

    with altered(desk, "stage_score", "points", "'999/1'"):
        refused(lambda step: rank_cases(step, order), application, "表 stage_score .* points 列的值与记录的不同")
        refused(lambda step: RegisterPort(step).confer(conferral), season.round, "stage_score")
        with pytest.raises(Conflict, match="不能封存：表 stage_score"):
            seal_season(desk, SYSTEM, season.round)
    with altered(desk, "award_record", "tier", "'other'"), pytest.raises(Conflict, match="tier 列"):
        seal_season(desk, SYSTEM, season.round)
    ((ballot, case),) = executed(desk, "select id, case_id from ballot order by id limit 1")
    with altered(desk, "ballot", "state", "'open'"):
        refused(lambda step: count_ballot(step, ballot, ()), case, "表 ballot .* state 列")


def _ranked(desk: Desk, application: int) -> None:
    """Rank one application, which writes nothing."""
    order = RankOrder(cases=[application], weights={"material_review": "1"})
    with desk.store.write() as tx:
        rank_cases(open_step(desk, tx, application, SYSTEM), order)


def _a_minute_later(season: SealedSeason) -> None:
    season.stage.clock.move_to(season.stage.clock.now() + timedelta(minutes=1))


@contextmanager
def corrected(season: SealedSeason, case: int, *, in_history: bool) -> Iterator[tuple[int, str]]:
    """Let the program correct a score, in the history of its case or in the book; yields the row and its value before."""
    desk = season.desk
    _a_minute_later(season)
    ((row, before),) = executed(desk, f"select id, points from score_sheet where case_id = {case} limit 1")
    with desk.store.write() as tx:
        tx.panels._alter(score_sheet, row, {"points": "50/1"})
        if in_history:
            note(desk, tx, case, SYSTEM, "corrected", "更正得分")
    yield row, before
    _a_minute_later(season)
    with desk.store.write() as tx:
        tx.panels._alter(score_sheet, row, {"points": before})
        note(desk, tx, case, SYSTEM, "corrected", "恢复得分")


def test_an_older_value_is_found_whatever_became_of_its_newer_record(season: SealedSeason) -> None:
    desk, application = season.desk, season.stage.case("甲")
    record_before(desk, SYSTEM)
    _ranked(desk, application)
    with corrected(season, application, in_history=True) as (row, before):
        _ranked(desk, application)
        executed(desk, "update score_sheet set points = :was where id = :row", was=before, row=row)
        with pytest.raises(RecordsAltered, match="points"):
            _ranked(desk, application)
        newest = f"(select max(id) from audit where case_id = {application})"
        ((data,),) = executed(desk, f"select data from audit where id = {newest}")
        executed(desk, f"update audit set data = '{{}}' where id = {newest}")
        with pytest.raises(RecordsAltered, match=rf"办件 {application} 的办理记录第\d+条被改动或缺失"):
            _ranked(desk, application)
        executed(desk, f"update audit set data = :was where id = {newest}", was=data)
        executed(desk, "update score_sheet set points = '50/1' where id = :row", row=row)


def test_an_older_value_is_found_where_the_newer_record_was_cut_off(season: SealedSeason) -> None:
    desk, application = season.desk, season.stage.case("甲")
    record_before(desk, SYSTEM)
    head = f"select audit_seq, audit_hash from case_instance where id = {application}"
    (before_head,) = executed(desk, head)
    with corrected(season, application, in_history=True) as (row, before):
        note_newest(desk, SYSTEM)
        (after_head,) = executed(desk, head)
        newest = f"(select max(id) from audit where case_id = {application})"
        executed(desk, f"create table cut as select * from audit where id = {newest}")
        executed(desk, f"delete from audit where id = {newest}")
        put = f"update case_instance set audit_seq = :seq, audit_hash = :hash where id = {application}"
        executed(desk, put, seq=before_head[0], hash=before_head[1])
        executed(desk, "update score_sheet set points = :was where id = :row", was=before, row=row)
        with pytest.raises(RecordsAltered, match=f"case {application} 第{after_head[0]}条与锚定时不同"):
            _ranked(desk, application)
        with pytest.raises(Conflict, match="不能封存"):
            seal_season(desk, SYSTEM, season.round)
        executed(desk, "insert into audit select * from cut")
        executed(desk, "drop table cut")
        executed(desk, put, seq=after_head[0], hash=after_head[1])
        executed(desk, "update score_sheet set points = '50/1' where id = :row", row=row)


@pytest.mark.parametrize("fresh", [False, True], ids=["the same process", "another process"])
def test_an_older_value_is_found_where_the_book_says_the_newer(season: SealedSeason, fresh: bool) -> None:
    desk, application = season.desk, season.stage.case("甲")
    record_before(desk, SYSTEM)
    with corrected(season, application, in_history=False) as (row, before):
        assert faults(desk) == []
        _ranked(desk, application)
        executed(desk, "update score_sheet set points = :was where id = :row", was=before, row=row)
        assert any("column points" in found for found in faults(desk))
        with pytest.raises(RecordsAltered, match="points"):
            _ranked(desk, application)
        ((entry, data),) = executed(desk, "select id, data from act where chain = 'record' order by id desc limit 1")
        executed(desk, "update act set data = '{}' where id = :entry", entry=entry)
        if fresh:
            desk.store.booked.forget()
        with pytest.raises(RecordsAltered, match=r"操作记录 record 第\d+条被改动或缺失|points"):
            _ranked(desk, application)
        executed(desk, "update act set data = :was where id = :entry", was=data, entry=entry)
        executed(desk, "update score_sheet set points = '50/1' where id = :row", row=row)
        _ranked(desk, application)


def test_a_row_that_the_program_removed_and_somebody_put_back_is_found(season: SealedSeason) -> None:
    desk, application = season.desk, season.stage.case("甲")
    record_before(desk, SYSTEM)
    executed(desk, f"create table removed as select * from score_sheet where case_id = {application} limit 1")
    ((sheet,),) = executed(desk, "select id from removed")
    _a_minute_later(season)
    with desk.store.write() as tx:
        tx.panels._change(sa.delete(score_sheet).where(score_sheet.c.id == sheet))
        note(desk, tx, application, SYSTEM, "corrected", "删除评分表")
    assert faults(desk) == []
    _ranked(desk, application)
    executed(desk, "insert into score_sheet select * from removed")
    executed(desk, "drop table removed")
    (found,) = faults(desk)
    assert f"the program removed row {sheet} of table score_sheet (recorded in entry " in found
    with pytest.raises(RecordsAltered, match=f"表 score_sheet 第{sheet}行已由本系统删除"):
        _ranked(desk, application)
    with pytest.raises(Conflict, match="不能封存"):
        seal_season(desk, SYSTEM, season.round)
