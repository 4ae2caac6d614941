"""A new version of the tables lets the program of before go on beside it: it adds, and takes nothing away."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

VERSIONS = sorted((Path(__file__).parents[2] / "service/store/migrations/versions").glob("v*.py"))
SINCE = "v0021"
"""From here on old and new run side by side; the versions of before were made for a stop."""

TAKING = {
    "drop_column",
    "drop_table",
    "drop_index",
    "drop_constraint",
    "alter_column",
    "rename_table",
    "batch_alter_table",
}


def refusals(source: str) -> list[str]:
    """Return what ``upgrade`` does that a program of before would stumble over."""
    [upgrade] = [
        node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name == "upgrade"
    ]
    calls = [node for node in ast.walk(upgrade) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    taken = [call.func.attr for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr in TAKING]
    columns = [
        call.args[1] for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "add_column"
    ]
    demanding = [ast.unparse(column) for column in columns if isinstance(column, ast.Call) and _demands(column)]
    return [*taken, *demanding]


def _demands(column: ast.Call) -> bool:
    """Whether a row of the program of before, which does not name the column, would be refused."""
    given = {keyword.arg: keyword.value for keyword in column.keywords}
    nullable = given.get("nullable")
    return isinstance(nullable, ast.Constant) and nullable.value is False and "server_default" not in given


@pytest.mark.parametrize("version", [path for path in VERSIONS if path.name >= SINCE], ids=lambda path: path.stem)
def test_a_version_only_adds(version: Path) -> None:
    """One that takes away begins with a letter, as all after it must: programs of before then refuse to start beside it."""
    assert version.name < "v0024" or re.search(r'^revision = "\d{4}"$', version.read_text("utf-8"), re.MULTILINE)
    assert refusals(version.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "line",
    [
        "op.drop_column('task', 'title')",
        "op.alter_column('task', 'title', nullable=False)",
        "op.add_column('task', sa.Column('x', sa.Integer, nullable=False))",
    ],
)
def test_what_takes_away_or_demands_is_refused(line: str) -> None:
    assert len(refusals(f"def upgrade():\n    {line}\n")) == 1


def test_what_has_a_default_is_let_through() -> None:
    assert (
        refusals("def upgrade():\n    op.add_column('t', sa.Column('x', sa.Text, nullable=False, server_default=''))\n")
        == []
    )
