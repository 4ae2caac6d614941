"""Recovery codes: how much chance is in them, and what is kept of them."""

import hashlib
import math
from collections import Counter
from dataclasses import replace
from pathlib import Path

from service.casework.people.factors.codes import new_recovery_codes, new_secret, normalise_code, recovery_mark
from service.store import KeyFiles, Store
from tests.support.desks import make_bench


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
