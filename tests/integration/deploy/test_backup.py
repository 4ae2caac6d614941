"""What is backed up while the program runs comes back whole; keys of ballots never do."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

import handlers
from service.app import Installation
from service.backups import restore as restoring
from service.backups.keys import is_encrypted
from service.backups.make import make_backup
from service.backups.restore import restore_backup
from service.backups.scratch import require_space
from service.backups.times import DATA_KEYS, SQLITE
from service.casework.desk.belonging import require_belonging
from service.casework.desk.clock import DemoClock
from service.cli.main import laurel
from service.settings import Settings, read_settings
from service.store import KeyFiles, Store
from service.store.errors import RestoreUnfinished
from tests.support import records
from tests.support.desks import Bench, make_bench
from tests.support.keys import keys_beside
from tests.support.postgres import OWNER, PROGRAM, Cluster, owner_setting
from tests.support.warm import warm

handlers.load()
LAUREL = ["-m", "service.app"]


def backup(act: str, file: Path, database: str, data: Path) -> subprocess.CompletedProcess[str]:
    """Make a backup that is not encrypted, or bring one back."""
    return run(database, data, act, str(file), *(["--plain"] if act == "backup" else []))


def run(database: str, data: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    places = {"LAUREL_DATABASE": database, "LAUREL_DATA": str(data), "LAUREL_DATA_KEYS": str(keys_file(data))}
    return warm([*LAUREL, *words], {**places, **owner_setting(database), **more})


def keys_file(data: Path) -> Path:
    """Return the file of data keys, which the operator brings along to another place as well."""
    return keys_beside(data.parent if data.name == "again" else data).file


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    """An empty store of an installation, whose rows and files are encrypted."""
    with closing(Store(database_url, tmp_path / "files", durable=False, keys=keys_beside(tmp_path))) as opened:
        yield opened


@pytest.fixture
def bench(store: Store) -> Bench:
    """An application that was refused, with its document, over a store that stays open; and the key of a ballot."""
    made = make_bench(store)
    made.decided("fail", reason="材料不全")
    made.drain()
    made.desk.ballot_keys.put("ballot", "urn", b"the key nobody may keep")
    return made


@pytest.fixture
def empty(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> str:
    """The address of a place where a backup can be brought back."""
    if database_url.startswith("sqlite"):
        return f"sqlite:///{tmp_path}/again/laurel.db"
    server: Cluster = request.getfixturevalue("postgres")
    name = f"restored_{os.getpid()}_{tmp_path.name.lower()}"
    server.create(name)
    return server.program_url(name)


def test_a_backup_of_a_running_installation_comes_back_whole(
    bench: Bench, database_url: str, empty: str, tmp_path: Path
) -> None:
    """Each of the two is a program that begins of its own, as an operator lets it."""
    file = tmp_path / "night.tar.gz"
    for act, url, data in (("backup", database_url, tmp_path), ("restore", empty, tmp_path / "again")):
        words = [sys.executable, *LAUREL, act, str(file), *(["--plain"] if act == "backup" else [])]
        places = {"LAUREL_DATABASE": url, "LAUREL_DATA": str(data), "LAUREL_DATA_KEYS": str(keys_file(data))}
        settings = {**os.environ, **places, **owner_setting(url)}
        done = subprocess.run(words, env=settings, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    store = Store(empty, tmp_path / "again" / "files", keys=keys_beside(tmp_path))
    with store.read() as tx:
        [document] = tx.documents.select(case_id=1)
        assert (tx.cases.get(1).outcome, tx.history.verify(1)) == ("refused", None)
        hold = tx.operation.hold()
        assert hold is not None
        assert (hold.reason, hold.seen["cause"]) == ("restored", "备份 night.tar.gz")
    with store.files.open(document.sha256) as one, bench.desk.store.files.open(document.sha256) as other:
        assert one.read() == other.read()
    store.close()
    with tarfile.open(file) as archive:
        held = [archive.extractfile(m) for m in archive.getmembers() if m.isfile()]
        assert not any(b"the key nobody may keep" in part.read() for part in held if part)
    assert file.stat().st_mode & 0o077 == 0


def test_nothing_is_overwritten(sqlite_url: str, tmp_path: Path) -> None:
    file = tmp_path / "night.tar.gz"
    assert backup("backup", file, sqlite_url, tmp_path).returncode == 0
    again = backup("backup", file, sqlite_url, tmp_path)
    assert (again.returncode, "不覆盖" in again.stderr) == (1, True)
    over = backup("restore", file, sqlite_url, tmp_path)
    assert (over.returncode, "请先移走" in over.stderr) == (1, True)


@pytest.mark.postgres
def test_a_database_that_has_tables_or_another_owner_is_left_alone(
    postgres_url: str, postgres: Cluster, tmp_path: Path
) -> None:
    file = tmp_path / "night.tar.gz"
    assert backup("backup", file, postgres_url, tmp_path).returncode == 0
    over = backup("restore", file, postgres_url, tmp_path / "again")
    assert (over.returncode, "已经有表，不覆盖" in over.stderr, "Traceback" in over.stderr) == (1, True, False)
    postgres.create(name := f"closed_{os.getpid()}")
    closed = run(postgres.program_url(name), tmp_path / "again", "restore", str(file), LAUREL_DATABASE_OWNER="")
    assert (closed.returncode, "恢复由建表的账户办理" in closed.stderr) == (1, True), closed.stderr


def test_half_a_backup_is_refused_with_a_sentence(sqlite_url: str, tmp_path: Path) -> None:
    file, again = tmp_path / "night.tar.gz", tmp_path / "again"
    assert backup("backup", file, sqlite_url, tmp_path).returncode == 0
    file.write_bytes(file.read_bytes()[:500])
    told = backup("restore", file, f"sqlite:///{again}/laurel.db", again)
    assert (told.returncode, "读不出" in told.stderr, "Traceback" in told.stderr) == (1, True, False)


def test_a_spoiled_backup_is_refused_before_anything_is_changed(sqlite_url: str, tmp_path: Path) -> None:
    keys = keys_beside(tmp_path)
    stored, _ = Store(sqlite_url, tmp_path / "files", keys=keys).files.put(b"evidence")
    file, again = tmp_path / "night.tar.gz", tmp_path / "again"
    assert backup("backup", file.with_name("whole.tar.gz"), sqlite_url, tmp_path).returncode == 0
    with tarfile.open(file.with_name("whole.tar.gz")) as whole, tarfile.open(file, "w:gz") as spoiled:
        for member in whole:
            content = whole.extractfile(member)
            assert content is not None
            spoiled.addfile(member, io.BytesIO(b"eVidence") if stored in member.name else content)
    told = backup("restore", file, f"sqlite:///{again}/laurel.db", again)
    assert (told.returncode, "已损坏" in told.stderr, again.exists()) == (1, True, False)


def test_a_backup_that_the_temporary_folder_cannot_hold_is_refused_with_how_much_it_takes(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as refused:
        require_space(tmp_path, 2**60)
    said = str(refused.value)
    assert ("1152921504.6 GB" in said, "TMPDIR" in said, f"{tmp_path.parent} " in said) == (True, True, True), said
    require_space(tmp_path, 1)


@pytest.mark.postgres
@pytest.mark.parametrize("program", ["pg_dump", "pg_restore"])
def test_no_argument_and_no_message_holds_the_password(
    program: str, postgres_url: str, postgres: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Arguments of a process can be read by every user of the machine, and messages stand in the journal."""
    file, seen = tmp_path / "night.tar.gz", tmp_path / "seen"
    assert backup("backup", file, postgres_url, tmp_path).returncode == 0
    empty = postgres.create(f"restored_{os.getpid()}_{tmp_path.name.lower()}")
    role = OWNER if program == "pg_restore" else PROGRAM
    (tmp_path / program).write_text(f'#!/bin/sh\necho "$PGPASSWORD|$*" > {seen}\necho no such host >&2\nexit 1\n')
    (tmp_path / program).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with_password = (empty if program == "pg_restore" else postgres_url).replace(f"{role}@", f"{role}:geheim&1@")
    target = file if program == "pg_restore" else tmp_path / "other.tar.gz"
    failed = backup("restore" if program == "pg_restore" else "backup", target, with_password, tmp_path / "again")
    assert (failed.returncode, "no such host" in failed.stderr, "Traceback" in failed.stderr) == (1, True, False)
    assert "geheim" not in failed.stdout + failed.stderr
    password, _, arguments = seen.read_text().partition("|")
    assert (password, "geheim" in arguments, "dbname=" in arguments) == ("geheim&1", False, True)


