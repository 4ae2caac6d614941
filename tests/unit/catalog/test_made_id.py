"""Ids made from names, so that nobody types Latin letters."""

from __future__ import annotations

import pytest

from service.catalog.made_id import made_id, made_place_id, made_prefix


@pytest.mark.parametrize(
    ("name", "taken", "made"),
    [
        ("初审意见表", (), "chu_shen_yi_jian_biao"),
        ("初审意见表", ("chu_shen_yi_jian_biao",), "chu_shen_yi_jian_biao_2"),
        ("初审意见表", ("chu_shen_yi_jian_biao", "chu_shen_yi_jian_biao_2"), "chu_shen_yi_jian_biao_3"),
        ("ISO9001认证", (), "iso_9001_ren_zheng"),
        ("2026年名单", (), "piece_2026_nian_ming_dan"),
        ("——", (), "piece_1"),
        ("——", ("piece_1",), "piece_2"),
        ("很" * 500, (), "_".join(["hen"] * 10)),
    ],
)
def test_an_id_is_the_pinyin_of_the_name_and_unique(name: str, taken: tuple[str, ...], made: str) -> None:
    assert made_id(name, taken) == made


def test_a_long_name_that_is_taken_stays_within_its_length() -> None:
    first = made_id("很" * 500)
    second = made_id("很" * 500, (first,))
    assert first != second
    assert len(second) <= 40


@pytest.mark.parametrize(
    ("name", "made", "prefix"),
    [("兰山县", "lanshan", "LS"), ("东区", "dongqu", "DQ"), ("博尔塔拉蒙古自治州", "boertalamenggu", "BETL")],
)
def test_a_place_is_called_without_the_word_for_its_kind(name: str, made: str, prefix: str) -> None:
    assert made_place_id(name) == made
    assert made_place_id(name, (made,)) == f"{made}_2"
    assert made_prefix(name) == prefix
