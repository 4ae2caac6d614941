"""What an edition says to help who scores: checked when it is read, kept when the studio writes, gone with its item."""

from pathlib import Path

import pytest

from service.catalog.scoring.scoring import EditionMistake, read_edition
from tests.support.tables import rows

SCORING = Path(__file__).parents[3] / "processes" / "scoring"
HEAD = """edition: 试
bands: [0, 50, 100]
categories:
  - {id: "1", name: 甲, type: process, items: [{id: "1.1", name: 领导, points: 60}, {id: "1.2", name: 战略, points: 40}]}
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


@pytest.mark.parametrize(("words", "told"), rows("clauses", "scoring"))
def test_words_that_fit_nothing_are_refused(words: str, told: str) -> None:
    with pytest.raises(EditionMistake) as refused:
        read_edition(f"{HEAD}{words}\n".encode(), "x.yaml", "x")
    assert told in refused.value.message.zh
