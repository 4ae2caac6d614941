"""What an edition says to help who scores: checked when it is read, kept when the studio writes, gone with its item."""

from pathlib import Path

import pytest

from service.catalog.scoring.scoring import EditionMistake, read_edition, score_schema
from service.catalog.scoring.scoring_text import edition_fields, write_edition
from service.domain.text import Text

SCORING = Path(__file__).parents[3] / "processes" / "scoring"
HEAD = """edition: 试
bands: [0, 50, 100]
categories:
  - {id: "1", name: 甲, type: process, items: [{id: "1.1", name: 领导, points: 60}, {id: "1.2", name: 战略, points: 40}]}
"""
WORDS = """asks: {"1.1": {zh: 怎样带队, en: How they lead}}
band_words: [{from: 0, to: 40, process: {zh: 少, en: Little}}, {from: 50, to: 100, process: {zh: 多, en: Much}}]
"""


def test_each_item_and_each_percentage_of_the_bundled_editions_is_explained_in_both_languages() -> None:
    for file in sorted(SCORING.glob("*.yaml")):
        edition = read_edition(file.read_bytes(), file.name, file.stem)
        assert edition.asks.keys() == edition.items.keys(), file.name
        for said in (*edition.asks.values(), *(text for band in edition.band_words for text in band.said.values())):
            assert said.zh != said.en
            assert said.en.isascii()
    edition = read_edition((SCORING / "gbt19580-2012.yaml").read_bytes(), "x", "x")
    assert [(band.first, band.last) for band in edition.band_words][-1] == (90, 100)
    assert all(band.said.keys() == {"process", "results"} for band in edition.band_words)


def test_words_stand_at_their_item() -> None:
    edition = read_edition((HEAD + WORDS).encode(), "x.yaml", "x")
    assert edition.out_of(500).asks == {"1.1": Text("怎样带队", "How they lead")}
    groups = score_schema("score/x", edition)["components"][1]["components"]
    assert [group.get("description") for group in groups] == ["怎样带队", None]
    assert groups[0]["properties"]["description_en"] == "How they lead"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("asks: {'9.9': {zh: 无, en: No}}", "9.9"),
        ("asks: {'1.1': 怎样带队}", "1.1"),
        ("asks: {'1.1': {zh: 怎样带队}}", "1.1"),
        ("asks: [1]", "x.yaml"),
        ("band_words: [{from: 0, to: 50, process: {zh: 少, en: Little}}]", "100%"),
        (
            "band_words: [{from: 0, to: 50, process: {zh: 少, en: l}}, {from: 50, to: 100, process: {zh: 多, en: m}}]",
            "50",
        ),
        ("band_words: [{from: 0, to: 100}]", "process"),
        ("band_words: [{from: 0, to: 100, precess: {zh: 多, en: m}}]", "precess"),
        ("band_words: {from: 0}", "x.yaml"),
    ],
)
def test_words_that_fit_nothing_are_refused(words: str, told: str) -> None:
    with pytest.raises(EditionMistake) as refused:
        read_edition(f"{HEAD}{words}\n".encode(), "x.yaml", "x")
    assert told in refused.value.message.zh


def test_the_studio_keeps_the_words_and_drops_those_of_an_item_that_goes() -> None:
    content = (HEAD + WORDS).encode()
    typed = {**edition_fields(content), "name": "新名"}
    assert read_edition(write_edition(content, typed, "x", "x"), "x", "x").asks.keys() == {"1.1"}
    typed["items"] = "1｜甲｜100｜过程\n1.2｜战略｜100"
    written = read_edition(write_edition(content, typed, "x", "x"), "x", "x")
    assert (dict(written.asks), len(written.band_words)) == ({}, 2)
