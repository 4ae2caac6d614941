"""The new program looks at the database of the old one: which running cases it could not go on with, and why."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.app import Installation
from service.casework.access.actor import SYSTEM
from service.casework.desk.packages import pack_files, unpack_files
from service.casework.soundness.load_once import load_once
from service.catalog.package import Package
from service.cli.main import laurel
from service.jobs.program import program_mark
from service.settings import read_settings
from service.store import Store
from tests.support.lakeside import PARAMETERS, Lakeside, amended_package, make_lakeside

LIMIT = [("value: 7}", "value: 9}")]
Look = Callable[[], Result]


@pytest.fixture
def town(tmp_path: Path, sqlite_template: Path) -> Lakeside:
    """An installation of the program before: two cases under two versions."""
    (tmp_path / "var").mkdir()
    url = f"sqlite:///{tmp_path}/var/laurel.db"
    shutil.copy(sqlite_template, tmp_path / "var")
    store = Store(url, tmp_path / "var" / "files")
    town = make_lakeside(store)
    town.start("first")
    town.deploy(amended_package({PARAMETERS: LIMIT}))
    town.start("second")
    return town


@pytest.fixture
def look(town: Lakeside, tmp_path: Path) -> Look:
    """Runs the check as the new program would."""
    settings = read_settings({"LAUREL_DATA": str(tmp_path / "var")})
    return lambda: CliRunner().invoke(laurel, ["doctor", "--before-upgrade", "--json"], obj=Installation(settings))


def found(answer: Result) -> dict[str, tuple[bool, str]]:
    return {row["what"]: (row["ok"], row["found"]) for row in json.loads(answer.output)["checks"]}


def rows(tmp_path: Path, sql: str, *values: object) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(tmp_path / "var" / "laurel.db")) as db, db:
        return db.execute(sql, values).fetchall()


def test_every_running_case_of_an_older_program_goes_on_and_nothing_is_written(
    town: Lakeside, look: Look, tmp_path: Path
) -> None:
    before = rows(tmp_path, "select version_num from alembic_version")
    answer = look()
    assert answer.exit_code == 0, answer.output
    assert found(answer) == {
        "数据表升级": (True, "在副本上升级成功"),
        "在办办件": (True, "2 件、2 个流程版本，其中 0 件不能继续办理"),
    }
    assert rows(tmp_path, "select version_num from alembic_version") == before


@pytest.mark.usefixtures("town")
def test_a_case_whose_operation_or_element_this_program_lacks_is_named(look: Look, tmp_path: Path) -> None:
    first, second = (str(row[0]) for row in rows(tmp_path, "select definition from case_instance order by id"))
    publish_otherwise(tmp_path, first, "notice.post", "notice.shout")
    second = publish_otherwise(tmp_path, second, 'id="decide"', 'id="settle"')
    answer = look()
    told = found(answer)
    assert answer.exit_code == 1
    assert told["在办办件"][1].endswith("其中 2 件不能继续办理")
    assert "本版程序没有：notice.shout" in next(text for what, (_, text) in told.items() if what.startswith("办件 1"))
    lost = next(text for what, (_, text) in told.items() if what.startswith("办件 2"))
    assert second[:8] in lost


def publish_otherwise(tmp_path: Path, version: str, old: str, new: str) -> str:
    """Let another program have published a version with other words in its files; returns its name."""
    [(content,)] = rows(tmp_path, "select content from definition where version = ?", version)
    assert isinstance(content, bytes)
    files = unpack_files(content)
    changed = {path: data.replace(old.encode(), new.encode()) for path, data in files.items()}
    assert changed != files, old
    other = Package.from_files({path: data for path, data in changed.items() if "/" in path}).version
    packed = pack_files(changed)
    rows(tmp_path, "update definition set version = ?, content = ? where version = ?", other, packed, version)
    rows(tmp_path, "update case_instance set definition = ? where definition = ?", other, version)
    return other


def test_a_stored_state_that_cannot_be_read_is_named(town: Lakeside, look: Look, tmp_path: Path) -> None:
    rows(tmp_path, "update case_instance set state = ? where id = 2", b"\0\0\0\2{}nothing")
    told = found(look())
    assert [what[:4] for what, (ok, _) in told.items() if not ok and what.startswith("办件")] == ["办件 2"]


def test_a_start_looks_only_where_another_program_started_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the program in use cannot load either is told and refuses nothing; a setting lets a start pass."""
    (tmp_path / "var").mkdir()
    store = Store(f"sqlite:///{tmp_path}/var/laurel.db", tmp_path / "var" / "files")
    store.migrate()
    town = make_lakeside(store)
    town.start("first")
    rows(tmp_path, "update case_instance set state = ?", b"\0\0\0\2{}nothing")
    settings = read_settings({"LAUREL_DATA": str(tmp_path / "var")})

    def start() -> Result:
        words = ["doctor", "--before-upgrade", "--if-changed", "--json"]
        return CliRunner().invoke(laurel, words, obj=Installation(settings))

    assert start().exit_code == 1
    monkeypatch.setenv("LAUREL_UPGRADE_ANYWAY", "1")
    assert start().exit_code == 0
    monkeypatch.delenv("LAUREL_UPGRADE_ANYWAY")
    assert load_once(town.desk, SYSTEM, "of before")
    answer = start()
    assert answer.exit_code == 0, answer.output
    assert "1 件升级以前就不能" in found(answer)["在办办件"][1]
    assert load_once(town.desk, SYSTEM, program_mark())
    assert "没有再逐件读" in found(start())["在办办件"][1]


def test_a_database_of_a_newer_program_is_refused_with_a_sentence(town: Lakeside, look: Look, tmp_path: Path) -> None:
    rows(tmp_path, "update alembic_version set version_num = '9999'")
    assert "更新版本的程序" in found(look())["数据表升级"][1]


def test_where_there_is_no_database_none_is_made(tmp_path: Path) -> None:
    settings = read_settings({"LAUREL_DATA": str(tmp_path / "var")})
    answer = CliRunner().invoke(laurel, ["doctor", "--before-upgrade"], obj=Installation(settings))
    assert (answer.exit_code, "没有数据库文件" in answer.output) == (1, True)
    assert not (tmp_path / "var" / "laurel.db").exists()
