"""Names and records that are kept in Chinese, in the reader's English: said by the packages, else by common words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, cast

from flask import current_app

from service.casework.access.guards import GUARDS
from service.catalog import Package
from service.catalog.english import english_words, with_other_articles
from service.domain.errors import LaurelError
from service.domain.han_numerals import write_han
from service.domain.text import Text, text_of
from service.domain.translation import Catalogue, translated
from service.web.frame.current import language, say
from service.web.frame.english_words import RECORDS, STEPS
from service.web.frame.names import PackageNames, published

_KEY = "laurel.english"
_QUOTED = re.compile("“([^“”]*[\u4e00-\u9fff][^“”]*)”")
_BETWEEN = " "
"""What stands between the summaries of the clauses of one article."""
_COUNTED = {write_han(n): str(n) for n in range(1, 100)}
"""What stands in 第三届 for a number."""


def named(words: Text | Mapping[str, str] | str | None) -> str:
    """Return a name, sentence or line of a record in the reader's language, as it is kept where nobody says it otherwise.

    This is the ``say`` of templates, so that a page has no Chinese where a package or a common word has English for it.
    """
    if not words:
        return ""
    if isinstance(words, Mapping):
        words = text_of(words)
    if isinstance(words, Text):
        return _quoting(say(words)) if words.en != words.zh or language() != "en" else named(words.zh)
    if language() != "en":
        return translated(words, language())
    return _found(words) or _each(words) or words


def _quoting(said: str) -> str:
    """Return an English sentence with the names that it quotes in English too."""
    if language() != "en" or "“" not in said:
        return said
    return _QUOTED.sub(lambda found: f"“{named(found[1])}”", said)


def _each(words: str) -> str:
    """Return several sentences, such as the clauses of one article, each in English; nothing where one has none."""
    told = [_found(one) for one in words.split(_BETWEEN)]
    return " ".join(one for one in told if one) if len(told) > 1 and all(told) else ""


def _found(words: str) -> str:
    """Return the English of a sentence, also of one in which an amendment changed the numbers of articles alone."""
    return _catalogue().find(words) or with_other_articles(words)


def _catalogue() -> Catalogue:
    names = published()
    kept = cast("tuple[PackageNames, Catalogue] | None", current_app.extensions.get(_KEY))
    if kept is None or kept[0] is not names:
        same = kept is not None and kept[0].packages == names.packages
        made = kept[1] if kept is not None and same else _made(names.packages)
        kept = current_app.extensions[_KEY] = (names, made)
    return kept[1]


def _made(packages: tuple[Package, ...]) -> Catalogue:
    acts = {guard.title.zh: guard.title.en for guard in GUARDS.values()}
    found = {**_COUNTED, **acts, **english_words(), **RECORDS, **STEPS}
    for package in packages:
        found.update(package.derived("said in English", partial(_said, package)))
    return Catalogue(found)


def _said(package: Package) -> dict[str, str]:
    return dict(_pairs(package))


def _pairs(package: Package) -> Iterator[tuple[str, str]]:
    """Yield the words of forms, then the Chinese and English names in a package: steps by the titles of their forms, award, place, its law, kinds, roles."""
    for ident in package.forms:
        yield from _labels(_form(package, ident))
    for diagram in package.processes.values():
        for element in diagram.elements.values():
            english = _title(package, element.form) if element.form else ""
            if element.name and english:
                yield element.name, english
    kinds, roles = package.award.processes.values(), package.jurisdiction.roles.values()
    for text in (package.award.text, package.jurisdiction.text, *(k.text for k in kinds), *(r.text for r in roles)):
        yield text.zh, text.en
    law = package.jurisdiction.law
    yield from ((law.title, law.title_en), (f"《{law.title}》", law.title_en))
    words = (*package.parts.award.parameters.values(), *package.award.actions.values(), *package.award.tiers)
    yield from ((one.text.zh, one.text.en) for one in words)
    outcomes = (e.outcome_text for d in package.processes.values() for e in d.elements.values() if e.outcome)
    yield from ((text.zh, text.en) for text in outcomes)


def _labels(part: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the labels of the fields and of their choices, where the form says them in English."""
    english = (part.get("properties") or {}).get("label_en")
    if english and part.get("label"):
        yield str(part["label"]), str(english)
    for choice in part.get("values") or ():
        if choice.get("label_en"):
            yield str(choice["label"]), str(choice["label_en"])
    for inner in part.get("components") or ():
        yield from _labels(inner)


def _title(package: Package, form: str) -> str:
    return str((_form(package, form).get("properties") or {}).get("title_en") or "")


def _form(package: Package, ident: str) -> Mapping[str, Any]:
    try:
        return package.form(ident)
    except LaurelError:
        return {}
