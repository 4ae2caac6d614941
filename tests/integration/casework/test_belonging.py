"""What several processes share must be shared: a process with other files or other ballot keys is refused at its start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from service.app import Installation
from service.casework.assemble import open_desk
from service.casework.desk.belonging import NotTogether, adopt, demand_belonging
from service.casework.desk.desk import Desk
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.domain.errors import Conflict
from service.sdk import operations
from service.settings import read_settings
from tests.support import records
from tests.support.warm import warm


def desk_in(url: str, files: Path, keys: Path) -> Desk:
    return open_desk(url, files, load_calendars(bundled_calendars()), operations(), ballot_keys=keys)


def test_a_process_with_other_files_or_other_keys_is_refused(database_url: str, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    demand_belonging(desk_in(database_url, one, one / "keys"))
    demand_belonging(desk_in(database_url, one, one / "keys"))
    with pytest.raises(NotTogether, match="LAUREL_DATA"):
        demand_belonging(desk_in(database_url, two, one / "keys"))
    with pytest.raises(NotTogether, match="LAUREL_BALLOT_KEYS"):
        demand_belonging(desk_in(database_url, one, two / "keys"))
    moved = desk_in(database_url, two, two / "keys")
    adopt(moved)
    demand_belonging(moved)
    with pytest.raises(NotTogether):
        demand_belonging(desk_in(database_url, one, one / "keys"))


def test_the_keys_of_another_installation_are_not_adopted(sqlite_url: str, tmp_path: Path) -> None:
    own, theirs = tmp_path / "own", tmp_path / "theirs"
    demand_belonging(desk_in(sqlite_url, own, own / "keys"))
    with desk_in(f"sqlite:///{tmp_path}/theirs.db", theirs, theirs / "keys").store.write() as tx:
        records.case(tx)
    mixed = desk_in(sqlite_url, own, theirs / "keys")
    with pytest.raises(NotTogether, match="另一套安装"):
        adopt(mixed)
    demand_belonging(desk_in(sqlite_url, own, own / "keys"))


def test_one_process_is_at_a_sqlite_file_whatever_its_data_folder(sqlite_url: str, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(tmp_path / "laurel.db")
    one, two, linked = (
        Installation(read_settings({"LAUREL_DATABASE": url, "LAUREL_DATA": str(tmp_path / name)}))
        for url, name in ((sqlite_url, "one"), (sqlite_url, "two"), (f"sqlite:///{link}", "three"))
    )
    with one.stopped():
        for other in (two, linked):
            with pytest.raises(Conflict, match="另一个进程"), other.stopped():
                pass


def test_a_second_server_at_a_sqlite_file_is_refused_and_ends(sqlite_url: str, tmp_path: Path) -> None:
    demand_belonging(desk_in(sqlite_url, tmp_path / "one" / "files", tmp_path / "keys"))
    settings = {
        "LAUREL_DATABASE": sqlite_url,
        "LAUREL_DATA": str(tmp_path / "two"),
        "LAUREL_BALLOT_KEYS": str(tmp_path / "keys"),
        "LAUREL_PORT": "0",
    }
    done = subprocess.run(
        [sys.executable, "-m", "service.app", "serve"],
        env=settings, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert "LAUREL_DATA" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.postgres
def test_the_second_command_says_so_in_a_sentence_and_ends(postgres_url: str, tmp_path: Path) -> None:
    demand_belonging(desk_in(postgres_url, tmp_path / "one" / "files", tmp_path / "keys"))
    settings = {
        "LAUREL_DATABASE": postgres_url,
        "LAUREL_DATA": str(tmp_path / "two"),
        "LAUREL_BALLOT_KEYS": str(tmp_path / "keys"),
    }
    for command in ("serve", "work"):
        done = warm(["-m", "service.app", command], settings)
        assert done.returncode == 2
        assert "LAUREL_DATA" in done.stderr
        assert "Traceback" not in done.stderr
