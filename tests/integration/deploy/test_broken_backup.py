"""A backup whose run was killed, or whose data keys are lost: nothing is left that can be read, and nobody takes it for whole."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

import pytest

from service.backups import times as contents
from service.backups.make import make_backup
from service.backups.scratch import SCRATCH
from service.settings import read_settings
from service.store import DataKeys, Store, open_files
from service.store.data_keys import lock_folder
from tests.integration.deploy.test_backup import run
from tests.support import records

KILLED = """
import os, signal, sys
from pathlib import Path
from service.backups import {act} as backup
from service.settings import read_settings
def killed(*_):
    os.kill(os.getpid(), signal.SIGKILL)
backup.{where} = killed
backup.{act}_backup{words}
"""
ROOT = Path(__file__).parents[3]


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path) -> Mapping[str, str]:
    """Settings of an installation with somebody's telephone, which is encrypted, and a command for backups."""
    keys = DataKeys(tmp_path / "data-keys")
    keys.make()
    with closing(Store(sqlite_url, tmp_path / "files", durable=False, keys=keys)) as store, store.write() as tx:
        records.person(tx, telephone="13912345678")
        store.files.put(b"annual accounts")
    (tmp_path / "night").mkdir()
    return {"LAUREL_BACKUP_COMMAND": "base64", "LAUREL_DATA_KEYS": str(keys.file)}


def killed(where: str, act: str, words: str, **environment: str) -> None:
    """Do ``act`` in a process that is killed as soon as it comes to the function ``where``."""
    script = KILLED.format(where=where, act=act, words=words)
    done = subprocess.run([sys.executable, "-c", script], env={**os.environ, **environment}, cwd=ROOT, check=False)
    assert done.returncode == -9


def held(folder: Path) -> list[str]:
    """Return the names of what lies below a folder."""
    return sorted(one.name for one in folder.rglob("*"))


def test_what_a_killed_run_left_unencrypted_is_gone_after_the_next(
    sqlite_url: str, tmp_path: Path, settings: Mapping[str, str]
) -> None:
    file = tmp_path / "night" / "laurel.tar.gz.enc"
    environment = {"LAUREL_DATABASE": sqlite_url, "LAUREL_DATA": str(tmp_path), **settings}
    killed("encrypt_by", "make", f"(read_settings(os.environ), Path({str(file)!r}))", **environment)
    assert "backup.tar.gz" in held(file.parent), "it is not encrypted yet, and holds the data keys"
    other = tmp_path / "night" / f"{SCRATCH}other"
    other.mkdir()
    with lock_folder(other):
        assert run(sqlite_url, tmp_path, "backup", str(file), **settings).returncode == 0
        assert held(file.parent) == ["laurel.tar.gz.enc", other.name], "another run that goes on is left alone"


def test_what_a_killed_restore_opened_is_gone_after_the_next(
    sqlite_url: str, tmp_path: Path, settings: Mapping[str, str]
) -> None:
    file, again, opened = tmp_path / "night" / "laurel.tar.gz.enc", tmp_path / "again", tmp_path / "opened"
    assert run(sqlite_url, tmp_path, "backup", str(file), "--plain", **settings).returncode == 0
    opened.mkdir()
    target = f"sqlite:///{again}/laurel.db"
    there = {**settings, "LAUREL_DATABASE": target, "LAUREL_DATA": str(again), "TMPDIR": str(opened)}
    words = f"Path({str(file)!r})"
    killed("put_files", "restore", f"(read_settings(os.environ), {words})", **there)
    assert "laurel.db" in held(opened)
    back = run(target, again, "restore", str(file), **settings, TMPDIR=str(opened))
    assert back.returncode == 0, back.stderr
    assert held(opened) == []


def test_no_backup_is_made_without_the_keys_that_it_should_hold(
    sqlite_url: str, tmp_path: Path, settings: Mapping[str, str]
) -> None:
    """The unit removes old backups after a good one: the last copy of the keys would go with them."""
    file, keys = tmp_path / "night" / "laurel.tar.gz.enc", Path(settings["LAUREL_DATA_KEYS"])
    kept = keys.read_text()
    for spoiled in ("", "nonsense"):
        keys.write_text(spoiled)
        refused = run(sqlite_url, tmp_path, "backup", str(file), **settings)
        assert (refused.returncode, str(keys) in refused.stderr, held(file.parent)) == (2, True, []), refused.stderr
    keys.unlink()
    assert run(sqlite_url, tmp_path, "backup", str(file), **settings).returncode == 2
    keys.write_text(kept)
    assert run(sqlite_url, tmp_path, "backup", str(file), **settings).returncode == 0


def test_files_that_an_erasure_drops_meanwhile_stop_no_backup(
    settings: Mapping[str, str], sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large installation is backed up for an hour, and due contents go by themselves meanwhile."""
    given = read_settings({**settings, "LAUREL_DATABASE": sqlite_url, "LAUREL_DATA": str(tmp_path)})
    files = open_files(given.files, keys=DataKeys(given.data_keys))
    for number in range(3):
        files.put(f"file {number}".encode())
    add, kept = contents.add_member, list[str]()

    def adding(archive: tarfile.TarFile, name: str, content: BinaryIO) -> None:
        add(archive, name, content)
        if name.startswith("files/") and not kept:
            kept.extend(files.names())
            for going in kept[2:]:
                assert files.drop(going, files.stamp(going))

    with monkeypatch.context() as beside:
        beside.setattr(contents, "add_member", adding)
        told = make_backup(given, tmp_path / "night.tar.gz", plain=True)
    assert "2 个文件" in told
    with tarfile.open(tmp_path / "night.tar.gz") as archive:
        held = {Path(name).name for name in archive.getnames() if name.startswith("files/")}
    assert held == set(kept[:2])


def test_a_disk_without_room_for_a_restore_is_told_as_such_and_not_as_damage(
    sqlite_url: str, tmp_path: Path, settings: Mapping[str, str]
) -> None:
    """An operator who reads that the backup is damaged throws it away; a driver's words stand in the English half alone."""
    file, again = tmp_path / "night" / "night.tar.gz", tmp_path / "again"
    made = run(sqlite_url, tmp_path, "backup", str(file), "--plain", **settings)
    assert made.returncode == 0, made.stderr
    words = ["-m", "service.app", "restore", str(file)]
    place = {"LAUREL_DATA": str(again), "LAUREL_DATABASE": f"sqlite:///{again}/laurel.db", "TMPDIR": str(tmp_path)}
    told = subprocess.run(
        ["/bin/sh", "-c", 'ulimit -f 16; exec "$@"', "sh", sys.executable, *words],
        env={**os.environ, **settings, **place}, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (told.returncode, "没有完成：文件超过了允许的大小" in told.stderr) == (1, True), told.stderr
    assert ("损坏" in told.stderr, again.exists()) == (False, False)
