"""What decides is digested into the chains: whoever changes it beside the program is found, by table, row and column."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.ballots.counting import count_ballot
from service.casework.cases.start import start_case
from service.casework.desk.desk import Desk
from service.casework.digests.before import record_before
from service.casework.digests.compare import WHOLE
from service.casework.digests.demand import RecordsAltered
from service.casework.handler_services.register import RegisterPort
from service.casework.people.accounts import set_active
from service.casework.review.ranking import rank_cases
from service.casework.sealing.seal import seal_season
from service.casework.soundness.digests import digests
from service.casework.soundness.fault import Underway, Unsound
from service.casework.step.step import open_step
from service.domain.errors import Conflict
from service.sdk import Conferral
from service.sdk.review import RankOrder
from service.store import KeyFiles, event_of
from service.store.rows import SanctionRow
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
    given = "insert into membership (person_id, body_id, jurisdiction, role, since) select 1, body_id, jurisdiction, 'x', since"
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
