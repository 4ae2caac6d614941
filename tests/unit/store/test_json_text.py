"""What the database keeps as JSON comes back as it was."""

from __future__ import annotations

from datetime import date

import pytest

from service.store.json_text import from_text, to_text


@pytest.mark.parametrize(
    "document",
    [None, [], {"名称": "乌鲁木齐", "n": [1, 2.5, True, None]}, {"large": 2**80, "small": -(2**70)}, " leading"],
)
def test_a_document_comes_back_as_it_was(document: object) -> None:
    assert from_text(to_text(document)) == document


def test_whole_numbers_stay_whole() -> None:
    again = from_text(to_text({"n": 10**25}))
    assert isinstance(again, dict)
    assert isinstance(again["n"], int)


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(TypeError):
        to_text({"day": date(2026, 1, 1)})
