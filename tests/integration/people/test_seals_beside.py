"""An older program that goes on beside this one after an upgrade without downtime: what it writes counts, and is told of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from service.app import Installation
from service.casework.access.actor import SYSTEM
from service.casework.access.altered_state import StateAltered
from service.casework.desk.desk import Desk
from service.casework.health.limits import Limits
from service.casework.health.unsealed import seals
from service.casework.people.accounts.accounts import change_password, set_active
from service.casework.people.factors.passwords import hash_password
from service.casework.people.seals.row_seals import BESIDE, seal_rows_beside, unsealed
from service.casework.people.signing_in.sign_in import WrongPassword, sign_in
from service.casework.records.compare import WHOLE
from service.casework.step.own_state import demand_own_state
from service.casework.tasks.complete import complete_task
from service.cli.audit import audit
from service.cli.main import laurel
from service.jobs.findable_cases import look_after
from service.settings import read_settings
from service.store import Store, plain_hash
from service.store.rows.people import person
from tests.integration.casework.test_sealed_work import kept, queued, refused
from tests.integration.casework.test_state_seals import Here, executed, faults
from tests.integration.interventions.test_interventions import reviewed
from tests.support.browsers import PASSWORD, give_password
from tests.support.desks import Bench, make_bench

pytestmark = pytest.mark.share(2)


@pytest.fixture
def town(store: Store) -> Bench:
    """People of a program before; on SQLite and on PostgreSQL."""
    bench = make_bench(store)
    for table in ("person", "membership"):
        executed(bench.desk, f"update {table} set seal = ''")
    return bench


@contextmanager
def old_program(desk: Desk) -> Iterator[None]:
    """A web process that was not upgraded yet: it knows no seals."""
    kept_seals, desk.store.seals = desk.store.seals, None
    yield
    desk.store.seals = kept_seals


def entered(town: Bench) -> list[dict[str, Any]]:
    """What the book says of rows that were sealed later."""
    with town.desk.store.read() as tx:
        return [row.data["after"] for row in tx.acts.after(0, 1000) if "补封" in row.about]


def told(town: Bench) -> tuple[bool, str]:
    """Whether the doctor looked at seals, and the end of what it found."""
    [found] = seals(town.desk, Limits())
    return found.looked, next(
        end
        for end in ("which was not started yet", "was written by this program", "asks for seals at once")
        if found.found.en.endswith(end)
    )


def is_open(town: Bench, login: str) -> bool:
    with town.desk.store.read() as tx:
        return tx.people.person(town.people[login]).active


def asked_for(town: Bench) -> bool:
    assert town.desk.store.seals is not None
    return town.desk.store.seals.asked_for


def test_work_that_an_older_program_queues_after_the_new_worker_began_is_done(town: Bench) -> None:
    case = reviewed(town)
    look_after(town.desk)  # the upgraded worker starts first
    with old_program(town.desk):
        queued(town, case)
    town.drain()
    assert (kept(town, case), refused(town)) == (1, [])


def test_an_account_that_an_older_program_opens_anew_is_open(town: Bench) -> None:
    who = town.people["stranger"]
    look_after(town.desk)
    with old_program(town.desk):
        set_active(town.desk, town.admin, who, False)
        set_active(town.desk, town.admin, who, True)
        with town.desk.store.write() as tx:
            tx.people.update_person(who, password_owned_at=town.clock.now())
    assert is_open(town, "stranger")


def test_what_it_writes_meanwhile_is_sealed_and_stands_in_the_book(town: Bench) -> None:
    who = town.people["stranger"]
    assert seal_rows_beside(town.desk, SYSTEM) > 0
    assert entered(town) == [], "these are all rows there are"
    (found,) = seals(town.desk, Limits())
    assert "begin-seals" in found.found.en
    with old_program(town.desk):
        set_active(town.desk, town.admin, who, False)
    assert seal_rows_beside(town.desk, SYSTEM) == 1
    assert entered(town) == [{"table": "person", "rows": [who]}]
    assert seal_rows_beside(town.desk, SYSTEM) == 0
    assert (len(entered(town)), is_open(town, "stranger")) == (1, False)


def test_after_a_day_each_row_must_have_a_seal(town: Bench) -> None:
    seal_rows_beside(town.desk, SYSTEM)
    town.clock.move_to(town.clock.now() + BESIDE - timedelta(minutes=1))
    with old_program(town.desk):
        set_active(town.desk, town.admin, town.people["stranger"], False)
    seal_rows_beside(town.desk, SYSTEM)
    assert not asked_for(town)
    with old_program(town.desk):
        set_active(town.desk, town.admin, town.people["stranger"], True)
    town.clock.move_to(town.clock.now() + timedelta(minutes=1))
    assert seal_rows_beside(town.desk, SYSTEM) == 1, "the last of them"
    assert (asked_for(town), unsealed(town.desk), is_open(town, "stranger")) == (True, [], True)
    executed(town.desk, "update person set active = false where login = 'stranger'")
    executed(town.desk, "update person set active = true, seal = '' where login = 'stranger'")
    assert (seal_rows_beside(town.desk, SYSTEM), is_open(town, "stranger")) == (0, False)


def test_who_has_upgraded_everything_says_so_and_waits_for_no_day(town: Bench) -> None:
    look_after(town.desk)
    assert not asked_for(town)
    done = CliRunner().invoke(audit, ["begin-seals"], obj=Here(town))
    assert (done.exit_code, asked_for(town)) == (0, True), done.output
    assert town.desk.store.seals is not None
    assert town.desk.store.seals.first_sealed_at() is None, "a later kind of rows has a day of its own"


def test_a_second_factor_that_its_owner_removed_on_an_older_page_locks_nobody_out(town: Bench) -> None:
    seal_rows_beside(town.desk, SYSTEM)
    who = town.people["stranger"]
    with town.desk.store.write() as tx:
        tx.people.change_second_means(who, 1)  # and the older program takes the passkey out, which counts none
    assert seal_rows_beside(town.desk, SYSTEM) == 1
    with town.desk.store.read() as tx:
        assert tx.people.person(who).second_means == 0
    assert entered(town) == [{"table": "person", "rows": [who]}]


def test_where_nobody_has_an_account_no_older_program_runs(store: Store) -> None:
    bench = make_bench(store)
    before = [*bench.people]
    for table in ("membership", "attempt", "session"):
        executed(bench.desk, f"delete from {table}")
    executed(bench.desk, "delete from person")
    assert before
    assert told(bench) == (False, "which was not started yet")
    seal_rows_beside(bench.desk, SYSTEM)
    assert asked_for(bench)
    assert told(bench) == (True, "was written by this program")


def test_accounts_of_a_new_installation_are_no_upgrade(tmp_path: Path) -> None:
    tools = Installation(read_settings({"LAUREL_DATA": str(tmp_path / "var"), "LAUREL_SEPARATION": "one"}))
    words = ["administrator", "chen", "--name", "陈"]
    assert CliRunner().invoke(laurel, words, obj=tools, input=f"{PASSWORD}\n").exit_code == 0
    assert "upgrade" not in "".join(one.found.en for one in seals(tools.desk(), Limits()))
    seal_rows_beside(tools.desk(), SYSTEM)
    kept_seals = tools.desk().store.seals
    assert kept_seals is not None
    assert kept_seals.asked_for


def test_an_upgrade_is_spoken_of_for_its_day_alone(town: Bench) -> None:
    seal_rows_beside(town.desk, SYSTEM)
    assert told(town) == (True, "asks for seals at once")


@contextmanager
def program_without_records(desk: Desk) -> Iterator[None]:
    """The same: it knows neither seals nor digests."""
    kept_key, desk.store.key_of_digests = desk.store.key_of_digests, None
    with old_program(desk):
        yield
    desk.store.key_of_digests = kept_key


def test_a_password_that_is_changed_on_an_older_page_signs_its_owner_in(town: Bench) -> None:
    give_password(town, "office")
    look_after(town.desk)
    with program_without_records(town.desk):
        change_password(town.desk, town.office, PASSWORD, "Long enough 7 words", "")
    assert sign_in(town.desk, "office", "Long enough 7 words", 12)
    look_after(town.desk)
    town.clock.move_to(town.clock.now() + BESIDE)
    look_after(town.desk)
    assert asked_for(town)
    assert sign_in(town.desk, "office", "Long enough 7 words", 12)
    assert {"table": "person.password", "rows": [town.people["office"]]} in entered(town)
    with town.desk.store.write() as tx:
        written = plain_hash(hash_password("somebody else's sentence"))
        tx._connection.execute(sa.update(person).where(person.c.login == "office").values(password=written))
    with pytest.raises(WrongPassword):
        sign_in(town.desk, "office", "somebody else's sentence", 12)


def reviewed_further(town: Bench, case: int, decision: str) -> None:
    """Let the review of a case be done, which `go_on` leaves."""
    with town.desk.store.read() as tx:
        task = tx.tasks.open_of_case(case)[0]
    complete_task(town.desk, town.office, task.id, task.version, {"decision": decision, "reason": "属实"})


def test_a_case_that_an_older_program_moves_meanwhile_goes_on_and_is_recorded(town: Bench) -> None:
    cases = [reviewed(town) for _ in range(3)]
    look_after(town.desk)
    with program_without_records(town.desk):
        reviewed_further(town, cases[0], "fail")
        reviewed_further(town, cases[1], "pass")
    with town.desk.store.write() as tx:
        demand_own_state(town.desk, tx, tx.cases.lock(cases[1]))
    look_after(town.desk)
    assert faults(town.desk) == []
    town.clock.move_to(town.clock.now() + BESIDE)
    look_after(town.desk)
    assert town.desk.ballot_keys.known_secret(WHOLE) is not None
    assert faults(town.desk) == []
    with program_without_records(town.desk):
        reviewed_further(town, cases[2], "pass")
    with town.desk.store.write() as tx, pytest.raises(StateAltered):
        demand_own_state(town.desk, tx, tx.cases.lock(cases[2]))
    assert faults(town.desk), "what nobody recorded afterwards is found"
