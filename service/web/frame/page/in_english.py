"""Names and records that are kept in Chinese, in the language of the reader of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from typing import TypeAlias, cast

from flask import current_app

from service.casework.reading.english import English, english_of
from service.domain.text import Text, text_of
from service.domain.translation import translated
from service.web.frame.page.names import PackageNames, published
from service.web.frame.requests.current import language

_KEY = "laurel.english"

Words: TypeAlias = Text | Mapping[str, str] | str | None
"""A name, a sentence or a line of a record, as it is kept."""


def named(words: Words) -> str:
    """Return a name, sentence or line of a record in the reader's language, as it is kept where nobody says it otherwise.

    A page has no Chinese where a package or a common word has English for it.
    """
    return namer(language())(words)


@cache
def namer(lang: str) -> Callable[[Words], str]:
    """Return what names in ``lang``, for a page that names hundreds of things: the ``say`` and ``named`` of templates."""
    return _in_chinese if lang == "zh" else partial(_named, lang)


def steps_in_both(steps: Iterable[Text]) -> tuple[Text, ...]:
    """Return the names of steps with their English beside their Chinese, as programs read them."""
    english = namer("en")
    return tuple(Text(step.zh, english(step)) for step in steps)


def _in_chinese(words: Words) -> str:
    if not words:
        return ""
    if isinstance(words, str):
        return words
    return (words if isinstance(words, Text) else text_of(words)).zh


def _named(lang: str, words: Words) -> str:
    if not words:
        return ""
    if isinstance(words, Mapping):
        words = text_of(words)
    if isinstance(words, Text):
        if words.en == words.zh and lang == "en":
            return _named(lang, words.zh)
        return _quoting(words.pick(lang), lang)
    return translated(words, lang) if lang != "en" else _english().line(words)


def listed(names: Iterable[Text | Mapping[str, str] | str]) -> str:
    """Return several names, each as `named` says it, joined as the reader's language joins them."""
    return ("、" if language() == "zh" else ", ").join(named(one) for one in names)


def _quoting(said: str, lang: str) -> str:
    return _english().quoting(said) if lang == "en" and "“" in said else said


def _english() -> English:
    """Return the English of what is published now, looked up again only when that was read anew."""
    names = published()
    kept = cast("tuple[PackageNames, English] | None", current_app.extensions.get(_KEY))
    if kept is None or kept[0] is not names:
        kept = current_app.extensions[_KEY] = (names, english_of(names.packages))
    return kept[1]
