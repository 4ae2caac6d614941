"""Files of a city that name articles which got other numbers: found, followed, or left to a person."""

from __future__ import annotations

from dataclasses import dataclass

from service.catalog.law.clause_uses import texts_of_city
from service.catalog.law_text.article_words import NamedArticle, articles_named, followed
from service.catalog.law_text.moved_places import Moves
from service.catalog.tree import Files


@dataclass(frozen=True, slots=True)
class NamingFile:
    """A file that names moved articles: every place, in the order of the file."""

    path: str
    places: tuple[NamedArticle, ...]

    @property
    def clear(self) -> bool:
        """Whether it follows without a person deciding anything."""
        return all(place.after for place in self.places)


def files_naming(files: Files, city: str, title: str, moved: Moves) -> tuple[NamingFile, ...]:
    """Return every file of ``city`` that names an article of ``moved``; the register itself is left out."""
    found = (
        NamingFile(path, articles_named(text, title, moved))
        for path, text in texts_of_city(files, city)
        if path != f"processes/{city}/law.yaml"
    )
    return tuple(one for one in found if one.places)


def files_followed(files: Files, city: str, title: str, moved: Moves, paths: frozenset[str]) -> dict[str, str]:
    """Return those of ``paths`` that change, with the new numbers wherever it is clear which article is meant."""
    texts = {path: text for path, text in texts_of_city(files, city) if path in paths}
    after = {path: followed(text, title, moved) for path, text in texts.items()}
    return {path: text for path, text in after.items() if text != texts[path]}
