"""Texts that somebody may have written are compared whatever signs stand in them."""

from __future__ import annotations

import pytest

from service.domain.proof.same_text import is_same_text


@pytest.mark.parametrize("written", ["", "印章", "é" * 64, "\ud800", "a" * 64])
def test_any_signs_are_compared_and_no_seal_of_such_holds(written: str) -> None:
    assert is_same_text(written, written)
    assert not is_same_text(written, "b" * 64)
    assert not is_same_text("b" * 64, written)
