"""Files of a city that say words which a decision changes throughout: forms, letters and diagrams say them as well."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from service.catalog.law.clause_uses import texts_of_city
from service.catalog.law_text.amendment_point import AmendmentAct, AmendmentPoint
from service.catalog.law_text.around import words_around
from service.catalog.tree import Files

_SYNTAX = "\"'\\{}[]<>&#:\n"
"""Signs that a file may mean otherwise than as words."""
_AROUND = 20


@dataclass(frozen=True, slots=True)
class WordedLine:
    """A line that says the ``old`` words, with what stands ``around`` them."""

    line: int
    around: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class WordedFile:
    """A file that says words which change throughout; ``clear`` where the new ones can stand in it as they are."""

    path: str
    lines: tuple[WordedLine, ...]

    @property
    def clear(self) -> bool:
        """Whether it follows without a person deciding anything: words that go leave a sentence to be read."""
        return all(one.new and not set(one.new) & set(_SYNTAX) for one in self.lines)


def words_throughout(points: Iterable[AmendmentPoint]) -> Mapping[str, str]:
    """Return which words become which in the whole text."""
    return {p.old: p.text for p in points if p.act is AmendmentAct.WORDS and not p.place and p.old}


def files_saying(files: Files, city: str, words: Mapping[str, str]) -> tuple[WordedFile, ...]:
    """Return every file of ``city`` that says one of ``words``; the register and scenarios are left out."""
    found = (WordedFile(path, tuple(_lines(text, words))) for path, text in texts_of_city(files, city) if _says(path))
    return tuple(one for one in found if one.lines)


def files_reworded(files: Files, city: str, words: Mapping[str, str], paths: Collection[str]) -> dict[str, str]:
    """Return those of ``paths`` that say one of ``words`` and can follow, with the new words."""
    after = {}
    for one in files_saying(files, city, words):
        if one.path in paths and one.clear:
            after[one.path] = reworded(files[one.path].decode(), words)
    return after


def reworded(text: str, words: Mapping[str, str]) -> str:
    """Return a text with the new words."""
    for old, new in words.items():
        text = text.replace(old, new)
    return text


def _says(path: str) -> bool:
    """Tell whether a file says what people read: what a scenario types is the past as it was."""
    return not path.endswith("/law.yaml") and "/scenarios/" not in path


def _lines(text: str, words: Mapping[str, str]) -> Iterable[WordedLine]:
    for number, line in enumerate(text.splitlines(), 1):
        for old, new in words.items():
            at = line.find(old)
            if at >= 0:
                yield WordedLine(number, words_around(line, at, at + len(old), _AROUND), old, new)
