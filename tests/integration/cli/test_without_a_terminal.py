"""A command that asks where nobody can answer says what it wants and which option or input answers it, and does nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from service.app import Installation
from service.cli.main import laurel
from service.settings import read_settings


@pytest.mark.parametrize(
    ("words", "answered"),
    [
        (["restore", "--saved", "2026-03-02T09:30", "--cause", "误操作"], "--yes"),
        (["administrator", "chen", "--name", "陈"], "standard input"),
    ],
    ids=["hold", "administrator"],
)
def test_it_says_how_to_answer(tmp_path: Path, words: list[str], answered: str) -> None:
    tools = Installation(read_settings({"LAUREL_DATA": str(tmp_path / "var")}))
    result = CliRunner().invoke(laurel, words, obj=tools, input="")
    assert result.exit_code == 2, result.output
    assert "这里没有终端" in result.stderr
    assert answered in result.stderr
    assert "Aborted" not in result.output
    assert not (tmp_path / "var" / "laurel.db").exists() or people(tools) == 0


def people(tools: Installation) -> int:
    """Return how many accounts were opened."""
    with tools.desk().store.read() as tx:
        return len(tx.people.everybody(0, 10))
