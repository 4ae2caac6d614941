"""Keys of columns and files change while people work: nobody is refused, and all of it is read afterwards."""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Barrier, Event

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from service.app import Installation
from service.casework.access.actor import SYSTEM
from service.casework.desk.desk import Desk
from service.casework.desk.premises import Premises
from service.casework.health.checks import Colour, look_at_data_keys
from service.casework.soundness.data_keys import count_stale, rotate_keys
from service.casework.tasks.complete import complete_task
from service.cli.main import laurel
from service.settings import Settings, read_settings
from service.store import DataKeys, Store
from service.store.types import text_of
from tests.chaos.invariants import proven
from tests.support.browsers import Browser, make_app
from tests.support.desks import PACKAGE, Bench, make_bench
from tests.support.lakeside import Lakeside, make_lakeside
from tests.support.postgres import owner_setting
from tests.support.waiting import PATIENCE, happened

CLIENTS, EACH = 4, 6
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    keys = {"LAUREL_BALLOT_KEYS": str(tmp_path / "files-ballot-keys")}  # where a desk over a store puts them
    at = {"LAUREL_DATA": str(tmp_path), "LAUREL_DATABASE": database_url, **owner_setting(database_url), **keys}
    return read_settings({**at, "LAUREL_SEPARATION": "one"})


@pytest.fixture
def town(settings: Settings) -> Iterator[Lakeside]:
    """A server of the installation, whose columns and files are encrypted."""
    keys = DataKeys(settings.data_keys)
    keys.make()
    with closing(Store(settings.database, settings.data / "files", durable=False, keys=keys)) as store:
        made = make_lakeside(store)
        yield replace(made, desk=replace(made.desk, premises=Premises(data_keys=keys)))


@pytest.fixture
def owner(settings: Settings, town: Lakeside) -> Iterator[Desk]:
    """The desk of whoever owns the tables, as a rotation has it."""
    desk = Installation(settings.as_owner()).desk()
    yield desk
    desk.store.close()


def rotated(settings: Settings) -> None:
    """Rotate as the operator does, by a process of its own as far as keys and connections go."""
    told = CliRunner().invoke(laurel, ["doctor", "--rotate-keys"], obj=Installation(settings))
    assert told.exit_code == 0, told.output


@dataclass(frozen=True)
class Sent:
    """What somebody sent to the pages: a form with a file, and a file before it by the script of the page."""

    case: int
    contact: str
    files: tuple[bytes, bytes]


def sent_to_the_pages(me: Browser, bench: Bench, number: int) -> Sent:
    """Apply, send a file by the script of the page, then the form with another one, as a browser does."""
    begun = me.post(f"/start/{PACKAGE}/application", {"ready": "on"})
    assert begun.status_code == 302, begun.text
    with bench.desk.store.read() as tx:
        case = tx.tasks.get(int(begun.headers["Location"].rpartition("/")[2])).case_id
    [task] = bench.tasks(case)
    told = Sent(
        case, f"{me.login}的联系人{number}", (PDF + b"%%%d by script" % case, PDF + b"%%%d with the form" % case)
    )
    first, second = (io.BytesIO(content) for content in told.files)
    kept = me.post(f"/tasks/{task.id}/uploads?field=licence", {"file": (first, "执照.pdf")})
    assert (kept.status_code, me.get(kept.json["url"]).data) == (200, told.files[0])
    form = {"founded_on": "2010-05-01", "contact": told.contact, "licence": [kept.json["id"], (second, "续.pdf")]}
    done = me.post(f"/tasks/{task.id}", {**form, "do": "submit"})
    assert done.status_code == 302, done.text
    return told


