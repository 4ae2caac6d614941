"""Passwords that are easily guessed are refused, those of Chinese habits too."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from service.casework.people.factors.codes import new_recovery_codes, new_secret, normalise_code, recovery_mark
from service.casework.people.factors.passwords import hash_password, password_matches, require_good_password
from service.domain.errors import Invalid
from service.store import KeyFiles, Store
from tests.support.desks import make_bench


@pytest.mark.parametrize(
    "password",
    [
        "wodemima1234", "woaini1314520", "laurel202612", "zhiliangjiang2026", "P@ssw0rd2026", "1qaz2wsx3edc", "admin@123456",
        "zhao.min2026", "质量奖质量奖质量奖质量奖", "abcdefghijkl", "a" * 128,
    ],
)  # fmt: skip
def test_what_is_easily_guessed_is_refused(password: str) -> None:
    with pytest.raises(Invalid, match="容易被猜中"):
        require_good_password(password, "zhao.min")


@pytest.mark.parametrize(
    "password", ["四时之景不同而乐亦无穷也", "many machines, one award", "湖水-椅子-第七天又晴了", "k7#Vt0q!xZ2m"]
)
def test_sentences_and_what_no_list_has_are_taken(password: str) -> None:
    require_good_password(password, "zhao.min")
    with pytest.raises(Invalid):
        require_good_password(password, password)


def test_they_have_twelve_characters() -> None:
    with pytest.raises(Invalid, match="12 至 128 个字符，现为 11 个"):
        require_good_password("雪山脚下的果园真的很好", "zhao.min")
    require_good_password("雪山脚下的果园真的很好看", "zhao.min")


def test_long_ones_are_taken_whole_and_what_is_longer_than_the_limit_is_refused() -> None:
    long = "湖水 椅子 😀 many machines, one award; " * 3
    assert 64 < len(long) <= 128
    require_good_password(long, "zhao.min")
    assert not password_matches(hash_password(long), long[:-1])
    with pytest.raises(Invalid, match="12 至 128"):
        require_good_password(long + "x" * 128, "zhao.min")


def test_two_hashes_of_one_password_share_no_salt() -> None:
    one, other = (hash_password("many machines, one award") for _ in range(2))
    assert one.startswith("$argon2id$")
    assert one != other


def test_a_hash_of_other_rounds_and_memory_is_read() -> None:
    """Rounds and memory are raised at one place: hashes of before name their own."""
    before = PasswordHasher(time_cost=3, memory_cost=8 * 1024, parallelism=2).hash("四个不相干的词语")
    assert "m=8192,t=3,p=2" in before
    assert password_matches(before, "四个不相干的词语")
    assert not password_matches(before, "四个不相干的词")
    assert "t=3" not in hash_password("四个不相干的词语")


def test_a_code_holds_more_chance_than_can_be_guessed() -> None:
    codes = [normalise_code(code) for _ in range(400) for code in new_recovery_codes()]
    assert len(set(codes)) == len(codes) == 4000
    assert {len(code) for code in codes} == {10}
    letters = Counter("".join(codes))
    assert 10 * math.log2(len(letters)) > 48
    even = sum(letters.values()) / len(letters)
    assert all(0.85 * even < count < 1.15 * even for count in letters.values()), "no letter is drawn more often"
    assert {len(new_secret()) for _ in range(10)} == {20}


def test_who_has_the_database_alone_cannot_try_codes(sqlite_store: Store, tmp_path: Path) -> None:
    desk = make_bench(sqlite_store).desk
    code = new_recovery_codes()[0]
    kept = recovery_mark(7, desk, code)
    assert kept == recovery_mark(7, desk, code.lower())
    plain = {
        hashlib.new(name, words.encode()).hexdigest()
        for name in ("sha256", "sha512")
        for words in (code, normalise_code(code), f"recovery code of 7: {normalise_code(code)}")
    }
    assert kept not in plain, "without the installation's secret no guess can be compared"
    assert kept != recovery_mark(8, desk, code), "nor one person's with another's"
    assert normalise_code(code) not in kept
    elsewhere = replace(desk, ballot_keys=KeyFiles(tmp_path / "another installation"))
    assert recovery_mark(7, elsewhere, code) != kept
