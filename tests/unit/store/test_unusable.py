"""A database that cannot be used is told of in a sentence when the program starts."""

import sqlite3
from pathlib import Path

import pytest

from service.store import Store
from service.store.unusable import Unusable


def test_a_file_that_is_no_database_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "laurel.db").write_bytes(b"no database at all" * 100)
    with pytest.raises(Unusable, match=r"数据库不能使用。文件已损坏或不是数据库.*从备份恢复"):
        Store(f"sqlite:///{tmp_path}/laurel.db", tmp_path / "files").migrate()


def test_a_folder_in_the_place_of_the_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "laurel.db").mkdir()
    with pytest.raises(Unusable, match="不能写入或不存在"):
        Store(f"sqlite:///{tmp_path}/laurel.db", tmp_path / "files").migrate()


def test_a_database_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/laurel.db", tmp_path / "files")
    store.migrate()
    with sqlite3.connect(tmp_path / "laurel.db") as database:
        database.execute("update alembic_version set version_num = '9999'")
    with pytest.raises(Unusable, match=r"9999.*请用该版本的程序启动，不要从备份恢复"):
        store.migrate()


def test_a_data_folder_that_takes_no_writing_is_named_and_nothing_is_to_be_restored(tmp_path: Path) -> None:
    (tmp_path / "laurel.db").touch()
    store = Store(f"sqlite:///file:{tmp_path}/laurel.db?mode=ro&uri=true", tmp_path / "files")
    with pytest.raises(Unusable, match=f"数据目录 {tmp_path} 不能写入") as refused:
        store.migrate()
    assert "备份" not in refused.value.message.zh


@pytest.mark.parametrize("reason", ["disk I/O error", "database or disk is full"])
def test_a_full_disk_is_no_other_program(reason: str) -> None:
    """SQLite finds no room for its log beside the file, and calls it an error of input and output."""
    said = Unusable(reason, "/var/lib/laurel").message
    assert "/var/lib/laurel 所在的磁盘已满或有故障" in said.zh
    assert "The disk of /var/lib/laurel is full or at fault" in said.en


@pytest.mark.parametrize(
    "reason",
    [
        "Can't locate revision identified by '9999'",
        "attempt to write a readonly database",
        "unable to open database file",
        "disk I/O error",
        "file is not a database",
        "timeout expired",
        "permission denied for table person",
        "no such table: person",
        "database is locked",
    ],
)
def test_the_drivers_words_stand_in_the_english_half_alone(reason: str) -> None:
    said = Unusable(reason, "/var/lib/laurel").message
    assert (reason in said.zh, reason in said.en) == (False, True)


def test_what_nobody_has_words_for_is_told_as_the_driver_says_it() -> None:
    assert "（something odd）" in Unusable("something odd").message.zh
