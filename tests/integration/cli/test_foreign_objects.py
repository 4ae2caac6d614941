"""With a trigger in the database nothing starts, and every way of looking names it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from service.casework.soundness.acting_objects import ActsByItself
from service.settings import read_settings
from tests.integration.cli.test_commands import ROOT, Installation, Run, run

__all__ = ["run"]

QUIET = "create trigger quiet before insert on act begin select raise(ignore); end"


def by_hand(folder: Path, statement: str) -> None:
    """Run a statement as somebody does who has the database alone."""
    with sqlite3.connect(folder / "var" / "laurel.db") as connection:
        connection.execute(statement)
    connection.close()


def test_a_trigger_of_somebody_else_is_named_and_nothing_starts_beside_it(run: Run, tmp_path: Path) -> None:
    assert run("audit", "verify").exit_code == 0
    by_hand(tmp_path, QUIET)
    for command in (("audit", "verify"), ("doctor",), ("doctor", "--deep")):
        told = run(*command)
        assert told.exit_code == 1
        assert "触发器 quiet 不是本系统建的" in told.stdout
        assert "trigger quiet was not made by this program" in told.stdout
    installation = Installation(read_settings({"LAUREL_DATA": str(tmp_path / "var")}), ROOT)
    with pytest.raises(ActsByItself, match="quiet"), installation._shared_desk():
        pass
    by_hand(tmp_path, "drop trigger quiet")
    assert run("audit", "verify").exit_code == 0
