"""Whatever is missing, full or read-only, a command says it in a sentence and never shows a trace."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import handlers
from service.app import Installation
from service.cli.main import laurel
from service.settings import read_settings
from service.store import KeyFiles, StorageFull
from tests.support.postgres import Cluster

ROOT = Path(__file__).parents[3]
handlers.load()
EVERY = (
    ("serve",),
    ("doctor",),
    ("doctor", "--deep"),
    ("doctor", "--reindex"),
    ("deploy", str(ROOT / "tests/data/desk/processes")),
    ("restore", "--saved", "2026-03-02T04:00", "--cause", "x", "--yes"),
    ("archive", "make", "1", "folder", "--purpose", "x"),
)
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs a command on an installation of its own."""

    def call(*arguments: str, **environment: str) -> Result:
        settings = read_settings({"LAUREL_DATA": str(tmp_path / "var"), "LAUREL_PORT": "0", **environment})
        return CliRunner().invoke(laurel, list(arguments), obj=Installation(settings, ROOT))

    return call


def told(result: Result) -> str:
    """Return what a command said; it ended by itself, not by an error that nobody caught."""
    assert isinstance(result.exception, SystemExit), repr(result.exception)
    assert result.exit_code in (1, 2)
    assert "Traceback" not in result.output
    assert "联系系统管理员" not in result.output, "that is who runs it"
    return result.output


@pytest.mark.parametrize("arguments", [*EVERY, ("work",)], ids=" ".join)
@pytest.mark.parametrize(
    "place", ["127.0.0.1:1/laurel", "/laurel?host=/nowhere"], ids=["a port", "a socket of this machine"]
)
def test_postgresql_is_down(run: Run, place: str, arguments: tuple[str, ...]) -> None:
    said = told(run(*arguments, LAUREL_DATABASE=f"postgresql+psycopg://laurel@{place}", LAUREL_DATABASE_WAIT="0"))
    assert "数据库" in said or "Usage" in said
    assert "connection is bad" not in said, "the driver's own words"


def test_a_transfer_to_a_postgresql_that_is_down_says_where_to_look(run: Run) -> None:
    run("doctor")
    said = told(run("transfer", LAUREL_TRANSFER_TO="postgresql+psycopg://laurel@127.0.0.1:1/laurel"))
    assert "LAUREL_TRANSFER_TO" in said


@pytest.mark.parametrize("arguments", EVERY, ids=" ".join)
def test_the_data_folder_takes_nothing(run: Run, arguments: tuple[str, ...]) -> None:
    said = told(run(*arguments, LAUREL_DATA="/proc/laurel", LAUREL_BALLOT_KEYS="/proc/keys"))
    assert "LAUREL_DATA" in said or "laurel.db" in said


def commands() -> Iterator[tuple[str, ...]]:
    """What reads or writes a database and comes to an end by itself."""
    return (words for words in EVERY if words != ("serve",))


def never_a_trace(result: Result) -> None:
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)


@pytest.mark.parametrize("content", [b"no database " * 999, b"SQLite format 3\0" + b"x" * 8176])
def test_a_file_that_is_damaged(run: Run, tmp_path: Path, content: bytes) -> None:
    for number, words in enumerate(commands()):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "laurel.db").write_bytes(content)
        assert "已损坏" in told(run(*words, LAUREL_DATA=str(tmp_path / str(number)))), words


@pytest.mark.postgres
def test_a_role_without_rights(run: Run, postgres: Cluster, postgres_url: str) -> None:
    postgres.execute("DROP ROLE IF EXISTS nobody_here")
    postgres.execute("CREATE ROLE nobody_here LOGIN")
    for words in commands():
        assert "没有权限" in told(run(*words, LAUREL_DATABASE=postgres_url.replace("laurel@", "nobody_here@"))), words


def test_a_full_disk_or_a_folder_without_rights_is_said_by_whatever_command_writes(run: Run, tmp_path: Path) -> None:
    run("doctor")
    for words in commands():
        with full():
            never_a_trace(run(*words))
    for words in (("audit", "verify", "/proc/1/mem"), ("check", "/proc/nothing")):
        never_a_trace(run(*words))


@pytest.mark.parametrize("volume", ["LAUREL_FILES", "LAUREL_BALLOT_KEYS"])
def test_the_doctor_names_the_volume_that_takes_nothing(run: Run, volume: str) -> None:
    assert "不能写入" in told(run("doctor", **{volume: "/proc/nothing"}))


def test_a_file_in_the_place_of_the_folder_of_files_is_a_fault(run: Run, tmp_path: Path) -> None:
    run("doctor")
    (tmp_path / "files").write_text("no folder")
    assert "附件目录不能写入" in told(run("doctor", LAUREL_FILES=str(tmp_path / "files")))


@contextmanager
def full() -> Iterator[None]:
    """No file of this process can grow."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_volume_of_ballot_keys_is_said_and_leaves_no_half_key(tmp_path: Path) -> None:
    keys = KeyFiles(tmp_path / "keys")
    with full(), pytest.raises(StorageFull):
        keys.put("ballot", "first", b"x" * 32)
    assert [path for path in (tmp_path / "keys").rglob("*") if path.is_file()] == []
    keys.put("ballot", "first", b"x" * 32)
    assert keys.get("ballot", "first") == b"x" * 32


@pytest.mark.parametrize("act", ["backup", "restore"])
def test_a_backup_that_finds_no_room_says_so(run: Run, tmp_path: Path, act: str) -> None:
    run("doctor")  # makes the database
    backup, data = tmp_path / "backup.tar.gz", tmp_path / "var"
    script = [sys.executable, "-m", "service.app"]
    environment = {**os.environ, "LAUREL_DATA": str(data), "PYTHONPATH": str(ROOT)}
    if act == "restore":
        subprocess.run([*script, "backup", str(backup), "--plain"], env=environment, check=True)
        environment["LAUREL_DATA"] = str(tmp_path / "other")
    limited = [
        "bash",
        "-c",
        'ulimit -f 8; exec "$@"',
        "limited",
        *script,
        act,
        str(backup),
        *(["--plain"] if act == "backup" else []),
    ]
    said = subprocess.run(limited, env=environment, capture_output=True, text=True, check=False)
    assert said.returncode == 1
    assert "Traceback" not in said.stderr
    assert "没有完成" in said.stderr or "读不出" in said.stderr
    assert act == "restore" or not backup.exists()
