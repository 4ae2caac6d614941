"""How members voted stands in words in a scenario's page, and is read from words or letters."""

from __future__ import annotations

import pytest

from service.casework.simulate.scenarios.vote_words import vote_letters, vote_words
from service.domain.errors import Invalid


@pytest.mark.parametrize(
    ("letters", "zh", "en"),
    [
        ("yyyyyyynn", "同意 7、不同意 2", "7 in favour, 2 against"),
        (
            "yy.y-xs",
            "同意 2、不投 1、同意 1、弃权 1、缺席 1、废票 1",
            "2 in favour, 1 no mark, 1 in favour, 1 abstain, 1 absent, 1 spoiled",
        ),
    ],
)
def test_letters_are_told_in_the_order_of_the_roll_and_read_back(letters: str, zh: str, en: str) -> None:
    said = vote_words(letters)
    assert said is not None
    assert (said.zh, said.en) == (zh, en)
    assert {vote_letters(zh), vote_letters(en), vote_letters(letters)} == {letters}


@pytest.mark.parametrize(
    ("typed", "letters"),
    [
        ("7票同意，2票反对", "yyyyyyynn"),
        ("赞成7反对2", "yyyyyyynn"),
        ("5 in favour and 1 against", "yyyyyn"),
        ("同意", "y"),
        ("同意 2 回避", "yy."),
    ],
)
def test_what_people_write_is_read(typed: str, letters: str) -> None:
    assert vote_letters(typed) == letters


@pytest.mark.parametrize("typed", ["七个赞成", "abc", "7", "7 8 同意", "同意0"])
def test_what_is_no_vote_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Invalid, match="同意 7、不同意 2"):
        vote_letters(typed)


def test_what_are_no_letters_of_a_vote_has_no_words() -> None:
    assert vote_words("$") is None
