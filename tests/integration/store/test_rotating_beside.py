"""Keys of columns and files change while people work: nobody is refused, and all of it is read afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Event

import pytest
from click.testing import CliRunner

from service.app import Installation
from service.casework.access.actor import SYSTEM
from service.casework.desk.premises import Premises
from service.casework.due.run_item import run_item
from service.casework.soundness.seal_columns import left_plain, seal_columns
from service.casework.tasks.complete import complete_task
from service.cli.main import laurel
from service.domain.lanes import LANES
from service.jobs.due_work import DueWork
from service.settings import Settings, read_settings
from service.store import DataKeys, Store
from tests.chaos.invariants import proven
from tests.support.lakeside import Lakeside, make_lakeside

CLIENTS, EACH = 4, 6


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return read_settings({"LAUREL_DATA": str(tmp_path), "LAUREL_DATABASE": database_url, "LAUREL_SEPARATION": "one"})


@pytest.fixture
def town(settings: Settings) -> Iterator[Lakeside]:
    """A server of the installation, whose columns and files are encrypted."""
    keys = DataKeys(settings.data_keys)
    keys.make()
    with closing(Store(settings.database, settings.data / "files", durable=False, keys=keys)) as store:
        made = make_lakeside(store)
        yield replace(made, desk=replace(made.desk, premises=Premises(data_keys=keys)))


def rotated(settings: Settings) -> None:
    """Rotate as the operator does, by a process of its own as far as keys and connections go."""
    told = CliRunner().invoke(laurel, ["data-keys", "rotate"], obj=Installation(settings))
    assert told.exit_code == 0, told.output


def applied_and_decided(town: Lakeside, client: int, begun: Barrier, rotated_twice: Event) -> list[int]:
    """Do as one browser after another: apply, then decide as the office; once before the rotations, some beside, once after."""

    def one(number: int) -> int:
        case = town.start(f"client{client}of{number}")
        with town.desk.store.read() as tx:
            [task] = tx.tasks.open_of_case(case)
        complete_task(town.desk, town.office, task.id, task.version, {"decision": "accept"})
        return case

    cases = [one(0)]
    begun.wait()
    while not rotated_twice.is_set() and len(cases) < EACH - 1:
        cases.append(one(len(cases)))
    rotated_twice.wait()
    return [*cases, one(len(cases))]


def worked_off(town: Lakeside, over: Event) -> None:
    """Do due work until the clients are done, as the sweeper of a server does."""
    due = DueWork(town.desk.store, lambda item: run_item(town.desk, SYSTEM, item), town.clock.now, "test")
    while not over.is_set():
        for lane in LANES:
            due.run_some(lane, town.clock.now())


def test_people_and_due_work_go_on_while_keys_are_rotated(town: Lakeside, settings: Settings) -> None:
    over, rotated_twice, begun = Event(), Event(), Barrier(CLIENTS + 1)
    for client in range(CLIENTS):
        for number in range(EACH):
            town.applicant(f"client{client}of{number}")
    with ThreadPoolExecutor(CLIENTS + 1) as pool:
        working = pool.submit(worked_off, town, over)
        clients = [pool.submit(applied_and_decided, town, client, begun, rotated_twice) for client in range(CLIENTS)]
        for client in clients:  # who fails keeps nobody waiting
            client.add_done_callback(lambda done: begun.abort() if done.exception() else None)
        try:
            begun.wait()
            for _ in range(2):
                rotated(settings)
            rotated_twice.set()
            cases = [case for client in clients for case in client.result()]
        finally:
            rotated_twice.set()
            over.set()
        working.result()
    assert len(set(cases)) == len(cases) >= CLIENTS * 2
    town.drain()
    assert CliRunner().invoke(laurel, ["data-keys", "seal"], obj=Installation(settings)).exit_code == 0
    assert left_plain(town.desk, SYSTEM) == {}
    assert len(DataKeys(settings.data_keys).ids) == 3
    with closing(Store(settings.database, settings.data / "files", keys=DataKeys(settings.data_keys))) as fresh:
        assert proven(fresh) == []
        with fresh.read() as tx:
            for case in cases:
                assert tx.forms.of_case(case)[0].data["merit"] == "榫卯技艺传承。"


def test_two_rotations_at_once_lose_nothing_and_none_is_refused(town: Lakeside, settings: Settings) -> None:
    """Two operators on two machines: each makes its key, and what either writes both can read."""
    cases = [town.start(f"applicant{number}") for number in range(30)]
    desks = [Installation(settings).desk() for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        for _ in range(3):
            done = [pool.submit(seal_columns, desk, SYSTEM, lambda *_: None, anew=True) for desk in desks]
            assert all(one.result() is not None for one in done)
    for desk in desks:
        desk.store.close()
    assert CliRunner().invoke(laurel, ["data-keys", "seal"], obj=Installation(settings)).exit_code == 0
    assert left_plain(town.desk, SYSTEM) == {}
    assert len(DataKeys(settings.data_keys).ids) == 7
    assert proven(town.desk.store) == []
    for case in cases[:3]:
        with town.desk.store.read() as tx:
            [task] = tx.tasks.open_of_case(case)
        complete_task(town.desk, town.office, task.id, task.version, {"decision": "accept"})
