"""A cell that holds what its column cannot hold blinds nobody: it is named, and all else goes on being looked at."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from service.casework.access.actor import SYSTEM
from service.casework.desk.desk import Desk
from service.casework.desk.premises import Premises
from service.casework.digests.before import record_before
from service.casework.health.checks import look_quietly
from service.casework.health.finding import Level
from service.casework.people.accounts import set_active
from service.casework.people.row_seals import seal_rows, unsealed
from service.casework.soundness.prove import prove
from service.cli.audit import audit
from service.jobs.watchman import look_once
from service.store import Store
from tests.integration.people.test_book import Here
from tests.integration.people.test_daily_verification import verified
from tests.support.desks import Bench, make_bench


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
