from datetime import date
from fractions import Fraction

import pytest

from service.casework.interventions.given import day_of
from service.casework.review.ranking import limit_of
from service.domain.ballots.rules import read_quorum, read_threshold
from service.domain.errors import Invalid
from service.domain.proof.signing import is_same_text
from service.domain.values.typed_numbers import (
    exact_number,
    typed_whole_number,
    typed_year,
    whole_number,
    whole_numbers,
)
from service.domain.values.typed_text import (
    clean_code,
    clean_number,
    clean_phone,
    clean_text,
    clean_word,
    plain_name,
    split_words,
)
from service.domain.values.typed_times import read_day, typed_day, typed_moment
from tests.support.tables import rows


@pytest.mark.parametrize(("typed", "number"), rows("typed", "numbers"))
def test_commas_go_only_where_they_group_thousands(typed: str, number: str) -> None:
    assert clean_number(typed) == number


def test_texts_words_and_codes_lose_what_nobody_sees() -> None:
    assert clean_text("（甲）\u200b公司\x0b二\u00a0楼\r\n") == "（甲）公司\n二 楼"
    assert clean_word("　ｗang.li\ufeff") == "wang.li"
    assert clean_word("３４５６７①") == "34567①"
    assert split_words("机械；化工, 纺织，\n通用设备、") == ("机械", "化工", "纺织", "通用设备")
    assert clean_code(" 1101 0519491231002ｘ") == "11010519491231002X"


@pytest.mark.parametrize("typed", ["⻘山⺠⽣公司", "\u200e青山民生公司", "\u200f青山\u061c民\ufe0f生公司\U000e0001"])
def test_radicals_and_marks_of_direction_make_no_other_name(typed: str) -> None:
    assert clean_text(typed) == "青山民生公司"
    assert plain_name(typed) == plain_name("青山民生公司")
    assert clean_text("\u200e\u200e") == ""
    uyghur = "شىنجاڭ\u200f (ئۈرۈمچى)"
    assert clean_text(uyghur) == uyghur
    assert plain_name(uyghur) == plain_name(uyghur.replace("\u200f", ""))


@pytest.mark.parametrize(
    "typed", ["（0991）1234567", "0991—1234567", "０９９１－１２３ ４５６７", "0991\u200b-1234567"]
)
def test_a_telephone_number_is_written_in_one_way(typed: str) -> None:
    assert clean_phone(typed) == "0991-1234567"


# Days and times as people type them.


@pytest.mark.parametrize(
    "typed", ["2026-06-05", "2026-6-5", "2026/6/5", "2026.6.5", "20260605", "２０２６年６月５日", "2026年6月5号"]
)
def test_a_day_is_read_however_it_is_written(typed: str) -> None:
    assert typed_day(typed) == "2026-06-05"


@pytest.mark.parametrize("typed", ["2026-06-05 09:30", "2026-06-05T09:30", "2026年6月5日 9：30", "2026/6/5  9:30"])
def test_a_time_is_read_however_it_is_written(typed: str) -> None:
    assert typed_moment(typed) == "2026-06-05T09:30"


def test_a_day_is_read_alike_by_every_page_and_what_is_none_is_refused() -> None:
    assert read_day(" 2026年6月5日 ") == day_of({"last": "2026/6/5"}, "last") == date(2026, 6, 5)
    with pytest.raises(ValueError, match="明天"):
        read_day("明天")


@pytest.mark.parametrize("typed", ["0026-03-01", "1899-12-31", "22026-03-01", "2026-3-1²", "2026-3-①"])
def test_a_day_that_nobody_means_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=typed[:4]):
        read_day(typed)


# Whole numbers as programs write and people type them.


@pytest.mark.parametrize("text", ["²", "٣", "9" * 5000, "-1", "", "1.0"])
def test_what_is_no_number_is_left_out(text: str) -> None:
    assert whole_number(text) is None
    assert typed_whole_number(text) is None
    assert whole_numbers(["7", text, "12"]) == [7, 12]
    assert typed_year(text) == 0


@pytest.mark.parametrize("text", ["１２", "1,200", " 12"])
def test_what_a_program_sends_is_in_plain_digits(text: str) -> None:
    assert whole_number(text) is None
    assert typed_whole_number(text) is not None


# Numbers that somebody wrote are read exactly, and none takes long.


@pytest.mark.parametrize(
    ("said", "read"),
    [(" 2/3 ", Fraction(2, 3)), (0.6, Fraction(3, 5)), ("-12", Fraction(-12)), (1e-07, Fraction(1, 10**7))],
)
def test_numbers_and_fractions_are_read(said: object, read: Fraction) -> None:
    assert exact_number(said) == read


@pytest.mark.parametrize("said", ["1e99999", "1/0", "nan", "1_000", "9" * 61, "", None, True])
def test_anything_else_is_refused_and_no_great_power_is_worked_out(said: object) -> None:
    with pytest.raises(ValueError, match=r"no number|fraction of nothing"):
        exact_number(said)
    for reader in (read_quorum, lambda said: read_threshold(f"> {said}"), lambda said: limit_of(said, {})):
        with pytest.raises(Invalid):
            reader(said)


def test_a_limit_may_be_a_share_of_the_full_marks() -> None:
    full = {1: Fraction(1000), 2: Fraction(1000)}
    assert limit_of({"share": "2/3"}, full) == Fraction(2000, 3)
    assert limit_of({"share": 0.6}, full) == limit_of("60%", full) == 600


# Texts that somebody may have written are compared whatever signs stand in them.


@pytest.mark.parametrize("written", ["", "印章", "é" * 64, "\ud800", "a" * 64])
def test_any_signs_are_compared_and_no_seal_of_such_holds(written: str) -> None:
    assert is_same_text(written, written)
    assert not is_same_text(written, "b" * 64)
    assert not is_same_text("b" * 64, written)
