"""Sentences in further languages: catalogues keyed by the Chinese sentence, as gettext keeps them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

FURTHER = frozenset(
    ["ar", "bo", "de", "es", "fr", "ii", "ja", "kk", "ko", "ky", "mn", "ru", "tg", "tr", "tt", "ug", "uz", "za"]
)
"""Languages in which packages may write texts themselves, besides Chinese and English; a closed list tells slips."""

_HOLE = re.compile(r"\{(\d+)\}")


class Catalogue:
    """The sentences of one language.

    A message with ``{0}``, ``{1}`` … stands for every sentence of that shape; what stands in its holes is
    translated in its turn. Of several shapes that fit, the one with the most words of its own is taken.
    """

    def __init__(self, messages: Mapping[str, str]) -> None:
        self._exact = {zh: said for zh, said in messages.items() if said and not _HOLE.search(zh)}
        shapes = sorted((zh for zh in messages if messages[zh] and _HOLE.search(zh)), key=_own_words, reverse=True)
        self._shapes = [(*_ends(zh), zh, messages[zh]) for zh in shapes if _own_words(zh)]
        self.find = lru_cache(maxsize=8192)(self._find)

    def _find(self, zh: str) -> str | None:
        """Return a sentence in this language, None where the catalogue does not have it."""
        if zh in self._exact:
            return self._exact[zh]
        for begin, end, shape, said in self._shapes:
            if zh.startswith(begin) and zh.endswith(end) and (found := _pattern(shape).fullmatch(zh)):
                parts = {f"{{{name[1:]}}}": self.find(part) or part for name, part in found.groupdict().items()}
                return _HOLE.sub(lambda hole, parts=parts: parts.get(hole[0], hole[0]), said)  # type: ignore[misc]
        return None


_CATALOGUES: dict[str, Catalogue] = {}


def install(catalogues: Mapping[str, Catalogue]) -> None:
    """Make these the languages besides Chinese and English."""
    _CATALOGUES.clear()
    _CATALOGUES.update(catalogues)


def languages() -> tuple[str, ...]:
    """Return every language in which people may read."""
    return ("zh", "en", *_CATALOGUES)


def translated(zh: str, language: str) -> str:
    """Return a Chinese sentence in ``language``; as it is where no catalogue has it."""
    catalogue = _CATALOGUES.get(language)
    return (catalogue.find(zh) or zh) if catalogue is not None else zh


def _own_words(zh: str) -> int:
    return len(_HOLE.sub("", zh).strip())


def _ends(zh: str) -> tuple[str, str]:
    pieces = _HOLE.split(zh)
    return pieces[0], pieces[-1]


@lru_cache(maxsize=4096)
def _pattern(zh: str) -> re.Pattern[str]:
    pieces = _HOLE.split(zh)
    seen: set[str] = set()
    text = re.escape(pieces[0])
    for name, literal in zip(pieces[1::2], pieces[2::2], strict=True):
        text += f"(?P=h{name})" if name in seen else f"(?P<h{name}>.*?)"
        text += re.escape(literal)
        seen.add(name)
    return re.compile(text, re.DOTALL)
