"""English for what packages and the records of their cases say in Chinese alone.

The words lie in ``processes/english``, as JSON objects from the Chinese sentence to the English one; ``{0}``, ``{1}`` … stand for
what is filled in, as in the catalogue of a further language. A sentence that changes has no English until somebody writes it; one
in which only the numbers of articles changed keeps it, with these numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import orjson

from service.domain.text import Text
from service.domain.translation import Catalogue
from service.domain.wording.numbers import HAN_NUMERAL, read_han

_ARTICLE = re.compile(rf"第({HAN_NUMERAL})条")
_IN_ENGLISH = re.compile(r"\bArticles? \d{1,3}(?:(?:, | and | or | to |–)\d{1,3}\b)*")
_NUMBER = re.compile(r"\d+")


def bundled_english() -> Path:
    """Return the folder of the English words that come with the program."""
    return Path(__file__).resolve().parents[3] / "processes" / "english"


@lru_cache(maxsize=1)
def english_words() -> Mapping[str, str]:
    """Return the English of Chinese sentences of packages, all files in one."""
    words: dict[str, str] = {}
    for file in sorted(bundled_english().glob("*.json")):
        words.update(orjson.loads(file.read_bytes()))
    return words


def with_other_articles(words: str) -> str:
    """Return the English of a sentence that stands in the catalogue with other articles: 第九条 where 第八条 was.

    Nothing where none does, where several do, or where its English does not name exactly these articles.
    """
    numbers = [read_han(numeral) for numeral in _ARTICLE.findall(words)]
    pairs = _by_words_around().get(_ARTICLE.sub("第条", words), ()) if numbers else ()
    texts = {_renumber(zh, en, numbers) for zh, en in pairs}
    return texts.pop() if len(texts) == 1 else ""


def _renumber(zh: str, en: str, numbers: list[int]) -> str:
    old = [read_han(numeral) for numeral in _ARTICLE.findall(zh)]
    now = dict(zip(old, numbers, strict=True))
    named = {int(number) for part in _IN_ENGLISH.findall(en) for number in _NUMBER.findall(part)}
    if named != now.keys() or [now[number] for number in old] != numbers:
        return ""
    return _IN_ENGLISH.sub(lambda part: _NUMBER.sub(lambda match: str(now[int(match[0])]), part[0]), en)


@lru_cache(maxsize=1)
def _by_words_around() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return the sentences that name articles, with their English, by what they say besides."""
    pairs_by_words: dict[str, tuple[tuple[str, str], ...]] = {}
    for zh, en in english_words().items():
        if _ARTICLE.search(zh):
            around = _ARTICLE.sub("第条", zh)
            pairs_by_words[around] = (*pairs_by_words.get(around, ()), (zh, en))
    return pairs_by_words


def both_languages(words: str) -> Text:
    """Return words of a package, in English too where its English or these have them."""
    return Text(words, _known().find(words) or words)


@lru_cache(maxsize=1)
def _known() -> Catalogue:
    return Catalogue(english_words())
