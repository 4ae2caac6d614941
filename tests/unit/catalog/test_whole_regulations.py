"""Four regulations that no city has, clause by clause: what is read of each, what is asked, what is told as unread; nothing wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from service.catalog.assistants.clause_reading import kinds_said, read_clause
from service.catalog.assistants.step_clauses import step_clauses
from service.catalog.assistants.suggested_kind import suggested_kind
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.law.law import passages_of
from service.catalog.law_text.pieces import LawPiece, clauses_of
from service.catalog.law_text.presets import read_numbers
from service.catalog.law_text.split import LawLevel, split_law
from service.catalog.source.format_yaml import load_yaml

READINGS = Path(__file__).parents[2] / "data" / "readings"


def read_of(kind: AssistKind, text: str) -> dict[str, Any]:
    """Return what one assistant reads of a clause, without what is empty."""
    read = read_clause(kind, text)
    told = {
        "read": dict(read.fields),
        "each": {said.name: said.value for said in read.each},
        "asked": dict(read.asked),
        "unread": list(read.unread),
    }
    return {key: value for key, value in told.items() if value}


def regulation(name: str) -> dict[str, Any]:
    """Return what is read of a whole regulation: by clause and assistant, and its numbers as the third page shows them."""
    units = [u for u in split_law((READINGS / f"{name}.txt").read_text()) if u.level is not LawLevel.PREAMBLE]
    clauses = clauses_of("AB", [LawPiece(unit.place, unit.numbers, unit.text) for unit in units])
    found: dict[str, Any] = {}
    for clause in clauses:
        text = clause.text or clause.summary
        kinds = dict.fromkeys([suggested_kind(clause.kind, text), *kinds_said(text)])
        found[clause.article] = {kind.value: read_of(kind, text) for kind in kinds}
    found["objections"] = " ".join(c.article for c in clauses if c.id in step_clauses(clauses).get("objection", ()))
    numbers = read_numbers(passages_of(clauses))
    assert not numbers.doubts
    found["numbers"] = {key: f"{one.value} {one.article}" for key, one in numbers.presets.items()}
    return found


@pytest.mark.parametrize("name", ["hengchuan", "luyuan", "lanjiang", "linjiang"])
def test_each_clause_is_read_as_a_lawyer_reads_it_or_told_as_unread(name: str) -> None:
    expected, found = load_yaml((READINGS / f"{name}.yaml").read_text()), regulation(name)
    assert found.keys() == expected.keys()
    for article, told in expected.items():
        assert found[article] == told, article
