"""Articles as English cites them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from service.domain.wording.article_words import english_article

LAWS = sorted((Path(__file__).parents[3] / "processes").glob("*/law.yaml"))


@pytest.mark.parametrize(
    ("cited", "said"),
    [
        ("第十一条第（二）项", "Art. 11(2)"), ("第二条第二款", "Art. 2, para. 2"), ("第十条第（六）项第一段", "Art. 10(6), part 1"),
        ("11(三)", "11(3)"), ("20条", "Art. 20"), ("三（十三）1", "3(13)1"), ("题注", "Note to the title"),
        ("第二十三条第一款（第一个第二十三条）", "Art. 23, para. 1 (no. 1 of that number)"), ("见通知全文", "见通知全文"),
    ],
)  # fmt: skip
def test_an_article_is_cited_by_rule(cited: str, said: str) -> None:
    assert english_article(cited) == said


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.parent.name)
def test_every_article_of_the_cities_is_said_in_english(law: Path) -> None:
    articles = set(re.findall(r'article: "?([^,"}\n]+)', law.read_text()))
    assert articles
    assert [one for one in articles if re.search("[\u4e00-\u9fff]", english_article(one))] == []
