"""English for what packages say in Chinese alone: names, what follows from a step, clauses, settings, tables, scenarios.

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
    found: dict[str, str] = {}
    for file in sorted(bundled_english().glob("*.json")):
        found.update(orjson.loads(file.read_bytes()))
    return found


def with_other_articles(words: str) -> str:
    """Return the English of a sentence that stands in the catalogue with other articles: 第九条 where 第八条 was.

    Nothing where none does, where several do, or where its English does not name exactly these articles.
    """
    numbers = [read_han(found) for found in _ARTICLE.findall(words)]
    known = _by_words_around().get(_ARTICLE.sub("第条", words), ()) if numbers else ()
    found = {_renumbered(zh, en, numbers) for zh, en in known}
    return found.pop() if len(found) == 1 else ""


def _renumbered(zh: str, en: str, numbers: list[int]) -> str:
    old = [read_han(found) for found in _ARTICLE.findall(zh)]
    now = dict(zip(old, numbers, strict=True))
    named = {int(number) for part in _IN_ENGLISH.findall(en) for number in _NUMBER.findall(part)}
    if named != now.keys() or [now[number] for number in old] != numbers:
        return ""
    return _IN_ENGLISH.sub(lambda part: _NUMBER.sub(lambda one: str(now[int(one[0])]), part[0]), en)


@lru_cache(maxsize=1)
def _by_words_around() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return the sentences that name articles, with their English, by what they say besides."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for zh, en in english_words().items():
        if _ARTICLE.search(zh):
            around = _ARTICLE.sub("第条", zh)
            found[around] = (*found.get(around, ()), (zh, en))
    return found
