"""Numbers that a letter says instead of those that a scenario expects."""

from __future__ import annotations

import pytest

from service.casework.simulate.expecting.expectations import said_now


@pytest.mark.parametrize(
    ("part", "text", "now"),
    [
        ("奖金200000元", "每个奖金300000元，2026年", "奖金300000元"),
        ("奖金200000元", "奖金200000元", "奖金200000元"),
        ("奖金20万元", "奖金1,000.5万元", "奖金1,000.5万元"),
        ("奖金20万元", "奖金30万元；奖金10万元", "奖金20万元"),
        ("同意3票", "反对2票", "同意3票"),
        ("不予受理", "予以受理", "不予受理"),
        ("（第2项）", "（第3项）", "（第3项）"),
    ],
)
def test_of_what_a_letter_says_a_number_alone_is_exchanged(part: str, text: str, now: str) -> None:
    """Where two places say it with different numbers, nobody knows which is meant."""
    assert said_now(part, text) == now
