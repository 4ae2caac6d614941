from collections import Counter

import pytest

from service.domain.ballots import (
    Handful,
    Mark,
    Question,
    UrnDamaged,
    UrnShape,
    cast_into,
    empty_out,
    empty_urn,
    papers_in,
)
from service.domain.proof.algorithms import AES, SM4

A, B = Question("quality", "A"), Question("quality", "B")
SHAPE = UrnShape("box", (A, B), 9)


def one(a: Mark, b: Mark | None = Mark.NO) -> Handful:
    return Handful(1, 0, {A: [a]} | ({B: [b]} if b else {}))


def test_what_goes_in_comes_out(chance):
    key = chance.randbytes(32)
    urn = empty_urn(SHAPE, key, chance)
    for mark in (Mark.YES, Mark.YES, Mark.ABSTAIN):
        new = chance.randbytes(32)
        urn, key = cast_into(urn, SHAPE, key, new, one(mark), chance), new
    urn = cast_into(urn, SHAPE, key, key, Handful(0, 2, {}), chance)
    papers = empty_out(urn, SHAPE, key)
    assert (papers.valid, papers.spoiled, papers_in(urn, SHAPE, key)) == (3, 2, 5)
    assert Counter(papers.slips[A]) == {Mark.YES: 2, Mark.ABSTAIN: 1}
    assert Counter(papers.slips[B]) == {Mark.NO: 3}


def test_an_urn_has_the_same_size_whatever_is_in_it(chance):
    key = chance.randbytes(32)
    empty = empty_urn(SHAPE, key, chance)
    full = cast_into(empty, SHAPE, key, key, Handful(9, 0, {A: [Mark.YES] * 9, B: [Mark.NO] * 4}), chance)
    assert len(full) == len(empty) == 1 + 12 + 3 * 9 + 16


@pytest.mark.parametrize(("before", "after"), [(AES, SM4), (SM4, AES), (SM4, SM4)])
def test_the_next_cast_seals_it_by_the_cipher_that_holds_then(chance, before, after):
    old, new = chance.randbytes(32), chance.randbytes(32)
    urn = cast_into(empty_urn(SHAPE, old, chance, before), SHAPE, old, old, one(Mark.YES), chance, cipher=before)
    assert urn.startswith(b"s") == (before == SM4)
    changed = cast_into(urn, SHAPE, old, new, one(Mark.ABSTAIN), chance, cipher=after)
    assert changed.startswith(b"s") == (after == SM4)
    assert Counter(empty_out(changed, SHAPE, new).slips[A]) == {Mark.YES: 1, Mark.ABSTAIN: 1}
    for wrong in (changed[:-1] + bytes([changed[-1] ^ 1]), (b"a" if after == SM4 else b"s") + changed[1:]):
        with pytest.raises(UrnDamaged):
            empty_out(wrong, SHAPE, new)
    with pytest.raises(UrnDamaged):
        empty_out(changed, SHAPE, old)


def test_only_the_newest_key_opens_it(chance):
    old, new = chance.randbytes(32), chance.randbytes(32)
    urn = cast_into(empty_urn(SHAPE, old, chance), SHAPE, old, new, one(Mark.YES), chance)
    with pytest.raises(UrnDamaged):
        empty_out(urn, SHAPE, old)


@pytest.mark.parametrize("where", [0, 13, -1])
def test_a_changed_byte_is_noticed(chance, where):
    key = chance.randbytes(32)
    urn = bytearray(empty_urn(SHAPE, key, chance))
    urn[where] ^= 1
    with pytest.raises(UrnDamaged):
        empty_out(bytes(urn), SHAPE, key)


def test_the_urn_of_another_ballot_is_noticed(chance):
    key = chance.randbytes(32)
    urn = empty_urn(SHAPE, key, chance)
    with pytest.raises(UrnDamaged):
        empty_out(urn, UrnShape("other", (A, B), 9), key)


def test_no_more_papers_fit_than_were_issued(chance):
    key = chance.randbytes(32)
    full = cast_into(empty_urn(SHAPE, key, chance), SHAPE, key, key, Handful(9, 0, {}), chance)
    with pytest.raises(UrnDamaged):
        cast_into(full, SHAPE, key, key, one(Mark.YES), chance)


def test_the_place_of_a_slip_says_nothing_about_when_it_was_cast(chance):
    """The only "yes" is cast first; it comes out at every place about equally often."""
    key, places = chance.randbytes(32), Counter()
    for _ in range(1800):
        urn = empty_urn(SHAPE, key, chance)
        for number in range(9):
            mark = Mark.YES if number == 0 else Mark.NO
            urn = cast_into(urn, SHAPE, key, key, one(mark), chance)
        places[empty_out(urn, SHAPE, key).slips[A].index(Mark.YES)] += 1
    chi_square = sum((places[n] - 200) ** 2 / 200 for n in range(9))
    assert chi_square < 26.1  # 0.1 % of the chi-square distribution with 8 degrees of freedom


def test_slips_of_two_questions_do_not_keep_together(chance):
    """One paper says yes to both; its slips lie at the same place no more often than any two."""
    key, together = chance.randbytes(32), 0
    for _ in range(1800):
        urn = empty_urn(SHAPE, key, chance)
        for number in range(9):
            mark = Mark.YES if number == 4 else Mark.NO
            urn = cast_into(urn, SHAPE, key, key, one(mark, mark), chance)
        slips = empty_out(urn, SHAPE, key).slips
        together += slips[A].index(Mark.YES) == slips[B].index(Mark.YES)
    assert 140 < together < 262  # 200 expected of 1800, within 4.6 standard deviations
