"""What `make schemathesis` tells Schemathesis, without running it: whom it asks as, for what, and what counts as no fault."""

from __future__ import annotations

import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from tests import schemathesis


def test_places_in_addresses_have_values_that_exist() -> None:
    told = tomllib.loads(schemathesis.config({"case_id": [21, 22], "award": ["quality_award"], "notice_id": []}))
    assert told["parameters"] == {"path.case_id": 21, "path.award": "quality_award"}
    accepted = told["checks"]["positive_data_acceptance"]["expected-statuses"]
    assert 422 in accepted
    assert not {500, 502, "5xx"} & set(accepted)


def test_the_same_is_asked_again_of_the_operations_of_a_portion() -> None:
    portion = schemathesis.Portion("edges", ["case", "tasks"], 3, edges=True)
    words = schemathesis.command(Path("folder"), "http://127.0.0.1:1", {"Authorization": "Bearer x"}, portion)
    after = dict(pairwise(words))
    assert (after["--seed"], after["--max-examples"], after["--checks"]) == (str(schemathesis.SEED), "3", "all")
    assert (after["--phases"], after["--header"]) == ("coverage,fuzzing", "Authorization: Bearer x")
    assert words[-4:] == ["--include-operation-id", "case", "--include-operation-id", "tasks"]


def test_the_edges_are_asked_by_the_first_role_that_is_let_in() -> None:
    first = schemathesis.portions({"notices"}, {"people"}, set(), 2)
    assert [(p.name, p.operations, p.drawn, p.edges) for p in first] == [
        ("edges", ["notices"], 2, True),
        ("turned-away", ["people"], 1, False),
    ]
    later = schemathesis.portions({"notices", "people"}, set(), {"notices"}, 2)
    assert [(p.name, p.operations, p.edges) for p in later] == [
        ("edges", ["people"], True),
        ("drawn", ["notices"], False),
    ]


@pytest.mark.parametrize("words", [("nobody",), ("office", "mysql"), ("office", "sqlite", "0"), ("", "", "many")])
def test_words_that_mean_nothing_are_refused(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert schemathesis.main(words) == schemathesis.WRONG_WORDS
    assert "ROLE is one or more of visitor, administrator, office" in capsys.readouterr().err
