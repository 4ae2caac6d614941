"""Names and records that are kept in Chinese, said in English: as the published packages say them, else by common words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any

from service.casework.access.guards import GUARDS
from service.casework.desk.desk import Desk
from service.casework.reading.published import published
from service.catalog import Package
from service.catalog.wording.english import english_words, with_other_articles
from service.domain.errors import LaurelError
from service.domain.translation import Catalogue, translate_sentence
from service.domain.wording.article_words import english_article
from service.domain.wording.numbers import write_han
from service.domain.wording.work_words import WORK_NAMES
from service.store import Transaction

_HAN = re.compile("[\u4e00-\u9fff]")
_LATIN = re.compile("[A-Za-z]")
_QUOTED = re.compile("“([^“”]*[\u4e00-\u9fff][^“”]*)”")
_CITED = "第[一二三四五六七八九十百]+条(?:第(?:（[一二三四五六七八九十]+）|[一二三四五六七八九十]+)[款项目段])*"
_ARTICLES = re.compile(f"{_CITED}(?:[、和]{_CITED})*")
_NAMES_PER_LETTER = 4
"""So many Chinese characters, of names, may stay for each letter that is English: 《一个名字很长的公司》 beside one word."""
_BETWEEN = {" ": " ", "、": ", "}
"""What stands between the summaries of the clauses of one article, and between names, with what stands there in English."""
_COUNTED = {write_han(n): str(n) for n in range(1, 100)}
"""What stands in 第三届 for a number."""


class English:
    """The English of what some packages and the records of their cases say in Chinese."""

    def __init__(self, packages: tuple[Package, ...]) -> None:
        acts = {guard.title.zh: guard.title.en for guard in GUARDS.values()}
        works = {name.zh: name.en for name in WORK_NAMES.values()}
        translations = {**_COUNTED, **acts, **english_words(), **works}
        for package in packages:
            translations.update(package.derived("said in English", partial(_collect_words, package)))
        self._catalogue = Catalogue(translations)

    def find(self, words: str) -> str:
        """Return the English of a sentence, "" where nobody says it; of several sentences only where each has one."""
        return self._translate_parts(words) or self._translate_sentence(words)

    def quoting(self, sentence: str) -> str:
        """Return an English sentence with the names that it quotes in English too."""
        return (
            _QUOTED.sub(lambda match: f"“{self.find(match[1]) or match[1]}”", sentence) if "“" in sentence else sentence
        )

    def line(self, words: str) -> str:
        """Return a line of a message in English, Chinese or English as it was written; as it is where nobody says it."""
        if not _HAN.search(words):
            return words
        translation = self.find(words)
        if translation:
            return _ARTICLES.sub(lambda cited: english_article(cited[0]), translation)
        around = _QUOTED.sub("", words)
        is_english = len(_LATIN.findall(around)) > len(_HAN.findall(around))
        return self.quoting(words) if is_english else words

    def _translate_sentence(self, words: str) -> str:
        """Return the English of a sentence, also of one in which an amendment changed the numbers of articles alone."""
        translation = self._catalogue.find(words) or with_other_articles(words)
        return translation if translation and _is_english(translation, words) else ""

    def _translate_parts(self, words: str) -> str:
        """Return several sentences or names, such as the clauses of one article or several bodies, each in English."""
        for between, english in _BETWEEN.items():
            translations = [self._translate_sentence(part) for part in words.split(between)]
            if (
                len(translations) > 1
                and all(translations)
                and (between == " " or not _HAN.search("".join(translations)))
            ):
                return english.join(translations)
        return ""


def _is_english(sentence: str, words: str) -> bool:
    """Tell whether enough of ``words`` is in English that a reader is helped: names may stay, most of a letter may not."""
    chinese_count = len(_HAN.findall(sentence))
    return chinese_count <= _NAMES_PER_LETTER * (len(_LATIN.findall(sentence)) - len(_LATIN.findall(words)))


def english_of(packages: tuple[Package, ...]) -> English:
    """Return the English of these packages; that of the last ones asked for is kept."""
    return _build_english(_Versions(tuple(package.version for package in packages), packages))


def in_language(desk: Desk, tx: Transaction, words: str, language: str) -> str:
    """Return the lines of a message as their reader understands them, each as it is where nobody says it so."""
    if language == "zh":
        return words
    if language != "en":
        return "\n".join(translate_sentence(line, language) for line in words.split("\n"))
    english = english_of(published(desk, tx).packages)
    return "\n".join(english.line(line) for line in words.split("\n"))


@dataclass(frozen=True, slots=True)
class _Versions:
    """Packages, told apart by their versions."""

    versions: tuple[str, ...]
    packages: tuple[Package, ...] = field(compare=False)


@lru_cache(maxsize=2)
def _build_english(versions: _Versions) -> English:
    return English(versions.packages)


def _collect_words(package: Package) -> dict[str, str]:
    return dict(_iterate_pairs(package))


def _iterate_pairs(package: Package) -> Iterator[tuple[str, str]]:
    """Yield the words of forms, then the Chinese and English names in a package: steps by the titles of their forms, award, place, its law, kinds, roles."""
    for ident in package.forms:
        about = _load_form(package, ident).get("properties") or {}
        if about.get("title") and about.get("title_en"):
            yield str(about["title"]), str(about["title_en"])
        yield from _iterate_labels(_load_form(package, ident))
    for diagram in package.processes.values():
        for element in diagram.elements.values():
            english = _get_form_title(package, element.form) if element.form else ""
            if element.name and english:
                yield element.name, english
    kinds, roles = package.award.processes.values(), package.jurisdiction.roles.values()
    for text in (package.award.text, package.jurisdiction.text, *(k.text for k in kinds), *(r.text for r in roles)):
        yield text.zh, text.en
    law = package.jurisdiction.law
    yield from ((law.title, law.title_en), (f"《{law.title}》", law.title_en))
    words = (*package.parts.award.parameters.values(), *package.award.actions.values(), *package.award.tiers)
    yield from ((labelled.text.zh, labelled.text.en) for labelled in words)
    yield from ((body.text.zh, body.text.en) for body in package.jurisdiction.bodies)
    outcomes = (e.outcome_text for d in package.processes.values() for e in d.elements.values() if e.outcome)
    yield from ((text.zh, text.en) for text in outcomes)


def _iterate_labels(part: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the labels of the fields and of their choices, where the form says them in English."""
    about, label = part.get("properties") or {}, part.get("label") or part.get("dateLabel")
    if about.get("label_en") and label:
        yield str(label), str(about["label_en"])
    if about.get("text_en") and part.get("text"):
        yield str(part["text"]), str(about["text_en"])
    for choice in part.get("values") or ():
        if choice.get("label_en"):
            yield str(choice["label"]), str(choice["label_en"])
    for inner in part.get("components") or ():
        yield from _iterate_labels(inner)


def _get_form_title(package: Package, form: str) -> str:
    return str((_load_form(package, form).get("properties") or {}).get("title_en") or "")


def _load_form(package: Package, ident: str) -> Mapping[str, Any]:
    try:
        return package.form(ident)
    except LaurelError:
        return {}
