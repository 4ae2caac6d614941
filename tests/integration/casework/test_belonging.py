"""What several processes share must be shared: a process with other files or other ballot keys is refused at its start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from service.casework.assemble import open_desk
from service.casework.desk.belonging import NotTogether, adopt, demand_belonging
from service.casework.desk.desk import Desk
from service.catalog.calendars import bundled_calendars, load_calendars
from service.sdk import operations


def desk_in(url: str, files: Path, keys: Path) -> Desk:
    return open_desk(url, files, load_calendars(bundled_calendars()), operations(), ballot_keys=keys)


@pytest.mark.postgres
def test_a_process_with_other_files_or_other_keys_is_refused(postgres_url: str, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    demand_belonging(desk_in(postgres_url, one, one / "keys"))
    demand_belonging(desk_in(postgres_url, one, one / "keys"))
    with pytest.raises(NotTogether, match="LAUREL_DATA"):
        demand_belonging(desk_in(postgres_url, two, one / "keys"))
    with pytest.raises(NotTogether, match="LAUREL_BALLOT_KEYS"):
        demand_belonging(desk_in(postgres_url, one, two / "keys"))
    moved = desk_in(postgres_url, two, two / "keys")
    adopt(moved)
    demand_belonging(moved)
    with pytest.raises(NotTogether):
        demand_belonging(desk_in(postgres_url, one, one / "keys"))


@pytest.mark.postgres
def test_the_second_command_says_so_in_a_sentence_and_ends(postgres_url: str, tmp_path: Path) -> None:
    demand_belonging(desk_in(postgres_url, tmp_path / "one" / "files", tmp_path / "keys"))
    settings = {
        "LAUREL_DATABASE": postgres_url,
        "LAUREL_DATA": str(tmp_path / "two"),
        "LAUREL_BALLOT_KEYS": str(tmp_path / "keys"),
    }
    for command in ("serve", "work"):
        done = subprocess.run(
            [sys.executable, "-m", "service.app", command], env=settings, capture_output=True, text=True, check=False
        )
        assert done.returncode == 2
        assert "LAUREL_DATA" in done.stderr
        assert "Traceback" not in done.stderr
