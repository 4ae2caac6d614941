"""English that a sentence keeps when an amendment changes the numbers of the articles that it names."""

from __future__ import annotations

import pytest

from service.catalog.wording.english import english_words, with_other_articles

KEPT = {
    "申报原则上按第十三条至第十五条的程序办理。": "Applications in principle follow Articles 13 to 15.",
    "第七条列举委员会办公室在评选工作中的主要职责。": "Article 7 lists the main duties of the committee's office in the assessment.",
}


@pytest.mark.parametrize(
    ("words", "english"),
    [
        ("申报原则上按第十四条至第十六条的程序办理。", "Applications in principle follow Articles 14 to 16."),
        (
            "第八条列举委员会办公室在评选工作中的主要职责。",
            "Article 8 lists the main duties of the committee's office in the assessment.",
        ),
        ("申报原则上按第十四条至第十六条的新程序办理。", ""),
        ("公示5个工作日。", ""),
    ],
)
def test_a_sentence_with_other_articles_keeps_its_english(words: str, english: str) -> None:
    assert all(english_words()[zh] == en for zh, en in KEPT.items())
    assert with_other_articles(words) == english