def test_forms_and_files_sent_to_the_pages_meanwhile_are_there_once(settings: Settings) -> None:
    keys, rotated_twice, begun = DataKeys(settings.data_keys), Event(), Barrier(3)
    keys.make()
    with closing(Store(settings.database, settings.data / "files", durable=False, keys=keys)) as store:
        bench = make_bench(store)
        bench = replace(bench, desk=replace(bench.desk, premises=Premises(data_keys=keys)))
        app = make_app(bench)

        def client(login: str) -> list[Sent]:
            me = Browser(app, bench, login)
            told = [sent_to_the_pages(me, bench, 0)]
            begun.wait(PATIENCE)
            while not rotated_twice.is_set() and len(told) < EACH:
                told.append(sent_to_the_pages(me, bench, len(told)))
            happened(rotated_twice, "the keys are rotated twice")
            return [*told, sent_to_the_pages(me, bench, len(told))]

        with ThreadPoolExecutor(2) as pool:
            clients = [pool.submit(client, login) for login in ("applicant", "stranger")]
            for one in clients:
                one.add_done_callback(lambda done: begun.abort() if done.exception() else None)
            try:
                begun.wait(PATIENCE)
                for _ in range(2):
                    rotated(settings)
            finally:
                rotated_twice.set()
            sent = [told for one in clients for told in one.result(PATIENCE)]
        bench.drain()
        assert count_stale(bench.desk, SYSTEM) == {}
    with closing(Store(settings.database, settings.data / "files", keys=DataKeys(settings.data_keys))) as fresh:
        assert proven(fresh) == []
        with fresh.read() as tx:
            for told in sent:
                [form] = [row for row in tx.forms.of_case(told.case) if "contact" in row.data]
                assert form.data["contact"] == told.contact
                assert len(tx.uploads.list_of_case(told.case)) == len(told.files)
                names = [tx.uploads.get(kept["id"]).sha256 for kept in form.data["licence"]]
                for name, content in zip(names, told.files, strict=True):
                    with fresh.files.open(name) as file:
                        assert file.read() == content


def test_two_rotations_at_once_lose_nothing_and_none_is_refused(town: Lakeside, settings: Settings) -> None:
    """Two operators on two machines: who comes second goes on with what the first began."""
    cases = [town.start(f"applicant{number}") for number in range(30)]
    desks = [Installation(settings.as_owner()).desk() for _ in range(2)]
    before = DataKeys(settings.data_keys).ids
    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(rotate_keys, desk, SYSTEM, lambda *_: None) for desk in desks]
        assert [one.result(PATIENCE).newest for one in done]
    for desk in desks:
        desk.store.close()
    assert count_stale(town.desk, SYSTEM) == {}
    [ident] = DataKeys(settings.data_keys).ids
    assert ident not in before
    assert proven(town.desk.store) == []
    for case in cases[:3]:
        with town.desk.store.read() as tx:
            [task] = tx.tasks.open_of_case(case)
        complete_task(town.desk, town.office, task.id, task.version, {"decision": "accept"})


def test_a_rotation_that_was_stopped_is_gone_on_with(town: Lakeside, settings: Settings, owner: Desk) -> None:
    """Killed at any table: both keys stay, and the next run makes no third one."""
    [first] = DataKeys(settings.data_keys).ids
    town.start("applicant1")
    town.desk.store.files.put(PDF)

    def stopped(table: str, _rows: int) -> None:
        if table == last:
            raise KeyboardInterrupt

    for last in ("person", "case_instance", "files"):
        with pytest.raises(KeyboardInterrupt):
            rotate_keys(owner, SYSTEM, stopped)
        second, *older = DataKeys(settings.data_keys).ids
        assert older == [first]
        assert look_at_data_keys(town.desk).colour is Colour.YELLOW
        with town.desk.store.write() as tx:  # so that each table has something left to stop at
            tx.people.change(town.people["office"], telephone=f"1390000000{len(last)}")
    rotated(settings)
    assert DataKeys(settings.data_keys).ids == (second,)
    assert (count_stale(town.desk, SYSTEM), look_at_data_keys(town.desk).colour) == ({}, Colour.GREEN)


def test_what_is_written_late_under_the_old_key_is_taken_along_before_that_is_dropped(
    town: Lakeside, settings: Settings, owner: Desk
) -> None:
    """A process that is held up for minutes between choosing the key and writing: no look can see it beforehand."""
    town.start("applicant1")
    [first] = DataKeys(settings.data_keys).ids
    late = DataKeys(settings.data_keys)
    token = late.encrypt(b"13912345678", "person.telephone")

    def write_late(table: str, _rows: int) -> None:
        if table == "case_instance":  # after that table's rows
            with town.desk.store.write() as tx:
                tx._connection.execute(
                    sa.text("update person set telephone = :it where login = 'office'"), {"it": text_of(token)}
                )

    done = rotate_keys(owner, SYSTEM, write_late)
    assert done.dropped == (first,), "the second look took it along"
    with town.desk.store.read() as tx:
        assert tx.people.get(town.people["office"]).telephone == "13912345678"
