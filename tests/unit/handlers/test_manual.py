"""The designer's manual lists every verb with every parameter."""

from pathlib import Path

import pytest

import handlers
from service.sdk import Operation, operations

handlers.load()
MANUAL = Path(__file__).parents[3] / "processes" / "README.md"
VERBS = [operations()[name] for name in sorted(operations()) if not name.startswith("test.")]


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.id)
def test_the_manual_says_what_a_verb_takes_and_gives(verb: Operation) -> None:
    [row] = [line for line in MANUAL.read_text("utf-8").splitlines() if line.startswith(f"| `{verb.id}` |")]
    told = [f"`{p.name}`{'*' if p.required else ''} {p.type}: {p.help}" for p in verb.parameters]
    given = [f"`{name}: {kind}`" for name, kind in verb.result.items()]
    assert [text for text in [verb.title.zh, *told, *given] if text not in row] == []