@pytest.fixture
def night(database_url: str, tmp_path: Path) -> Path:
    """A backup of an installation that bears nothing but its tables."""
    file = tmp_path / "night.tar.gz"
    assert backup("backup", file, database_url, tmp_path).returncode == 0
    return file


def break_off(settings: Settings, file: Path, before: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a restore end before ``before``, as a loss of power would."""

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(restoring, before, die)
        with pytest.raises(KeyboardInterrupt):
            restore_backup(settings, file)


def settings_of(database: str, data: Path) -> Settings:
    places = {"LAUREL_DATABASE": database, "LAUREL_DATA": str(data), "LAUREL_DATA_KEYS": str(keys_file(data))}
    return read_settings({**places, **owner_setting(database)})


@pytest.mark.parametrize("before", ["load_dump", "_put_on_hold"])
def test_a_restore_that_breaks_off_lets_nothing_start_and_goes_on_when_repeated(
    before: str, night: Path, empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of(empty, tmp_path / "again")
    break_off(settings, night, before, monkeypatch)
    for words in (["serve"], ["doctor"], ["doctor", "--deep"], ["deploy", "."]):
        said = CliRunner().invoke(laurel, words, obj=Installation(settings))
        assert (said.exit_code in (1, 2), "恢复没有办完" in said.output) == (True, True), said.output
    with pytest.raises(RestoreUnfinished):
        make_backup(settings, tmp_path / "of-half.tar.gz")
    assert "已恢复" in restore_backup(settings, night)
    store = Store(empty, tmp_path / "again" / "files", keys=keys_beside(tmp_path))
    store.migrate()
    with store.read() as tx:
        assert tx.operation.hold() is not None
    store.close()
    with pytest.raises(SystemExit, match=r"已存在|已经有表"):
        restore_backup(settings, night)


def test_another_backup_does_not_finish_the_restore_of_the_first(
    night: Path, database_url: str, empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, other = settings_of(empty, tmp_path / "again"), tmp_path / "other.tar.gz"
    assert backup("backup", other, database_url, tmp_path).returncode == 0
    break_off(settings, night, "_put_on_hold", monkeypatch)
    with pytest.raises(SystemExit, match="另一个备份"):
        restore_backup(settings, other)


def test_a_backup_from_the_future_is_refused_before_anything_is_loaded(
    night: Path, empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of(empty, tmp_path / "again")
    ahead = datetime.now(UTC) + timedelta(minutes=5)
    with monkeypatch.context() as behind:
        behind.setattr(restoring, "saved_at", lambda *_: ahead)
        with pytest.raises(SystemExit, match="晚于本机"):
            restore_backup(settings, night)
    assert "已恢复" in restore_backup(settings, night)


def test_a_backup_is_not_restored_beside_the_keys_of_another_installation(
    bench: Bench, database_url: str, empty: str, tmp_path: Path
) -> None:
    """All that it holds would count as written by others, the accounts of its administrators too."""
    require_belonging(bench.desk)
    file, settings = tmp_path / "night.tar.gz", settings_of(empty, tmp_path / "again")
    make_backup(settings_of(database_url, tmp_path), file, plain=True)
    for name in ("installation", "log"):
        KeyFiles(settings.ballot_keys).secret(name)
        with pytest.raises(SystemExit, match="另一套安装的密钥"):
            restore_backup(settings, file)
        shutil.rmtree(settings.ballot_keys)
    shutil.copytree(bench.desk.ballot_keys.root, settings.ballot_keys)
    assert "已恢复" in restore_backup(settings, file)


def test_the_restore_of_a_demonstration_goes_on_by_its_clock(sqlite_url: str, tmp_path: Path) -> None:
    """A restore is rehearsed where nothing can be lost, and the demonstration is in another year than its machine."""
    file, again, demo = tmp_path / "night.tar.gz", tmp_path / "again", {"LAUREL_DEMO": "1"}
    real, made = (
        run(sqlite_url, tmp_path, "backup", str(file.with_name(name)), "--plain", **more)
        for name, more in (("real.tar.gz", {}), ("unprepared.tar.gz", demo))
    )
    assert (real.returncode, made.returncode) == (0, 0), (real.stderr, made.stderr)
    target = f"sqlite:///{again}/laurel.db"
    for name in ("real.tar.gz", "unprepared.tar.gz"):
        refused = run(target, again, "restore", str(file.with_name(name)), **demo)
        assert (refused.returncode, "LAUREL_DEMO" in refused.stderr, "Traceback" in refused.stderr) == (1, True, False)
        assert not again.exists()
    clock = DemoClock(tmp_path / "demo-clock")
    clock.move_to(clock.now() + timedelta(days=17))
    assert run(sqlite_url, tmp_path, "backup", str(file), "--plain", **demo).returncode == 0
    back = run(target, again, "restore", str(file), **demo)
    assert back.returncode == 0, back.stderr
    assert abs(DemoClock(again / "demo-clock").now() - clock.now()) < timedelta(seconds=1)
    with closing(Store(target, again / "files")) as store, store.read() as tx:
        hold = tx.operation.hold()
        assert hold is not None
        assert datetime.fromisoformat(hold.seen["saved_at"]) <= hold.since <= clock.now()


def test_a_backup_is_encrypted_by_the_operators_command_and_brings_its_data_keys_along(
    sqlite_url: str, tmp_path: Path
) -> None:
    file, again = tmp_path / "night.tar.gz.enc", tmp_path / "again"
    keys = keys_beside(tmp_path)
    with closing(Store(sqlite_url, tmp_path / "files", durable=False, keys=keys)) as store, store.write() as tx:
        person = records.person(tx, telephone="13912345678")
        name, _ = store.files.put("申报书".encode())
    settings = {"LAUREL_BACKUP_COMMAND": "openssl enc -aes-256-ctr -pbkdf2 -pass pass:geheim"}
    made = run(sqlite_url, tmp_path, "backup", str(file), **settings)
    assert made.returncode == 0, made.stderr
    assert (is_encrypted(file), file.stat().st_mode & 0o077, b"person" in file.read_bytes()) == (True, 0, False)
    own = {"LAUREL_DATA_KEYS": f"{again}-data-keys/keys"}
    target = f"sqlite:///{again}/laurel.db"
    wrong = run(target, again, "restore", str(file), **own)
    assert (wrong.returncode, "请先用自己的命令解密" in wrong.stderr, again.exists()) == (1, True, False), wrong.stderr
    decrypt = ["openssl", "enc", "-d", "-aes-256-ctr", "-pbkdf2", "-pass", "pass:geheim", "-in", str(file)]
    places = {**os.environ, **own, "LAUREL_DATABASE": target, "LAUREL_DATA": str(again)}
    with subprocess.Popen(decrypt, stdout=subprocess.PIPE) as decrypting:
        words = [sys.executable, *LAUREL, "restore", "-"]
        back = subprocess.run(words, stdin=decrypting.stdout, env=places, capture_output=True, text=True, check=False)
    assert back.returncode == 0, back.stderr
    kept = keys_beside(again)
    assert (kept.ids, kept.file.stat().st_mode & 0o777) == (keys.ids, 0o600)
    with closing(Store(target, again / "files", keys=kept)) as store, store.read() as tx:
        assert tx.people.get(person).telephone == "13912345678"
        hold = tx.operation.hold()
        assert (hold and hold.seen["cause"]) == "解密后的备份"
        assert store.files.is_renewed(name)
        with store.files.open(name) as content:
            assert content.read() == "申报书".encode()


def test_a_plain_backup_is_asked_for_and_opens_with_the_data_keys_alone(sqlite_url: str, tmp_path: Path) -> None:
    file, there = tmp_path / "night.tar.gz", tmp_path / "there"
    keys = keys_beside(tmp_path)
    with closing(Store(sqlite_url, tmp_path / "files", durable=False, keys=keys)) as store, store.write() as tx:
        records.person(tx, telephone="13912345678")
    refused = run(sqlite_url, tmp_path, "backup", str(file))
    assert (refused.returncode, "加 --plain" in refused.stderr, file.exists()) == (1, True, False)
    assert run(sqlite_url, tmp_path, "backup", str(file), "--plain").returncode == 0
    with tarfile.open(file) as archive:
        assert DATA_KEYS not in archive.getnames()
        assert b"13912345678" not in archive.extractfile(SQLITE).read()  # type: ignore[union-attr]
    others = keys_beside(there)  # of another installation
    target = f"sqlite:///{there}/laurel.db"
    wrong = run(target, there, "restore", str(file), LAUREL_DATA_KEYS=str(others.file))
    assert (wrong.returncode, there.exists()) == (1, False)
    assert f"数据密钥 {keys.ids[0]} 加密" in wrong.stderr
    assert run(target, there, "restore", str(file), LAUREL_DATA_KEYS=str(keys.file)).returncode == 0


@pytest.mark.parametrize("command", ["no-such-program", "false", "cat", "true", "sh -c '"])
def test_a_command_that_does_not_encrypt_leaves_no_backup(sqlite_url: str, tmp_path: Path, command: str) -> None:
    file = tmp_path / "night" / "night.tar.gz.enc"
    file.parent.mkdir()
    refused = run(sqlite_url, tmp_path, "backup", str(file), LAUREL_BACKUP_COMMAND=command)
    assert (refused.returncode, "LAUREL_BACKUP_COMMAND" in refused.stderr, "Traceback" in refused.stderr) == (
        1,
        True,
        False,
    )
    assert [*file.parent.iterdir()] == []
