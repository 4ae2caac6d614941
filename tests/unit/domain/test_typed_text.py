import pytest

from service.domain.values.typed_text import clean_code, clean_number, clean_text, clean_word


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
    ],
)
def test_commas_go_only_where_they_group_thousands(typed: str, number: str) -> None:
    assert clean_number(typed) == number


def test_texts_words_and_codes_lose_what_nobody_sees() -> None:
    assert clean_text("（甲）\u200b公司\x0b二\u00a0楼\r\n") == "（甲）公司\n二 楼"
    assert clean_word("　ｗang.li\ufeff") == "wang.li"
    assert clean_code(" 1101 0519491231002ｘ") == "11010519491231002X"
