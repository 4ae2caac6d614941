"""A backup comes back on a new machine with the secrets of the log, without keys of ballots: people act, cases and ballots go on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import handlers
from service.app import Installation
from service.casework.access.actor import SYSTEM, Actor, acting
from service.casework.ballots.box import VOID
from service.casework.ballots.cast_vote import cast_vote
from service.casework.desk.desk import Desk
from service.casework.due.hold import resume_work
from service.casework.due.run_item import run_item
from service.casework.people.signing_in.sign_in import sign_in
from service.casework.tasks.complete import complete_task
from service.cli.main import laurel
from service.settings import Settings, read_settings
from service.store import Store
from tests.integration.deploy.test_backup import backup, empty, keys_file, store
from tests.support.ballots import MEMBERS, Hall, make_hall, paper
from tests.support.browsers import PASSWORD, give_password
from tests.support.desks import make_bench

__all__ = ["empty", "store"]
handlers.load()


def command(settings: Settings, *words: str) -> Result:
    return CliRunner().invoke(laurel, list(words), obj=Installation(settings))


def moved(desk: Desk, database_url: str, empty: str, tmp_path: Path) -> Settings:
    """Back up, bring it back elsewhere, and start there for the first time; returns the settings of the new place."""
    file, again = tmp_path / "night.tar.gz", tmp_path / "again"
    keys = {"LAUREL_DATA_KEYS": str(keys_file(again))}
    settings = read_settings({"LAUREL_DATABASE": empty, "LAUREL_DATA": str(again), "LAUREL_SEPARATION": "one", **keys})
    settings.ballot_keys.mkdir(parents=True)
    for secret in desk.ballot_keys.root.glob("*.secret"):  # the operator brings them along, as deploy/README.md says
        shutil.copy(secret, settings.ballot_keys)
    for act, url, data in (("backup", database_url, tmp_path), ("restore", empty, again)):
        done = backup(act, file, url, data)
        assert done.returncode == 0, done.stderr
    return settings


def acts(desk: Desk, login: str) -> Actor:
    """Return a person as they are after signing in."""
    with desk.store.read() as tx:
        person = tx.people.by_login(login)
        assert person is not None, login
        return acting(tx, person.id, desk.clock.now())


def sound(settings: Settings) -> None:
    """Hold the new place to what the commands look at."""
    told = command(settings, "doctor", "--deep")
    assert told.exit_code == 0, told.output


def test_people_sign_in_and_running_cases_go_on(store: Store, database_url: str, empty: str, tmp_path: Path) -> None:
    bench = make_bench(store)
    give_password(bench, "office")
    case = bench.submitted()
    settings = moved(bench.desk, database_url, empty, tmp_path)
    desk = Installation(settings).desk()
    assert sign_in(desk, "office", PASSWORD, 12)
    with desk.store.read() as tx:
        [task] = tx.tasks.open_of_case(case)
    complete_task(desk, acts(desk, "office"), task.id, task.version, {"decision": "pass"})
    with desk.store.read() as tx:
        assert len(tx.notices.select(case_id=case)) == 1
    sound(settings)


@pytest.fixture
def hall(store: Store, tmp_path: Path) -> Hall:
    return make_hall(store, tmp_path / "keys")


def test_an_open_ballot_is_voted_anew_and_counted(hall: Hall, database_url: str, empty: str, tmp_path: Path) -> None:
    case, ballot = hall.open()
    for number in (1, 2):
        hall.cast(ballot, number, paper("yyn"))
    settings = moved(hall.desk, database_url, empty, tmp_path)
    desk = Installation(settings).desk()
    with desk.store.read() as tx:
        void, anew = tx.ballots.select(case_id=case)
    assert (void.id, void.state) == (ballot, VOID)
    resume_work(desk, SYSTEM, 1, "已核对")
    for login in MEMBERS:
        cast_vote(desk, acts(desk, login), anew.id, paper("yyn"))
    while (item := desk.store.claim(desk.clock.now(), "test")) is not None:
        run_item(desk, SYSTEM, item)
    with desk.store.read() as tx:
        result = tx.ballot_results.find(ballot_id=anew.id)
        incidents = tx.incidents.list_open(["votetown"])
    assert [i.detail for i in incidents] == []
    assert result is not None
    assert {e["candidate"] for e in result.outcome["elected"]} == {"c1", "c2"}
    sound(settings)
