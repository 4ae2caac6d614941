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


def test_the_same_is_asked_again_of_everything_but_what_signs_out() -> None:
    words = schemathesis.command(Path("folder"), "http://127.0.0.1:1", {"Authorization": "Bearer x"}, 3, "/cases")
    after = dict(pairwise(words))
    assert (after["--seed"], after["--max-examples"], after["--checks"]) == (str(schemathesis.SEED), "3", "all")
    assert after["--exclude-path-regex"] == "^(/api/v1/session|/api/v1/password)$"
    assert (after["--include-path-regex"], after["--header"]) == ("/cases", "Authorization: Bearer x")


@pytest.mark.parametrize("words", [("nobody",), ("office", "mysql"), ("office", "sqlite", "0"), ("", "", "many")])
def test_words_that_mean_nothing_are_refused(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert schemathesis.main(words) == schemathesis.WRONG_WORDS
    assert "ROLE is one of visitor, administrator, office" in capsys.readouterr().err
