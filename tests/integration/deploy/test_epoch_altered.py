"""A restore ends whatever was altered in its backup, and what this installation wrote itself counts again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.access.altered_state import ALTERED, StateAltered
from service.casework.assemble import desk_over
from service.casework.digests.demand import RecordsAltered
from service.casework.due.begin_epoch import begin_epoch
from service.casework.people.factors.second_means import has_second_factor
from service.casework.people.means.second_factor import begin_second_factor, confirm_second_factor
from service.casework.people.seals.row_seals import unsealed
from service.casework.people.signing_in.sign_in import WrongPassword, sign_in
from service.casework.tasks.claim import claim_task
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.domain.errors import LaurelError
from service.sdk import operations
from service.store import Store
from service.store.rows import metadata
from service.store.seals.altered import TaskAltered
from service.store.seals.row_seals import mark_of
from tests.integration.ballots.test_recusal import FIRST, keep, opened
from tests.integration.casework.test_written_tasks import begun
from tests.integration.people.test_second_factor import Phone, typed
from tests.support.ballots import Hall, make_hall
from tests.support.browsers import PASSWORD, give_password
from tests.support.desks import Bench, make_bench
from tests.support.first_start import first_start

CAUSE = "磁盘损坏，恢复当夜备份"
LATER = timedelta(minutes=2)


@pytest.fixture
def hall(store: Store, tmp_path: Path) -> Hall:
    """Nine members about to vote, once on each database."""
    return make_hall(store, tmp_path / "keys")


@pytest.fixture
def town(store: Store) -> Bench:
    """An installation after its first start, in which the office has a password; once on each database."""
    bench = make_bench(store)
    give_password(bench, "office")
    first_start(bench.desk)
    return bench


def read(where: Hall | Bench, table: str, ident: int) -> dict[str, Any]:
    rows = metadata.tables[table]
    with where.desk.store.read() as tx:
        return dict(tx._connection.execute(sa.select(rows).where(rows.c.id == ident)).mappings().one())


def write(where: Hall | Bench, table: str, ident: int, **values: object) -> None:
    """Write columns as somebody does who has the database alone, or a restore."""
    rows = metadata.tables[table]
    with where.desk.store._engine.begin() as database:
        database.execute(sa.update(rows).where(rows.c.id == ident).values(values))


def restored(where: Hall | Bench) -> dict[str, Any]:
    return dict(begin_epoch(where.desk, SYSTEM, where.desk.clock.now(), CAUSE).found)


@pytest.mark.parametrize("table", ["case_instance"])
def test_a_ballot_on_a_case_that_was_altered_in_the_backup_keeps_no_restore_from_its_end(
    hall: Hall, table: str
) -> None:
    case, ballot, bodies = opened(hall)
    keep(hall, case, 3, bodies[FIRST])
    first_start(hall.desk)
    with hall.desk.store.read() as tx:
        (bar,) = tx.experts.recusals([bodies[FIRST]])
    ident, change = (
        (FIRST, {"title": "别的名称"}) if table == "case_instance" else (bar.id, {"lifted_at": hall.clock.now()})
    )
    before = read(hall, table, ident)
    write(hall, table, ident, **change)
    assert restored(hall)["ballots"] == []
    assert [row.state for row in hall.ballots(case)] == ["void"]
    with hall.desk.store.read() as tx:
        told = [(row.kind, row.case_id) for row in tx.incidents.list_open()]
    assert told == ([(ALTERED, FIRST)] if table == "case_instance" else [])
    with pytest.raises(LaurelError):
        hall.cast(ballot, 2, {})
    with pytest.raises((StateAltered, RecordsAltered)):
        hall.drain()
    write(hall, table, ident, **{name: before[name] for name in change})
    hall.clock.move_to(hall.clock.now() + LATER)
    hall.drain()
    assert [row.state for row in hall.ballots(case)] == ["void", "open"]
    with hall.desk.store.read() as tx:
        anew = tx.ballots.recusals(hall.ballots(case)[-1].id)
    assert {(row.number, row.candidate) for row in anew} == {(3, str(FIRST))}


def test_a_version_that_was_followed_by_another_since_holds_before_ballots_are_called_anew(hall: Hall) -> None:
    case, _ = hall.open()
    first_start(hall.desk)
    with hall.desk.store.write() as tx:
        version = tx.definitions.get(tx.cases.get(case).definition)
        tx.withdrawn.append(mark_of(version.seal))  # as what publishes the next one does, after the backup
    keys = hall.desk.ballot_keys.root
    with_nothing_read = desk_over(
        hall.desk.store, load_calendars(bundled_calendars()), operations(), clock=hall.clock, ballot_keys=keys
    )
    fresh = replace(hall, desk=with_nothing_read)
    found = restored(fresh)
    assert (len(found["ballots"]), found["seals"]) == (1, {"definition": 1})
    assert [row.state for row in fresh.ballots(case)] == ["void", "open"]


def test_a_task_that_was_handed_on_since_is_again_theirs_who_had_it(town: Bench) -> None:
    task, stranger = begun(town), town.stranger
    before = read(town, "task", task.id)
    with town.desk.store.write() as tx:
        tx.tasks.update(task.id, task.version, body_id=stranger.seats[0].body_id)
    write(town, "task", task.id, **before)
    other = begun(town)
    write(town, "task", other.id, body_id=stranger.seats[0].body_id)
    with pytest.raises(TaskAltered):
        claim_task(town.desk, town.applicant, task.id, task.version)
    assert restored(town)["seals"] == {"task": 1}
    claim_task(town.desk, town.applicant, task.id, task.version)
    with pytest.raises(TaskAltered):
        claim_task(town.desk, stranger, other.id, other.version)


def test_an_account_whose_second_factor_was_set_or_taken_away_since_is_open_as_the_backup_holds_it(town: Bench) -> None:
    who = town.people["office"]
    without, none = read(town, "person", who), restored(town)["seals"]
    phone = Phone(town, typed(begin_second_factor(town.desk, town.office, PASSWORD).written))
    confirm_second_factor(town.desk, town.office, phone.code(), "")
    codes = metadata.tables["second_factor"]
    with town.desk.store.read() as tx:
        factor = dict(tx._connection.execute(sa.select(codes)).mappings().one())
    having = read(town, "person", who)
    write(town, "person", who, **without)
    with town.desk.store._engine.begin() as database:
        database.execute(sa.delete(codes))
    with pytest.raises(WrongPassword):
        sign_in(town.desk, "office", PASSWORD, 12)
    assert (none, restored(town)["seals"]) == ({}, {"person": 1})
    assert sign_in(town.desk, "office", PASSWORD, 12)
    write(town, "person", who, **having)
    with town.desk.store.write() as tx:
        tx._connection.execute(sa.insert(codes).values(factor))
        tx.second_factors.remove(who)
        tx.people.forget_second_means(who)
    write(town, "person", who, **having)
    with town.desk.store._engine.begin() as database:
        database.execute(sa.insert(codes).values(factor))
    assert restored(town)["seals"] == {"person": 1}
    with town.desk.store.read() as tx:
        assert not has_second_factor(tx, who), "what was taken away stays away"
    assert unsealed(town.desk) == []


def test_an_account_that_was_closed_since_stays_closed_though_its_row_of_before_comes_back(town: Bench) -> None:
    who = town.people["office"]
    first = read(town, "person", who)
    with town.desk.store.write() as tx:
        tx.people.change_second_means(who, 1)
        tx.people.change_second_means(who, -1)
    second = read(town, "person", who)
    with town.desk.store.write() as tx:
        tx.people.update_person(who, active=False)
    for row in (first, second):
        write(town, "person", who, **row)
        assert restored(town)["seals"] == {}
        with pytest.raises(WrongPassword):
            sign_in(town.desk, "office", PASSWORD, 12)
