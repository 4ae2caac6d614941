"""Sentences in further languages: catalogues keyed by the Chinese sentence, as gettext keeps them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

FURTHER = frozenset(
    ["ar", "bo", "de", "es", "fr", "ii", "ja", "kk", "ko", "ky", "mn", "ru", "tg", "tr", "tt", "ug", "uz", "za"]
)
"""Languages in which packages may write texts themselves, besides Chinese and English; a closed list tells slips."""

_DEPTH = 8
"""How deep sentences stand in the holes of sentences."""

_HOLE = re.compile(r"\{(\d+)\}")


class Catalogue:
    """The sentences of one language.

    A message with ``{0}``, ``{1}`` … stands for every sentence of that shape; what stands in its holes is
    translated in its turn. Of several shapes that fit, the one with the most words of its own is taken.
    """

    def __init__(self, messages: Mapping[str, str]) -> None:
        self._exact = {zh: translation for zh, translation in messages.items() if translation and not _HOLE.search(zh)}
        shapes = sorted(
            (zh for zh in messages if messages[zh] and _HOLE.search(zh)), key=_count_fixed_signs, reverse=True
        )
        self._shapes = [(_HOLE.split(zh), messages[zh]) for zh in shapes if _count_fixed_signs(zh)]
        self.find = lru_cache(maxsize=8192)(self._find_sentence)

    def _find_sentence(self, zh: str, depth: int = 0) -> str | None:
        """Return a sentence in this language, None where the catalogue does not have it."""
        if zh in self._exact:
            return self._exact[zh]
        for pieces, translation in self._shapes:
            if (fillings := _match_shape(pieces, zh)) is not None:
                parts = {hole: self._translate_part(part, depth) for hole, part in fillings.items()}
                return _HOLE.sub(lambda hole, parts=parts: parts.get(hole[1], hole[0]), translation)  # type: ignore[misc]
        return None

    def _translate_part(self, part: str, depth: int) -> str:
        return (self.find(part, depth + 1) if depth < _DEPTH else None) or part


_CATALOGUES: dict[str, Catalogue] = {}


def install_catalogues(catalogues: Mapping[str, Catalogue]) -> None:
    """Make these the languages besides Chinese and English."""
    _CATALOGUES.clear()
    _CATALOGUES.update(catalogues)


def languages() -> tuple[str, ...]:
    """Return every language in which people may read."""
    return ("zh", "en", *_CATALOGUES)


def translate_sentence(zh: str, language: str) -> str:
    """Return a Chinese sentence in ``language``; as it is where no catalogue has it."""
    catalogue = _CATALOGUES.get(language)
    return (catalogue.find(zh) or zh) if catalogue is not None else zh


def _count_fixed_signs(zh: str) -> int:
    return len(_HOLE.sub("", zh).strip())


def _match_shape(pieces: list[str], zh: str) -> dict[str, str] | None:
    """Return what stands in the holes of a shape, None where ``zh`` is not of it; every part is as short as can be.

    ``pieces`` are literals and the numbers of holes by turns. A person may have written what stands in a sentence, so this
    takes no longer than to read it once; a hole that comes again must hold the same at once.
    """
    begin, end = pieces[0], pieces[-1]
    if not (zh.startswith(begin) and zh.endswith(end) and len(begin) + len(end) <= len(zh)):
        return None
    fillings: dict[str, str] = {}
    place, last = len(begin), len(zh) - len(end)
    for number, name in enumerate(pieces[1::2], 1):
        literal = pieces[2 * number]
        until = place + len(fillings[name]) if name in fillings else zh.find(literal, place, last)
        until = last if 2 * number == len(pieces) - 1 and name not in fillings else until
        if until < place or fillings.setdefault(name, zh[place:until]) != zh[place:until]:
            return None
        if not zh.startswith(literal, until):
            return None
        place = until + len(literal)
    return fillings if place == len(zh) else None
