"""The designer's manual says of every verb it lists what the verb takes and gives."""

from pathlib import Path

import pytest

import handlers
from service.sdk import Operation, operations

handlers.load()
MANUAL = Path(__file__).parents[3] / "processes" / "README.md"
LINES = MANUAL.read_text("utf-8").split("## Operations")[-1].splitlines()
LISTED = {line.split("`")[1]: line for line in LINES if line.startswith("| `")}


def row_of(verb: Operation) -> str:
    """The row of the manual's table, ready to be pasted."""
    taken = "<br>".join(f"`{p.name}`{'*' if p.required else ''} {p.type}: {p.help}" for p in verb.parameters) or "—"
    given = ", ".join(f"`{name}: {kind}`" for name, kind in verb.result.items()) or "—"
    return f"| `{verb.id}` | {verb.title.zh} | {taken} | {given} |"


@pytest.mark.parametrize("ident", sorted(LISTED))
def test_a_listed_verb_exists_and_its_row_is_up_to_date(ident: str) -> None:
    assert LISTED[ident] == row_of(operations()[ident])


def test_the_verbs_of_applications_and_notices_are_listed() -> None:
    families = ("case.", "notice.", "document.", "mail.", "list.", "eligibility.", "opinions.", "register.")
    assert {name for name in operations() if name.startswith(families)} <= LISTED.keys()
