"""Commands after the calendar was corrected, and after a database was brought back to an earlier moment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.app import Installation
from service.cli.main import laurel
from service.settings import read_settings
from service.store import Store
from tests.integration.law.test_corrected_calendar import take_in
from tests.support.keys import keys_beside
from tests.support.lakeside import Lakeside, make_lakeside

Run = Callable[..., Result]


@pytest.fixture
def town(tmp_path: Path) -> Lakeside:
    """An installation with the miniature."""
    (tmp_path / "var").mkdir()
    store = Store(f"sqlite:///{tmp_path}/var/laurel.db", tmp_path / "var" / "files", keys=keys_beside(tmp_path / "var"))
    store.migrate()
    return make_lakeside(store)


@pytest.fixture
def run(town: Lakeside, tmp_path: Path) -> Run:
    """Runs a command on it."""
    settings = read_settings({"LAUREL_DATA": str(tmp_path / "var")})

    def call(*words: str, answer: str = "") -> Result:
        return CliRunner().invoke(laurel, list(words), input=answer, obj=Installation(settings))

    return call


def test_limits_are_listed_and_moved_by_command(town: Lakeside, run: Run) -> None:
    case = town.start()
    take_in(town)
    listed = run("calendar", "moves")
    assert "2026-03-16\t2026-03-17" in listed.output
    assert town.tasks(case)[0].due_reason["last_day"] == "2026-03-16"
    refused = run("calendar", "moves", "--as", "office", "--reason", "国办发〔2025〕9号")
    assert (refused.exit_code, "没有相应角色" in refused.output) == (2, True)
    moved = run("calendar", "moves", "--as", "admin", "--reason", "国办发〔2025〕9号")
    assert (moved.exit_code, "✓ 已改 1" in moved.output) == (0, True)
    assert town.tasks(case)[0].due_reason["last_day"] == "2026-03-17"
    assert run("calendar", "moves").output == ""


def test_an_epoch_is_begun_by_command_and_the_doctor_reminds_of_it(town: Lakeside, run: Run) -> None:
    town.start()
    wrong = run("epoch", "--saved", "昨天", "--cause", "恢复到误操作之前")
    assert (wrong.exit_code, "2026-03-02T04:00" in wrong.output) == (2, True)
    words = ("epoch", "--saved", "2026-03-02T09:30", "--cause", "恢复到误操作之前")
    asked = run(*words, answer="n\n")
    assert (asked.exit_code, "1 件在办办件中记明空缺" in asked.output, "已开始新纪元" in asked.output) == (
        1,
        True,
        False,
    )
    unanswered = run(*words)
    assert (unanswered.exit_code, "--yes" in unanswered.output) == (2, True)
    begun = run(*words, answer="y\n")
    assert (begun.exit_code, "1 件在办办件记明空缺" in begun.output) == (0, True)
    assert "! 恢复" in run("doctor").output
    again = run(*words, "--yes")
    assert (again.exit_code, "已经开始过纪元 1" in again.output) == (2, True)
    later = run("epoch", "--saved", f"{town.clock.now():%Y}-01-02T09:30", "--cause", "x", "--yes")
    assert later.exit_code == 2
