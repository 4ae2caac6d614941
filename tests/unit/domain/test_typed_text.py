import pytest

from service.domain.values.typed_text import clean_code, clean_line, clean_number, clean_phone, clean_text, clean_word
from service.domain.values.whole_numbers import typed_whole_number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1,234,567.5", "1234567.5"),
        ("１，２３４", "1234"),
        ("1 234", "1234"),
        ("－5", "-5"),
        ("−5", "-5"),
        ("12．5", "12.5"),
        ("\u200b12 ", "12"),
        ("3，5", "3,5"),
        ("1,5", "1,5"),
        ("1,234,5", "1,234,5"),
        ("1,2345", "1,2345"),
        ("1 2", "1 2"),
        ("1,234 567", "1,234 567"),
        ("0.1,234", "0.1,234"),
        ("0,123", "0,123"),
        ("00,123", "00,123"),
        ("10²", "10²"),
        ("①", "①"),
    ],
)
def test_commas_go_only_where_they_group_thousands(typed: str, number: str) -> None:
    assert clean_number(typed) == number


def test_texts_words_and_codes_lose_what_nobody_sees() -> None:
    assert clean_text("（甲）\u200b公司\x0b二\u00a0楼\r\n") == "（甲）公司\n二 楼"
    assert clean_word("　ｗang.li\ufeff") == "wang.li"
    assert clean_code(" 1101 0519491231002ｘ") == "11010519491231002X"


def test_a_line_goes_on_without_a_blank_between_chinese_characters() -> None:
    assert clean_line("甲\x0b公司 \n Ltd.\nCo") == "甲公司 Ltd. Co"


@pytest.mark.parametrize(
    "typed", ["（0991）1234567", "0991—1234567", "０９９１－１２３ ４５６７", "0991\u200b-1234567"]
)
def test_a_telephone_number_is_written_in_one_way(typed: str) -> None:
    assert clean_phone(typed) == "0991-1234567"


@pytest.mark.parametrize(("typed", "number"), [("１２", 12), ("1,200", 1200), ("1,2", None), ("", None), ("-1", None)])
def test_a_whole_number_may_be_typed_in_full_width(typed: str, number: int | None) -> None:
    assert typed_whole_number(typed) == number
