"""Commands after a database was brought back to an earlier moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.app import Installation
from service.cli.main import laurel
from service.settings import read_settings
from service.store import Store
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


def test_a_restore_is_noted_and_work_resumed_by_command(town: Lakeside, run: Run) -> None:
    town.start()
    wrong = run("restore", "--saved", "昨天", "--cause", "恢复到误操作之前")
    assert (wrong.exit_code, "2026-03-02T04:00" in wrong.output) == (2, True)
    words = ("restore", "--saved", "2026-03-02T09:30", "--cause", "恢复到误操作之前")
    asked = run(*words, answer="n\n")
    assert (asked.exit_code, "1 件在办办件中记明空缺" in asked.output, "已登记恢复" in asked.output) == (1, True, False)
    unanswered = run(*words)
    assert (unanswered.exit_code, "--yes" in unanswered.output) == (2, True)
    noted = run(*words, answer="y\n")
    assert (noted.exit_code, "1 件在办办件记明空缺" in noted.output) == (0, True)
    assert "laurel resume" in run("doctor").output
    again = run(*words, "--yes")
    assert (again.exit_code, "已经登记过恢复" in again.output) == (2, True)
    listed = run("resume")
    assert (listed.exit_code, "恢复到误操作之前" in listed.output, "待发送" in listed.output) == (0, True, True)
    with town.desk.store.write() as tx:
        member = next(m for m in tx.memberships.list_valid(town.people["admin"], town.clock.now()))
        tx.memberships.give(replace(member, id=0, jurisdiction="*"))
    resumed = run("resume", "--as", "admin", "--reason", "网关日志核对过", "--drop", "--yes")
    assert (resumed.exit_code, "已恢复运行" in resumed.output) == (0, True)
    assert "没有暂停" in run("resume").output
