"""What the documents on security and accessibility claim has a test, and their counts are those of their lines."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = ("deploy/asvs.md", "deploy/dengbao.md", "docs/accessibility.md")
STATES = ("not held", "held", "built, unproved", "does not apply")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def lines_of(document: str) -> list[list[str]]:
    """Return number, requirement, state and evidence of every line of the tables of ``document``."""
    rows = [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line in (ROOT / document).read_text("utf-8").splitlines()
        if line.startswith("|")
    ]
    return [row for row in rows if not row[0].startswith("---") and "No." not in row[0]]


def state_of(line: list[str]) -> str:
    return next(state for state in STATES if state in line[2])


def count_numbers(cell: str) -> int:
    """Return how many requirements a line is about: ``2.1.1–3, 2.1.7`` are four."""
    spans = [part.partition("–") for part in cell.split(", ")]
    return sum(int(last) - int(first.rpartition(".")[2]) + 1 if last else 1 for first, _, last in spans)


@pytest.mark.parametrize("document", [*DOCUMENTS, "deploy/security.md"])
def test_every_test_that_is_named_exists(document: str) -> None:
    text = (ROOT / document).read_text("utf-8")
    named = set(NAMED.findall(text))
    assert named
    missing = [
        f"{file}::{name}"
        for file, name in sorted(named)
        if not (ROOT / file).is_file() or f"def {name}(" not in (ROOT / file).read_text("utf-8")
    ]
    assert missing == []
    assert len(re.findall(r"\w+::\w+", text)) == len(NAMED.findall(text)), "a test is named by its whole path"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_no_line_lacks_evidence_and_the_counts_are_true(document: str) -> None:
    lines = lines_of(document)
    assert lines
    assert [line[0] for line in lines if len(line) != 4 or not line[3].strip(" |")] == []
    assert [line[0] for line in lines if state_of(line) == "held" and not NAMED.search(line[3])] == []
    found = Counter[str]()
    for line in lines:
        found[state_of(line)] += count_numbers(line[0])
    every = found.total()
    applies = every - found["does not apply"]
    head = (ROOT / document).read_text("utf-8").split("\n## ")[0]
    counts = f"**{found['held']} held, {found['not held']} not held, {found['built, unproved']} built"
    assert counts in head
    assert re.search(rf"\b{applies}\b", head)
    assert re.search(rf"\b{every}\b", head)
