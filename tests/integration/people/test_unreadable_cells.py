"""A cell that holds what its column cannot hold blinds nobody: it is named, and all else goes on being looked at."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from service.casework.access.actor import SYSTEM
from service.casework.cases.start import start_case
from service.casework.desk.desk import Desk
from service.casework.desk.premises import Premises
from service.casework.digests.before import record_before
from service.casework.health.checks import look_quietly
from service.casework.health.finding import Level
from service.casework.people.accounts.accounts import set_active
from service.casework.people.seals.row_seals import seal_rows, unsealed
from service.casework.soundness.prove import prove
from service.cli.audit import audit
from service.domain.errors import NotAllowed
from service.jobs.watchman import look_once
from service.store import Store
from service.store.rows import AlarmRow, HealthLimitsRow
from tests.integration.people.test_book import Here
from tests.integration.people.test_daily_verification import verified
from tests.support.desks import PACKAGE, Bench, make_bench


@pytest.fixture
def place(store: Store, tmp_path: Path) -> Bench:
    """An installation with anchors outside, in which every row has its seal; on SQLite and on PostgreSQL."""
    bench = make_bench(store)
    (folder := tmp_path / "anchors").mkdir()
    bench.desk = replace(bench.desk, premises=Premises(anchors=folder))
    for active in (False, True):
        set_active(bench.desk, bench.admin, bench.stranger.person_id or 0, active)
    seal_rows(bench.desk, SYSTEM)
    record_before(bench.desk, SYSTEM)
    return bench


def executed(desk: Desk, sql: str) -> None:
    """Do what somebody does who has the database alone."""
    with desk.store.write() as tx:
        assert tx._connection.execute(sa.text(sql)).rowcount == 1


def spoilt(place: Bench, table: str, column: str, where: str) -> str:
    """Let a cell hold what no program can read; returns how it is named."""
    with place.desk.store.read() as tx:
        ident = tx._connection.scalar(sa.text(f"select id from {table} where {where}"))
        beyond = "'infinity'" if tx._connection.dialect.name == "postgresql" else "'9999-99-99'"
    executed(place.desk, f"update {table} set {column} = {beyond} where id = {ident}")
    return f"column {column} in row {ident} of table {table} cannot be read"


PLACES = [
    ("membership", "since", "person_id = {office}"),
    ("person", "password_set_at", "id = {stranger}"),
]


@pytest.mark.parametrize(("table", "column", "where"), PLACES)
def test_it_is_named_and_all_else_is_looked_at(place: Bench, table: str, column: str, where: str) -> None:
    desk = place.desk
    assert verified(desk).level is Level.FINE
    named = spoilt(place, table, column, where.format(**place.people))
    executed(desk, "update act set about = '别的' where seq = 2 and chain = 'account'")
    executed(desk, f"update person set login = 'taken' where id = {place.people['applicant']}")
    assert any(named in one.found.en for one in look_quietly(desk, SYSTEM) if one.level is Level.FAULT)
    assert named in " ".join(one.en for one in unsealed(desk))
    said = " ".join(one.found.en for part in prove(desk, SYSTEM) for one in part.faults)
    assert named in said
    assert f"column login in row {place.people['applicant']} of table person is not what was recorded" in said
    told = CliRunner().invoke(audit, ["verify"], obj=Here(place))
    assert (told.exit_code, named in told.output, isinstance(told.exception, SystemExit)) == (1, True, True), told
    assert "account: 2" in told.output


def test_who_blinds_a_check_stops_neither_anchors_nor_alarms(place: Bench, caplog: pytest.LogCaptureFixture) -> None:
    desk = place.desk
    named = spoilt(place, "membership", "since", f"person_id = {place.people['office']}")
    look_once(desk)
    with desk.store.read() as tx:
        assert tx.anchors.last() is not None
        assert any(named in one.found["en"] for one in tx.health.alarms()), "people are told"
    assert not caplog.records


def test_cells_of_several_tables_are_named_at_once(place: Bench) -> None:
    names = [spoilt(place, table, column, where.format(**place.people)) for table, column, where in PLACES]
    said = " ".join(one.found.en for one in look_quietly(place.desk, SYSTEM) if one.level is Level.FAULT)
    assert [name in said for name in names] == [True, True]


def beyond(place: Bench) -> str:
    return "'infinity'" if place.desk.store.dialect == "postgresql" else "'9999-99-99'"


def test_who_blinds_limits_and_alarms_stops_no_alarm(place: Bench, caplog: pytest.LogCaptureFixture) -> None:
    desk, now, words = place.desk, place.clock.now(), {"zh": "…", "en": "…"}
    with desk.store.write() as tx:
        tx.health.choose(HealthLimitsRow(values={"disk_megabytes": 1}, changed_at=now, changed_by=None))
        for name in ("seals", "other"):
            tx.health.note(AlarmRow(name=name, level=2, told=2, what=words, found=words, since=now))
    executed(desk, f"update health_limits set changed_at = {beyond(place)}")
    executed(desk, f"update alarm set since = {beyond(place)} where name = 'seals'")
    named = spoilt(place, "membership", "since", f"person_id = {place.people['office']}")
    look_once(desk)
    with desk.store.read() as tx:
        (told,) = (one for one in tx.health.alarms() if one.name == "seals")
        assert tx.anchors.last() is not None
    assert (told.level, named in told.found["en"]) == (Level.FAULT, True), "it is told anew"
    assert "column changed_at in row 1 of table health_limits cannot be read" in told.found["en"]
    assert not caplog.records


def test_an_administrator_whose_row_cannot_be_read_keeps_the_others_from_no_alarm(place: Bench) -> None:
    with place.desk.store.read() as tx:
        whole = tx.people.people_with("testville", "office", None, place.clock.now())
    assert len(whole) > 1
    spoilt(place, "person", "password_set_at", f"id = {whole[0].id}")
    with place.desk.store.read() as tx:
        assert tx.people.readable_people_with("testville", "office", place.clock.now()) == whole[1:]


@pytest.mark.parametrize("value", ["'[]'", "'5'", "'null'"])
def test_values_of_another_kind_blind_nothing(place: Bench, value: str) -> None:
    """An object in a chain that becomes a list, a number or nothing is named as changed, and all else is looked at."""
    desk = place.desk
    case = start_case(desk, place.applicant, PACKAGE, "application", None, {"ready": True})
    with pytest.raises(NotAllowed):
        set_active(desk, place.stranger, place.stranger.person_id or 0, False)
    executed(desk, f"update audit set data = {value} where case_id = {case} and seq = 1")
    executed(desk, f"update act set data = {value} where id = (select max(id) from act where outcome <> 'done')")
    look_once(desk)
    with desk.store.read() as tx:
        assert tx.anchors.last() is not None
    said = " ".join(one.found.en for part in prove(desk, SYSTEM) for one in part.faults)
    assert "from entry 1 on" in said or "event 1 " in said, said
    told = CliRunner().invoke(audit, ["verify"], obj=Here(place))
    assert (told.exit_code, f"case {case}: 1" in told.output, isinstance(told.exception, SystemExit)) == (1, True, True)
    assert f"case {case}" in verified(desk).found.en


@pytest.mark.parametrize("table", ["audit", "act"])
def test_an_entry_that_cannot_be_read_is_named_by_its_chain(place: Bench, table: str) -> None:
    desk = place.desk
    case = start_case(desk, place.applicant, PACKAGE, "application", None, {"ready": True})
    chain = f"case_id = {case}" if table == "audit" else "chain = 'account'"
    executed(desk, f"update {table} set at = {beyond(place)} where {chain} and seq = 1")
    told = CliRunner().invoke(audit, ["verify"], obj=Here(place))
    name = f"case {case}: 1" if table == "audit" else "account: 1"
    assert (told.exit_code, name in told.output, isinstance(told.exception, SystemExit)) == (1, True, True), told
