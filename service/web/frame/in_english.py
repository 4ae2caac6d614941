"""Names and records that are kept in Chinese, in the language of the reader of a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from flask import current_app

from service.casework.reading.english import English, english_of
from service.domain.text import Text, text_of
from service.domain.translation import translated
from service.web.frame.current import language, say
from service.web.frame.names import PackageNames, published

_KEY = "laurel.english"


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
    return _english().line(words)


def listed(names: Iterable[Text | Mapping[str, str] | str]) -> str:
    """Return several names, each as `named` says it, joined as the reader's language joins them."""
    return ("、" if language() == "zh" else ", ").join(named(one) for one in names)


def _quoting(said: str) -> str:
    return _english().quoting(said) if language() == "en" and "“" in said else said


def _english() -> English:
    """Return the English of what is published now, looked up again only when that was read anew."""
    names = published()
    kept = cast("tuple[PackageNames, English] | None", current_app.extensions.get(_KEY))
    if kept is None or kept[0] is not names:
        kept = current_app.extensions[_KEY] = (names, english_of(names.packages))
    return kept[1]
