"""A volume that fills while a season runs: whoever writes is told, nothing is half done, and with space all goes on."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from service.app import Installation
from service.backups.make import make_backup
from service.backups.restore import restore_backup
from service.casework.access.actor import SYSTEM
from service.casework.health.checks import run_checks
from service.cli.main import laurel
from service.jobs.put_together import premises_of
from service.settings import Settings, read_settings
from service.store import StorageFull, Store
from service.store.models.cases import case
from tests.chaos.invariants import proven
from tests.integration.casework.test_archives import ended as refused_application
from tests.support.browsers import make_app
from tests.support.desks import make_bench
from tests.support.half_seasons import season_until
from tests.support.keys import keys_beside
from tests.support.lakeside import make_lakeside
from tests.support.postgres import Cluster

pytestmark = pytest.mark.chaos

SIZE = 64 * 2**20
SEASON = ("urumqi/quality_award", "correction_succeeds")
ROOM = 24 * 1024
"""Bytes that are left in a full volume: too few for a step, so that some writes begin and then find no room."""


@pytest.fixture
def volume(tmp_path: Path) -> Iterator[Path]:
    """A small volume of its own; only root may mount one."""
    folder = tmp_path / "volume"
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    if subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("mounting a volume of its own takes root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def full(volume: Path, room: int) -> Iterator[None]:
    """Leave ``room`` bytes of the volume."""
    filler = volume / "filler"
    left = os.statvfs(volume)
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, left.f_bavail * left.f_frsize - room))
    try:
        yield
    finally:
        filler.unlink()


@pytest.mark.parametrize("filled", ["database", "files"])
def test_a_season_on_a_volume_that_fills_again_and_again_comes_to_its_end(
    filled: str, volume: Path, tmp_path: Path
) -> None:
    on = {name: volume if name == filled else tmp_path for name in ("database", "files")}
    store = Store(f"sqlite:///{on['database']}/laurel.db", on["files"] / "files")
    store.migrate()
    refused = []

    def attempt(act: Callable[[], object]) -> None:
        for room in (0, ROOM):
            with full(volume, room), suppress(StorageFull):
                act()
                return
            refused.append(room)
        act()

    stage = season_until(*SEASON, store, "submit_correction", "甲", attempt)
    assert refused, "the volume was full when it mattered"
    with store.read() as tx:
        assert [task.element for task in tx.tasks.open_of_case(stage.case("甲"))] == ["submit_correction"]
    assert proven(store) == []
    store.close()


def test_a_full_volume_of_the_database_is_told_to_whoever_watches(volume: Path, tmp_path: Path) -> None:
    settings = read_settings({"LAUREL_DATA": str(tmp_path), "LAUREL_DATABASE": f"sqlite:///{volume}/laurel.db"})
    with closing(Store(settings.database, tmp_path / "files")) as store:
        store.migrate()
        bench = make_bench(store)
        bench = replace(bench, desk=replace(bench.desk, premises=replace(premises_of(settings), data_keys=None)))
        client = make_app(bench).test_client()

        def told() -> tuple[int, object, set[str]]:
            ready = client.get("/readyz")
            assert ready.json is not None
            faults = {one.name for one in run_checks(bench.desk, SYSTEM) if not one.ok}
            return ready.status_code, ready.json["full"], faults & {"database", "disk"}

        with full(volume, 0):
            assert told() == (503, ["database"], {"database", "disk"})
            assert client.get("/portal").status_code == 200, "what is there can be read"
            [said] = [one.finding.remedy.zh for one in run_checks(bench.desk, SYSTEM) if one.name == "database"]
            assert ("请清理或扩容" in said, "联系系统管理员" in said) == (True, False), (
                "who reads it is the administrator"
            )
        assert told() == (200, [], {"disk"}), "of 64 MB less is free than a season needs"


@pytest.fixture
def ended(tmp_path: Path) -> Settings:
    """An installation in which an application was refused, with its document."""
    settings = read_settings({"LAUREL_DATA": str(tmp_path), "LAUREL_DATABASE": f"sqlite:///{tmp_path}/laurel.db"})
    with closing(Store(settings.database, tmp_path / "files", keys=keys_beside(tmp_path))) as store:
        store.migrate()
        refused_application(make_bench(store))
    return settings


@pytest.mark.parametrize("room", [0, ROOM])
def test_an_archive_that_finds_no_room_says_so_and_is_written_whole_once_there_is(
    room: int, volume: Path, ended: Settings
) -> None:
    folder = volume / "archive"

    def run(*words: str) -> Result:
        return CliRunner().invoke(laurel, [*words], obj=Installation(ended))

    make = ("archive", "make", "1", str(folder), "--purpose", "移交", "--full")
    with full(volume, room):
        refused = run(*make)
        assert (refused.exit_code, str(folder) in refused.stderr) == (2, True), refused.output
        assert "腾出空间" in refused.stderr
        assert run("audit", "verify", str(folder)).exit_code != 0, "nobody takes it for whole"
    done = run(*make)
    assert done.exit_code == 0, done.output
    seal = done.stdout.partition("封存指纹 ")[2].split()[0]
    whole = run("audit", "verify", str(folder), "--seal", seal)
    assert whole.exit_code == 0, whole.output


@pytest.mark.parametrize("room", [0, ROOM])
def test_a_backup_that_finds_no_room_leaves_nothing_and_is_made_once_there_is(
    room: int, volume: Path, ended: Settings
) -> None:
    target = volume / "night.tar.gz"
    with full(volume, room):
        with pytest.raises((OSError, sqlite3.Error)):
            make_backup(ended, target, plain=True)
        assert [one.name for one in volume.iterdir()] == ["filler"]
    assert "已备份" in make_backup(ended, target, plain=True)
    keys = keys_beside(ended.data)
    places = {"LAUREL_DATA": str(volume), "LAUREL_DATABASE": f"sqlite:///{volume}/laurel.db"}
    back = read_settings({**places, "LAUREL_DATA_KEYS": str(keys.file)})
    with full(volume, room), pytest.raises((OSError, sqlite3.Error, StorageFull)):
        restore_backup(back, target)
    assert "已恢复" in restore_backup(back, target)
    with closing(Store(back.database, volume / "files", keys=keys)) as store, store.read() as tx:
        [document] = tx.documents.select(case_id=1)
        assert (tx.cases.get(1).outcome, tx.history.verify(1)) == ("refused", None)
        assert store.files.open(document.sha256).read()


@pytest.mark.postgres
def test_a_transfer_without_room_for_its_mark_leaves_nothing_in_the_new_database(
    volume: Path, postgres: Cluster, tmp_path: Path
) -> None:
    """The old file can be read and not written: were the new one kept, both would be there to go on with."""
    name = postgres.fresh_name()
    target = postgres.create(name)
    source = f"sqlite:///{volume}/laurel.db"
    with closing(Store(source, tmp_path / "files", keys=keys_beside(tmp_path))) as store:
        store.migrate()
        make_lakeside(store).start("first")
    given = {"LAUREL_DATA": str(tmp_path), "LAUREL_DATABASE": source, "LAUREL_TRANSFER_TO": target}

    def transferred(room: int) -> tuple[int, int]:
        engine = sa.create_engine(target)
        with full(volume, room):
            done = CliRunner().invoke(laurel, ["transfer"], obj=Installation(read_settings(given)))
        with engine.connect() as connection:
            made = sa.inspect(connection).has_table(case.name)
            there = int(connection.scalar(sa.select(sa.func.count()).select_from(case)) or 0) if made else 0
        engine.dispose()
        return done.exit_code, there

    refused = [transferred(room) for room in (40 * 1024, 44 * 1024)]
    assert (2, 0) in refused
    assert all(there == (0 if code else 1) for code, there in refused)
    postgres.drop(name)
